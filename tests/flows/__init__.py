"""The flow, on Prefect's temporary server."""
