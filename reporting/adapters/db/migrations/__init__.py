"""Changes of the schema, oldest first. A revision that has run anywhere is never edited: write the next one."""
