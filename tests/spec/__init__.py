"""Spec tests of the definition language: tables that are tests and, through `tools.docs`, the reference for people."""
