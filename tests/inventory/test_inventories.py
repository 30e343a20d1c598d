"""An organisation keeps lists of what it runs: what came when, from whom, and what went."""

from uuid import uuid4

import pytest
from django.db import connection
from tests.accounts.people import SECURITY, person
from tests.notification.world import TEST, finding, member, notice, officer, organisation
from tests.registry.people import administrator

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.advisories.delivery import reads_matching
from dijkwacht.rooms.advisories.inventory import actions, reads, rules, seen
from dijkwacht.rooms.advisories.inventory.errors import (
    InvalidName,
    NameTaken,
    NoConsent,
    NotAllowed,
    NotFound,
    NothingIn,
    TooMuch,
)
from dijkwacht.rooms.advisories.inventory.models import Inventory, Line
from dijkwacht.rooms.advisories.inventory.reading import lists
from dijkwacht.rooms.registry.actions import organisations
from dijkwacht.rooms.services import actions as services

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery():
    with tenancy.acting(TEST):
        return organisation()


@pytest.fixture
def begun(bakery):
    with tenancy.acting(member(bakery)) as actor:
        return actions.create_inventory(actor=actor, organisation=bakery.id, name="Kantoor")


def told(bakery, row, text, **how):
    with tenancy.acting(member(bakery)) as actor:
        return actions.take_in(actor=actor, inventory=row.id, reading=lists.read_text(text), **how)


def test_the_same_line_again_is_kept_and_replacing_ends_what_is_not_in_it(bakery, begun):
    first = told(bakery, begun, "nginx 1.2\nApache 2.4")
    assert (first.added, first.kept, first.removed) == (2, 0, 0)
    again = told(bakery, begun, "NGINX  1.2")
    assert (again.added, again.kept) == (0, 1)
    last = told(bakery, begun, "nginx 1.4\nApache 2.4", replace=True)
    assert (last.added, last.kept, last.removed) == (1, 1, 1)


def test_until_new_lines_are_matched_their_owner_is_told_so_and_nobody_else(bakery, begun):
    told(bakery, begun, "nginx 1.2")
    with tenancy.acting(TEST):
        other = organisation("Ander BV", mail="")
    with tenancy.acting(member(bakery)):
        assert (reads_matching.waits(begun.id), reads_matching.waits()) == (True, True)
        assert not reads_matching.waits(uuid4())
    with tenancy.acting(member(other)):
        assert not reads_matching.waits()
    with tenancy.acting(TEST), connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where task_name = 'advisories.run_lines'")
    with tenancy.acting(member(bakery)):
        assert not reads_matching.waits(begun.id)


def test_the_history_of_a_line_says_who_when_and_from_what(bakery, begun):
    told(bakery, begun, "nginx 1.2")
    reading = rules.Reading(rules.Source.CSV, [rules.Entry("nginx", "1.4")])
    with tenancy.acting(member(bakery)) as actor:
        actions.take_in(
            actor=actor,
            inventory=begun.id,
            reading=reading,
            filename="C:\\tmp\\<b>lijst.csv",
            content=b"x",
            replace=True,
        )
        line = Line.objects.get(removed_at=None)
        history = reads.history_of(actor, line)
    assert [(one["what"], one["line"].version, one["in"].filename) for one in history] in (
        [("added", "1.4", "<b>lijst.csv"), ("removed", "1.2", "<b>lijst.csv"), ("added", "1.2", "")],
        [("removed", "1.2", "<b>lijst.csv"), ("added", "1.4", "<b>lijst.csv"), ("added", "1.2", "")],
    )
    assert {one["by"] for one in history} == {"person:member"}


def test_the_history_names_own_people_and_of_others_only_that_it_was_the_centre(bakery, begun):
    told(bakery, begun, "nginx 1.2")
    own = person("bakker@korst.example", organisations={bakery.id: SECURITY}, name="Bea Bakker")
    desk = person("o@centre.example", centre=["officer"], name="Otto Officier")
    helper = person("hulp@elders.example", name="Hanna Hulp")
    shown = {}
    for who in (own, desk, helper):
        with tenancy.acting(TEST):
            Line.objects.update(added_by=str(who.id))
        for reader, actor in (("own", member(bakery)), ("centre", officer())):
            with tenancy.acting(actor):
                [one] = reads.history_of(actor, Line.objects.get())
                shown[who.name, reader] = one["who"]
    assert shown == {
        ("Bea Bakker", "own"): "Bea Bakker",
        ("Bea Bakker", "centre"): "Bea Bakker",
        ("Otto Officier", "own"): "het centrum",
        ("Otto Officier", "centre"): "Otto Officier",
        ("Hanna Hulp", "own"): "iemand die namens de organisatie handelde",
        ("Hanna Hulp", "centre"): "Hanna Hulp",
    }


def test_every_change_is_recorded_without_naming_a_product(bakery, begun):
    told(bakery, begun, "nginx 1.2")
    with tenancy.acting(member(bakery)) as actor:
        actions.rename_inventory(actor=actor, inventory=begun.id, name="Winkel")
        actions.remove_inventory(actor=actor, inventory=begun.id)
    with tenancy.acting(TEST):
        rows = Event.objects.filter(organisation=bakery.id, action__startswith="advisories:inventory:")
        assert [row.action.rpartition(":")[2] for row in rows.order_by("at")] == [
            "create",
            "take-in",
            "rename",
            "remove",
        ]
        assert "nginx" not in str([row.detail for row in rows])


