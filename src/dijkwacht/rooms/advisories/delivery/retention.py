"""What was told and answered is kept 24 months after it ended, as the messages themselves are (Cbb 29); then it goes.

What is in use stays: lists, the newest answer to an advisory, what still concerns somebody. Names and notes in what
stays go by the table of terms, `keeping/retention.toml`.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.advisories.delivery.models import Concern, Exposure, Match, Telling
from dijkwacht.rooms.advisories.inventory.models import Intake, Inventory, Line

KEEPER: Final = system("advisories:retention")
KEPT: Final = timedelta(days=731)  # as the outbox
ENDED: Final = ("delivered", "bounced", "failed", "cancelled", "below", "no-contact")


def forget(now: datetime | None = None) -> int:
    """Remove what ended longer ago than KEPT; give how many rows. Safe to repeat."""
    before = (now or timezone.now()) - KEPT
    with tenancy.acting(KEEPER):
        newer = Exposure.objects.filter(
            organisation_id=OuterRef("organisation_id"), advisory=OuterRef("advisory"), at__gt=OuterRef("at")
        )
        gone = [
            Match.objects.filter(ended_at__lt=before),
            Line.objects.filter(removed_at__lt=before),
            Inventory.objects.filter(removed_at__lt=before),
            Intake.objects.filter(at__lt=before, lines_added=None, lines_removed=None),
            Telling.objects.filter(created_at__lt=before, state__in=ENDED),
            Exposure.objects.filter(Exists(newer), at__lt=before),
            Concern.objects.filter(created_at__lt=before, tellings=None, organisation__active=False),
        ]
        removed = sum(rows.delete()[0] for rows in gone)
        if removed:
            record(
                actor=KEEPER,
                action="advisories:telling:remove-old",
                target=("advisories", ""),
                detail={"rows": removed},
            )
    return removed
