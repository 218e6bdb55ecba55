"""The service: journals in, submissions out, and everything people see in between."""
