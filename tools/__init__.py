"""What the project uses on itself; not part of the product."""
