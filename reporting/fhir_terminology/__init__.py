"""The FHIR R4 terminology API: a pure core of operations on Parameters, and a thin ASGI application around it."""
