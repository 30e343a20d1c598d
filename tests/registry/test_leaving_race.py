"""Two act at the same moment on one deregistration: over connections of their own, with what they do committed."""

import os
import threading

import pytest
from django.db import connection
from tests.conftest import copy_of_template

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry import actions, reads
from dijkwacht.rooms.registry.errors import WrongState
from dijkwacht.rooms.registry.models import Asset, Deregistration, Organisation
from dijkwacht.rooms.registry.vocabulary import LeaveState

from .people import OFFICER, administrator

ROUNDS = 8


@pytest.fixture
def committed(django_db_setup, django_db_blocker, settings):
    """A database of its own, in which each action is a transaction of its own, as in real use."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    before, own = connection.settings_dict["NAME"], f"race_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock():
        connection.close()
        copy_of_template(own)
        connection.settings_dict["NAME"] = own
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before


def leaving(name):
    with tenancy.acting(OFFICER):
        row = actions.create_organisation(actor=OFFICER, name=name, kind="organisation", classification="other")
        asked = actions.ask_deregistration(
            actor=OFFICER, organisation=row.id, reason="ceased", effective_on=reads.today()
        )
    return row, asked


def at_once(*acts):
    """Let all act at the same moment; what each returned, or the problem it met."""
    together, found = threading.Barrier(len(acts)), {}

    def run(place, act):
        together.wait(timeout=20)
        try:
            with tenancy.acting(OFFICER):
                found[place] = act()
        except WrongState as problem:
            found[place] = problem
        finally:
            connection.close()

    workers = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    return [found[place] for place in range(len(acts))]


@pytest.mark.usefixtures("committed")
def test_withdrawn_while_it_takes_effect_one_of_the_two_wins_and_the_job_works_once():
    for number in range(ROUNDS):
        organisation, row = leaving(f"Bakkerij {number}")
        withdrawn, *jobs = at_once(
            lambda row=row: actions.withdraw_deregistration(actor=OFFICER, deregistration=row.id, reason="stay"),
            lambda row=row: actions.deregister_due(actor=OFFICER, deregistration=row.id),
            lambda row=row: actions.deregister_due(actor=OFFICER, deregistration=row.id),
        )
        with tenancy.acting(OFFICER):
            state = Deregistration.objects.get(id=row.id).state
            active = Organisation.objects.get(id=organisation.id).active
            done = Event.objects.filter(action="registry:deregistration:done", object_id=str(row.id)).count()
        if isinstance(withdrawn, WrongState):
            assert (sorted(jobs), state, active, done) == ([False, True], LeaveState.DONE, False, 1)
        else:
            assert (jobs, state, active, done) == ([False, False], LeaveState.WITHDRAWN, True, 0)


@pytest.mark.usefixtures("committed")
def test_what_is_claimed_while_it_leaves_is_released_or_refused():
    administrator_of = administrator
    for number in range(ROUNDS):
        organisation, row = leaving(f"Bakkerij {number}")
        owner = administrator_of(organisation.id)
        claimed, done = at_once(
            lambda owner=owner, number=number, organisation=organisation: actions.claim_asset(
                actor=owner, organisation=organisation.id, kind="domain", value=f"brood{number}.example.nl"
            ),
            lambda row=row: actions.deregister_due(actor=OFFICER, deregistration=row.id),
        )
        assert done is True
        with tenancy.acting(OFFICER):
            held = list(Asset.objects.filter(organisation=organisation.id).values_list("status", flat=True))
        assert held == ([] if isinstance(claimed, WrongState) else ["expired"])
