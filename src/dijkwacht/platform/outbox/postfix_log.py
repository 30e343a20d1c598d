"""The log of a Postfix that is our relay.

Postfix logs a message-id while it still reads the message, so that line proves nothing. Responsibility is taken when
the queue manager (`queue active`) or a delivery (`status=`) names the same queue file. A session that was lost in
DATA never queued it.
"""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from dijkwacht.platform.outbox.relay_log import CLOCK_SLACK

LINE: Final = re.compile(
    rb"(?P<at>\d{4}-\d\d-\d\dT\S+|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) \S+ postfix[^\[ ]*/(?P<program>[a-z]+)"
    rb"\[(?P<pid>\d+)\]: (?P<text>.*)"
)
QUEUE_FILE: Final = re.compile(rb"(?P<name>[0-9A-Za-z]{6,20}): (?P<fact>.*)")
MESSAGE_ID: Final = re.compile(rb"message-id=(?P<id><[^>]*>)")
LOST: Final = re.compile(rb"(?:lost connection|timeout|too many errors) after DATA\b")


@dataclass
class Handled:
    """One message as the relay saw it. `accepted`: None while the log has not said."""

    message_id: str
    at: datetime
    accepted: bool | None = None


@dataclass
class PostfixLog:
    """Reads `path` and the file that was rotated away before it (`path.1` or `path.1.gz`)."""

    path: Path
    _messages: dict[str, Handled] = field(default_factory=dict)
    _files: dict[bytes, Handled] = field(default_factory=dict)
    _sessions: dict[bytes, bytes] = field(default_factory=dict)
    _first: datetime | None = None
    _last: datetime | None = None
    _size: int = -1

    def contains(self, message_id: str, since: datetime) -> bool | None:
        """Tell whether Postfix accepted it. None: the log does not cover `since`, or has not said what came of it."""
        if not self._read():
            return None
        found = self._messages.get(message_id)
        if found is not None and found.at >= since - CLOCK_SLACK:
            return found.accepted
        covered = self._first is not None and self._last is not None and self._first <= since <= self._last
        return False if covered else None

    def _read(self) -> bool:
        try:
            size = self.path.stat().st_size
            if size != self._size:
                self._forget()
                for line in self._lines():
                    self._take(line)
                self._size = size
        except OSError:
            return False
        return True

    def _forget(self) -> None:
        self._messages, self._files, self._sessions, self._first, self._last = {}, {}, {}, None, None

    def _lines(self) -> Iterator[bytes]:
        older = self.path.with_name(self.path.name + ".1")
        packed = self.path.with_name(self.path.name + ".1.gz")
        if older.exists():
            with older.open("rb") as lines:
                yield from lines
        elif packed.exists():
            with gzip.open(packed) as unpacked:
                yield from unpacked
        with self.path.open("rb") as lines:
            yield from lines

    def _take(self, line: bytes) -> None:
        match = LINE.match(line)
        if match is None:
            return
        at = moment(match["at"].decode())
        if at is None:
            return
        self._first, self._last = self._first or at, at
        program, pid, text = match["program"], match["pid"], match["text"]
        if program == b"smtpd" and LOST.match(text):
            self._conclude(self._sessions.pop(pid, b""), accepted=False)
        elif (named := QUEUE_FILE.match(text)) is not None:
            self._fact(program, pid, named["name"], named["fact"], at)

    def _fact(self, program: bytes, pid: bytes, name: bytes, fact: bytes, at: datetime) -> None:
        """One line about a queue file; its name may be used again for a later message."""
        if program == b"smtpd" and fact.startswith(b"client="):
            self._sessions[pid] = name
            self._files.pop(name, None)
        elif program == b"cleanup" and (found := MESSAGE_ID.match(fact)) is not None:
            handled = Handled(found["id"].decode("ascii", "replace"), at)
            self._files[name] = self._messages[handled.message_id] = handled
        elif program == b"cleanup" and b"reject: END-OF-MESSAGE" in fact:
            self._conclude(name, accepted=False)
        elif (program == b"qmgr" and b"(queue active)" in fact) or b" status=" in fact:
            self._conclude(name, accepted=True)

    def _conclude(self, name: bytes, *, accepted: bool) -> None:
        handled = self._files.get(name)
        if handled is not None and handled.accepted is None:
            handled.accepted = accepted


def moment(text: str) -> datetime | None:
    """Read RFC 3339 time, or the older form without year and zone; None when it is neither."""
    try:
        if text[:4].isdigit():
            return datetime.fromisoformat(text).astimezone(UTC)
        now = datetime.now(UTC).astimezone()
        at = datetime.strptime(f"{now.year} {text}", "%Y %b %d %H:%M:%S").astimezone()
        if at > now + timedelta(days=1):
            at = at.replace(year=now.year - 1)
        return at.astimezone(UTC)
    except ValueError:
        return None
