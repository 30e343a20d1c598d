"""What is known of a registration when it is confirmed: the facts that decide whether it goes by itself, and bounds."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from dijkwacht.platform import tenancy
from dijkwacht.rooms.enrolment import drafts, establishing, rules
from dijkwacht.rooms.enrolment.business_register import business_register
from dijkwacht.rooms.enrolment.errors import TooMany
from dijkwacht.rooms.enrolment.models import Registration
from dijkwacht.rooms.enrolment.rules import OPEN, Facts, Reason


def weigh(registration: Registration) -> tuple[Reason, ...]:
    """Return why a person must look at a registration; nothing: it goes by itself."""
    known = business_register()
    entry = known.find(registration.numbers["kvk"]) if "kvk" in registration.numbers else None
    organisation = registration.confirmed["organisation"]
    return rules.weigh(
        Facts(
            proven=registration.proven,
            given=registration.numbers,
            name=registration.name,
            declared=organisation["declaration"],
            assessed=drafts.assessed(registration.assessment),
            register=known.there,
            listed=entry.listed() if entry else None,
            taken=establishing.taken(registration.numbers, besides=registration.id),
        )
    )


def within_bounds(account: UUID, network: str) -> None:
    """Refuse a flood of one account or one network. Raises TooMany."""
    since = timezone.now() - timedelta(days=1)
    with tenancy.acting(establishing.LOOKER):
        own = Registration.objects.filter(account=account)
        waiting = own.filter(state__in=[state.value for state in OPEN]).count()
        today = own.filter(submitted_at__gte=since).count()
        near = Registration.objects.filter(network=network, submitted_at__gte=since).count() if network else 0
    if waiting >= rules.MOST_WAITING or today >= rules.MOST_A_DAY or near >= rules.MOST_A_DAY_OF_A_NETWORK:
        raise TooMany
