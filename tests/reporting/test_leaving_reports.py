"""Who leaves the register with an incident open: the desk hears it, old duties stay, and no mail goes astray."""

import os
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.accounts.people import person
from tests.conftest import copy_of_template

from dijkwacht.kernel.actor import OrganisationRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.models import OrganisationMembership
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry import reads as registry_reads
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting import actions, desk, drafts
from dijkwacht.rooms.reporting import reads as reporting
from dijkwacht.rooms.reporting.errors import AlreadyDone, NotAllowed
from dijkwacht.rooms.reporting.leaving import reads
from dijkwacht.rooms.reporting.leaving.actions import organisation_left, settle_departure
from dijkwacht.rooms.reporting.leaving.models import Departure
from dijkwacht.rooms.reporting.leaving.rules import runs
from dijkwacht.rooms.reporting.models import Draft, DueMoment, Incident
from dijkwacht.rooms.reporting.rules import Channel, Stage
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import OFFICER, ago, early_warning, file, member, organisation

in_database = pytest.mark.django_db
NOW = timezone.now()
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("ours", "arose", "left", "stays"),
    [
        (False, NOW - HOUR, None, True),  # it did not leave
        (False, NOW - HOUR, NOW, True),  # the duty arose before
        (False, NOW + HOUR, NOW, False),  # it was no entity any more
        (False, NOW, NOW, False),  # from that moment on
        (True, NOW + HOUR, NOW, True),  # the centre answers whoever reported
    ],
)
def test_a_duty_that_arose_before_leaving_stays(ours, arose, left, stays):
    assert runs(ours=ours, arose=arose, left=left) is stays


@pytest.fixture
def duty(settings):
    settings.DUTY_MAIL = ["duty@centre.example"]


def leave(whose):
    with tenancy.acting(OFFICER):
        row = registry.ask_deregistration(
            actor=OFFICER, organisation=whose.id, reason="ceased", effective_on=registry_reads.today(), explanation="-"
        )
        registry.deregister_due(actor=OFFICER, deregistration=row.id)


def told():
    found = sorted(message.to[0] for message in mail.outbox)
    mail.outbox.clear()
    return found


@in_database
def test_the_desk_hears_who_left_and_its_terms_run_on(duty):
    whose = organisation()
    incident = file(member(whose.id), whose.id).incident
    with tenancy.acting(CLERK):
        before = set(DueMoment.objects.filter(withdrawn_at=None).values_list("purpose", "regime", "stage", "due_at"))
    mail.outbox.clear()
    leave(whose)
    assert "duty@centre.example" in told()
    with tenancy.acting(OFFICER):
        assert desk.counted(OFFICER)["left"] == 1
        (waits,) = reads.waiting(OFFICER)
        assert (waits.incident_id, waits.organisation_id, waits.side) == (incident.id, whose.id, "reporter")
        after = set(DueMoment.objects.filter(withdrawn_at=None).values_list("purpose", "regime", "stage", "due_at"))
        said = Event.objects.get(action="reporting:organisation:left").detail
    assert after == before
    assert (said["incidents"], said["moments"]) == (1, len(before))


@in_database
def test_nobody_of_it_is_mailed_any_more_and_the_centre_is_reminded_in_its_place(duty):
    whose = organisation()
    incident = file(member(whose.id), whose.id).incident
    leave(whose)
    mail.outbox.clear()
    with tenancy.acting(OFFICER):
        actions.send_message(actor=OFFICER, incident=incident.id, text="Are the pumps on again?")
    assert told() == []
    with tenancy.acting(CLERK):
        DueMoment.objects.filter(purpose="remind").update(act_at=timezone.now())
        assert actions.act_on_moments(actor=CLERK, now=timezone.now()) == 1
        reminded = Event.objects.get(action="reporting:moment:remind").detail
    assert told() == ["duty@centre.example"]
    assert reminded["reached"] is False


@in_database
def test_a_person_says_how_it_goes_on_and_it_is_off_the_desk():
    whose = organisation()
    incident = file(member(whose.id), whose.id).incident
    leave(whose)
    with tenancy.acting(OFFICER):
        (waits,) = reads.waiting(OFFICER)
        settle_departure(actor=OFFICER, departure=waits.id, note="The trustee, 020 623 0101")
        assert list(reads.waiting(OFFICER)) == []
        (kept,) = reads.of_incident(OFFICER, incident)
        assert kept.note == "The trustee, 020 623 0101"
        with pytest.raises(AlreadyDone):
            settle_departure(actor=OFFICER, departure=waits.id, note="again")


@in_database
def test_an_incident_that_is_closed_waits_no_longer():
    whose = organisation()
    incident = file(member(whose.id), whose.id).incident
    leave(whose)
    with tenancy.acting(OFFICER):
        actions.close_incident(actor=OFFICER, incident=incident.id, reason="Handled by telephone")
        assert list(reads.waiting(OFFICER)) == []


@in_database
def test_a_receiver_that_left_without_acknowledging_is_told_to_the_desk():
    whose, sector = organisation(), organisation("Toezichthouder Water")
    incident = file(member(whose.id), whose.id).incident
    with tenancy.acting(OFFICER):
        registry.designate(actor=OFFICER, reader=sector.id, sector="1.6", role="authority", ground="Cbw 15")
        tests = dict.fromkeys(desk.TESTS, "because")
        actions.hand_over(actor=OFFICER, incident=incident.id, reader=sector.id, tests=tests)
    leave(sector)
    with tenancy.acting(OFFICER):
        (waits,) = reads.waiting(OFFICER)
        assert (waits.side, waits.organisation_id) == ("reader", sector.id)
        assert Incident.objects.get(id=incident.id).left_at is None


