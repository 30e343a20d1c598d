"""What stands in the header of a mail, as text."""

import re
from contextlib import suppress
from email.errors import MessageError
from email.header import decode_header, make_header
from email.utils import getaddresses
from typing import Final

PLAIN_ADDRESS: Final = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def addresses_of(values: list[str]) -> list[str]:
    """Give the mail addresses in headers; where each is a plain one there is nothing to take apart, which is slow."""
    if all(map(PLAIN_ADDRESS.fullmatch, values)):
        return values
    return [address for _, address in getaddresses(values)]


def decoded(value: str) -> str:
    """Give a header as text, in one line."""
    if "=?" in value:
        with suppress(ValueError, LookupError, MessageError):
            value = str(make_header(decode_header(value)))
    return " ".join(value.split())[:1000]
