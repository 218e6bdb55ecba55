"""Journals written by hand, with the message and the trace that they must give."""
