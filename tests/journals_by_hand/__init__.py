"""Journals as clinicians code them, with what a registrar would have written."""
