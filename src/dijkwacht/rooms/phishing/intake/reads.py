"""What became of what somebody handed in, for whoever holds its secret or its token."""

from typing import NamedTuple
from uuid import UUID

from django.core import signing

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.campaigns.models import Report
from dijkwacht.rooms.phishing.errors import NotFound
from dijkwacht.rooms.phishing.intake.actions import PORTER
from dijkwacht.rooms.phishing.intake.models import Arrival

SALT = "dijkwacht.phishing.status"


class Status(NamedTuple):
    """What became of a report. `verdict` is "looking" while there is none; `read`: whether it was read yet."""

    id: UUID
    verdict: str
    read: bool


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
            return Status(report, row.campaign.verdict if row.campaign else "looking", read=True)
        if Arrival.objects.filter(id=report).exists():
            return Status(report, "looking", read=False)
    raise NotFound


def access_status(actor: Actor, report: UUID) -> Status:
    """Give what became of a report of one's own partner. Raises NotFound for what is another's, as for what is not."""
    with tenancy.acting(PORTER):
        waits = Arrival.objects.filter(id=report).first()
        row = Report.objects.filter(id=report).first()
        mine = row is not None and row.source == f"partner:{partner_of(actor)}"[:64]
        if not mine and not (waits is not None and waits.partner == partner_of(actor)):
            raise NotFound
    return status_of(report)


def partner_of(actor: Actor) -> str:
    """Give whose report it is that a token or a signed-in person hands in: an organisation, or the centre's own."""
    organisation = actor.chosen or next(iter(sorted(actor.acts_for, key=str)), None)
    return str(organisation or actor.id)[:50]
