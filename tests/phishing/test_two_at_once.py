"""People who decide on one thing at one moment, each over a connection of their own: one outcome, and both know it."""

import threading

import pytest
from django.db import connection, connections
from tests.phishing import shield
from tests.phishing.listed import block, own_database

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.deciding import own, people
from dijkwacht.rooms.phishing.deciding.models import Decision, Proposal, Reputation, Review
from dijkwacht.rooms.phishing.listing.models import Change, Entry
from dijkwacht.rooms.phishing.warning import actions as warning
from dijkwacht.rooms.phishing.warning.models import Appeal

committed = pytest.fixture(own_database, name="committed")
BANK = '<a href="https://ing-inloggen.example/x">Log in bij ING</a>'
HOST = "host ing-inloggen.example"
ROUNDS = 5


def at_once(*doings):
    """Do all at one moment, each in a thread with its own connection; gives what came of each, or its refusal."""
    gate, found = threading.Barrier(len(doings)), [None] * len(doings)

    def run(place, actor, do):
        try:
            with tenancy.acting(actor):
                connection.ensure_connection()
                gate.wait()
                found[place] = do()
        except Problem as problem:
            found[place] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, *one)) for place, one in enumerate(doings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def names(found):
    return sorted(type(one).__name__ for one in found)


def made(html=BANK):
    with tenancy.acting(shield.MACHINE):
        campaign = shield.campaign(html)
        shield.reported(campaign, 1)
    return campaign


def deciding(actor, campaign, verdict, seen="", targets=()):
    said = {"verdict": verdict, "reason": "x", "targets": targets, "seen": seen}
    return actor, lambda: people.decide(actor=actor, campaign=campaign.id, **said)


def answering(actor, decision, *, agree):
    return actor, lambda: people.answer(actor=actor, decision=decision.id, agree=agree, reason="x")


def proposed(campaign, actor):
    with tenancy.acting(actor):
        return people.decide(actor=actor, campaign=campaign.id, verdict="phishing", reason="x", targets=[HOST])


def test_of_two_people_who_saw_the_same_and_say_different_things_one_decides(committed):
    campaign, one, other = made(), shield.officer(), shield.officer()
    found = at_once(deciding(one, campaign, "legitimate"), deciding(other, campaign, "suspicious"))
    assert names(found) == ["AlreadyDecided", "Decision"]
    with tenancy.acting(one):
        decision = Decision.objects.get(automatic=False)
        assert Campaign.objects.get().verdict == decision.verdict


def test_the_same_person_twice_at_once_decides_once_and_weighs_on_the_reporter_once(committed):
    campaign, one = made(), shield.officer()
    found = at_once(*[deciding(one, campaign, "legitimate")] * 2)
    assert names(found) == ["AlreadyDecided", "Decision"]
    with tenancy.acting(one):
        assert {row.refuted for row in Reputation.objects.all()} == {1}


def test_two_proposals_at_once_are_one_and_not_a_confirmation(committed):
    campaign, one, other = made(), shield.officer(), shield.officer()
    found = at_once(
        deciding(one, campaign, "phishing", targets=[HOST]), deciding(other, campaign, "phishing", targets=[HOST])
    )
    assert names(found) == ["AlreadyDecided", "Decision"]
    with tenancy.acting(one):
        assert (Decision.objects.get().state, Entry.objects.count()) == ("proposed", 0)


@pytest.mark.parametrize("who", ["takes back", "refuses", "confirms too"])
def test_a_proposal_ends_once_whoever_is_first(committed, who):
    campaign, one, second, third = made(), *(shield.officer() for _ in range(3))
    decision = proposed(campaign, one)
    against = answering(one if who == "takes back" else third, decision, agree=who == "confirms too")
    found = at_once(answering(second, decision, agree=True), against)
    assert names(found) == ["AlreadyDecided", "Decision"]
    with tenancy.acting(one):
        decision.refresh_from_db()
        confirmed = decision.state == "confirmed"
        assert Entry.objects.count() == Change.objects.count() == int(confirmed)
        assert Review.objects.get().state == ("done" if confirmed else "waiting")
        assert [one.state for one in decision.answers.all()] == [
            "withdrawn" if decision.state == "withdrawn" else "second"
        ]


def test_one_person_in_two_windows_confirms_nothing(committed):
    campaign, one = made(), shield.officer()
    decision = proposed(campaign, one)
    assert names(at_once(*[answering(one, decision, agree=True)] * 2)) == ["SamePerson", "SamePerson"]
    with tenancy.acting(one):
        assert not Entry.objects.exists()


def test_a_proposal_by_hand_is_made_once_and_ends_once(committed):
    one, second, third = (shield.officer() for _ in range(3))

    def proposing(actor):
        return actor, lambda: own.block(actor=actor, kind="domain", name="dief.example", reason="x")

    def ending(actor, *, agree):
        return actor, lambda: own.answer(actor=actor, proposal=proposal.id, agree=agree, reason="x")

    assert names(at_once(proposing(one), proposing(second))) == ["Proposal", "ProposedAlready"]
    with tenancy.acting(one):
        proposal = Proposal.objects.get()
    first, other = (one, second) if proposal.by == one.id else (second, one)
    assert names(at_once(proposing(first), proposing(first))) == ["Proposal", "Proposal"]
    found = at_once(ending(other, agree=True), ending(first, agree=False), ending(third, agree=True))
    assert names(found) == ["Proposal", "ProposalOver", "ProposalOver"]
    with tenancy.acting(one):
        proposal.refresh_from_db()
        assert Entry.objects.count() == Change.objects.count() == int(proposal.state == "confirmed")


def test_two_people_on_two_appeals_of_one_entry_do_not_lock_each_other_up(committed):
    one, other = shield.officer(), shield.officer()

    def ending(actor, appeal, *, free):
        return actor, lambda: warning.decide(actor=actor, appeal=appeal.id, free=free, answer="x")

    for number in range(ROUNDS):
        entry, text = block(f"dief{number}.example"), "Dit is onze eigen site. " * 5
        with tenancy.acting(one):
            appeals = [warning.appeal(actor=one, entry=entry.id, text=text)[0] for _ in range(6)]
        found = at_once(ending(one, appeals[0], free=True), ending(other, appeals[-1], free=False))
        assert names(found) == ["Appeal", "AppealDecided"]
        with tenancy.acting(one):
            (said,) = set(Appeal.objects.filter(entry=entry).values_list("decision", flat=True))
            assert Entry.objects.filter(id=entry.id, removed_at=None).exists() == (said == "kept")
