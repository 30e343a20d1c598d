"""What reporters hear: an honest answer, and another one when the verdict changes."""
