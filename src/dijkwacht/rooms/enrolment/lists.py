"""A list that is too long for a page: kept apart from the draft, read line by line, at once or by a job with progress.

Like the draft it is a note of its writer: the log keeps nothing until the registration is confirmed.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.enrolment import holdings, reads
from dijkwacht.rooms.enrolment.errors import DraftTooLarge
from dijkwacht.rooms.enrolment.models import AssetList
from dijkwacht.rooms.enrolment.questions import LONGEST_LIST

SHORT: Final = 30_000  # characters and ...
SHORT_LINES: Final = 500  # lines that stand on the page itself
AT_ONCE: Final = 5_000  # lines read while one waits: under a second; more are read by a job
SLICE: Final = 2_000  # lines between two reports of progress
READER: Final = system("enrolment:lists")
Asset = tuple[str, str]


def long(text: str) -> bool:
    """Tell whether a list is too long to stand on the page."""
    return len(text) > SHORT or text.count("\n") > SHORT_LINES


def hand_in(actor: Actor, text: str) -> AssetList:
    """Keep a long list in the place of the one before, and read it: now, or by a job when it is very long.

    Raises NotAllowed, DraftTooLarge.
    """
    account = reads.account_of(actor)
    if len(text) > LONGEST_LIST:
        raise DraftTooLarge
    plain = text.replace("\0", "").encode("utf-8", "replace").decode()
    AssetList.objects.filter(account=account).delete()
    row = AssetList.objects.create(account=account, text=plain, lines=len(plain.splitlines()))
    if row.lines <= AT_ONCE:
        _keep(row, list(_lines(row)))
    else:
        from dijkwacht.rooms.enrolment.tasks import read_list

        read_list.defer(account=str(account), version=str(row.version))
    return row


def drop(actor: Actor) -> None:
    """Throw the actor's long list away. Raises NotAllowed."""
    AssetList.objects.filter(account=reads.account_of(actor)).delete()


def read(account: UUID, version: UUID) -> None:
    """Read a list that was handed in, slice by slice; one that was replaced or dropped meanwhile is left alone."""
    with tenancy.acting(READER):
        row = AssetList.objects.filter(account=account, version=version, read_at=None).first()
    if row is None:
        return
    lines, found = _lines(row), list[holdings.Line]()
    while some := list(islice(lines, SLICE)):
        found += some
        with tenancy.acting(READER):
            known = AssetList.objects.filter(account=account, version=version)
            if not known.update(lines_read=min(some[-1].number, row.lines)):
                return
    with tenancy.acting(READER):
        _keep(row, found)


def _lines(row: AssetList) -> Iterator[holdings.Line]:
    return holdings.each(row.text.splitlines(), reserved=settings.DEMO, on=timezone.localdate())


def _keep(row: AssetList, found: Sequence[holdings.Line]) -> None:
    AssetList.objects.filter(account=row.account, version=row.version).update(
        assets=[list(one) for one in holdings.values(found)],
        refused=[[one.number, one.text, one.note_nl, one.note_en] for one in found if not one.values],
        lines_read=row.lines,
        read_at=timezone.now(),
    )


def assets(row: AssetList | None) -> list[Asset] | None:
    """Return what a list came to, each as kind and value; None while it is being read."""
    if row is None:
        return []
    return [(kind, value) for kind, value in row.assets] if row.read_at else None


def as_csv(found: Sequence[Sequence[str]]) -> str:
    """Return assets as a file that can be pasted or imported again, with an exact spelling that a hash can name."""
    return "kind,value\r\n" + "".join(f"{kind},{value}\r\n" for kind, value in found)


def digest(found: Sequence[Sequence[str]]) -> str:
    """Return the SHA-256 of the file of some assets, in hexadecimals."""
    return sha256(as_csv(found).encode()).hexdigest()


def refusals_as_csv(row: AssetList, language: str) -> str:
    """Return the lines that were left out with their reason, as a file that no spreadsheet runs."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(("regel", "tekst", "reden") if language == "nl" else ("line", "text", "reason"))
    for number, text, nl, en in row.refused:
        writer.writerow((number, _safe(text), nl if language == "nl" else en))
    return made.getvalue()


def _safe(text: Any) -> str:
    return f"'{text}" if str(text).lstrip().startswith(("=", "+", "-", "@", "\t", "\r")) else str(text)
