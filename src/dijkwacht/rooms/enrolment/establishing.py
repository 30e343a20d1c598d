"""From an approved registration to rows of the registry and a role for its maker, over their public actions."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from dijkwacht.kernel.actor import Actor, OrganisationRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import actions as accounts
from dijkwacht.platform.accounts.rules import Role
from dijkwacht.rooms.enrolment.models import Registration
from dijkwacht.rooms.enrolment.rules import MANY, OPEN, State
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.errors import AlreadyThere
from dijkwacht.rooms.registry.leaving import reads as leaving
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.registry.vocabulary import AssetStatus

KINDS = ("kvk", "rsin", "oin", "roo", "lei")
CLASS_OF = {"essential": "essential", "important": "important"}
LOOKER = system("enrolment:look")
CLAIMER = system("enrolment:claim")


def known(numbers: Mapping[str, str]) -> list[Organisation]:
    """Return the organisations of the registry with one of these numbers. In the scope of the centre."""
    wanted = Q()
    for kind in KINDS:
        if numbers.get(kind):
            wanted |= Q(**{kind: numbers[kind]})
    return list(Organisation.objects.filter(wanted, active=True).order_by("name", "id")[:50]) if wanted else []


def taken(numbers: Mapping[str, str], besides: UUID | None = None) -> bool:
    """Tell whether one of these numbers is registered or waits already, `besides` in one registration.

    Always asks the same questions.
    """
    with tenancy.acting(LOOKER):
        registered = known(numbers)
        others = Registration.objects.filter(state__in=[s.value for s in OPEN])
        others = others.exclude(id=besides) if besides else others
        kinds = [kind for kind in KINDS if numbers.get(kind)]
        waiting = [others.filter(**{f"numbers__{kind}": numbers[kind]}).exists() for kind in kinds]
    return bool(registered) or any(waiting)


def lock(numbers: Mapping[str, str]) -> None:
    """Let registrations with a number in common wait for each other until the transaction ends."""
    with connection.cursor() as cursor:
        for number in sorted(f"{kind}:{value}" for kind, value in numbers.items()):
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 7302))", [number])


def establish(actor: Actor, registration: Registration, *, claims: bool = True) -> bool:
    """Make the organisation, its contacts, its claims (unless a job makes them), and its maker its administrator.

    Returns whether nothing of what it claims is claimed by another. Raises AlreadyThere for an OIN or LEI in use.
    """
    confirmed = registration.confirmed
    values = {
        "kind": "organisation",
        "classification": CLASS_OF.get(confirmed["organisation"].get("declaration", ""), "other"),
        "language": registration.language,
        **confirmed["organisation"],
    }
    # Who proved its number comes back with its history; a number that was only typed brings nobody anything.
    left = leaving.left_with(registration.proven)
    if left is not None:
        organisation = registry.reregister(actor=actor, organisation=left.id, source="enrolment", **values)
    else:
        organisation = registry.create_organisation(actor=actor, source="enrolment", **values)
    for order, contact in enumerate(confirmed["contacts"]):
        registry.add_contact(actor=actor, organisation=organisation.id, order=order, **contact)
    alone = claim(actor, organisation.id, confirmed["assets"] if claims else [])
    join(registration, organisation.id, OrganisationRole.ADMINISTRATOR)
    return alone


def claim(actor: Actor, organisation: UUID, assets: Sequence[Any]) -> bool:
    """Claim what is not claimed yet; returns whether nothing of it is disputed. Many are claimed set by set."""
    if len(assets) > MANY:
        lines = "".join(f"{organisation},{kind},{value}\n" for kind, value in assets)
        file = BytesIO(f"organisation,kind,value\n{lines}".encode())
        return not registry.import_file(actor=actor, file=file, name=f"registration-{organisation}.csv").conflicts
    alone = True
    for kind, value in assets:
        try:
            rows = registry.claim_asset(actor=actor, organisation=organisation, kind=kind, value=value)
        except AlreadyThere:
            continue
        alone &= all(row.status == AssetStatus.CLAIMED for row in rows)
    return alone


def claim_of(registration: UUID) -> None:
    """Claim the assets of a registration that an officer approved. Safe to repeat: what is claimed stays."""
    with tenancy.acting(CLAIMER):
        row = Registration.objects.filter(id=registration, state=State.APPROVED).first()
        if row is not None and row.organisation_id is not None:
            claim(CLAIMER, row.organisation_id, row.confirmed["assets"])


def join(registration: Registration, organisation: UUID, role: OrganisationRole) -> None:
    """Give the maker of a registration a role for the organisation."""
    with tenancy.acting(system("enrolment:join")) as joiner:
        accounts.grant(actor=joiner, user=registration.account, role=Role(role, organisation))
    registration.organisation_id = organisation
