"""Somebody is administrator of one organisation and has a smaller role, or a mandate, in A: nothing carries over.

The doors are those of the matrix, with A's things; what A's own administrator can do there tells which knocks would
have changed or shown something. Nothing here is a table: a door that is added is tried as it comes.
"""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone
from tests.accounts.people import ADMINISTRATOR, READER, REPORTER, SECURITY, TESTER, person
from tests.attacks import objects, world
from tests.attacks.test_matrix import OURS, SETTINGS, TABLE, addresses, ask, filled

from dijkwacht.kernel.actor import OrganisationRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.models import ActingMandate
from dijkwacht.platform.accounts.permissions import OF_ROLE, PERMISSIONS
from dijkwacht.rooms.registry.actions import organisations

DONE = {"200", "201", "202", "204", "302"}
REFUSED = {"403", "404", "405", "422", "refused"}  # 422: a form that offers no such place
# The door asks to read only; what a POST does there is judged behind it.
JUDGED_INSIDE = {"account:use", "notices:read", "findings:read", "services:read", "inventory:read"}
SMALLER = (READER, REPORTER, SECURITY)
# Doors that change nothing of an organisation, or judge somebody's own account; each with the reason.
OF_NOBODY = {
    "POST /account/organisations": "chooses for whom one works, among one's own",
    "POST /account/organisations/<uuid:organisation>/leave": "gives up one's own role",
    "POST /api/v1/assessments": "stores nothing",
    "POST /f/<str:token>": "the link is its own proof, whoever holds it",
    "POST /f/advisories/<str:token>": "the link is its own proof, whoever holds it",
    "POST /f/<str:token>/unsubscribe": "the link is its own proof, whoever holds it",
    "POST /proof/confirm/<str:token>": "the link is its own proof, whoever holds it",
}
DOORS = [
    door
    for door in OURS
    if door.permission in PERMISSIONS
    and door.key not in OF_NOBODY
    and TABLE.get(door.key) != {"405": "everybody"}
    and PERMISSIONS[door.permission].audiences & set(OF_ROLE.values())
]


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        made = world.build()
        with tenancy.acting(TESTER):
            another, provider = (
                organisations.create_organisation(actor=TESTER, name=name, demo=True).id
                for name in ("Another of mine", "A provider with people")
            )
        clients = {"administrator-of-a": made.client("administrator-of-a")}
        for role in SMALLER:
            roles = {another: ADMINISTRATOR, made.a: role}
            made.people[f"{role}-of-a"] = person(f"{role}@mixed.example", organisations=roles)
            clients[role] = made.client(f"{role}-of-a")
        made.people["mandated"] = person("mandated@mixed.example", organisations={provider: ADMINISTRATOR})
        made.people["employee"] = person("employee@mixed.example", organisations={provider: READER})
        _mandates(made, provider)
        clients |= {name: made.client(name) for name in ("mandated", "employee")}
        yield made, clients
        transaction.set_rollback(True)


def _mandates(made, provider):
    """The people of the provider read for A; what they were given besides is over, to come, withdrawn or only asked."""
    today, day = timezone.localdate(), timedelta(days=1)
    everything = [SECURITY, REPORTER]
    running = {"starts_on": today, "ends_on": today}
    with tenancy.acting(TESTER):
        for roles, state, days in (
            ([READER], "granted", running),
            (everything, "granted", {"starts_on": today - 9 * day, "ends_on": today - day}),
            (everything, "granted", {"starts_on": today + day, "ends_on": today + 9 * day}),
            (everything, "withdrawn", running),
            (everything, "asked", running),
            (everything, "refused", running),
        ):
            ActingMandate.objects.create(
                organisation_id=made.a, holder_kind="organisation", holder_id=provider, roles=roles, state=state, **days
            )


def own(door, made):
    """The address with A's thing."""
    return addresses(door, made)["a"]


def outcome(scene, who, door):
    made, clients = scene
    return ask(clients[who], door, own(door, made), filled(TABLE.get(door.key, {}), made))[0]


def would_change(scene, door):
    """Whether A's administrator gets something done here, so that a refusal of somebody else proves something."""
    return outcome(scene, "administrator-of-a", door) in DONE


def about_a(door, made):
    """Whether the door is about something of A: named in its address or in what is sent."""
    section = filled(TABLE.get(door.key, {}), made)
    sent = str([section.get(name) for name in SETTINGS])
    named = any(name in objects.MAKERS for name in door.parameters)
    return named or any(str(found["a"]) in sent for found in made.objects.values() if isinstance(found["a"], UUID))


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.key)
@pytest.mark.parametrize("who", [*SMALLER, "mandated", "employee"])
def test_a_role_elsewhere_opens_nothing_of_a(scene, who, door):
    made, _ = scene
    if not about_a(door, made):
        return
    role = who if who in SMALLER else READER
    allowed = OF_ROLE[OrganisationRole(role)] in PERMISSIONS[door.permission].audiences
    got = outcome(scene, who, door)
    assert not got.startswith("5")
    if not allowed:
        assert got in REFUSED, f"{who} got {got} at {door.key}"
        return
    wanted = outcome(scene, "administrator-of-a", door)
    judged_inside = door.method != "GET" and door.permission in JUDGED_INSIDE
    assert got == wanted or (judged_inside and got in REFUSED), f"{who} got {got}, the administrator {wanted}"
    if judged_inside and role is READER:
        assert got in REFUSED, f"a reader got {got} at {door.key}"


def test_the_knocks_would_have_changed_something(scene):
    """Else every refusal above could be of a request that nobody could make."""
    made, _ = scene
    real = [door.key for door in DOORS if door.method != "GET" and about_a(door, made) and would_change(scene, door)]
    assert len(real) >= 20, real


def test_every_door_left_out_is_there():
    assert sorted(OF_NOBODY.keys() - {door.key for door in OURS}) == []
