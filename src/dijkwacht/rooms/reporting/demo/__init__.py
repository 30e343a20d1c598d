"""The demo's incidents: invented, filed by the same actions as any other, so that the desk is not empty."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import actions, drafts
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.rules import Stage

CONTACT: Final = {
    "contact_name": "Willem Waterkant",
    "contact_email": "ciso@waterkant.example",
    "contact_phone": "+31 20 623 0102",
}
# title, hours ago that it began, stage, more facts
INCIDENTS: Final[tuple[tuple[str, float, Stage, dict[str, Any]], ...]] = (
    (
        "Zaaksysteem versleuteld",
        5,
        Stage.EARLY_WARNING,
        {
            "incident_type": "malicious-code",
            "suspected_malicious": True,
            "cross_border": False,
            "description": "Vannacht zijn bestanden versleuteld; er staat een losgeldbericht.",
            "indicators": ("203.0.113.77", "hxxp-paneel.example", "9f86d081884c7d659a2feaa0c55ad015"),
            "personal_data_breach": True,
        },
    ),
    (
        "Website overbelast",
        30,
        Stage.NOTIFICATION,
        {
            "incident_type": "availability/ddos",
            "suspected_malicious": True,
            "cross_border": False,
            "severity": "medium",
            "description": "De website is sinds de ochtend slecht bereikbaar.",
            "effects": "Inwoners kunnen geen afspraak maken.",
            "users_affected": 4000,
        },
    ),
)
ALMOST: Final = {
    "kind": "near-miss",
    "significant": False,
    "title": "Nepfactuur op tijd herkend",
    "incident_type": "fraud",
    "description": "De administratie herkende een gewijzigd rekeningnummer.",
    "indicators": ("203.0.113.77",),
    "contact_name": "Kees de Korst",
    "contact_email": "info@dekorst.example",
    "contact_phone": "+31 20 623 0103",
}

SMALL: Final = {
    "title": "Agenda's een kwartier niet bereikbaar",
    "detection": "2026-11-02T09:10:00+01:00",
    "unavailable_minutes": 15,
    "root_cause_key": "verlopen certificaat",
}
BECAUSE: Final = "Kort, buiten de balie om, zonder gevolgen voor inwoners."


def load(*, entity: Actor, bakery: Actor, organisation: UUID, shop: UUID) -> int:
    """Report two incidents of an entity and a near miss of a shop, and leave one unsent, once. Returns how many."""
    with tenancy.acting(entity):
        if Incident.objects.exists():
            return 0
        for title, hours, stage, more in INCIDENTS:
            began = timezone.now() - timedelta(hours=hours)
            facts = {
                **CONTACT,
                "kind": "incident",
                "significant": True,
                "title": title,
                "occurrence": (began - timedelta(hours=2)).isoformat(timespec="seconds"),
                "awareness": began.isoformat(timespec="seconds"),
                **more,
            }
            actions.file_report(actor=entity, stage=stage, facts=facts, organisation=organisation)
        actions.keep_unreported(actor=entity, organisation=organisation, facts=SMALL, reason=BECAUSE)
        answers = {
            "title": "Mailserver verstuurt spam",
            "occurrence": drafts.as_typed(timezone.now() - timedelta(hours=1)),
            "suspected_malicious": "unknown",
            "cross_border": "no",
            **CONTACT,
        }
        drafts.begin(entity, stage=Stage.EARLY_WARNING, organisation=organisation, answers=answers)
    with tenancy.acting(bakery):
        actions.file_report(actor=bakery, stage=Stage.VOLUNTARY, facts=ALMOST, organisation=shop)
    return len(INCIDENTS) + 1
