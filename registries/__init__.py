"""What registries ask for: definitions, derivation, checks and messages. Pure functions over frozen values."""
