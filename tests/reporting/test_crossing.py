"""Across the border: the queue of the single point of contact, a version per state, and what other states tell."""

import json
import re
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from dijkwacht.law.incidents import RecordNotUsable, spoc
from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry import history
from dijkwacht.rooms.registry.errors import InvalidField
from dijkwacht.rooms.reporting import desk, reads, terms
from dijkwacht.rooms.reporting.actions import acknowledge_handover
from dijkwacht.rooms.reporting.crossing import actions as crossing
from dijkwacht.rooms.reporting.crossing import passages
from dijkwacht.rooms.reporting.crossing import reads as abroad
from dijkwacht.rooms.reporting.crossing.models import Disclosure, ForeignPoint, Inbound
from dijkwacht.rooms.reporting.crossing.rules import Audience, Way
from dijkwacht.rooms.reporting.errors import AlreadyDone, InvalidValue, NobodyChosen, NotAllowed, NotFound, NotLawful
from dijkwacht.rooms.reporting.judging.models import Handover
from dijkwacht.rooms.reporting.models import DueMoment, Incident
from dijkwacht.rooms.reporting.quarter import quarterly
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.scheduling import CLERK

from .abroad import CLUES, TESTS, chosen, grid, point, reported, share
from .story import NOTIFICATION, OFFICER, authority, early_warning, file, member, organisation

pytestmark = pytest.mark.django_db
TOLD = {
    "kind": "incident",
    "title": "Grid controllers overwritten",
    "description": "The same maker is used in the Netherlands",
    "entity_types": ["1.1a-dso"],
    "indicators": ["203.0.113.77"],
}


@pytest.fixture
def whose():
    return grid()


@pytest.fixture
def incident(whose):
    return reported(whose)


def waiting():
    with tenancy.acting(OFFICER):
        return [row.country for row in abroad.open_crossings(OFFICER)]


def test_an_incident_of_more_states_waits_for_each_of_them_and_for_enisa_with_a_clock(incident):
    assert sorted(waiting()) == ["BE", "DE", "EU"]
    with tenancy.acting(CLERK):
        rows = DueMoment.objects.filter(incident=incident, purpose="late", article="Cbw 39(2)")
        assert {row.stage for row in rows} == {"state-BE", "state-DE", "state-EU"}
        assert {row.due_at - incident.received_at < timedelta(hours=24, minutes=1) for row in rows} == {True}


def test_a_state_that_a_later_report_names_gets_a_clock_of_its_own(whose):
    made = file(member(whose.id), whose.id).incident
    assert waiting() == []
    file(member(whose.id), whose.id, facts={**early_warning(), "member_states": ("FR",)}, incident=made.id)
    assert sorted(waiting()) == ["EU", "FR"]


def test_each_state_sees_only_itself_and_enisa_sees_all(incident):
    for country in ("DE", "BE", "EU"):
        point(country)
    made = {country: share(incident, "state", country)[0] for country in ("DE", "BE", "EU")}
    assert made["DE"].content["facts"]["member_states"] == ["DE"]
    assert made["EU"].content["facts"]["member_states"] == ["DE", "BE"]
    assert made["DE"].sha256 != made["BE"].sha256
    for one in made.values():
        assert [clue for clue in CLUES if clue.casefold() in json.dumps(one.content).casefold()] == []
    assert waiting() == []


def test_a_version_is_sent_once_and_acknowledged_by_its_link(incident, client, mailoutbox):
    point("DE", name="<script>alert(1)</script>")
    mailoutbox.clear()
    (made,) = share(incident, "state", "DE")
    with pytest.raises(AlreadyDone):
        share(incident, "state", "DE")
    (mail,) = mailoutbox
    assert mail.to == ["spoc@de.example"]
    assert made.number not in mail.subject + mail.body
    path = re.search(r"/received/\S+", mail.body)[0]
    page = client.get(path).content.decode()
    assert "controller was overwritten" in page
    assert "<script>alert" not in page
    assert incident.number not in page
    assert json.loads(client.get(f"{path}?form=json").content)["sha256"] == made.sha256
    assert client.post(path).status_code == 302
    with tenancy.acting(CLERK):
        row = Disclosure.objects.get(id=made.id)
    assert row.acknowledged_at
    assert client.get(f"{path}x").status_code == 404


