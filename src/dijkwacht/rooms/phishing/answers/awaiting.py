"""Keep who waits for an answer: in the transaction of the report, so that nobody is forgotten."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from django.conf import settings
from django.utils import timezone

from dijkwacht.platform.crypto.house import seal_json
from dijkwacht.platform.database.inserting import insert
from dijkwacht.rooms.phishing.answers import rules
from dijkwacht.rooms.phishing.answers.models import Answer, OptOut
from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report
from dijkwacht.rooms.phishing.intake.rules import values_of

PAGES: Final = {"form"}  # doors whose reporters read the answer on a page


class Waiting(NamedTuple):
    """A report with what decides whether its reporter gets an answer."""

    report: Report
    address: str
    envelope: str
    header: bytes
    proven: bool
    forwarded: bool
    language: str


def keep(waiting: Sequence[Waiting]) -> None:
    """Keep the address of each who may hear an answer, sealed; nothing of the others."""
    rows = [row for one in waiting if (row := _row(one)) is not None]
    unwilling = set(OptOut.objects.filter(source__in={row.source for row in rows}).values_list("source", flat=True))
    rows = [row for row in rows if row.source not in unwilling or not row.address]
    judged = set(
        Campaign.objects.filter(id__in={one.report.campaign_id for one in waiting})
        .exclude(verdict="looking")
        .values_list("id", flat=True)
    )
    campaigns = {one.report.id: one.report.campaign_id for one in waiting}
    now = timezone.now()
    for row in rows:
        row.due_at = now if campaigns[row.report_id] in judged else now + rules.GRACE
        row.due_at = row.due_at if row.address else None
    insert(rows)


def _row(one: Waiting) -> Answer | None:
    page = one.report.door in PAGES

    def values(name: str) -> list[str]:
        return values_of(one.header, name)

    if not page and (
        one.report.door == "api"
        or not one.forwarded
        or rules.refusal(
            values, address=one.address, envelope=one.envelope, proven=one.proven, own=settings.PHISHING_ADDRESSES
        )
    ):
        return None
    sealed = b"" if page else seal_json(one.address, table="answer", row=one.report.id, column="address")
    return Answer(
        report_id=one.report.id,
        address=sealed,
        source=one.report.source,
        language=rules.language_of(values, one.language),
    )
