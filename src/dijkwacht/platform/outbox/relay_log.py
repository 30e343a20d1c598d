"""Whether our own relay accepted a message: the question that a hand-over without an answer leaves."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

import structlog

log = structlog.get_logger()
CLOCK_SLACK: Final = timedelta(seconds=2)  # a log counts whole seconds


class RelayLog(Protocol):
    """The memory of a relay of ours."""

    def contains(self, message_id: str, since: datetime) -> bool | None:
        """Tell whether the relay accepted `message_id` at or after `since`; None when the log cannot tell."""


class NullLog:
    """No log at all: the relay belongs to somebody else, or nobody told us where its log is."""

    def contains(self, message_id: str, since: datetime) -> bool | None:  # noqa: ARG002
        log.warning(
            "outbox: no relay log is configured (DIJKWACHT_RELAY_LOG); a message in doubt will be sent again after the"
            " grace time, with the same Message-ID, and marked as a possible duplicate",
            message_id=message_id,
        )
        return None


@dataclass
class MailboxLog:
    """The accept log of the demo mailbox: one line of JSON for each accepted message, on disk before the answer."""

    path: Path
    _accepted: dict[str, datetime] = field(default_factory=dict)
    _offset: int = 0

    def contains(self, message_id: str, since: datetime) -> bool | None:
        """Tell whether the mailbox accepted it; None when the mailbox never ran here."""
        if not self.path.exists():
            return None
        self._read_on()
        at = self._accepted.get(message_id)
        return at is not None and at >= since - CLOCK_SLACK

    def _read_on(self) -> None:
        """Read what was added since the last question; a line without its end is not accepted yet."""
        with self.path.open("rb") as lines:
            lines.seek(self._offset)
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                entry = json.loads(line)
                self._accepted[entry["message_id"]] = datetime.fromisoformat(entry["at"])
                self._offset += len(line)
