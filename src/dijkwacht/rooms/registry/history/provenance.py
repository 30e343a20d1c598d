"""Say where a change comes from, for the triggers that write the history."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, transaction

NAMES: Final = ("dijkwacht.source", "dijkwacht.ground")


@contextmanager
def provenance(source: str, *, ground: str = "") -> Iterator[None]:
    """Let every change of the register within come from `source`, on the legal `ground` where there is one.

    `source`: "officer", "organisation", "system", or a kind with what it names, such as "import:1f2e3d4c5b6a",
    "registration", "merge:dtc"; at most 100 characters, and so is `ground`, such as "CBW 44(2)". Without it a change
    counts as made by hand by whoever acts. Holds for the transaction it opens or stands in.
    """
    with transaction.atomic():
        before = _current()
        _set([source, ground])
        yield
        _set(before)


def _current() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in NAMES))
        return list(cursor.fetchone())


def _set(values: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(f"set_config('{name}', %s, true)" for name in NAMES), values)
