"""The store: one contract, every implementation."""
