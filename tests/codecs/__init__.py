"""Messages and receipts: there and back, strict in what is written, careful in what is read."""
