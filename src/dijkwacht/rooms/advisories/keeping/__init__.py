"""The terms of the personal data of this room."""
