"""Tests of the synthetic journals and their truth."""
