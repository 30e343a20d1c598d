"""A law that names a receiver of its own: who it is stands in rows, it reads its own reports and nothing besides."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.accounts.people import MEMBER, person

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, OrganisationRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.reporting import reads, terms
from dijkwacht.rooms.reporting.actions import act_on_moments
from dijkwacht.rooms.reporting.delivering import actions, reached
from dijkwacht.rooms.reporting.delivering import reads as delivering
from dijkwacht.rooms.reporting.delivering.models import RegimeReceiver, ReportReceived
from dijkwacht.rooms.reporting.errors import AlreadyDone, InvalidValue, NotAllowed, NotFound
from dijkwacht.rooms.reporting.models import DueMoment, Incident, Indicator, Report
from dijkwacht.rooms.reporting.models import Message as Said
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import OFFICER, early_warning, file, member, organisation
from .test_delivering import BREACH, law_row, shown

pytestmark = pytest.mark.django_db
INDICATED = early_warning(**BREACH, indicators=("203.0.113.7",))


def receiver(name="Autoriteit Persoonsgegevens", regime="avg", sector="", **more):
    """Return an organisation of the register that receives under a law."""
    row = organisation(name, classification="other", sectors=())
    with tenancy.acting(OFFICER):
        made = actions.designate_receiver(
            actor=OFFICER, reader=row.id, regime=regime, sector=sector, ground="AVG 33(1)", **{"valid_from": "", **more}
        )
    return row, made


def reader(whose):
    return Actor(
        kind=Kind.PERSON,
        id="00000000-0000-4000-8000-0000000000cc",
        name="Ria",
        memberships={whose.id: OrganisationRole.REPORTER},
    )


def clock_of(incident, regime="avg"):
    with tenancy.acting(CLERK):
        row = Incident.objects.get(id=incident.id)
        found = reached.clocks(row, terms.filed_of(reads.reports_of(row)))
    return next(one for one in found if one.regime == regime and not one.ours)


def test_the_receiver_of_a_law_reads_the_report_under_that_law_and_nothing_else_of_the_incident():
    whose, (authority, _row) = organisation(), receiver()
    made = file(member(whose.id), whose.id, facts=INDICATED)
    ria = reader(authority)
    with tenancy.acting(ria):
        (one,) = delivering.reports_for_us(ria)
        assert one.regime == "avg"
        assert "Pumps" not in str(one.content)
        # Under the application too: the database itself shows no more than this.
        assert [row.regime for row in Report.objects.all()] == ["avg"]
        assert not Incident.objects.exists()
        assert not Indicator.objects.exists()
        assert not Said.objects.exists()
    under_cbw = next(row for row in made.reports if row.regime == "cbw")
    with tenancy.acting(ria), pytest.raises(NotFound):
        delivering.access_for_us(ria, under_cbw.id)
    with tenancy.acting(ria), pytest.raises(NotFound):
        reads.access_any(ria, made.incident.id)


def test_an_organisation_that_receives_under_another_law_or_of_another_sector_or_no_more_reads_nothing():
    whose, (dora, _) = organisation(), receiver("De Nederlandsche Bank", "dora")
    (of_sector, _), (past, ended) = receiver("Toezicht Zorg", "avg", "1.5"), receiver("Oude Autoriteit")
    with tenancy.acting(OFFICER):
        RegimeReceiver.objects.filter(id=ended.id).update(valid_from=timezone.localdate() - timedelta(days=9))
        actions.end_receiver(actor=OFFICER, receiver=ended.id)
    later, _ = receiver("Nieuwe Autoriteit", valid_from=str(timezone.localdate() + timedelta(days=3)))
    file(member(whose.id), whose.id, facts=INDICATED)
    for one in (dora, of_sector, past, later):
        ria = reader(one)
        with tenancy.acting(ria):
            assert not Report.objects.exists(), one.name
            assert not delivering.reports_for_us(ria).exists()


def test_a_receiver_of_a_whole_sector_reads_its_subsectors():
    whose = organisation("Net Nieuweland", sectors=("1.1a",))
    authority, _ = receiver("Toezicht Energie", "avg", "1.1")
    file(member(whose.id), whose.id, facts=INDICATED)
    ria = reader(authority)
    with tenancy.acting(ria):
        assert [row.regime for row in Report.objects.all()] == ["avg"]
        assert [row.regime for row in delivering.reports_for_us(ria)] == ["avg"]


def test_the_clock_is_done_only_when_somebody_can_read_it():
    whose = organisation()
    made = file(member(whose.id), whose.id, facts=INDICATED).incident
    before = clock_of(made)
    assert (before.done, before.delivered, before.settled) == (True, False, False)
    receiver()
    after = clock_of(made)
    assert (after.done, after.delivered, after.settled) == (True, True, True)


def test_the_clock_of_the_cbw_says_that_nobody_is_designated_for_the_sector(client):
    whose = organisation()
    made = file(member(whose.id), whose.id).incident
    assert not clock_of(made, "cbw").delivered
    assert clock_of(made, "cbw").settled  # the reporter reported where the law says; the centre passes it on
    client.force_login(person("nora@nieuweland.example", organisations={whose.id: MEMBER}))
    page = shown(client, f"/report/{made.id}")
    assert "Niemand is hier aangewezen" in page
    assert "Het centrum geeft het door." in page
    assert "niet afgeleverd" in page
    watch = organisation("Inspectie Water", sectors=())
    with tenancy.acting(OFFICER):
        registry.designate(actor=OFFICER, reader=watch.id, sector="1.6", role="authority", ground="Cbw 15")
    assert clock_of(made, "cbw").delivered
    assert "niet afgeleverd" not in shown(client, f"/report/{made.id}")


def told():
    with tenancy.acting(CLERK):
        rows = Message.objects.filter(dedupe_key__startswith="receive:").order_by("created_at", "id")
        return [(row.recipient, bytes(row.body).decode()) for row in rows]


def test_the_receiver_is_told_once_an_incident_and_stage_and_no_more_than_that():
    whose, (authority, _row) = organisation(), receiver()
    receiver("De Nederlandsche Bank", "dora")
    nora = member(whose.id)
    made = file(nora, whose.id, facts=INDICATED)
    ((recipient, mail),) = told()
    assert recipient == authority.emails[0]
    assert "/report/for-us/" in mail
    assert made.incident.number not in mail
    assert "Nieuweland" not in mail
    file(nora, whose.id, facts=INDICATED, incident=made.incident.id)
    assert len(told()) == 1


def moments(incident):
    with tenancy.acting(CLERK):
        rows = DueMoment.objects.filter(incident_id=incident.id, regime="avg", withdrawn_at=None)
        return sorted(rows.values_list("purpose", flat=True))


def test_reminders_run_until_it_was_reported_there(mailoutbox):
    whose = organisation()
    nora = member(whose.id)
    made = file(nora, whose.id, facts=INDICATED).incident
    assert moments(made) == ["overdue", "remind"]
    mailoutbox.clear()
    with tenancy.acting(CLERK):
        act_on_moments(actor=CLERK, now=timezone.now() + timedelta(days=2, hours=22))
    mine = [mail for mail in mailoutbox if "andere autoriteit" in mail.subject]
    assert mine
    assert "Meld het daar zelf" in mine[0].body
    with tenancy.acting(nora):
        actions.note_elsewhere(actor=nora, incident=made.id, regime="avg", stage="notification")
    assert clock_of(made).settled
    assert "overdue" not in moments(made)


def test_nobody_is_reminded_once_the_receiver_is_designated(mailoutbox):
    whose = organisation()
    made = file(member(whose.id), whose.id, facts=INDICATED).incident
    receiver()
    mailoutbox.clear()
    with tenancy.acting(CLERK):
        act_on_moments(actor=CLERK, now=timezone.now() + timedelta(days=2, hours=23))
    assert not [mail for mail in mailoutbox if "andere autoriteit" in mail.subject]
    assert made.number not in str([mail.body for mail in mailoutbox])


def test_only_the_reporter_or_an_officer_says_that_it_was_reported_there():
    whose, other = organisation(), organisation("Gemaal Elders")
    made = file(member(whose.id), whose.id, facts=INDICATED).incident
    eve = member(other.id, "00000000-0000-4000-8000-0000000000dd")
    with tenancy.acting(eve), pytest.raises(NotFound):
        actions.note_elsewhere(actor=eve, incident=made.id, regime="avg", stage="notification")
    with tenancy.acting(OFFICER):
        with pytest.raises(InvalidValue):
            actions.note_elsewhere(actor=OFFICER, incident=made.id, regime="dora", stage="final")
        actions.note_elsewhere(actor=OFFICER, incident=made.id, regime="avg", stage="notification")
        with pytest.raises(AlreadyDone):
            actions.note_elsewhere(actor=OFFICER, incident=made.id, regime="avg", stage="notification")


def test_the_receiver_acknowledges_and_the_reporter_sees_it(client):
    whose, (authority, _row) = organisation(), receiver()
    made = file(member(whose.id), whose.id, facts=INDICATED)
    one = next(row for row in made.reports if row.regime == "avg")
    client.force_login(person("ria@ap.example", organisations={authority.id: MEMBER}))
    assert "Meldingen voor ons" in shown(client, "/report")
    assert one.number in shown(client, "/report/for-us")
    page = shown(client, f"/report/for-us/{one.id}")
    assert "Read by somebody" in page
    assert "Pumps" not in page
    assert client.post(f"/report/for-us/{one.id}/acknowledge").status_code == 302
    assert "Bevestig de ontvangst" not in shown(client, f"/report/for-us/{one.id}")
    with tenancy.acting(CLERK):
        assert ReportReceived.objects.count() == 1
        assert Event.objects.filter(action="reporting:delivery:acknowledge").count() == 1
    client.force_login(person("nora@nieuweland.example", organisations={whose.id: MEMBER}))
    page = shown(client, f"/report/{made.incident.id}")
    assert "Autoriteit Persoonsgegevens" in page
    assert "niet afgeleverd" not in law_row(page)


def test_somebody_else_finds_none_of_these_pages(client):
    whose, other = organisation(), organisation("Gemaal Elders")
    receiver()
    made = file(member(whose.id), whose.id, facts=INDICATED)
    one = next(row for row in made.reports if row.regime == "avg")
    client.force_login(person("eve@elders.example", organisations={other.id: MEMBER}))
    assert one.number not in shown(client, "/report/for-us")
    for path in (f"/report/for-us/{one.id}", f"/report/for-us/{one.id}/content"):
        assert client.get(path).status_code == 404
    assert client.post(f"/report/for-us/{one.id}/acknowledge").status_code == 404


def test_an_officer_designates_and_ends_on_the_page_and_nonsense_is_refused(client):
    authority = organisation("Autoriteit Persoonsgegevens", sectors=())
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    given = {"organisation": authority.name, "regime": "avg", "sector": "", "ground": "AVG 33(1)", "valid_from": ""}
    for wrong in ({"organisation": "nobody"}, {"regime": "cbw"}, {"sector": "99"}, {"ground": ""}, {"valid_from": "x"}):
        assert client.post("/incidents/receivers", {**given, **wrong}).status_code == 422
    assert client.post("/incidents/receivers", given).status_code == 302
    assert client.post("/incidents/receivers", given).status_code == 409
    assert authority.name in shown(client, "/incidents/receivers")
    with tenancy.acting(CLERK):
        row = RegimeReceiver.objects.get()
    assert client.post("/incidents/receivers", {"do": "end", "receiver": "x"}).status_code == 404
    assert client.post("/incidents/receivers", {"do": "end", "receiver": str(row.id)}).status_code == 302
    assert not re.search("Beëindig voor", shown(client, "/incidents/receivers"))


def test_only_an_officer_designates():
    whose = organisation()
    nora = member(whose.id)
    given = {"reader": whose.id, "regime": "avg", "sector": "", "ground": "x", "valid_from": ""}
    with tenancy.acting(nora), pytest.raises(NotAllowed):
        actions.designate_receiver(actor=nora, **given)
    with tenancy.acting(OFFICER), pytest.raises(InvalidValue):
        actions.designate_receiver(actor=OFFICER, **{**given, "regime": "cbw"})
