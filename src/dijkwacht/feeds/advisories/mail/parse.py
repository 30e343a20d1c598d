"""One mail as an item: its subject, its text and the CVE ids in it. It may hold data about people: see `personal`."""

import re
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Final

from dijkwacht.feeds.advisories.bounds import clean, cves, moment, one_line
from dijkwacht.feeds.advisories.model import Aside, Item, Named, Parsed, Text
from dijkwacht.mails.bounds import beyond
from dijkwacht.mails.isolated import Reader

HEADER: Final = 64 << 10
MOST_NAMED: Final = 20
_TLP: Final = re.compile(r"\bTLP:\s?(RED|AMBER\+STRICT|AMBER|GREEN|CLEAR|WHITE)(?![\w+])", re.IGNORECASE)


def parse(raw: bytes, place: str, reader: Reader | None = None) -> Parsed:
    """Give the mail as an item. `reader`: a child that reads mails; without one a new child is started."""
    crossed = beyond(raw)
    if crossed:
        return Parsed(aside=[Aside(place=place, findings=[str(crossed)], raw=raw, kind="mail")])
    with Reader() if reader is None else _kept(reader) as used:
        subject = used.read(raw).subject
        parts = [part.text for part in used.parts(raw) if part.text]
    text = clean("\n\n".join(parts))
    if not text and not subject:
        why = "no text was found in it: is it a mail (RFC 5322)? Ask its sender for plain text"
        return Parsed(aside=[Aside(place=place, findings=[why], raw=raw, kind="mail")])
    return Parsed(items=[_item(raw, one_line(subject), text)])


def _item(raw: bytes, subject: str, text: str) -> Item:
    head = BytesHeaderParser(policy=compat32).parsebytes(raw[:HEADER])
    key = one_line(str(head.get("Message-ID", "")), 300).strip("<>") or sha256(raw).hexdigest()
    names = cves(f"{subject} {text}")
    names = names if len(names) <= MOST_NAMED else cves(subject)
    label = _TLP.search(f"{subject} {text}")
    try:
        sent = moment(parsedate_to_datetime(str(head.get("Date", ""))).isoformat())
    except (ValueError, TypeError, IndexError, OverflowError):
        sent = None
    language = "nl" if re.search(r"\b(het|een|niet|wordt)\b", text[:2_000]) else "en"
    return Item(
        key=key,
        kind="mail",
        title=subject or one_line(text, 120),
        language=language,
        tlp={"WHITE": "CLEAR"}.get(label[1].upper(), label[1].upper()) if label else "AMBER",
        published=sent,
        updated=sent,
        personal=True,
        summary=[Text(text, language)],
        vulnerabilities=[Named(name=name, title=subject, rank=7) for name in names],
        raw=raw,
    )


class _kept:  # noqa: N801 - reads as a word of the `with` it stands in
    """Use a reader that somebody else closes."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def __enter__(self) -> Reader:
        return self.reader

    def __exit__(self, *_: object) -> None:
        """Leave it open."""
