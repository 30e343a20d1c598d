"""The database that does not answer, such as while it starts again: a moment to wait for, and no fault of a request."""

from typing import Final

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse

log = structlog.get_logger()
GONE: Final = (OperationalError, InterfaceError)
BACK_IN: Final = 5  # seconds: it starts again in fewer


class Away(HttpResponse):
    """The answer to a request that found no database; whoever stands before says it in words (RFC 9110, 15.6.4).

    `in_doubt`: it went away while it was asked to keep what the request did, and may have kept it.
    """

    def __init__(self, *, in_doubt: bool) -> None:
        super().__init__(status=503, headers={"Retry-After": str(BACK_IN)})
        self.in_doubt = in_doubt
        self._has_been_logged = True  # here, in one line
        log.warning("a request found no database", in_doubt=in_doubt)


def lost() -> bool:
    """Whether the connection of the transaction that this thread is in has ended."""
    inner = connection.connection
    return inner is None or inner.closed


def is_loss(error: Exception) -> bool:
    """Whether the connection failed, and no statement: an error of the client, or one of the server as it goes."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(("08", "53300", "57P"))  # PostgreSQL, appendix A
