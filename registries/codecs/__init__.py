"""Records to bytes and receipts back."""
