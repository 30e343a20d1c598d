"""A report under the Netcode: the verdict in 24 hours, told to the entity; then others hear of it, without names."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.reporting import reads, terms
from dijkwacht.rooms.reporting.actions import act_on_moments
from dijkwacht.rooms.reporting.crossing import actions as crossing
from dijkwacht.rooms.reporting.crossing import reads as shared
from dijkwacht.rooms.reporting.crossing.models import Disclosure
from dijkwacht.rooms.reporting.errors import (
    AlreadyDone,
    ChangedMeanwhile,
    InvalidValue,
    NobodyChosen,
    NotAllowed,
    NotFound,
    NotLawful,
    VerdictFirst,
)
from dijkwacht.rooms.reporting.models import DueMoment, Incident, Message
from dijkwacht.rooms.reporting.netcode import actions as netcode
from dijkwacht.rooms.reporting.netcode.models import Confidentiality
from dijkwacht.rooms.reporting.scheduling import CLERK

from .abroad import CLUES, TESTS, chosen, grid, impact, judge, point, reported, share
from .story import OFFICER, ago, authority, early_warning, file, member, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def whose():
    return grid()


@pytest.fixture
def incident(whose):
    return reported(whose)


def clocks(incident):
    with tenancy.acting(OFFICER):
        row = Incident.objects.get(id=incident.id)
        return {one.stage: one for one in terms.clocks(row, terms.filed_of(reads.reports_of(row)))}


@pytest.mark.parametrize("kind", ["attack", "vulnerability", "threat"])
def test_on_receipt_the_centre_has_three_terms_of_24_hours_as_rows(whose, kind):
    facts = {"kind": "incident" if kind == "attack" else kind, "significant": kind == "attack"}
    made = reported(whose, netcode_kind=kind, **facts)
    assert "netcode" in made.regimes
    found = clocks(made)
    for stage in ("confidentiality", "member-states", "national-entities"):
        assert found[stage].due - made.received_at == timedelta(hours=24)
        assert not found[stage].done
    with tenancy.acting(CLERK):
        rows = DueMoment.objects.filter(incident=made, regime="netcode", purpose="late")
        assert {row.stage for row in rows} == {"confidentiality", "member-states", "national-entities"}


def test_before_the_report_is_complete_its_clock_of_four_hours_runs_on_the_page(whose, client):
    facts = {"netcode_entity": "high-impact", "netcode_kind": "attack", "netcode_level": "critical"}
    made = file(member(whose.id), whose.id, facts=early_warning(**facts)).incident
    assert "netcode" not in made.regimes
    with tenancy.acting(OFFICER):
        found = {(one.regime, one.stage): one for one in terms.clocks(made, {})}
    assert found["netcode", "early-warning"].due - made.awareness_at == timedelta(hours=4)
    assert ("netcode", "confidentiality") not in found


def test_a_verdict_that_is_late_is_told_to_the_duty_officer_once(incident, settings, mailoutbox):
    settings.DUTY_MAIL = ["duty@centre.example"]
    mailoutbox.clear()
    for hours in (25, 26):
        with tenancy.acting(CLERK):
            act_on_moments(actor=CLERK, now=timezone.now() + timedelta(hours=hours))
    late = list(Event.objects.filter(action="reporting:moment:late"))
    assert sorted(event.detail["stage"] for event in late if event.detail["regime"] == "netcode") == [
        "confidentiality",
        "member-states",
        "national-entities",
    ]
    assert {tuple(mail.to) for mail in mailoutbox} >= {("duty@centre.example",)}


def test_the_verdict_is_told_to_the_entity_and_stops_its_clock(incident, mailoutbox):
    mailoutbox.clear()
    judge(incident, reason="The attack is known abroad")
    assert clocks(incident)["confidentiality"].done
    assert not clocks(incident)["member-states"].done
    with tenancy.acting(CLERK):
        told = Message.objects.filter(incident=incident).order_by("-at").first()
        assert (
            DueMoment.objects.filter(
                incident=incident, stage="confidentiality", withdrawn_at=None, claimed_at=None
            ).count()
            == 0
        )
    assert "The attack is known abroad" in told.text
    assert mailoutbox
    assert all("attack" not in mail.body + mail.subject for mail in mailoutbox)


def test_a_report_that_is_confidential_as_a_whole_goes_to_nobody(incident):
    point("DE", "netcode")
    judge(incident, shareable=False)
    found = clocks(incident)
    assert found["member-states"].done
    assert found["national-entities"].done
    with pytest.raises(VerdictFirst):
        share(incident, "netcode-state")


def test_nothing_goes_before_the_verdict_and_then_without_what_it_keeps_back(incident, whose):
    point("DE", "netcode")
    with pytest.raises(VerdictFirst):
        share(incident, "netcode-state")
    judge(incident, withheld=["description", "indicators"])
    (made,) = share(incident, "netcode-state")
    assert not {"description", "indicators"} & made.content["facts"].keys()
    assert {"description", "indicators"} <= {one["path"] for one in made.removed}
    with pytest.raises(InvalidValue):
        judge(incident, withheld=["entity_name"])


def test_only_an_officer_or_the_authority_for_electricity_gives_the_verdict(incident, whose):
    water, power = organisation("Inspectie Water", sectors=()), organisation("Inspectie Stroom", sectors=())
    sectoral = organisation("CSIRT Energie", sectors=())
    with tenancy.acting(OFFICER):
        registry.designate(actor=OFFICER, reader=water.id, sector="1.6", role="authority", ground="Cbw 15")
        registry.designate(actor=OFFICER, reader=power.id, sector="1.1", role="authority", ground="Cbw 15")
        registry.designate(actor=OFFICER, reader=sectoral.id, sector="1.1", role="csirt", ground="Cbw 16")
    for actor in (member(whose.id), authority(water.id, "1.6"), authority(sectoral.id, "1.1", "1.1a")):
        with pytest.raises(NotAllowed):
            judge(incident, actor)
    made = judge(incident, authority(power.id, "1.1", "1.1a"))
    assert made.as_authority
    with tenancy.acting(member(organisation("Bakkerij Korst", sectors=()).id)):
        assert not Confidentiality.objects.exists()


def test_other_states_and_entities_get_a_version_without_names_once(incident, whose, mailoutbox):
    point("DE", "netcode")
    point("BE", "spoc")
    point("BE", "netcode", active="ignored")
    other = organisation("Netbeheer Noord", sectors=("1.1a",))
    impact(whose)
    impact(other, "critical")  # the entity itself hears nothing of its own report
    judge(incident)
    mailoutbox.clear()
    states, entities = share(incident, "netcode-state"), share(incident, "netcode-entity")
    assert sorted(one.receiver_name for one in states) == ["SPOC BE", "SPOC DE"]
    assert [one.receiver_name for one in entities] == ["Netbeheer Noord"]
    for one in (*states, *entities):
        text = json.dumps(one.content)
        assert [clue for clue in CLUES if clue.casefold() in text.casefold()] == []
        assert one.content["facts"]["indicators"] == ["203.0.113.77"]
        assert one.ground.startswith("Cbw")
        assert one.decision["policy_set_hash"]
        assert {"path", "why_nl", "why_en", "article"} <= one.removed[0].keys()
    assert sorted(mail.to[0] for mail in mailoutbox) == [
        "info@noord.example",
        "netcode@be.example",
        "netcode@de.example",
    ]
    for mail in mailoutbox:
        assert "controller" not in mail.body
        assert incident.number not in mail.body
    with pytest.raises(AlreadyDone):
        share(incident, "netcode-state")
    assert len(mailoutbox) == 3
    found = clocks(incident)
    assert found["member-states"].done
    assert found["national-entities"].done


def test_one_entity_reads_what_was_shared_with_it_and_nobody_else_does(incident, whose):
    other, third = organisation("Netbeheer Noord"), organisation("Bakkerij Korst", sectors=())
    impact(other)
    judge(incident)
    (made,) = share(incident, "netcode-entity")
    for actor in (member(third.id), member(whose.id)):
        with tenancy.acting(actor):
            assert not Disclosure.objects.exists()
            with pytest.raises(NotFound):
                shared.access_shared(actor, made.id)
            with pytest.raises(NotFound):
                crossing.acknowledge_disclosure(actor=actor, disclosure=made.id)
    with tenancy.acting(member(other.id)):
        assert shared.access_shared(member(other.id), made.id).content["facts"]["title"]
        assert not Incident.objects.exists()
        crossing.acknowledge_disclosure(actor=member(other.id), disclosure=made.id)
        with pytest.raises(AlreadyDone):
            crossing.acknowledge_disclosure(actor=member(other.id), disclosure=made.id)


@pytest.mark.parametrize("name", TESTS)
def test_without_one_of_the_four_tests_nothing_is_shared(incident, name):
    point("DE", "netcode")
    judge(incident)
    with pytest.raises(NotLawful):
        share(incident, "netcode-state", tests={**TESTS, name: " "})
    with tenancy.acting(CLERK):
        assert not Disclosure.objects.exists()


def test_what_goes_is_what_a_person_saw_or_nothing_goes(incident, whose):
    point("DE", "netcode")
    judge(incident)
    choice, seen = chosen(incident, "netcode-state")
    file(member(whose.id), whose.id, facts={**early_warning(), "description": "Another"}, incident=incident.id)
    with tenancy.acting(OFFICER):
        with pytest.raises(ChangedMeanwhile):
            crossing.share(actor=OFFICER, incident=incident.id, choice=choice, seen=seen, tests=TESTS)
        strange = crossing.Choice(choice.audience, receivers=frozenset({"point:00000000-0000-4000-8000-000000000000"}))
        with pytest.raises(NobodyChosen):
            crossing.share(actor=OFFICER, incident=incident.id, choice=strange, seen=seen, tests=TESTS)
    with tenancy.acting(OFFICER):
        fresh = Incident.objects.get(id=incident.id)
    assert len(share(fresh, "netcode-state")) == 1


def test_what_a_person_adds_is_taken_out_too(incident):
    point("DE", "netcode")
    judge(incident)
    (made,) = share(incident, "netcode-state", words=("controller",), withheld=frozenset({"title"}))
    assert "controller" not in json.dumps(made.content)
    assert "title" not in made.content["facts"]


def test_an_impact_entity_is_one_from_a_day_until_a_day(whose, incident):
    other = organisation("Netbeheer Noord")
    row = impact(other)
    with pytest.raises(AlreadyDone):
        impact(other)
    with tenancy.acting(OFFICER):
        netcode.end_impact_entity(actor=OFFICER, entity=row.id)
        with pytest.raises(AlreadyDone):
            netcode.end_impact_entity(actor=OFFICER, entity=row.id)
    judge(incident)
    with pytest.raises(NobodyChosen):
        share(incident, "netcode-entity")
    with tenancy.acting(member(whose.id)), pytest.raises(NotAllowed):
        netcode.end_impact_entity(actor=member(whose.id), entity=row.id)


def test_an_incident_outside_the_netcode_has_no_verdict(whose):
    made = file(member(whose.id), whose.id, facts=early_warning(awareness=ago(hours=2))).incident
    with pytest.raises(NotFound):
        judge(made)
