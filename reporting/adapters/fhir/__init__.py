"""FHIR R4 journals: NDJSON files and Bundles in, journal entries out."""
