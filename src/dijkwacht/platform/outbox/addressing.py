"""Whom a message goes to and under which name: both are checked before a message enters the outbox."""

import re
from typing import Final
from urllib.parse import urlsplit

from dijkwacht.platform.outbox.errors import InvalidRecipient, MissingMessageId
from dijkwacht.platform.outbox.models import Channel

# One address as every relay takes it: a dot-string at a domain (RFC 5321 section 4.1.2), the domain in its ASCII form.
ADDRESS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?")
NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164
MESSAGE_ID: Final = re.compile(
    rb"^message-id:[ \t]*(<[\x21-\x3b\x3d\x3f-\x7e]{3,240}>)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)


def checked_recipient(channel: Channel, recipient: str) -> str:
    """Give `recipient` back when it is one mail address, https URL or telephone number. Raises InvalidRecipient."""
    if channel is Channel.MAIL:
        valid = bool(ADDRESS.fullmatch(recipient))
    elif channel is Channel.SMS:
        valid = bool(NUMBER.fullmatch(recipient))
    else:
        try:
            parts = urlsplit(recipient)
            valid = parts.scheme == "https" and bool(parts.hostname) and len(recipient) <= 2000  # noqa: PLR2004
            valid = valid and parts.username is None and recipient.isprintable() and parts.port != 0
        except ValueError:
            valid = False
    if not valid:
        raise InvalidRecipient(recipient=recipient[:100])
    return recipient


def message_id_of(mail: bytes) -> str:
    """The one Message-ID of a MIME message we made ourselves. Raises MissingMessageId."""
    headers = re.split(rb"\r?\n\r?\n", mail, maxsplit=1)[0]
    found: list[bytes] = MESSAGE_ID.findall(headers)
    if len(found) != 1:
        raise MissingMessageId
    return found[0].decode("ascii")
