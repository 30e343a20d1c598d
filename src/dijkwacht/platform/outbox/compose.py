"""Make the bytes of a mail: the same input gives the same bytes, and no input can add a header or a recipient.

Encryption is the exception to the first: it draws fresh keys. A key that cannot be used raises UnusableKey; the
caller then chooses another contact or another way, and no mail ever falls back to clear text by itself.
"""

import hashlib
import hmac
import secrets as randomness
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.utils import format_datetime, parseaddr
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from dijkwacht.platform.crypto import secrets
from dijkwacht.platform.outbox import mime, openpgp, smime
from dijkwacht.platform.outbox.addressing import ADDRESS
from dijkwacht.platform.outbox.errors import InvalidHeader, InvalidRecipient

HIDDEN_SUBJECT: Final = "[...]"  # RFC 9788 section 3.2.1
OURS: Final = frozenset(
    {"from", "to", "cc", "bcc", "sender", "subject", "date", "message-id", "return-path", "reply-to"}
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels with a mail. `media_type`: such as text/csv."""

    name: str
    content: bytes
    media_type: str


def new_message_id(seed: str = "") -> str:
    """A Message-ID nobody can guess; the same for the same `seed`, so that a repeated enqueue is the same mail."""
    domain = settings.MAIL_FROM.rpartition("@")[2]
    if not seed:
        return f"<{randomness.token_hex(16)}@{domain}>"
    key = _message_id_key(settings.HOME)
    return f"<{hmac.digest(key, seed.encode(), hashlib.sha256)[:16].hex()}@{domain}>"


@cache
def _message_id_key(home: Path) -> bytes:
    return secrets.load(home, "message-id-key")


def mail(  # noqa: PLR0913 - each is a fact of the mail
    *,
    sender: str,
    recipient: str,
    subject: str,
    text: str,
    message_id: str,
    html: str = "",
    attachments: Sequence[Attachment] = (),
    language: str = "nl",
    headers: Mapping[str, str] | None = None,
    openpgp_key: bytes | None = None,
    smime_certificate: bytes | None = None,
    list_unsubscribe: str = "",
    in_reply_to: str = "",
    date: datetime | None = None,
) -> bytes:
    """Give a complete MIME message with CRLF line ends.

    `sender`: an address, or a name and an address. `openpgp_key`: a certificate, armoured or binary (RFC 3156;
    preferred when both are given). `smime_certificate`: PEM or DER, RSA (RFC 8551). `list_unsubscribe`: an https URL
    that takes a POST (RFC 8058). `date`: default now. Raises InvalidHeader, InvalidRecipient, UnusableKey.
    """
    if not ADDRESS.fullmatch(recipient):
        raise InvalidRecipient(recipient=recipient[:100])
    fields = {
        "From": sender_header(sender),
        "To": recipient,
        "Subject": subject,
        "Date": format_datetime(date or datetime.now(UTC)),
        "Message-ID": message_id,
        **({"In-Reply-To": in_reply_to, "References": in_reply_to} if in_reply_to else {}),
        **({"List-Unsubscribe": f"<{list_unsubscribe}>"} if list_unsubscribe else {}),
        **({"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if list_unsubscribe else {}),
        "Content-Language": language,
        "Auto-Submitted": "auto-generated",
        **(headers or {}),
    }
    check_headers(fields, own=headers or {})
    content = contents(text, html, attachments, seed=message_id)
    if openpgp_key is None and smime_certificate is None:
        return complete(content, fields)
    shown = {**fields, "Subject": HIDDEN_SUBJECT}
    inner = protected(content, fields, shown)
    if openpgp_key is not None:
        return complete(openpgp.encrypted(inner, openpgp_key, seed=message_id), shown)
    return complete(smime.encrypted(inner, smime_certificate or b""), shown)


@lru_cache(maxsize=16)
def sender_header(sender: str) -> str:
    """Write a sender's name and address as a header. Raises InvalidHeader, InvalidRecipient."""
    check_headers({"From": sender}, own={})
    name, address = parseaddr(sender)
    if not ADDRESS.fullmatch(address):
        raise InvalidRecipient(recipient=sender[:100])
    return str(Address(display_name=name, addr_spec=address)) if name else address


def check_headers(fields: Mapping[str, str], *, own: Mapping[str, str]) -> None:
    """Raise InvalidHeader for a control character anywhere, or a caller's own header that would speak for us."""
    for name, value in fields.items():
        if not (name.isascii() and name.replace("-", "").isalnum()) or not printable(value):
            raise InvalidHeader(name=name[:60])
    for name in own:
        if name.lower() in OURS or name.lower().startswith("content-"):
            raise InvalidHeader(name=name[:60])


def printable(value: str) -> bool:
    """True without control characters, line and paragraph separators, and halves of surrogate pairs."""
    if value.isascii():
        return value.isprintable()
    return all(unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"} for character in value)


def contents(text: str, html: str, attachments: Sequence[Attachment], *, seed: str) -> mime.Entity:
    """The body without headers of the mail: text, HTML beside it, attachments below. Raises InvalidHeader."""
    body = mime.text(text, "plain")
    if html:
        outer = boundary(seed, f"part {1 if attachments else 0}")
        body = mime.multipart("alternative", outer, [body, mime.text(html, "html")])
    if not attachments:
        return body
    if not all(printable(one.name) and "/" not in one.name for one in attachments):
        raise InvalidHeader(name="Content-Disposition")
    files = [mime.attachment(one.name, one.content, one.media_type) for one in attachments]
    return mime.multipart("mixed", boundary(seed, "part 0"), [body, *files])


def boundary(seed: str, name: str) -> str:
    """A boundary that follows from the Message-ID, which nobody can guess, and so never stands in the text."""
    return "=_" + hashlib.sha256(f"{seed} {name}".encode()).hexdigest()[:40]


def complete(content: mime.Entity, fields: Mapping[str, str]) -> bytes:
    """Put the headers above the content."""
    return content.under(mime.header_lines({**fields, "MIME-Version": "1.0"}))


def protected(content: mime.Entity, fields: Mapping[str, str], shown: Mapping[str, str]) -> bytes:
    """The entity to encrypt: the content, the true headers, and what of them the outside shows (RFC 9788)."""
    lines = mime.header_lines(fields)
    for name, value in shown.items():
        lines += mime.header_lines({"HP-Outer": f"{name}: {value}"})
    return content.with_parameter('hp="cipher"').under(lines)
