"""Two newcomers of the demo, who registered their organisations themselves: one was let in, one waits."""

from typing import Final

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.actors import of_user
from dijkwacht.platform.accounts.models import User
from dijkwacht.portal.demo.accounts import DEMO, PASSWORD
from dijkwacht.rooms.enrolment import demo as enrolment

LET_IN: Final = "directie@nieuweland.example"
WAITING: Final = "noc@zeedijk.example"


def load() -> int:
    """Register both, once. Returns how many registrations were made."""
    return enrolment.load(proven=_newcomer(LET_IN, "Nora Nieuweland"), unproven=_newcomer(WAITING, "Zeger Zeedijk"))


def _newcomer(email: str, name: str) -> Actor:
    with tenancy.acting(DEMO):
        user = User.objects.filter(email=email).first()
        user = user or User.objects.create_user(email, PASSWORD, name=name)
    return of_user(user)
