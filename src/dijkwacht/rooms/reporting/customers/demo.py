"""The demo's event of a provider: one trouble of its own, told once for the two that gave it a mandate."""

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import reads as incidents
from dijkwacht.rooms.reporting.customers import actions, reads
from dijkwacht.rooms.reporting.rules import Stage

FACTS: Final[dict[str, Any]] = {
    "kind": "incident",
    "significant": True,
    "title": "Beheerserver overgenomen",
    "incident_type": "intrusions",
    "suspected_malicious": True,
    "cross_border": False,
    "description": "Iemand logde in op de server waarmee wij bij klanten beheren. Wij hebben haar afgesloten.",
    "indicators": ("198.51.100.23",),
    "contact_name": "Greet Groep",
    "contact_email": "ciso@tweelanden.example",
    "contact_phone": "+31 20 623 0104",
}


def load(provider: Actor) -> None:
    """Tell it for all whom the provider acts for, once."""
    with tenancy.acting(provider):
        held = [one.id for one in incidents.filable(provider)]
        if not held or reads.events_of(provider).exists():
            return
        began = timezone.now() - timedelta(hours=2)
        moments = {"occurrence": began - timedelta(hours=6), "awareness": began}
        told = {name: moment.isoformat(timespec="seconds") for name, moment in moments.items()}
        actions.tell_event(actor=provider, stage=Stage.EARLY_WARNING, facts={**FACTS, **told}, customers=held)
