"""A mailbox that is read over IMAP (RFC 3501), always with TLS: what rooms take mails in from.

Whoever takes a mail in removes it here after it is kept; should it die between the two, it is there the next time.
"""

import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

SECONDS: Final = 30.0  # for an answer of the server
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
    def of_url(cls, url: str, setting: str, tls: ssl.SSLContext | None = None) -> "Box":
        """Read imaps://user:password@host:993/INBOX, the value of a setting.

        Raises Unusable; a connection without TLS is not made.
        """
        parts = urlsplit(url)
        if parts.scheme != "imaps" or not parts.hostname or not parts.username:
            raise Unusable(f"{setting} must look like imaps://user:password@host:993/INBOX")
        return cls(
            parts.hostname,
            parts.port or 993,
            unquote(parts.username),
            unquote(parts.password or ""),
            unquote(parts.path.lstrip("/")) or "INBOX",
            tls,
        )


@contextlib.contextmanager
def opened(box: Box) -> Iterator[imaplib.IMAP4_SSL]:
    """Give the server with the folder selected. Raises Unusable."""
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


def validity(server: imaplib.IMAP4_SSL) -> int:
    """Return the UIDVALIDITY of the folder: UIDs count as long as it is the same."""
    values: Sequence[bytes | None] = server.response("UIDVALIDITY")[1]
    return int(values[0] or b"0") if values else 0


def sizes(server: imaplib.IMAP4_SSL) -> dict[int, int]:
    """Give the size of each mail by its UID, oldest first."""
    _, found = server.uid("SEARCH", "UNDELETED")
    uids = (found[0] or b"").split() if found else []
    if not uids:
        return {}
    _, lines = server.uid("FETCH", b",".join(uids).decode(), "(RFC822.SIZE)")
    matches = [SIZE.search(line) for line in lines if isinstance(line, bytes)]
    return {int(one[1] or one[4]): int(one[2] or one[3]) for one in matches if one is not None}


def raw(server: imaplib.IMAP4_SSL, uid: int) -> bytes | None:
    """Give the bytes of a mail, without marking it as read; None where the server does not give it."""
    _, parts = server.uid("FETCH", str(uid), "(BODY.PEEK[])")
    return next((part[1] for part in parts if isinstance(part, tuple)), None)


def remove(server: imaplib.IMAP4_SSL, uids: Iterable[int]) -> None:
    """Remove mails that were taken in; what was not is nobody's yet, and stays."""
    if ours := ",".join(map(str, uids)):
        server.uid("STORE", ours, "+FLAGS.SILENT", r"(\Deleted)")
        server.expunge()
