"""One after the other: who changes the list does so alone, so that no follower ever sees a gap in its log."""

from typing import Final

from django.db import connection

LOCK: Final = 7_302_021  # PostgreSQL advisory lock: one transaction at a time appends to the log


def lock() -> None:
    """Let nobody else change the list until this transaction ends; the last lock that anybody takes."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
