"""A run that comes in the midst of a telling, each over a connection of its own: whoever is concerned is told."""

import threading

import pytest
from django.db import connection, connections
from tests.delivery.shelf import runs
from tests.notification.world import TEST, organisation
from tests.phishing.listed import own_database

from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.delivery import running, telling
from dijkwacht.rooms.advisories.delivery.models import Concern, Telling
from dijkwacht.rooms.advisories.inventory.models import Line

committed = pytest.fixture(own_database, name="committed")
PATIENCE = 2.0  # seconds that the telling waits for the other, which waits for the telling


def test_who_is_concerned_in_the_midst_of_a_telling_is_told_and_not_taken_for_told(committed, shelf):
    with tenancy.acting(TEST):
        known, new = (organisation(name, mail=f"ciso@{name.lower()}.example") for name in ("Waterkant", "Nieuw"))
    runs(known, "Fortinet; FortiOS; 7.2")
    key = shelf.publish(urgent=True)
    running.run(*key)
    waiting = []

    def others():
        """What the job of new lines does: of one who is told at this moment, and of one who was not concerned."""
        try:
            runs(known, "Fortinet; FortiOS; 7.3", name="Ook")
            runs(new, "Fortinet; FortiOS; 7.2")
            with tenancy.acting(TEST):
                lines = list(Line.objects.values_list("id", flat=True))
            waiting.extend(running.run_lines(lines))
        finally:
            connections.close_all()

    thread = threading.Thread(target=others)

    def midst(execute, sql, params, many, context):
        if sql == telling._NOBODY and not thread.ident:
            thread.start()
            thread.join(PATIENCE)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(midst):
        telling.tell(*key)
    thread.join(30)
    for version in waiting:
        telling.tell(*version)
    assert waiting == [key]
    with tenancy.acting(TEST):
        assert not Telling.objects.filter(state=Telling.State.NO_CONTACT).exists()
        rounds = dict(Concern.objects.values_list("organisation_id", "round"))
        assert rounds == {known.id: 1, new.id: 0}
        told = set(Telling.objects.exclude(contact_id=None).values_list("organisation_id", "round"))
        assert told == {(known.id, 0), (known.id, 1), (new.id, 0)}
