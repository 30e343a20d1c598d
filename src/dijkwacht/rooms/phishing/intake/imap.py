"""A mailbox that is read over IMAP (RFC 3501), for a centre whose mail server hands nothing over.

A mail leaves the mailbox after it is on disk and in the queue. Should we die between the two it is there the next time,
and is known by its UID: it is not taken in twice.
"""

import contextlib
import imaplib
import re
import ssl
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

import structlog

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.campaigns.models import Report
from dijkwacht.rooms.phishing.intake import actions, rules
from dijkwacht.rooms.phishing.intake.actions import Handed
from dijkwacht.rooms.phishing.intake.models import Arrival
from dijkwacht.rooms.phishing.intake.reads import PORTER

log = structlog.get_logger()
AT_ONCE: Final = 20  # mails of one transaction
SECONDS: Final = 30.0  # for an answer of the server
NAMESPACE: Final = uuid.UUID("6f3c2a52-5d0e-4d53-8f2a-6a0f8d1f5c11")
SIZE: Final = re.compile(rb"UID (\d+).*RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+).*UID (\d+)")
imaplib._MAXLINE = 10_000_000  # type: ignore[attr-defined]  # noqa: SLF001 - the answer to a search is one line


class Unusable(Exception):
    """The mailbox cannot be read: its address is wrong, or the server does not answer as it should."""


@dataclass(frozen=True)
class Box:
    """Where the mailbox is, and how its server's certificate is checked."""

    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"
    tls: ssl.SSLContext | None = None

    @classmethod
    def of_url(cls, url: str, tls: ssl.SSLContext | None = None) -> "Box":
        """Read imaps://user:password@host:993/INBOX. Raises Unusable; a connection without TLS is not made."""
        parts = urlsplit(url)
        if parts.scheme != "imaps" or not parts.hostname or not parts.username:
            raise Unusable("DIJKWACHT_PHISHING_IMAP must look like imaps://user:password@host:993/INBOX")
        return cls(
            parts.hostname,
            parts.port or 993,
            unquote(parts.username),
            unquote(parts.password or ""),
            unquote(parts.path.lstrip("/")) or "INBOX",
            tls,
        )


def take_all(*, actor: Actor, box: Box) -> int:
    """Take in every mail of the mailbox and remove it there; give how many. Raises Unusable; OSError: a full disk."""
    with _opened(box) as server:
        validity = _number(server.response("UIDVALIDITY")[1])
        sizes = _sizes(server)
        taken = 0
        for start in range(0, len(sizes), AT_ONCE):
            taken += _take(actor, server, box, validity, dict(list(sizes.items())[start : start + AT_ONCE]))
        return taken


@contextlib.contextmanager
def _opened(box: Box) -> Iterator[imaplib.IMAP4_SSL]:
    context = box.tls or ssl.create_default_context()
    try:
        server = imaplib.IMAP4_SSL(box.host, box.port, ssl_context=context, timeout=SECONDS)
    except (OSError, imaplib.IMAP4.error) as error:
        raise Unusable(f"{box.host}:{box.port}: {error}") from error
    try:
        server.login(box.user, box.password)
        answer, _ = server.select(f'"{box.folder}"')
        if answer != "OK":
            raise Unusable(f"there is no folder {box.folder}")
        yield server
    except imaplib.IMAP4.error as error:
        raise Unusable(f"{box.host}: {error}") from error
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def _number(values: Sequence[bytes | None]) -> int:
    return int(values[0] or b"0") if values else 0


def _sizes(server: imaplib.IMAP4_SSL) -> dict[int, int]:
    """Give the size of each mail by its UID, oldest first."""
    _, found = server.uid("SEARCH", "UNDELETED")
    uids = (found[0] or b"").split() if found else []
    if not uids:
        return {}
    _, lines = server.uid("FETCH", b",".join(uids).decode(), "(RFC822.SIZE)")
    matches = [SIZE.search(line) for line in lines if isinstance(line, bytes)]
    return {int(one[1] or one[4]): int(one[2] or one[3]) for one in matches if one is not None}


def _take(actor: Actor, server: imaplib.IMAP4_SSL, box: Box, validity: int, sizes: dict[int, int]) -> int:
    """Take some in, in one transaction; then remove them from the mailbox."""
    names = {uid: uuid.uuid5(NAMESPACE, f"{box.user}@{box.host}/{box.folder} {validity} {uid}") for uid in sizes}
    with tenancy.acting(PORTER):
        known = {
            *Arrival.objects.filter(id__in=names.values()).values_list("id", flat=True),
            *Report.objects.filter(id__in=names.values()).values_list("id", flat=True),
        }
    handed, ours = [], [uid for uid in sizes if names[uid] in known]
    for uid, size in sizes.items():
        if size > rules.LARGEST:
            log.warning("phishing: a mail in the mailbox is too large and stays there", uid=uid, bytes=size)
        elif names[uid] not in known and (raw := _raw(server, uid)) is not None:
            handed.append(Handed(raw=raw, door="imap", sender=_sender(raw), report=names[uid]))
            ours.append(uid)
    if handed:
        actions.accept_many(actor=actor, handed=handed)
    if ours:  # what the server did not give, or is too large, is nobody's yet: it stays
        server.uid("STORE", ",".join(map(str, ours)), "+FLAGS.SILENT", r"(\Deleted)")
        server.expunge()
    return len(handed)


def _raw(server: imaplib.IMAP4_SSL, uid: int) -> bytes | None:
    _, parts = server.uid("FETCH", str(uid), "(BODY.PEEK[])")
    return next((part[1] for part in parts if isinstance(part, tuple)), None)


def _sender(raw: bytes) -> str:
    """Give MAIL FROM, which the server that delivered the mail wrote down (RFC 5321 section 4.4)."""
    found = "".join(rules.values_of(rules.header_of(raw), "return-path")[:1]).strip()
    return found.strip("<>").strip()
