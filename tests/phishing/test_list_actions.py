"""Entries come and go; the log says so without a gap, whoever writes at the same time."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from tests.phishing.listed import ANALYST, AUDITOR, DESK, REASON, block, own_database, unblock

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.phishing import events
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.errors import NotAllowed
from dijkwacht.rooms.phishing.listing import actions, errors, reads
from dijkwacht.rooms.phishing.listing.models import Change, Entry

committed = pytest.fixture(own_database, name="committed")


@pytest.fixture
def heard():
    found = []

    def hear(signal, **what):
        found.append((signal, what))

    for signal in (events.entry_added, events.entry_removed, events.campaign_changed):
        signal.connect(hear, weak=False)
    yield found
    for signal in (events.entry_added, events.entry_removed, events.campaign_changed):
        signal.disconnect(hear)


@pytest.fixture
def desk(db):
    with tenancy.acting(DESK):
        yield


def test_a_block_writes_entry_log_and_audit_and_tells_the_others(desk, heard):
    before = reads.serial()
    entry = block("Dief.Example.", blast_radius={"names": 1})
    assert (entry.name, entry.kind, entry.reason, entry.blast_radius) == ("dief.example", "host", REASON, {"names": 1})
    assert timedelta(hours=5) < entry.lease_until - timezone.now() <= timedelta(hours=6)
    assert reads.changes_since(before, most=9) == [
        (before + 1, True, Change.objects.get(entry=entry).at, "host", "dief.example")
    ]
    assert Event.objects.get(object_id=str(entry.id)).action == "phishing:entry:block"
    assert [(signal, what["entry"]) for signal, what in heard] == [(events.entry_added, entry)]
    assert reads.live("dief.example") == [entry]


def test_the_same_name_again_renews_its_lease_and_writes_no_event(desk, heard):
    entry = block("dief.example", lease=timedelta(hours=1))
    serial = reads.serial()
    again = block("DIEF.example", lease=timedelta(hours=5))
    assert again.id == entry.id
    assert again.lease_until - entry.lease_until > timedelta(hours=3)
    assert reads.serial() == serial
    assert len(heard) == 1
    assert block("dief.example", lease=timedelta(hours=1)).lease_until == again.lease_until  # never a shorter one


def test_an_unblock_is_an_event_too_and_the_name_may_come_again(desk, heard):
    entry = block("dief.example")
    gone = unblock("  DIEF.example. ", reason="Het was een vergissing.")
    assert (gone.id, gone.removed_why) == (entry.id, "Het was een vergissing.")
    assert gone.removed_at is not None
    assert reads.live("dief.example") == []
    assert heard[-1][1]["reason"] == "Het was een vergissing."
    assert block("dief.example").id != entry.id
    assert [added for _, added, *_ in reads.changes_since(reads.serial() - 3, most=9)] == [True, False, True]


def test_what_is_not_listed_cannot_be_taken_off_and_a_reason_is_needed(desk):
    with pytest.raises(errors.NotListed):
        unblock("nergens.example")
    with pytest.raises(errors.ReasonMissing):
        unblock("nergens.example", reason=" \n ")
    with pytest.raises(errors.ReasonMissing):
        block("dief.example", reason="")
    with pytest.raises(errors.ReasonMissing):
        block("dief.example", reason=[])


@pytest.mark.parametrize("lease", [timedelta(0), timedelta(days=-1), timedelta(days=31)], ids=str)
def test_a_lease_has_an_end(desk, lease):
    with pytest.raises(errors.LeaseTooLong):
        block("dief.example", lease=lease)


def test_only_who_may_decide_changes_the_list(desk):
    assert actions.block(actor=ANALYST, kind="host", name="dief.example", reason="ja").added_by == "an analyst"
    for act in (
        lambda: actions.block(actor=AUDITOR, kind="host", name="dief2.example", reason="ja"),
        lambda: actions.unblock(actor=AUDITOR, name="dief.example", reason="nee"),
        lambda: actions.renew(actor=AUDITOR, entry=Entry.objects.get().id),
        lambda: actions.end_leases(actor=AUDITOR),
        lambda: actions.ask_recheck(actor=AUDITOR, before=timedelta(hours=1)),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_lease_that_nobody_renews_is_asked_about_once_and_then_ends(desk, heard):
    campaign = Campaign.objects.create(key="k")
    entry = block("dief.example", campaign=campaign.id, lease=timedelta(minutes=30))
    stays = block("blijft.example")
    assert actions.ask_recheck(actor=DESK, before=timedelta(hours=1)) == [entry]
    assert actions.ask_recheck(actor=DESK, before=timedelta(hours=1)) == []
    assert heard[-1] == (events.campaign_changed, {"sender": Entry, "campaign": campaign.id, "why": "list"})
    actions.renew(actor=DESK, entry=entry.id, lease=timedelta(minutes=40))
    assert actions.ask_recheck(actor=DESK, before=timedelta(hours=1)) == [entry]
    Entry.objects.filter(id=entry.id).update(lease_until=timezone.now())
    assert actions.end_leases(actor=DESK) == [entry]
    assert heard[-1][1]["reason"] == "the lease ended"
    assert reads.live("dief.example") == []
    assert reads.live("blijft.example") == [stays]


def test_of_a_name_and_what_is_above_it_the_nearest_one_warns(desk):
    block("dief.nl", "name")
    near = block("inloggen.dief.nl")
    assert reads.covering("inloggen.dief.nl") == near
    assert reads.covering("iets.anders.dief.nl").name == "dief.nl"
    assert reads.covering("goed.nl") is None
    block("alleen.dief2.nl")
    assert reads.covering("onder.alleen.dief2.nl") is None


def test_many_who_write_at_once_leave_no_gap_and_no_two_entries_of_a_name(committed):
    before = _serial()
    faults = []

    def write(number):
        try:
            for turn in range(5):
                block(f"dief-{number}-{turn}.example")
                block("allen.example")
            unblock(f"dief-{number}-0.example")
        except Exception as error:  # noqa: BLE001 - the thread hands over whatever it met
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert faults == []
    with tenancy.acting(DESK):
        found = reads.changes_since(before, most=1000)
        assert [one[0] for one in found] == [*range(before + 1, before + 38)]
        assert [one[2] for one in found] == sorted(one[2] for one in found)
        assert Entry.objects.filter(name="allen.example").count() == 1


def _serial():
    with tenancy.acting(DESK):
        return reads.serial()
