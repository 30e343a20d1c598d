"""Two administrators take each other away at the same moment, on two connections: one of them stays."""

import threading
import time
from uuid import uuid4

import pytest
from django.db import connection, connections
from tests.accounts.people import ADMINISTRATOR, READER, TESTER, person

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import actions, actors, errors
from dijkwacht.platform.accounts.models import OrganisationMembership, User
from dijkwacht.platform.accounts.rules import Role


class Pair:
    """Two administrators of one organisation, committed, so that other connections see them."""

    def __init__(self):
        self.organisation = uuid4()
        self.users = [
            person(f"{name}-{self.organisation}@pair.example", organisations={self.organisation: ADMINISTRATOR})
            for name in "ab"
        ]
        self.role = Role(ADMINISTRATOR, self.organisation)

    def removes(self, one, other):
        """What removing the `other` by `one` comes to, as that one was when the request came in."""
        actor = actors.of_user(self.users[one])
        return actor, lambda: actions.revoke(actor=actor, user=self.users[other].id, role=self.role)

    def demotes(self, one, other):
        actor = actors.of_user(self.users[one])
        lower = Role(READER, self.organisation)
        return actor, lambda: actions.grant(actor=actor, user=self.users[other].id, role=lower)

    def leaves(self, one):
        actor = actors.of_user(self.users[one])
        return actor, lambda: actions.leave(actor=actor, organisation=self.organisation)

    def is_closed(self, one):
        return TESTER, lambda: actions.deactivate(actor=TESTER, user=self.users[one].id)

    def left(self):
        """The administrators who can still come in."""
        with tenancy.acting(TESTER):
            rows = OrganisationMembership.objects.filter(organisation_id=self.organisation, role="administrator")
            return rows.filter(user__is_active=True).count()


@pytest.fixture
def pair(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        made = Pair()
        yield made
        with tenancy.acting(TESTER):
            User.objects.filter(id__in=[user.id for user in made.users]).delete()


def beside(actor, work, *, start=None):
    """Do `work` on a connection of its own; give the thread, and where its refusal will stand."""
    refused = []

    def run():
        try:
            if start:
                start.wait(20)
            with tenancy.acting(actor):
                work()
        except Problem as problem:
            refused.append(problem)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, refused


def wait_for_a_lock():
    """Until some connection waits for the end of another's transaction."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from pg_locks where locktype = 'transactionid' and not granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise TimeoutError("nobody waits for a lock")


ENCOUNTERS = {
    "each removes the other": lambda pair: (pair.removes(0, 1), pair.removes(1, 0)),
    "one removes, the other demotes": lambda pair: (pair.removes(0, 1), pair.demotes(1, 0)),
    "each demotes the other": lambda pair: (pair.demotes(0, 1), pair.demotes(1, 0)),
    "both leave": lambda pair: (pair.leaves(0), pair.leaves(1)),
    "one is closed while the other leaves": lambda pair: (pair.is_closed(0), pair.leaves(1)),
    "one leaves while the other is closed": lambda pair: (pair.leaves(0), pair.is_closed(1)),
    "one is closed while the other is removed": lambda pair: (pair.is_closed(0), (TESTER, pair.removes(0, 1)[1])),
}


@pytest.mark.parametrize("encounter", ENCOUNTERS.values(), ids=ENCOUNTERS)
def test_while_one_goes_the_other_waits_and_then_stays(pair, encounter):
    """The second begins while the first holds its locks, and is not yet done."""
    (first, go), (second, go_too) = encounter(pair)
    with tenancy.acting(first):
        go()
        thread, refused = beside(second, go_too)
        wait_for_a_lock()
    thread.join(20)
    assert [type(problem) for problem in refused] in ([errors.LastAdministrator], [errors.NotAllowed])
    assert pair.left() == 1


def test_at_the_very_same_moment_exactly_one_succeeds(pair):
    """Whoever is first: twenty times both at once."""
    for _ in range(20):
        start = threading.Barrier(2)
        running = [beside(*it, start=start) for it in (pair.removes(0, 1), pair.removes(1, 0))]
        for thread, _ in running:
            thread.join(20)
        assert sum(len(refused) for _, refused in running) == 1
        assert pair.left() == 1
        with tenancy.acting(TESTER):
            for user in pair.users:
                OrganisationMembership.objects.get_or_create(
                    user=user, organisation_id=pair.organisation, defaults={"role": ADMINISTRATOR}
                )


def test_who_was_removed_meanwhile_removes_nobody_even_if_others_are_left(pair):
    """With three, both could go without leaving the organisation alone; but the second has no right any more."""
    third = person(f"c-{pair.organisation}@pair.example", organisations={pair.organisation: ADMINISTRATOR})
    pair.users.append(third)
    (first, go), (second, go_too) = pair.removes(0, 1), pair.removes(1, 0)
    with tenancy.acting(first):
        go()
        thread, refused = beside(second, go_too)
        wait_for_a_lock()
    thread.join(20)
    assert [type(problem) for problem in refused] == [errors.NotAllowed]
    assert pair.left() == 2
