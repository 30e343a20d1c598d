"""Self-scans of organisations and the plan that follows from them."""
