"""Keeping the register right: change notices within the term of the law."""
