"""An advisory as a text with facts, in versions: written by one, approved by another."""
