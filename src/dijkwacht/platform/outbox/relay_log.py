"""Whether our own relay accepted a message: the question that a hand-over without an answer leaves."""

from datetime import datetime
from typing import Protocol

import structlog

log = structlog.get_logger()


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
