"""The edges: files, databases and networks."""
