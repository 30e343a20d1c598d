"""English: formats of the house."""
