"""What the centre offers, to whom it fits, and who said yes."""
