"""Postcoordinated expressions: read, written, checked against a release and compared (compositional grammar 2.5)."""
