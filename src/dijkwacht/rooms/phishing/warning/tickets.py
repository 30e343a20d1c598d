"""Ticket numbers of appeals: shown once, kept as a hash. Pure."""

import base64
import secrets
from hashlib import sha256


def new() -> str:
    """Make a number that nobody guesses: 100 bits, in groups that can be read over the phone."""
    text = base64.b32encode(secrets.token_bytes(13)).decode()[:20]
    return "-".join(text[start : start + 5] for start in range(0, 20, 5))


def stored(text: str) -> str:
    """Give what is stored of a ticket number, however it was typed."""
    return sha256("".join(text.upper().replace("-", "").split()).encode()).hexdigest()
