"""The FHIR reader: what it reads, and what it says of what it cannot."""