def test_another_organisation_sees_nothing_even_below_the_application(bakery, begun):
    told(bakery, begun, "nginx 1.2")
    with tenancy.acting(TEST):
        other = organisation("Ander", mail="")
    with tenancy.acting(member(other)) as actor:
        assert not Inventory.objects.exists()
        assert not Line.objects.exists()
        with pytest.raises(NotFound):
            reads.access_inventory(actor, begun.id)
        with pytest.raises(NotFound):
            actions.create_inventory(actor=actor, organisation=bakery.id, name="x")


def test_the_centre_reads_and_does_not_write(bakery, begun):
    with tenancy.acting(officer()) as actor:
        assert reads.access_inventory(actor, begun.id).name == "Kantoor"
        with pytest.raises(NotAllowed):
            actions.rename_inventory(actor=actor, inventory=begun.id, name="x")


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\u202eb"])
def test_a_name_that_is_no_name_is_refused(bakery, name):
    with tenancy.acting(member(bakery)) as actor, pytest.raises(InvalidName):
        actions.create_inventory(actor=actor, organisation=bakery.id, name=name)


def test_two_lists_in_use_do_not_share_a_name(bakery, begun):
    with tenancy.acting(member(bakery)) as actor:
        with pytest.raises(NameTaken):
            actions.create_inventory(actor=actor, organisation=bakery.id, name="KANTOOR")
        actions.remove_inventory(actor=actor, inventory=begun.id)
        actions.create_inventory(actor=actor, organisation=bakery.id, name="Kantoor")


def test_nothing_and_too_much_are_refused_and_change_nothing(bakery, begun, monkeypatch):
    with pytest.raises(NothingIn):
        told(bakery, begun, "# nothing")
    told(bakery, begun, "nginx 1.2")
    monkeypatch.setattr(rules, "MOST_HELD", 2)
    with pytest.raises(TooMuch):
        told(bakery, begun, "a 1\nb 1")
    with tenancy.acting(TEST):
        assert Line.objects.count() == 1


def test_joining_two_organisations_moves_lists_with_their_lines(bakery, begun):
    from dijkwacht.platform import belonging

    told(bakery, begun, "nginx 1.2")
    with tenancy.acting(TEST):
        kept = organisation("Bakkerij Korst B.V.", mail="")
        for model, column, following in belonging.movers():
            if model._meta.app_label == "advisories":
                belonging.move_all(model, column, bakery.id, kept.id, following=following)
        assert Inventory.objects.get().organisation_id == kept.id
        assert Line.objects.get().organisation_id == kept.id


def test_an_organisation_that_left_has_no_lists_in_use(bakery, begun):
    told(bakery, begun, "nginx 1.2")
    with tenancy.acting(TEST):
        assert actions.end_all(actor=TEST, organisation=bakery.id) == 1
        assert not Line.objects.filter(removed_at=None).exists()
    with tenancy.acting(member(bakery)) as actor, pytest.raises(NotAllowed):
        actions.end_all(actor=actor, organisation=bakery.id)


def with_notice(owner, **evidence):
    found = finding(owner, feed="csv-mapped", kind="research-finding", evidence=evidence)
    notice(owner, found, state="delivered")
    return found


def test_what_notices_showed_is_taken_over_only_with_consent(bakery):
    with tenancy.acting(TEST):
        with_notice(bakery, product="FortiOS", product_version="7.2.3", cve="CVE-2026-1")
        with pytest.raises(NoConsent):
            seen.take_from_notices(bakery.id)
        organisations.update_organisation(actor=TEST, organisation=bakery.id, language="en")
    with tenancy.acting(administrator(bakery.id)) as actor:
        services.subscribe(actor=actor, organisation=bakery.id, product=seen.PRODUCT, version=1, language="nl")
    assert seen.take_all() == 1
    assert seen.take_all() == 0
    with tenancy.acting(TEST):
        line = Line.objects.get()
        assert (line.product, line.version, line.source, line.inventory.name) == (
            "FortiOS",
            "7.2.3",
            "notices",
            "Seen in notices",
        )
    with tenancy.acting(administrator(bakery.id)) as actor:
        services.withdraw(actor=actor, organisation=bakery.id, product=seen.PRODUCT)
    with pytest.raises(NoConsent):
        seen.take_from_notices(bakery.id)


def test_what_a_person_took_out_stays_out_until_it_is_seen_again_and_a_newer_version_takes_the_place(bakery):
    from datetime import timedelta

    from django.utils import timezone

    with tenancy.acting(TEST):
        first = with_notice(bakery, product="FortiOS", product_version="7.2.3")
        other = finding(
            bakery,
            "192.0.2.8",
            feed="csv-mapped",
            kind="research-finding",
            evidence={"product": "nginx", "product_version": "1.2"},
        )
        notice(bakery, other, state="delivered")
    with tenancy.acting(administrator(bakery.id)) as actor:
        services.subscribe(actor=actor, organisation=bakery.id, product=seen.PRODUCT, version=1, language="nl")
    assert seen.take_all() == 2
    with tenancy.acting(administrator(bakery.id)) as actor:
        actions.remove_line(actor=actor, line=Line.objects.get(product="nginx").id)
    assert seen.take_all() == 0  # seen before it was taken out
    with tenancy.acting(TEST):
        type(first).objects.filter(id=first.id).update(evidence={"product": "FortiOS", "product_version": "7.4.1"})
        type(first).objects.filter(id=other.id).update(last_seen=timezone.now() + timedelta(minutes=1))
    assert seen.take_all() == 2
    with tenancy.acting(TEST):
        held = Line.objects.filter(removed_at=None).values_list("product", "version")
        assert sorted(held) == [("FortiOS", "7.4.1"), ("nginx", "1.2")]
