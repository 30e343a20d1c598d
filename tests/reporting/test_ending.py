"""The reporter says that an incident is over, and the month of the final report runs from then (Cbw 29(2))."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.accounts.people import MEMBER, bearer, person, token

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import reads, showing, terms
from dijkwacht.rooms.reporting.ending.actions import say_handled
from dijkwacht.rooms.reporting.errors import AlreadyDone, InvalidValue, NotFound
from dijkwacht.rooms.reporting.models import DueMoment, Incident
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import FINAL, NOTIFICATION, ago, file, member, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def whose():
    return organisation()


@pytest.fixture
def nora(whose):
    return member(whose.id)


@pytest.fixture
def going_on(whose, nora):
    first = file(nora, whose.id).incident.id
    file(nora, whose.id, Stage.NOTIFICATION, NOTIFICATION, first)
    file(nora, whose.id, Stage.PROGRESS, FINAL, first)
    return first


def clocks(nora, incident):
    with tenancy.acting(nora):
        row = Incident.objects.get(id=incident)
        return {one.stage: one for one in terms.clocks(row, terms.filed_of(reads.reports_of(row))) if not one.ours}


def over(nora, incident, since):
    with tenancy.acting(nora):
        return say_handled(actor=nora, incident=incident, since=since)


def test_a_progress_report_takes_the_place_of_a_final_one_which_was_not_handed_in(nora, going_on):
    final, progress = (clocks(nora, going_on)[stage] for stage in ("final", "progress"))
    shown = showing.ticking(final, datetime.now(UTC))
    assert (final.done, final.replaced, shown.replaced) == (True, True, True)
    assert (progress.done, progress.replaced) == (True, False)


def test_a_final_report_is_done_and_replaced_by_nothing(whose, nora):
    first = file(nora, whose.id).incident.id
    file(nora, whose.id, Stage.NOTIFICATION, NOTIFICATION, first)
    file(nora, whose.id, Stage.FINAL, FINAL, first)
    final = clocks(nora, first)["final"]
    assert (final.done, final.replaced) == (True, False)


def test_when_it_is_over_the_month_of_the_final_report_runs_with_its_reminders(nora, going_on):
    assert "final-after-progress" not in clocks(nora, going_on)
    since = datetime.now(UTC) - timedelta(minutes=5)
    over(nora, going_on, since)
    clock = clocks(nora, going_on)["final-after-progress"]
    with tenancy.acting(CLERK):
        rows = DueMoment.objects.filter(incident=going_on, stage="final-after-progress", withdrawn_at=None)
        purposes = {row.purpose for row in rows}
    assert not clock.done
    assert timedelta(days=27) < clock.due - since < timedelta(days=40)
    assert purposes == {"remind", "overdue"}


def test_the_end_is_said_once_and_not_of_what_cannot_be(nora, going_on):
    with pytest.raises(InvalidValue):
        over(nora, going_on, datetime.now(UTC) + timedelta(hours=1))
    with pytest.raises(InvalidValue):
        over(nora, going_on, datetime.now(UTC) - timedelta(days=3))
    over(nora, going_on, datetime.now(UTC))
    with pytest.raises(AlreadyDone):
        over(nora, going_on, datetime.now(UTC))


def test_nobody_else_says_that_it_is_over(going_on):
    other = member(organisation("Gemeente Elders").id, "00000000-0000-4000-8000-0000000000ab")
    with pytest.raises(NotFound):
        over(other, going_on, datetime.now(UTC))


def test_an_officer_keeps_the_end_by_the_word_of_who_reported_it(client, nora, going_on):
    client.force_login(person("dina@centre.example", centre=[CentreRole.OFFICER]))
    page = f"/incidents/{going_on}"
    assert f'action="{page}/handled"' in client.get(page).content.decode()
    since = datetime.now(ZoneInfo("Europe/Amsterdam")).strftime("%Y-%m-%dT%H:%M")
    text = client.post(f"{page}/handled", {"since": since}, follow=True).content.decode()
    assert "Het is voorbij sinds:" in text
    assert "final-after-progress" in clocks(nora, going_on)


def test_the_final_report_that_says_it_later_moves_nothing(whose, nora, going_on):
    said = over(nora, going_on, datetime.now(UTC) - timedelta(minutes=5)).handled_at
    made = file(nora, whose.id, Stage.FINAL_AFTER_PROGRESS, {**FINAL, "handled": ago(minutes=1)}, going_on)
    assert made.incident.handled_at == said
    assert clocks(nora, going_on)["final-after-progress"].done


def test_the_page_says_replaced_and_takes_the_end_from_a_small_form(client, whose, going_on):
    client.force_login(person("nora@nieuweland.example", organisations={whose.id: MEMBER}))
    page = client.get(f"/report/{going_on}").content.decode()
    assert "vervangen door het voortgangsverslag" in page
    assert "Het is voorbij sinds" in page
    wrong = client.post(f"/report/{going_on}/handled", {"since": "yesterday"}, follow=True)
    assert "2026-11-27T03:15" in wrong.content.decode()
    since = datetime.now(ZoneInfo("Europe/Amsterdam")).strftime("%Y-%m-%dT%H:%M")
    after = client.post(f"/report/{going_on}/handled", {"since": since}, follow=True)
    text = after.content.decode()
    assert "Het is voorbij sinds:" in text
    assert "Eindverslag na voortgang" in text
    assert "Leg dit moment vast" not in text
    client.cookies["django_language"] = "en"
    english = client.get(f"/report/{going_on}").content.decode()
    assert "replaced by the progress report" in english
    assert "It is over since:" in english


def test_a_program_says_the_end_with_an_offset_and_once(client, whose, going_on):
    head = bearer(token(person("admin@a.example"), "reports:read", "reports:write", organisation=whose.id))

    def say(since):
        return client.post(
            f"/api/v1/incidents/{going_on}/handled", {"since": since}, content_type="application/json", headers=head
        )

    assert say("2026-11-20T03:15").status_code == 422
    assert say(ago(days=-1)).status_code == 422
    answer = say(ago(minutes=5))
    assert answer.status_code == 200, answer.content
    assert "final-after-progress" in {clock["stage"] for clock in answer.json()["clocks"]}
    assert [clock["replaced"] for clock in answer.json()["clocks"] if clock["stage"] == "final"] == [True]
    assert say(ago(minutes=4)).status_code == 409
