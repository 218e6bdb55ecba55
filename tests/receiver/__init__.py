"""The receiver that ships with the project, and the transport that reaches it."""