def test_the_link_of_a_contact_abroad_does_not_open_what_an_entity_got(incident, client):
    row = Disclosure(id=incident.id)  # the identifier of something else
    assert client.get(f"/received/{passages.passage(row)}").status_code == 404


def test_that_nothing_goes_to_a_state_is_kept_with_why(incident):
    choice, _seen = chosen(incident, "state", "BE")
    with tenancy.acting(OFFICER):
        crossing.settle(actor=OFFICER, incident=incident.id, choice=choice, reason="Told by telephone")
    assert "BE" not in waiting()
    with tenancy.acting(OFFICER), pytest.raises(InvalidField):
        crossing.settle(actor=OFFICER, incident=incident.id, choice=choice, reason=" ")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "SPOC\r\nBcc: all@evil.example"),
        ("email", "spoc@de.example\r\nBcc: all@evil.example"),
        ("email", ""),
        ("country", "NL"),
        ("country", "XX"),
        ("source", ""),
        ("kind", "friend"),
        ("phone", "call me"),
    ],
)
def test_a_contact_that_is_not_right_is_refused(field, value):
    with pytest.raises(InvalidField):
        point(**{field: value})


def test_only_an_officer_keeps_contacts_and_each_stands_once(whose):
    row = point("DE")
    with pytest.raises(AlreadyDone):
        point("DE")
    values = {name: getattr(row, name) for name in crossing.POINT_FIELDS}
    with tenancy.acting(OFFICER):
        crossing.change_point(actor=OFFICER, point=row.id, values={**values, "name": "BSI"}, active=False)
    with tenancy.acting(member(whose.id)):
        assert not ForeignPoint.objects.exists()
        with pytest.raises(NotAllowed):
            crossing.add_point(actor=member(whose.id), values=values)


def test_a_contact_that_was_stopped_gets_nothing(incident):
    row = point("DE")
    values = {name: getattr(row, name) for name in crossing.POINT_FIELDS}
    with tenancy.acting(OFFICER):
        crossing.change_point(actor=OFFICER, point=row.id, values=values, active=False)
    with pytest.raises(NobodyChosen):
        share(incident, "state", "DE")


def receive(actor=OFFICER, country="DE", reference="BSI-7", **more):
    with tenancy.acting(actor):
        return crossing.receive_inbound(
            actor=actor, country=country, reference=reference, facts={**TOLD, **more}, way=Way.FORM
        )


@pytest.fixture
def energy():
    """The CSIRT and the authority for energy, as the register has them."""
    rows = {}
    for role, name in (("csirt", "CSIRT Energie"), ("authority", "Inspectie Stroom")):
        rows[role] = organisation(name, sectors=())
        with tenancy.acting(OFFICER):
            registry.designate(actor=OFFICER, reader=rows[role].id, sector="1.1", role=role, ground="Cbw 15, 16")
    return rows


def test_a_report_from_abroad_is_relayed_to_whom_the_register_names_and_they_acknowledge(energy, mailoutbox):
    point("DE")
    made = receive()
    assert [mail.to for mail in mailoutbox] == [["spoc@de.example"]]
    assert "controllers" not in mailoutbox[0].body
    assert made.routes[0]["authority"]
    with tenancy.acting(OFFICER):
        (clock,) = [one for one in terms.clocks(made.incident, {}) if one.stage == "relay"]
        assert clock.due - made.incident.received_at == timedelta(hours=24)
    inspector = authority(energy["authority"].id, "1.1", "1.1a")
    with tenancy.acting(inspector), pytest.raises(NotFound):
        reads.access_incident(inspector, made.incident_id)
    readers = [row.id for row in energy.values()]
    with tenancy.acting(OFFICER):
        crossing.relay_inbound(actor=OFFICER, inbound=made.id, readers=readers, tests=TESTS)
        with pytest.raises(AlreadyDone):
            crossing.relay_inbound(actor=OFFICER, inbound=made.id, readers=readers, tests=TESTS)
        assert [one.done for one in terms.clocks(made.incident, {}) if one.stage == "relay"] == [True]
    with tenancy.acting(CLERK):
        assert not DueMoment.objects.filter(incident=made.incident, claimed_at=None, withdrawn_at=None).exists()
    with tenancy.acting(inspector):
        assert reads.access_incident(inspector, made.incident_id).title == TOLD["title"]
        assert Inbound.objects.get().country == "DE"
        handover = Handover.objects.get(incident_id=made.incident_id)
        acknowledge_handover(actor=inspector, handover=handover.id)


