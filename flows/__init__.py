"""Prefect flows and the command line: thin callers of the service's actions."""
