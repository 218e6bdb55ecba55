"""Values in words: what was found, when, why that one, or what was looked for and not found."""
