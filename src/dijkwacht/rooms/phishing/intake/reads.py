"""What became of what somebody handed in, for whoever holds its secret or its token; and what waits to be read."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import where
from dijkwacht.rooms.phishing.campaigns.models import Report
from dijkwacht.rooms.phishing.errors import NotFound
from dijkwacht.rooms.phishing.intake.models import Arrival

PORTER: Final = system("phishing:porter")
SALT: Final = "dijkwacht.phishing.status"
SCOPE: Final = "phishing:report"
ATTEMPTS: Final = 5  # then a mail is set aside, for a person to look at


class Status(NamedTuple):
    """What became of a report. `verdict` is "looking" while there is none; `read`: whether it was read yet.

    `links`: whether an address of the web was found in it.
    """

    id: UUID
    verdict: str
    read: bool
    links: bool = True


def secret_of(report: UUID) -> str:
    """Give what stands in the address of the page of a report: nobody guesses it."""
    return signing.dumps(report.hex, salt=SALT)


def opened(secret: str) -> UUID:
    """Give the report of an address. Raises NotFound for anything that we did not sign."""
    try:
        return UUID(signing.loads(secret, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        raise NotFound from None


def status_of(report: UUID) -> Status:
    """Give what became of a report that somebody holds the secret of. Raises NotFound when its term is over."""
    with tenancy.acting(PORTER):
        row = Report.objects.select_related("campaign").filter(id=report).first()
        if row is not None:
            links = row.campaign is None or bool(row.campaign.analysis.get("links"))
            return Status(report, row.campaign.verdict if row.campaign else "looking", read=True, links=links)
        if Arrival.objects.filter(id=report).exists():
            return Status(report, "looking", read=False)
    raise NotFound


def access_status(actor: Actor, report: UUID) -> Status:
    """Give what became of a report of one's own partner. Raises NotFound for what is another's, as for what is not."""
    partners = _partners(actor)
    with tenancy.acting(PORTER):
        waits = Arrival.objects.filter(id=report).first()
        row = Report.objects.filter(id=report).first()
        mine = row is not None and row.source in {f"partner:{one}"[:64] for one in partners}
        if not mine and not (waits is not None and waits.partner in partners):
            raise NotFound
    return status_of(report)


def partner_of(actor: Actor) -> str:
    """Give whose report it is that a token or a signed-in person hands in: an organisation, or the centre's own."""
    partners = _partners(actor)
    chosen = str(actor.chosen)
    return chosen if chosen in partners else min(partners)


def _partners(actor: Actor) -> set[str]:
    """Give in whose name somebody may report: the organisations for which a role of theirs allows it, else oneself."""
    return {str(one) for one in where(actor, SCOPE)} or {str(actor.id)[:50]}


def due() -> QuerySet[Arrival]:
    """Give what is to be read now: not what was set aside, nor what failed a short while ago."""
    now = timezone.now()
    return Arrival.objects.filter(Q(not_before=None) | Q(not_before__lte=now), attempts__lt=ATTEMPTS)


def waiting_since() -> datetime | None:
    """Give since when the oldest waits to be read, for the dashboard."""
    rows = Arrival.objects.filter(attempts__lt=ATTEMPTS).order_by("received_at")
    return rows.values_list("received_at", flat=True).first()


def aside() -> QuerySet[Arrival]:
    """Give what could not be read after the last attempt, the oldest first: a person must look."""
    return Arrival.objects.filter(attempts__gte=ATTEMPTS).order_by("received_at", "id")


def set_aside() -> int:
    """Give how many were set aside, for the dashboard."""
    return aside().count()
