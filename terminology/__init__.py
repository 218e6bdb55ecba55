"""What codes mean: code systems, releases, value sets and maps. Knows no patients and no registries."""
