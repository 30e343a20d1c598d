"""Route, method, role, object: what each answers, as `matrix.toml` says; a missing cell fails.

The doors are found in the running system. Beside the table, two rules hold for every cell whatever the table says: to
a stranger what is B's looks exactly like what does not exist, and no answer to a stranger holds B's canary.
"""

import json
import re
import tomllib
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from tests.attacks import objects, world
from tests.attacks.routes import doors

from dijkwacht.api import limits

TABLE = tomllib.loads((Path(__file__).parent / "matrix.toml").read_text())
THIRD_PARTY = TABLE.pop("third-party")
OURS = [door for door in doors() if not door.module.startswith(tuple(THIRD_PARTY))]
SETTINGS = {"body", "query"}  # what a section holds beside outcomes
EVERYBODY = "everybody"  # short for all roles that try the door
CLOSED = {"405": EVERYBODY}  # a method that a door does not have is refused before anybody is looked at
FEW = ("anonymous", "administrator-of-a", "officer")
NAMED = re.compile(r"([A-Z]+)-OF-([AB])\b")  # in a body: NOTICE-OF-B is the identifier of B's notice
CHANGING = re.compile(rb'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"')
OWN, OTHER, MISSING = "a", "b", "missing"


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker):
    """The world and a client per role, in a transaction that is rolled back at the end of the module.

    Everything that an address names is made at once, so that a door meets the same world whichever were tried before.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        made = world.build()
        for door in OURS:
            addresses(door, made)
        yield made, {role: made.client(role) for role in world.ROLES}
        transaction.set_rollback(True)


def ask(client, door, address, section):
    """Knock once and leave no trace; give the outcome in a word, and everything that was told."""
    for buckets in limits.Buckets.made:
        buckets.clear()
    client.cookies.pop("messages", None)  # what the knock before was told
    body = section.get("body", {})
    how = {"data": body}
    if door.method != "GET" and address.startswith("/api/"):
        how = {"data": json.dumps(body), "content_type": "application/json"}
    if query := section.get("query", ""):
        address = f"{address}?{query}"
    with transaction.atomic():
        answer = getattr(client, door.method.lower())(address, **({} if door.method == "GET" else how))
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    location = answer.headers.get("Location", "")
    outcome = str(answer.status_code)
    if location:
        outcome = "login" if location.startswith("/account/login/") else "refused" if _refused(answer) else outcome
    return outcome, location.encode() + b"\n" + CHANGING.sub(b"", content)


def _refused(answer):
    """Whether the page that is shown next says that it was not done."""
    told = getattr(answer.wsgi_request, "_messages", None)
    return told is not None and any(message.level_tag == "error" for message in told._queued_messages)


def filled(section, made):
    """The section with the identifiers of this world in its body."""

    def identifier(found):
        name = found[1].lower()
        return str(objects.identifiers(made, name, "")[found[2].lower()]) if name in objects.MAKERS else found[0]

    today = str(timezone.localdate())
    return json.loads(NAMED.sub(identifier, json.dumps(section)).replace("DAY-TODAY", today))


def addresses(door, made):
    """The addresses to try: of A's, B's and the missing thing; or one, when the route names no thing."""
    named = {name: kind for name, kind in door.parameters.items() if name not in objects.WORDS}
    unknown = named.keys() - objects.MAKERS.keys()
    assert not unknown, f"{door.key}: add a maker for {sorted(unknown)} to tests/attacks/objects.py"
    if not named:
        return {OWN: door.address(**objects.WORDS)}
    found = {name: objects.identifiers(made, name, kind) for name, kind in named.items()}
    return {
        which: door.address(**objects.WORDS, **{name: made[which] for name, made in found.items()})
        for which in ((OWN,) if TABLE.get(door.key) == CLOSED else (OWN, OTHER, MISSING))
    }


def roles_at(door):
    """Who tries a door. At a page a token is nobody, so one of the strongest tries for all."""
    if TABLE.get(door.key) == CLOSED:
        return FEW
    return world.ROLES if door.route.startswith("/api/") else (*world.WITHOUT_TOKENS, "token-of-centre")


def expected(door, section):
    """The outcome per role: sections group the roles by outcome."""
    groups = {outcome: roles.split() for outcome, roles in section.items() if outcome not in SETTINGS}
    if [EVERYBODY] in groups.values():
        return dict.fromkeys(roles_at(door), next(iter(groups)))
    return {role: outcome for outcome, roles in groups.items() for role in roles}


def as_section(door, observed):
    """The section as it would stand in the table, to be judged by a person before it goes in."""
    groups = {}
    for role, outcome in observed.items():
        groups.setdefault(outcome, []).append(role)
    groups = {outcome: [EVERYBODY] for outcome in groups} if len(groups) == 1 else groups
    lines = [f'"{outcome}" = "{" ".join(roles)}"' for outcome, roles in groups.items()]
    return "\n".join([f'["{door.key}"]', *lines])


def sameness(content, made):
    """What was told, without the identifiers that the asker gave."""
    given = {str(found) for identifiers in made.objects.values() for found in identifiers.values()}
    for identifier in sorted(given, key=len, reverse=True):  # a number may stand within a longer one
        whole = rb"(?<![\w~-])" + re.escape(identifier).encode() + rb"(?![\w~-])"
        content = re.sub(whole, b"IDENTIFIER", content)
    return content


def no_leak(door, role, told, made):
    """The two rules that no table can change."""
    if role not in world.STRANGERS_TO_B:
        return
    for which, (_, content) in told.items():
        assert world.CANARY.encode() not in content, f"{door.key}: {role} reads B's canary ({which})"
    if OTHER in told:
        ours, theirs = told[OTHER], told[MISSING]
        assert ours[0] == theirs[0], f"{door.key}: {role} can tell B's thing from a missing one: {ours[0]}, {theirs[0]}"
        assert sameness(ours[1], made) == sameness(theirs[1], made), f"{door.key}: {role} reads B's thing in the answer"


@pytest.mark.parametrize("door", OURS, ids=lambda door: door.key)
def test_each_door_opens_to_whom_the_table_says(door, people):
    made, clients = people
    section = TABLE.get(door.key, {})
    sent = filled(section, made)
    observed = {}
    for role in roles_at(door):
        told = {which: ask(clients[role], door, it, sent) for which, it in addresses(door, made).items()}
        no_leak(door, role, told, made)
        observed[role] = " ".join(outcome for outcome, _ in told.values())
    assert not any(outcome.startswith("5") for outcome in observed.values()), as_section(door, observed)
    wanted = expected(door, section)
    missing = [role for role in roles_at(door) if role not in wanted]
    shown = as_section(door, observed)
    assert not missing, f"matrix.toml lacks cells for {missing}. Observed, to judge before adding:\n{shown}"
    assert observed == wanted, shown


def test_the_table_names_no_door_that_is_gone():
    known = {door.key for door in OURS}
    assert sorted(TABLE.keys() - known) == []


def test_a_door_of_another_package_is_named_with_its_reason():
    assert not any(name.startswith("dijkwacht") for name in THIRD_PARTY)
    assert all(len(reason) > 10 for reason in THIRD_PARTY.values())
