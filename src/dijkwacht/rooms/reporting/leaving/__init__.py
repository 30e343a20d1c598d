"""What becomes of what was reported when an organisation leaves the register."""
