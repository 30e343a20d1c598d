"""What the shield keeps about people, and how long."""