def test_a_relay_is_as_lawful_as_a_handover_or_does_not_happen(energy):
    made = receive()
    with tenancy.acting(OFFICER):
        with pytest.raises(NotLawful):
            crossing.relay_inbound(actor=OFFICER, inbound=made.id, readers=[energy["csirt"].id], tests={})
        with pytest.raises(NobodyChosen):
            crossing.relay_inbound(actor=OFFICER, inbound=made.id, readers=[], tests=TESTS)
    with tenancy.acting(CLERK):
        assert not Handover.objects.exists()
        assert Inbound.objects.get().relayed_at is None
    with tenancy.acting(OFFICER):
        crossing.relay_inbound(actor=OFFICER, inbound=made.id, readers=[], tests={}, otherwise="By telephone to RDI")


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"title": None}, InvalidValue),
        ({"entity_types": ["9.9-nothing"]}, RecordNotUsable),
        ({"nonsense": 1}, RecordNotUsable),
        ({"description": "a\x1b[2Jb"}, InvalidValue),
    ],
)
def test_a_report_from_abroad_that_cannot_be_used_is_refused_with_what_is_wrong(more, wrong):
    with pytest.raises(wrong):
        receive(**more)


def test_the_same_reference_of_a_state_comes_in_once_and_only_an_officer_enters_it(whose):
    receive()
    with pytest.raises(AlreadyDone):
        receive()
    receive(country="FR")
    receive(reference="")
    receive(reference="")
    with pytest.raises(NotAllowed):
        receive(member(whose.id))
    with tenancy.acting(member(whose.id)):
        assert not Inbound.objects.exists()


def test_what_came_from_abroad_is_no_report_of_ours_in_the_quarterly_summary(whose):
    day = timezone.localdate()
    within = timezone.make_aware(datetime.combine(spoc.quarter(day)[1], time(12)))
    for _ in range(6):
        file(member(whose.id), whose.id)
    with tenancy.acting(CLERK):
        Incident.objects.update(received_at=within)
    as_of = history.parse(timezone.now().isoformat())
    with tenancy.acting(OFFICER):
        before = quarterly(OFFICER, as_of).content()
    made = receive()
    with tenancy.acting(CLERK):
        Incident.objects.filter(id=made.incident_id).update(received_at=within)
    with tenancy.acting(OFFICER):
        after = quarterly(OFFICER, as_of)
    assert after.content() == before
    assert after.summary.total == 6


def test_the_desk_does_not_wait_for_an_answer_to_a_report_from_abroad():
    receive()
    with tenancy.acting(OFFICER):
        assert desk.counted(OFFICER)["unanswered"] == 0
        assert desk.counted(OFFICER)["waiting"] == 1


def test_a_version_that_went_can_be_followed_by_a_later_one(whose, incident):
    point("DE")
    (first,) = share(incident, "state", "DE")
    file(member(whose.id), whose.id, Stage.NOTIFICATION, {**early_warning(), **NOTIFICATION}, incident.id)
    with tenancy.acting(OFFICER):
        row = Incident.objects.get(id=incident.id)
    (second,) = share(row, "state", "DE")
    assert first.number != second.number
    assert second.content["facts"]["severity"] == "high"
    assert second.audience == Audience.STATE
