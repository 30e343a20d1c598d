"""The demo's registrations: invented, made by the same actions as any other; one goes by itself, one waits."""

from pathlib import Path
from typing import Any, Final

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.rooms.enrolment import actions, drafts
from dijkwacht.rooms.enrolment.models import Registration

REGISTER: Final = Path(__file__).parent / "business_register.csv"
SUPPLIER: Final = "est=nl&serv=nl&t=1.6-supplier&staff=400&turnover=80000000&balance=60000000"
QUERY: Final = f"{SUPPLIER}&c.drinking-water-essential-part=yes"
COMMON: Final[dict[str, Any]] = {
    "main_country": "NL",
    "member_states": ["NL"],
    "security_name": "Meldkamer",
    "security_phone": "+31 20 623 0101",
    "phones": "+31 20 623 0100",
}
WATER: Final[dict[str, Any]] = {
    **COMMON,
    "kvk": "90000101",
    "name": "Waterleiding Nieuweland NV",
    "main_street": "Bronweg 1",
    "main_postcode": "1234 AB",
    "main_city": "Nieuweland",
    "emails": "info@nieuweland.example",
    "security_email": "meldkamer@nieuweland.example",
    "substitute_email": "directie@nieuweland.example",
    "holdings": "nieuweland.example",
    "arrangements": "ISAC Drinkwater|2025-01-01",
}
CENTRE: Final[dict[str, Any]] = {
    **COMMON,
    "kvk": "90000102",
    "name": "Rekencentrum Zeedijk",
    "declaration": "important",
    "entity_types": ["1.8-dc"],
    "main_street": "Kabelkade 7",
    "main_postcode": "2345 BC",
    "main_city": "Zeedijk",
    "emails": "info@zeedijk.example",
    "security_email": "noc@zeedijk.example",
    "holdings": "zeedijk.example\n3fff:2d:1::/48",
}


def load(*, proven: Actor, unproven: Actor) -> int:
    """Register one organisation for each of two people, once. Returns how many."""
    with tenancy.acting(actions.APPROVER):
        if Registration.objects.exists():
            return 0
    for actor, query, answers, numbers in (
        (proven, QUERY, WATER, {"kvk": WATER["kvk"]}),
        (unproven, "", CENTRE, {}),
    ):
        with tenancy.acting(actor):
            drafts.begin(actor, query)
            drafts.keep(actor, answers)
            actions.confirm(actor=actor, proven=numbers)
    return 2
