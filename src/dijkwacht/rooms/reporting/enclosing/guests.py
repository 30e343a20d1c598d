"""What strangers may let us keep: bounded for a report, for a network, and in all while no address is confirmed."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection
from django.db.models import QuerySet, Sum
from django.utils import timezone

from dijkwacht.rooms.reporting.enclosing import rules
from dijkwacht.rooms.reporting.enclosing.rules import Enclosed
from dijkwacht.rooms.reporting.errors import GuestFilesRefused
from dijkwacht.rooms.reporting.models import Attachment

LOCK = 0x656E636C  # two at the same moment would both count the same


def within_report(files: Sequence[Enclosed]) -> Sequence[Enclosed]:
    """Return files that may come with one report. Raises GuestFilesRefused."""
    sizes = [one.size for one in files]
    too_large = sum(sizes) > rules.GUEST_REPORT or max(sizes, default=0) > rules.LARGEST
    if len(files) > rules.GUEST_MOST or 0 in sizes or too_large:
        raise GuestFilesRefused(most=rules.GUEST_MOST, megabytes=rules.GUEST_REPORT // rules.MEGABYTE)
    return files


def room_for(size: int, network: str, *, confirmed: bool) -> bool:
    """Tell whether bytes from a network may be kept besides what is here. Holds until the transaction ends.

    A report is never refused for it: its files are, and whoever confirmed the address sends them later. Needs the
    scope of the centre.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    strangers = Attachment.objects.exclude(incident__network="")
    today = strangers.filter(incident__network=network, at__gte=timezone.now() - timedelta(days=1))
    if _bytes(today) + size > rules.GUEST_NETWORK:
        return False
    return confirmed or _bytes(strangers.filter(incident__verified_at=None)) + size <= rules.GUEST_UNCONFIRMED


def _bytes(rows: QuerySet[Attachment]) -> int:
    return rows.aggregate(held=Sum("size"))["held"] or 0
