"""Every field has a history, whatever path changed it; the register of any past moment can be read from it."""

import contextlib
import io
import re
import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from tests.accounts.people import ADMINISTRATOR, person

from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry import actions, history
from dijkwacht.rooms.registry.errors import InvalidField, StillChanging
from dijkwacht.rooms.registry.models import Change, Contact, Organisation
from dijkwacht.rooms.registry.vocabulary import Record, Verb

from .people import OFFICER, administrator, relay

pytestmark = pytest.mark.django_db
PLAIN = {"kind": "organisation", "classification": "other"}


def later():
    """End the moment of the running transaction: a test is one transaction, the real ones are many."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('dijkwacht.changed_at', '', true), clock_timestamp()")
        return cursor.fetchone()[1]


@pytest.fixture
def waterkant():
    with tenancy.acting(OFFICER):
        return actions.create_organisation(actor=OFFICER, name="Gemeente Waterkant", **PLAIN)


def the(record, organisation, moment, actor=OFFICER):
    with tenancy.acting(actor):
        return [found.values for found in history.as_of(actor, moment, record=record, organisation=organisation.id)]


def changes(organisation, actor=OFFICER, **filters):
    with tenancy.acting(actor):
        return list(history.changes_of(actor, organisation.id, **filters))


def test_a_change_says_which_field_what_value_who_and_from_where(waterkant):
    with tenancy.acting(OFFICER):
        actions.update_organisation(actor=OFFICER, organisation=waterkant.id, name="Gemeente Waterkant-Zuid")
    change = changes(waterkant)[0]
    assert (change.record, change.verb, change.values) == (
        "organisation",
        "change",
        {"name": "Gemeente Waterkant-Zuid"},
    )
    assert (change.row, change.actor, change.source, change.ground) == (waterkant.id, "officer", "officer", "")


def test_what_an_organisation_changes_itself_says_so(waterkant):
    own = administrator(waterkant.id)
    with tenancy.acting(own):
        actions.add_contact(actor=own, organisation=waterkant.id, name="A. de Boer", email="a@waterkant.example")
    change = changes(waterkant, record="contact")[0]
    assert (change.verb, change.source, change.actor) == ("add", "organisation", own.id)
    assert change.values["email"] == "a@waterkant.example"


def test_a_change_past_every_action_is_remembered_too(waterkant):
    with tenancy.acting(OFFICER), connection.cursor() as cursor:
        cursor.execute("update registry_organisation set country = 'BE' where id = %s", [waterkant.id])
    assert changes(waterkant)[0].values == {"country": "BE"}


def test_a_change_that_changes_nothing_leaves_no_line(waterkant):
    with tenancy.acting(OFFICER):
        Organisation.objects.filter(id=waterkant.id).update(name="Gemeente Waterkant", updated_at=timezone.now())
    assert [change.verb for change in changes(waterkant)] == [Verb.ADD]


def test_an_import_is_the_source_of_all_it_brings():
    file = b"organisation,name,kvk\nk1,Bakkerij De Korst,12345678\n"
    with tenancy.acting(OFFICER):
        report = actions.import_file(actor=OFFICER, file=io.BytesIO(file), name="a.csv")
        change = Change.objects.latest("id")
    assert change.source == f"import:{report.sha256[:12]}"
    assert change.values["kvk"] == "12345678"


def test_source_and_ground_hold_within_their_block_only(waterkant):
    with tenancy.acting(OFFICER):
        with history.provenance("merge:dtc", ground="CBW 44(2)"):
            actions.update_organisation(actor=OFFICER, organisation=waterkant.id, rsin="123456782")
        actions.update_organisation(actor=OFFICER, organisation=waterkant.id, country="BE")
    after, within = changes(waterkant)[:2]
    assert (within.source, within.ground) == ("merge:dtc", "CBW 44(2)")
    assert (after.source, after.ground) == ("officer", "")


def test_the_register_of_a_past_moment_is_what_it_was(waterkant):
    first = later()
    with tenancy.acting(OFFICER):
        actions.update_organisation(actor=OFFICER, organisation=waterkant.id, name="Waterkant", country="BE")
        contact = actions.add_contact(actor=OFFICER, organisation=waterkant.id, email="a@waterkant.example")
    second = later()
    with tenancy.acting(OFFICER):
        actions.remove_contact(actor=OFFICER, contact=contact.id)
    third = later()
    names = [the(Record.ORGANISATION, waterkant, moment)[0]["name"] for moment in (first, second, third)]
    assert names == ["Gemeente Waterkant", "Waterkant", "Waterkant"]
    assert [len(the(Record.CONTACT, waterkant, moment)) for moment in (first, second, third)] == [0, 1, 0]
    assert the(Record.ORGANISATION, waterkant, first - timedelta(days=1)) == []


def test_a_row_that_comes_back_does_not_keep_what_it_was_before(waterkant):
    with tenancy.acting(OFFICER):
        contact = actions.add_contact(
            actor=OFFICER, organisation=waterkant.id, email="a@w.example", phone="+31201234567"
        )
        Contact.objects.filter(id=contact.id).delete()
        Contact.objects.create(id=contact.id, organisation_id=waterkant.id, email="b@w.example")
    (found,) = the(Record.CONTACT, waterkant, later())
    assert (found["email"], found["phone"]) == ("b@w.example", "")


def test_a_row_that_another_organisation_takes_over_stands_in_both_histories(waterkant):
    with tenancy.acting(OFFICER):
        other = actions.create_organisation(actor=OFFICER, name="Waterkant-Zuid", **PLAIN)
        contact = actions.add_contact(actor=OFFICER, organisation=waterkant.id, email="a@w.example")
    before = later()
    with tenancy.acting(OFFICER):
        Contact.objects.filter(id=contact.id).update(organisation=other)
    after = later()
    assert [len(the(Record.CONTACT, each, before)) for each in (waterkant, other)] == [1, 0]
    assert [len(the(Record.CONTACT, each, after)) for each in (waterkant, other)] == [0, 1]
    assert changes(waterkant)[0].verb == Verb.LEAVE


def test_nobody_writes_history_by_hand(waterkant):
    with tenancy.acting(OFFICER):
        for write in (
            lambda: Change.objects.update(actor="somebody else"),
            lambda: Change.objects.all().delete(),
            lambda: Change.objects.create(
                organisation_id=waterkant.id, record="organisation", row=waterkant.id, verb="add", values={}, at=later()
            ),
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                write()


def test_a_person_is_erased_from_the_history_and_that_it_was_so_is_told(waterkant):
    with tenancy.acting(OFFICER):
        contact = actions.add_contact(
            actor=OFFICER, organisation=waterkant.id, name="A. de Boer", email="a@waterkant.example"
        )
        later()
        with connection.cursor() as cursor:
            cursor.execute("select registry_erase(%s, %s, clock_timestamp())", [[contact.id], ["name", "email"]])
            assert cursor.fetchone() == (1,)
        change = Change.objects.get(row=contact.id)
    assert sorted(change.erased) == ["email", "name"]
    assert not {"email", "name"} & change.values.keys()
    assert [line.field for line in history.lines(OFFICER, change) if line.erased] == ["email", "name"]
    assert "email" not in the(Record.CONTACT, waterkant, later())[0]


def test_an_organisation_cannot_erase_what_is_anothers(waterkant):
    stranger = administrator(uuid.uuid4())
    later()
    with tenancy.acting(stranger), connection.cursor() as cursor:
        cursor.execute("select registry_erase(%s, %s, clock_timestamp())", [[waterkant.id], ["name"]])
        assert cursor.fetchone() == (0,)


def test_a_stranger_reads_no_history_and_a_relay_no_contacts(waterkant):
    with tenancy.acting(OFFICER):
        actions.add_contact(actor=OFFICER, organisation=waterkant.id, email="a@waterkant.example")
        source = actions.create_organisation(actor=OFFICER, name="CERT", **{**PLAIN, "kind": "relay"})
    assert changes(waterkant, actor=administrator(uuid.uuid4())) == []
    helper = relay(source.id, waterkant.id)
    assert {change.record for change in changes(waterkant, actor=helper)} == {"organisation"}
    assert the(Record.CONTACT, waterkant, later(), actor=helper) == []
    with tenancy.acting(administrator(uuid.uuid4())):
        assert not Change.objects.exists()  # row-level security, whatever a read forgets


@pytest.mark.parametrize(
    ("text", "expected", "over"),
    [
        ("2026-11-24", datetime(2026, 11, 24, 22, 59, 59, 999999, UTC), True),
        ("2026-06-30", datetime(2026, 6, 30, 21, 59, 59, 999999, UTC), True),
        ("2026-11-25", datetime(2026, 11, 25, 12, tzinfo=UTC), False),
        ("2026-11-25T09:00:00Z", datetime(2026, 11, 25, 9, tzinfo=UTC), True),
        ("2026-11-25T10:00:00", datetime(2026, 11, 25, 9, tzinfo=UTC), True),
    ],
)
def test_a_date_is_its_end_at_the_centre_and_today_is_until_now(text, expected, over):
    found = history.parse(text, now=datetime(2026, 11, 25, 12, tzinfo=UTC))
    assert (found.moment, found.over) == (expected, over)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-02-30",
        "2026-11-26",
        "2026-11-25T12:00:01Z",
        "9999-99-99",
        "20261124",
        "2026-W01-1",
        "20261124T10:00:00Z",
    ],
)
def test_a_date_that_is_none_or_yet_to_come_is_refused(text):
    with pytest.raises(InvalidField):
        history.parse(text, now=datetime(2026, 11, 25, 12, tzinfo=UTC))


def test_who_reads_a_moment_waits_for_changes_of_that_moment():
    began, finish = threading.Event(), threading.Event()

    def change():
        with contextlib.suppress(InterruptedError), tenancy.acting(OFFICER):
            actions.create_organisation(actor=OFFICER, name="In flight", **PLAIN)
            began.set()
            finish.wait(20)
            raise InterruptedError  # and nothing is stored
        connection.close()

    writer = threading.Thread(target=change)
    writer.start()
    assert began.wait(20)
    now = history.AsOf(timezone.now(), None, over=True)
    try:
        with pytest.raises(StillChanging):
            history.settle(now, patience=0.2)
        history.settle(history.parse("2026-01-01"), patience=0.2)  # the past does not wait for today
    finally:
        finish.set()
        writer.join()
    history.settle(now, patience=5)


def test_a_relay_does_not_read_how_to_reach_its_member_in_the_past_either(waterkant):
    with tenancy.acting(OFFICER):
        actions.update_organisation(actor=OFFICER, organisation=waterkant.id, emails=["balie@waterkant.example"])
    helper = relay(uuid.uuid4(), waterkant.id)
    assert "emails" not in the(Record.ORGANISATION, waterkant, later(), actor=helper)[0]
    assert the(Record.ORGANISATION, waterkant, later())[0]["emails"] == ["balie@waterkant.example"]


def test_the_history_tells_nobody_but_the_centre_that_another_claims_the_same(waterkant):
    """What the asset itself does not say (rules.shown_status) its past must not say either, nor hint at by a step."""
    owner = administrator(waterkant.id)
    with tenancy.acting(OFFICER):
        other = actions.create_organisation(actor=OFFICER, name="Bakkerij Elders", **PLAIN)
        rival = administrator(other.id)
    for actor, whose in ((owner, waterkant), (rival, other)):
        with tenancy.acting(actor):
            actions.claim_asset(actor=actor, organisation=whose.id, kind="asn", value="64500")
    moment = later()

    def told(actor):
        with tenancy.acting(actor):
            rows = history.changes_of(actor, waterkant.id, record="asset")
            return [
                line.value
                for row in rows
                for line in history.lines(actor, row, field="status")
                if line.field == "status"
            ]

    assert "disputed" in told(OFFICER)
    assert told(owner) == ["claimed"]
    assert [values["status"] for values in the(Record.ASSET, waterkant, moment, owner)] == ["claimed"]
    assert [values["status"] for values in the(Record.ASSET, waterkant, moment)] == ["disputed"]


def test_the_page_of_the_history_shows_no_identifier_and_no_name_of_a_column(client, waterkant):
    actor = administrator(waterkant.id)
    with tenancy.acting(actor):
        actions.claim_asset(actor=actor, organisation=waterkant.id, kind="asn", value="64500")
    client.force_login(person("ciso@waterkant.example", organisations={waterkant.id: ADMINISTRATOR}, language="en"))
    page = client.get(f"/registry/organisations/{waterkant.id}/history").content.decode()
    shown = page.split("<tbody", 1)[1].split("</tbody>")[0]
    assert "Claimed on" in shown
    assert str(waterkant.id) not in shown
    assert "_at" not in re.sub(r"<[^>]*>", "", shown)
