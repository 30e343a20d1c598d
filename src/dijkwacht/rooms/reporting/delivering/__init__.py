"""To whom a report reaches by itself, and to whom it does not."""
