"""Texts, explanations and pages."""
