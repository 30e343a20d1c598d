"""Signatures (DKIM, RFC 6376) checked in a process that may be killed: a mail made to be dear costs no other."""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import ClassVar, Final

import dkim
import dkim.util
import msgspec

from dijkwacht.mails.isolated import Reader, Take, serve

from .rules import END, SEEN_HEADER

LARGEST: Final = 4 << 20  # bytes of a mail whose signature is tried
SECONDS: Final = 3.0  # for one mail
MOST_KILLED: Final = 3  # in one batch; then the rest of it is not asked now
BLANKS: Final = re.compile(rb"\s{50}")
RUN: Final = re.compile(rb"[ \t]+")
Claim = tuple[int, str, bytes]  # the place of a signature, the name of its key, the record of that


class _Asked(msgspec.Struct):
    size: int  # of the mail, whose bytes follow
    claims: list[Claim]


class Checker(Reader):
    """Checks mails one after the other in a child process. Not to be shared between threads."""

    module: ClassVar[str] = "dijkwacht.rooms.phishing.intake.checking"

    def __init__(self, *, seconds: float = SECONDS) -> None:
        super().__init__(seconds=seconds)
        self.killed = 0

    def holds(self, raw: bytes, claims: Sequence[Claim]) -> bool | None:
        """Whether one of the signatures is right. A mail that takes too long or too much proves nothing.

        None once so many did that the others of the batch would wait for long.
        """
        if self.killed >= MOST_KILLED:
            return None
        try:
            return self._ask(_Asked(len(raw), [*claims]), bool, raw)
        except (OSError, EOFError, TimeoutError):
            self.close()
            self.killed += 1
            return False


_idle: "Final[SimpleQueue[Checker]]" = SimpleQueue()


@contextmanager
def lent() -> Iterator[Checker]:
    """Lend a checker for a batch; its process is started by the first mail that is signed, and kept."""
    try:
        checker = _idle.get_nowait()
    except Empty:
        checker = Checker()
    checker.killed = 0
    try:
        yield checker
    finally:
        _idle.put(checker)


def close() -> None:
    """End the processes that wait for the next mail."""
    with suppress(Empty):
        while True:
            _idle.get_nowait().close()


def checkable(raw: bytes) -> bool:
    """Whether a mail costs dkimpy no more than others: it takes the square of a run of blanks in the header."""
    end = END.search(raw, 0, SEEN_HEADER)
    return end is not None and len(raw) <= LARGEST and BLANKS.search(raw, 0, end.start()) is None


def holds(raw: bytes, place: int, name: str, record: bytes) -> bool:
    """Whether one signature is right, by the one key that it was claimed with; dkimpy raises anything for what is none.

    Runs of blanks in the body become one before dkimpy sees them where its canonical form does that anyhow (RFC 6376
    section 3.4.4): it takes the square of their length.
    """

    def asked(wanted: bytes | str, **_: object) -> bytes:
        return record if _plain(wanted) == name else b""

    try:
        return bool(dkim.DKIM(_compressed(raw, place), minkey=1024).verify(idx=place, dnsfunc=asked))
    except Exception:  # noqa: BLE001 - strangers' bytes
        return False


def _compressed(raw: bytes, place: int) -> bytes:
    """Raises IndexError, InvalidTagSpec, InvalidTagValueList where there is no signature at that place."""
    header = dkim.rfc822_parse(raw)[0]
    fields = [value for name, value in header if name.lower() == b"dkim-signature"]
    form = dkim.util.parse_tag_value(fields[place]).get(b"c", b"")
    end = END.search(raw)
    if end is None or form.partition(b"/")[2] != b"relaxed":
        return raw
    return raw[: end.end()] + RUN.sub(b" ", raw[end.end() :])


def _plain(name: bytes | str) -> str:
    return (name.decode("ascii", "replace") if isinstance(name, bytes) else name).rstrip(".").lower()


def _answer(message: bytes, take: Take) -> bool:
    asked = msgspec.msgpack.decode(message, type=_Asked)
    raw = take(asked.size)
    return any(holds(raw, *claim) for claim in asked.claims)


if __name__ == "__main__":
    serve(int(sys.argv[1]), _answer)
