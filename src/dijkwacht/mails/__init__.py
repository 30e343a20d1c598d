"""From the bytes of a suspicious mail to the links in it."""
