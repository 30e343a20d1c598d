"""What an officer does: judge, hand over with the four tests of the law, link, close; and who then reads what."""

import pytest

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.reporting import actions, desk, disclosing, reads
from dijkwacht.rooms.reporting.errors import AlreadyDone, NotAllowed, NotFound, NotLawful
from dijkwacht.rooms.reporting.judging.models import Judgement, Likeness
from dijkwacht.rooms.reporting.models import Attachment, Incident, Message, Report
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import OFFICER, authority, early_warning, file, member, organisation

pytestmark = pytest.mark.django_db
TESTS = {name: f"because {name}" for name in disclosing.TESTS}
VOLUNTARY = {"kind": "near-miss", "significant": False}


@pytest.fixture
def whose():
    return organisation()


@pytest.fixture
def voluntary(whose):
    """What no authority reads by itself."""
    return file(member(whose.id), whose.id, facts=early_warning(**VOLUNTARY)).incident


@pytest.fixture
def supervisor():
    """An organisation that watches over health care, and somebody of it."""
    row = organisation("Inspectie Toezicht", sectors=())
    with tenancy.acting(OFFICER):
        registry.designate(actor=OFFICER, reader=row.id, sector="1.5", role="authority", ground="Cbw 15")
    return row, authority(row.id, "1.5")


def hand_over(incident, reader, tests=TESTS, actor=OFFICER):
    with tenancy.acting(actor):
        return actions.hand_over(actor=actor, incident=incident.id, reader=reader.id, tests=tests)


def test_a_handover_opens_the_incident_to_its_receiver_and_is_acknowledged(voluntary, supervisor, mailoutbox):
    reader, inspector = supervisor
    with tenancy.acting(inspector), pytest.raises(NotFound):
        reads.access_incident(inspector, voluntary.id)
    with tenancy.acting(OFFICER):
        assert [one.id for one in desk.readers(OFFICER, voluntary)] == [reader.id]
    mailoutbox.clear()
    made = hand_over(voluntary, reader)
    assert [mail.to for mail in mailoutbox] == [list(reader.emails)]
    assert "Pumps" not in mailoutbox[0].body
    assert "Cbw" in made.ground
    with tenancy.acting(inspector):
        assert reads.access_incident(inspector, voluntary.id).title == "Pumps do not answer"
        assert reads.messages_of(inspector, voluntary) == []
        assert not Message.objects.exists()
        assert Report.objects.count() == 1
        actions.acknowledge_handover(actor=inspector, handover=made.id)
        with pytest.raises(AlreadyDone):
            actions.acknowledge_handover(actor=inspector, handover=made.id)
    with tenancy.acting(CLERK):
        (event,) = Event.objects.filter(action="reporting:incident:hand-over")
    assert event.detail["tests"] == TESTS
    assert event.detail["decision"]["policy_set_hash"]


@pytest.mark.parametrize("name", disclosing.TESTS)
def test_without_one_of_the_four_tests_nothing_is_handed_over(voluntary, supervisor, name):
    with pytest.raises(NotLawful):
        hand_over(voluntary, supervisor[0], {**TESTS, name: " "})
    with tenancy.acting(CLERK):
        assert Incident.objects.get(id=voluntary.id).readers == []


def test_an_incident_is_handed_over_once_and_by_an_officer_only(voluntary, supervisor, whose):
    hand_over(voluntary, supervisor[0])
    with pytest.raises(AlreadyDone):
        hand_over(voluntary, supervisor[0])
    with pytest.raises(NotAllowed):
        hand_over(voluntary, supervisor[0], actor=member(whose.id))


def test_not_reported_because_is_kept_with_its_day(voluntary):
    with tenancy.acting(OFFICER):
        actions.judge_incident(actor=OFFICER, incident=voluntary.id, significant=False, reason="Nothing was lost")
        latest = reads.judgements_of(voluntary)[0]
    assert (latest.significant, latest.reason) == (False, "Nothing was lost")
    assert latest.verdict["significant"] in {"yes", "no", "unknown"}
    with tenancy.acting(CLERK):
        assert Incident.objects.get(id=voluntary.id).significant is False
        assert Judgement.objects.count() == 2  # what the criteria said when it came in, and the officer's


def test_a_criterion_of_the_law_that_fires_is_shown_with_its_article(whose):
    facts = early_warning(death=True, entity_types=["1.9-msp"])
    made = file(member(whose.id), whose.id, facts=facts).incident
    with tenancy.acting(OFFICER):
        (verdict,) = reads.judgements_of(made)
    assert verdict.significant is True
    assert [rule["article"] for rule in verdict.verdict["fired"]]


def test_the_same_indicator_elsewhere_is_proposed_and_a_person_links_it(whose):
    shared = {"indicators": ("203.0.113[.]77",)}
    first = file(member(whose.id), whose.id, facts=early_warning(**shared)).incident
    other = organisation("Bakkerij Korst", classification="other", sectors=())
    second = file(member(other.id), other.id, facts=early_warning(**shared, **VOLUNTARY)).incident
    with tenancy.acting(OFFICER):
        (likeness,) = reads.likenesses_of(OFFICER, first)
        assert {likeness.first_id, likeness.second_id} == {first.id, second.id}
        actions.judge_likeness(actor=OFFICER, likeness=likeness.id, linked=True, reason="One campaign")
        assert Incident.objects.count() == 2
    for actor, seen in ((member(whose.id), first), (member(other.id), second)):
        with tenancy.acting(actor):
            assert reads.likenesses_of(actor, seen) == []
            assert not Likeness.objects.exists()
            assert [row.id for row in Incident.objects.all()] == [seen.id]


def test_a_relay_reads_no_report_of_its_members(whose):
    from dataclasses import replace

    made = file(member(whose.id), whose.id).incident
    isac = organisation("ISAC Water", sectors=())
    relay = replace(member(isac.id), relays=frozenset({isac.id}), members=frozenset({whose.id}))
    with tenancy.acting(relay):
        assert list(reads.incidents_of(relay) | reads.incidents_for(relay)) == []
        with pytest.raises(NotFound):
            reads.access_any(relay, made.id)


def test_a_file_of_one_is_no_file_of_another(whose):
    made = file(member(whose.id), whose.id).incident
    with tenancy.acting(member(whose.id)):
        row = actions.attach(actor=member(whose.id), incident=made.id, name="log.txt", content=b"secret")
    stranger = member(organisation("Bakkerij Korst", classification="other", sectors=()).id)
    with tenancy.acting(stranger):
        assert not Attachment.objects.exists()
        with pytest.raises(NotFound):
            reads.access_attachment(stranger, row.id)
        with pytest.raises(NotFound):
            actions.attach(actor=stranger, incident=made.id, name="x", content=b"x")
