"""An organisation with people, and what it would write of an incident."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, OrganisationRole
from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.reporting import actions
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.submitting import Filed

OFFICER = Actor(
    kind=Kind.PERSON, id="00000000-0000-4000-8000-000000000001", name="Dina", roles=frozenset({CentreRole.OFFICER})
)


def organisation(name="Waterleiding Nieuweland", *, classification="essential", sectors=("1.6",), **more):
    with tenancy.acting(OFFICER):
        return registry.create_organisation(
            actor=OFFICER,
            name=name,
            kind="organisation",
            classification=classification,
            sectors=list(sectors),
            emails=[f"info@{name.split()[-1].lower()}.example"],
            **more,
        )


def member(whose: UUID, identifier="00000000-0000-4000-8000-0000000000aa") -> Actor:
    return Actor(kind=Kind.PERSON, id=identifier, name="Nora", memberships={whose: OrganisationRole.REPORTER})


def authority(whose: UUID, *sectors: str) -> Actor:
    return Actor(
        kind=Kind.PERSON,
        id="00000000-0000-4000-8000-0000000000bb",
        memberships={whose: OrganisationRole.REPORTER},
        sectors=frozenset(sectors),
    )


def ago(**time) -> str:
    return (datetime.now(UTC) - timedelta(**time)).isoformat(timespec="seconds")


def early_warning(**more):
    return {
        "kind": "incident",
        "significant": True,
        "title": "Pumps do not answer",
        "occurrence": ago(hours=3),
        "awareness": ago(hours=1),
        "suspected_malicious": True,
        "cross_border": False,
        "contact_name": "Nora Nieuweland",
        "contact_email": "nora@nieuweland.example",
        "contact_phone": "+31 20 623 0101",
        **more,
    }


NOTIFICATION = {
    "severity": "high",
    "effects": "No water above the third floor",
    "description": "A controller was overwritten",
}
FINAL = {
    **NOTIFICATION,
    "cause": "malicious-act",
    "root_cause": "A default password",
    "measures_taken": "Replaced the controllers",
}


def file(actor: Actor, whose: UUID | None, stage=Stage.EARLY_WARNING, facts=None, incident=None, **more) -> Filed:
    with tenancy.acting(actor):
        return actions.file_report(
            actor=actor,
            stage=stage,
            facts=early_warning() if facts is None else facts,
            organisation=whose,
            incident=incident,
            **more,
        )
