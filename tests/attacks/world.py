"""A small world with two organisations that must not see each other, and everybody who may knock.

Organisation A has a relay; another relay serves only B. Everything of B carries the word CANARY-OF-B, which no answer
to somebody outside B may hold. Objects are made per kind, once for A and once for B, by the makers in `objects.py`.
"""

import time
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.test import Client
from django.utils import timezone
from tests.accounts.people import ADMINISTRATOR, MEMBER, TESTER, person, token

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.middleware import BEGAN, SEEN
from dijkwacht.platform.accounts.models import Token
from dijkwacht.platform.accounts.permissions import scopes_for
from dijkwacht.rooms.registry.actions import mandates, organisations

CANARY = "CANARY-OF-B"
ROLES = (
    "anonymous",
    "member-of-a",
    "administrator-of-a",
    "member-of-b",
    "relay-of-a",
    "relay-not-of-a",
    "officer",
    "analyst",
    "auditor",
    "administrator",
    "token-of-a",
    "token-of-a-without-scopes",
    "token-of-relay",
    "token-of-centre",
    "token-expired",
    "token-revoked",
)
WITHOUT_TOKENS = tuple(role for role in ROLES if not role.startswith("token"))
# Who must never learn a thing about B. The relay that is not of A is B's, so it may.
STRANGERS_TO_B = frozenset(
    {
        "anonymous",
        "member-of-a",
        "administrator-of-a",
        "relay-of-a",
        "token-of-a",
        "token-of-a-without-scopes",
        "token-of-relay",
        "token-expired",
        "token-revoked",
    }
)


@dataclass
class World:
    """Both organisations, and per role the user that signs in or the token that is shown."""

    a: UUID
    b: UUID
    people: dict[str, object] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    objects: dict[str, dict[str, object]] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """A browser or program of somebody in `role`."""
        headers = {"Accept-Language": "en"}
        if role in self.tokens:
            headers["Authorization"] = f"Bearer {self.tokens[role]}"
        client = Client(headers=headers, raise_request_exception=False)
        if role in self.people:
            client.force_login(self.people[role], backend="django.contrib.auth.backends.ModelBackend")
            session = client.session
            session.update(dict.fromkeys((BEGAN, SEEN), int(time.time())))  # else each knock would write it anew
            session.save()
        return client


def build() -> World:
    with tenancy.acting(TESTER):
        a, b, relay, other = _organisations()
        world = World(a, b)
        _people(world, relay, other)
        _tokens(world, relay)
    return world


def _organisations() -> tuple[UUID, UUID, UUID, UUID]:
    made = [
        organisations.create_organisation(actor=TESTER, name=name, kind=kind, demo=True).id
        for name, kind in (
            ("Alpha Works", "organisation"),
            (f"Beta {CANARY}", "organisation"),
            ("Relay of Alpha", "relay"),
            ("Another relay", "relay"),
        )
    ]
    mandates.add_mandate(actor=TESTER, relay=made[2], member=made[0])
    mandates.add_mandate(actor=TESTER, relay=made[3], member=made[1])
    return made[0], made[1], made[2], made[3]


def _people(world: World, relay: UUID, other: UUID) -> None:
    world.people = {
        "member-of-a": person("member@alpha.example", organisations={world.a: MEMBER}),
        "administrator-of-a": person("administrator@alpha.example", organisations={world.a: ADMINISTRATOR}),
        "member-of-b": person(f"{CANARY}@beta.example", organisations={world.b: MEMBER}),
        "relay-of-a": person("member@relay.example", organisations={relay: MEMBER}),
        "relay-not-of-a": person("member@other.example", organisations={other: MEMBER}),
        **{role.value: person(f"{role}@centre.example", centre=[role]) for role in CentreRole},
    }


def _tokens(world: World, relay: UUID) -> None:
    creator = world.people["administrator"]
    everything = scopes_for(centre=False)
    world.tokens = {
        "token-of-a": token(creator, *everything, organisation=world.a),
        "token-of-a-without-scopes": token(creator, organisation=world.a),
        "token-of-relay": token(creator, *everything, organisation=relay),
        "token-of-centre": token(creator, *scopes_for(centre=True), centre_role=CentreRole.OFFICER),
        "token-expired": token(creator, *everything, organisation=world.a),
        "token-revoked": token(creator, *everything, organisation=world.a),
    }
    _set(world.tokens["token-expired"], expires_at=timezone.now() - timedelta(seconds=1))
    _set(world.tokens["token-revoked"], revoked_at=timezone.now())


def _set(text: str, **values: object) -> None:
    Token.objects.filter(prefix=text.split("_")[1]).update(**values)