@in_database
def test_what_an_officer_files_for_it_afterwards_has_terms_only_where_the_duty_arose_before():
    whose = organisation()
    leave(whose)
    before = file(OFFICER, whose.id, facts=early_warning(awareness=ago(hours=2)), channel=Channel.PHONE).incident
    with tenancy.acting(CLERK):
        Incident.objects.filter(id=before.id).update(awareness_at=timezone.now() + HOUR)
    after = file(OFFICER, whose.id, facts=early_warning(awareness=ago(minutes=-1)), channel=Channel.PHONE).incident
    with tenancy.acting(OFFICER):
        of_entity = DueMoment.objects.filter(purpose__in=["remind", "overdue"], withdrawn_at=None)
        assert of_entity.filter(incident=before).exists()
        assert not of_entity.filter(incident=after).exists()
        assert DueMoment.objects.filter(incident=after, purpose="late").exists()
        assert {row.incident_id for row in reads.waiting(OFFICER)} == {before.id, after.id}


@in_database
def test_whoever_lost_access_gets_no_mail_and_sees_no_draft_and_others_do():
    whose = organisation()
    nora = person("nora@nieuweland.example", organisations={whose.id: OrganisationRole.REPORTER})
    actor = member(whose.id, str(nora.id))
    incident = file(actor, whose.id).incident
    with tenancy.acting(actor):
        drafts.begin(actor, stage=Stage.EARLY_WARNING, organisation=whose.id)
        assert reporting.drafts_of(actor).count() == 1
    mail.outbox.clear()
    with tenancy.acting(OFFICER):
        actions.send_message(actor=OFFICER, incident=incident.id, text="One")
    assert told() == ["info@nieuweland.example", "nora@nieuweland.example"]
    with tenancy.acting(OFFICER):
        OrganisationMembership.objects.filter(user=nora).delete()
        actions.send_message(actor=OFFICER, incident=incident.id, text="Two")
        other = organisation("Bakkerij Heijn")
    assert told() == ["info@nieuweland.example"]
    gone = member(other.id, str(nora.id))
    with tenancy.acting(gone):
        assert list(reporting.drafts_of(gone)) == []
        assert Draft.objects.filter(account=nora.id).count() == 1


@in_database
def test_the_pages_of_the_desk_say_it_and_an_officer_settles_it_there(client: Client):
    whose = organisation()
    incident = file(member(whose.id), whose.id).incident
    leave(whose)
    client.force_login(person("officer@centre.example", centre=["officer"]))
    assert "Uitgeschreven terwijl een incident openstaat" in client.get("/incidents").content.decode()
    page = client.get(f"/incidents/{incident.id}").content.decode()
    assert "Niemand van deze organisatie kan nog een bericht lezen" in page
    with tenancy.acting(OFFICER):
        waits = Departure.objects.get()
    client.post(f"/incidents/departures/{waits.id}", {"note": "Reached by telephone"})
    page = client.get(f"/incidents/{incident.id}").content.decode()
    assert "Reached by telephone" in page


@in_database
def test_nobody_but_a_job_of_ours_says_that_somebody_left():
    whose = organisation()
    with tenancy.acting(OFFICER), pytest.raises(NotAllowed):
        organisation_left(actor=OFFICER, organisation=whose.id)


@pytest.fixture
def committed(django_db_setup, django_db_blocker, settings):
    """A database of its own, in which each action is a transaction of its own, as in real use."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    before, own = connection.settings_dict["NAME"], f"left_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock():
        connection.close()
        copy_of_template(own)
        connection.settings_dict["NAME"] = own
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before


def at_once(*acts):
    """Let all act at the same moment; what each returned."""
    together, found = threading.Barrier(len(acts)), {}

    def run(place, act):
        together.wait(timeout=20)
        try:
            found[place] = act()
        finally:
            connection.close()

    workers = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    return [found[place] for place in range(len(acts))]


@pytest.mark.usefixtures("committed")
def test_what_is_reported_while_it_leaves_is_kept_and_on_the_desk_once_in_either_order():
    orders = set()
    for number in range(8):
        whose = organisation(f"Bakkerij {number}.nl")
        made, _ = at_once(lambda whose=whose: file(member(whose.id), whose.id), lambda whose=whose: leave(whose))
        with tenancy.acting(OFFICER):
            row = Incident.objects.get(id=made.incident.id)
            assert not Organisation.objects.get(id=whose.id).active
            assert Departure.objects.filter(incident=row, side="reporter").count() == 1
            assert row.left_at is not None
            orders.add(
                Event.objects.get(action="reporting:organisation:left", organisation=str(whose.id)).detail["incidents"]
            )
    assert orders <= {0, 1}


@pytest.mark.usefixtures("committed")
def test_closed_while_it_leaves_it_does_not_wait_for_ever():
    for number in range(8):
        whose = organisation(f"Bakkerij {number}.nl")
        incident = file(member(whose.id), whose.id).incident

        def close(incident=incident):
            with tenancy.acting(OFFICER):
                return actions.close_incident(actor=OFFICER, incident=incident.id, reason="over")

        at_once(close, lambda whose=whose: leave(whose))
        with tenancy.acting(OFFICER):
            assert list(reads.waiting(OFFICER)) == []
