"""From charts to receipts: policy, pipeline and actions."""
