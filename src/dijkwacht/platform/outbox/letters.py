"""The mails that the demo mailbox kept, read as what they are: strangers' bytes."""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from typing import Final

NAME: Final = re.compile(r"\d{8}T\d{6}-[0-9a-f]{12}\.eml")
NEWEST: Final = 200
LARGEST: Final = 2 * 1024 * 1024
MOST_PARTS: Final = 100
LONGEST_HEADER: Final = 1000


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as the page shows it. `notice`: why something of it is not shown, empty when all is."""

    name: str
    at: datetime
    sender: str = ""
    recipient: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    attachments: list[tuple[str, int]] = field(default_factory=list)
    readable: bool = True


def newest(folder: Path) -> list[Letter]:
    """The last mails that were kept, newest first, with their headers."""
    names = sorted((path.name for path in folder.glob("*.eml") if NAME.fullmatch(path.name)), reverse=True)
    return [letter for letter in (read(folder, name) for name in names[:NEWEST]) if letter is not None]


def read(folder: Path, name: str) -> Letter | None:
    """Read one mail; None when there is none of that name. What cannot be parsed is shown as not readable."""
    if not NAME.fullmatch(name):
        return None
    try:
        content = (folder / name).read_bytes()
    except OSError:
        return None
    at = datetime.strptime(name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    if len(content) > LARGEST:
        return Letter(name=name, at=at, readable=False)
    try:
        return _parsed(name, at, email.message_from_bytes(content))
    except Exception:  # noqa: BLE001 - the parser of the standard library raises anything on hostile bytes
        return Letter(name=name, at=at, readable=False)


def _parsed(name: str, at: datetime, message: Message) -> Letter:
    text, html, attachments = "", "", []
    for part in _parts(message):
        kind, content = part.get_content_type(), part.get_payload(decode=True)
        body = content if isinstance(content, bytes) else b""
        if part.get_filename() or not kind.startswith("text/"):
            attachments.append((_shown(part.get_filename() or kind), len(body)))
        elif kind == "text/html":
            html = html or _plain(body.decode("utf-8", "replace"))
        else:
            text = text or body.decode("utf-8", "replace")
    return Letter(
        name=name,
        at=at,
        sender=_shown(message.get("From", "")),
        recipient=_shown(message.get("To", "")),
        subject=_shown(message.get("Subject", "")),
        text=text,
        html=html,
        attachments=attachments,
    )


def _plain(html: str) -> str:
    """A mail without its style sheets: the page's policy refuses them, and says so in the browser's console each time.

    The frame and that policy protect; this is for order's sake, and takes time in proportion to the mail.
    """
    kept, at = [], 0
    while (start := html.find("<style", at)) >= 0 and (end := html.find("</style>", start)) >= 0:
        kept.append(html[at:start])
        at = end + len("</style>")
    return "".join([*kept, html[at:]])


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            return
        if not part.is_multipart():
            yield part


def _shown(value: object) -> str:
    """A header as a reader reads it, its encoded words decoded, at most a thousand characters."""
    return str(make_header(decode_header(str(value)[:LONGEST_HEADER])))
