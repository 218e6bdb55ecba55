"""The command line's contract."""
