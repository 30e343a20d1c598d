"""The quarterly summary for ENISA: as the incidents stood on a day, the same bytes later, small numbers suppressed."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from tests.accounts.people import person

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry import history
from dijkwacht.rooms.reporting import actions
from dijkwacht.rooms.reporting.cli_spoc import spoc
from dijkwacht.rooms.reporting.errors import NotAllowed
from dijkwacht.rooms.reporting.judging.models import Judgement
from dijkwacht.rooms.reporting.models import Incident, Report
from dijkwacht.rooms.reporting.rules import Channel, Stage
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import NOTIFICATION, OFFICER, early_warning, file, member, organisation

pytestmark = pytest.mark.django_db
THEN = datetime(2026, 8, 20, 9, tzinfo=UTC)  # in the third quarter
DAY = "2026-10-01"


@pytest.fixture
def whose():
    return organisation()


def place(incident, at):
    """Let an incident and what came with it have come in at a moment."""
    with tenancy.acting(CLERK):
        Incident.objects.filter(id=incident.id).update(received_at=at)
        Report.objects.filter(incident=incident).update(submitted_at=at)
        Judgement.objects.filter(incident=incident).update(at=at)


def reported(whose, number, at=THEN, **facts):
    made = [file(member(whose.id), whose.id, facts=early_warning(**facts)).incident for _ in range(number)]
    for incident in made:
        place(incident, at)
    return made


def quarterly(day=DAY):
    with tenancy.acting(OFFICER):
        return actions.extract_quarter(actor=OFFICER, as_of=history.parse(day))


def test_a_day_gives_the_same_bytes_after_everything_about_its_incidents_was_changed(whose):
    made = reported(whose, 6, incident_type="availability/ddos")
    before = quarterly().content()
    told = json.loads(before)
    assert told["quarter"] == {"first": "2026-07-01", "last": "2026-09-30"}
    assert (told["as_of"], told["complete"], told["total"]) == (DAY, True, 6)
    assert told["tables"]["sector"] == {"1.6": 6}
    assert told["tables"]["incident_type"] == {"availability": 6}
    for incident in made:
        facts = early_warning(**NOTIFICATION, incident_type="fraud", cross_border=True)
        file(member(whose.id), whose.id, Stage.NOTIFICATION, facts, incident.id)
        with tenancy.acting(OFFICER):
            actions.judge_incident(actor=OFFICER, incident=incident.id, significant=False, reason="Too small")
            actions.close_incident(actor=OFFICER, incident=incident.id, reason="Done")
    reported(whose, 1, at=datetime.now(UTC))
    assert quarterly().content() == before
    today = quarterly(datetime.now(UTC).isoformat()).summary
    assert today.tables["kind"] == {"incident": 6}
    assert today.tables["incident_type"] == {"fraud": 6}
    assert today.tables["cross_border"] == {"yes": 6}


def test_the_last_judgement_of_that_day_decides_what_is_significant(whose):
    for incident in reported(whose, 5):
        with tenancy.acting(OFFICER):
            made = actions.judge_incident(actor=OFFICER, incident=incident.id, significant=False, reason="Small")
        with tenancy.acting(CLERK):
            Judgement.objects.filter(id=made.id).update(at=THEN + timedelta(days=3))
    assert quarterly().summary.tables["kind"] == {"incident": 5}
    assert quarterly("2026-10-02").summary.first == date(2026, 7, 1)


def test_small_numbers_are_suppressed_with_as_many_others_as_hide_them(whose):
    reported(whose, 9, incident_type="fraud")
    reported(whose, 2, incident_type="malicious-code")
    summary = quarterly().summary
    assert summary.total == 11
    assert summary.tables["incident_type"] == {"fraud": None, "malicious-code": None}
    assert json.loads(quarterly().content())["suppressed_below"] == 5


def test_fewer_than_the_threshold_gives_no_number_at_all(whose):
    reported(whose, 4)
    assert quarterly().summary.total is None


def test_a_name_that_a_program_made_up_is_not_in_the_summary(whose):
    reported(whose, 5, incident_type="acme-holding", kind="near-miss", significant=False)
    told = quarterly().content().decode()
    assert "acme" not in told
    assert json.loads(told)["tables"]["kind"] == {"near-miss": 5}


def test_a_report_without_account_counts_once_its_address_was_confirmed():
    for _ in range(5):
        with tenancy.acting(CLERK):
            made = actions.file_report(
                actor=CLERK, stage=Stage.VOLUNTARY, facts=early_warning(), organisation=None,
                channel=Channel.GUEST, guest=actions.Guest("192.0.2.0/24"),
            )  # fmt: skip
        place(made.incident, THEN)
    assert quarterly().summary.total == 0
    with tenancy.acting(CLERK):
        Incident.objects.update(verified_at=THEN + timedelta(hours=1))
    assert quarterly().summary.total == 5


def test_nobody_but_an_officer_takes_it_and_that_is_recorded(whose):
    nora = member(whose.id)
    with tenancy.acting(nora), pytest.raises(NotAllowed):
        actions.extract_quarter(actor=nora, as_of=history.parse(DAY))
    quarterly()
    with tenancy.acting(CLERK):
        assert Event.objects.filter(action="reporting:quarter:extract").count() == 1


def test_the_command_prints_the_file_and_refuses_what_is_no_day(whose):
    reported(whose, 5)
    run = CliRunner()
    answer = run.invoke(spoc, ["quarterly", "--as-of", DAY, "--json"])
    assert answer.exit_code == 0
    assert answer.stdout_bytes == quarterly().content()
    assert run.invoke(spoc, ["quarterly", "--as-of", DAY]).stdout.startswith("2026-07-01 to 2026-09-30: 5")
    for wrong in ("", "tomorrow", "2999-01-01", "0001-01-01", "2026-13-01", "2026-10-01T00:00:00+99:00", "\x00"):
        answer = run.invoke(spoc, ["quarterly", "--as-of", wrong])
        assert answer.exit_code == 2, wrong
        assert "--as-of" in answer.stderr


def test_the_page_shows_it_and_gives_the_same_file(client, whose):
    reported(whose, 5)
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    page = client.get("/incidents/quarterly", {"as_of": DAY})
    assert b"quarterly.json?as_of=2026-10-01" in page.content
    assert client.get("/incidents/quarterly.json", {"as_of": DAY}).content == quarterly().content()
    for wrong in ("x", "2999-01-01", "0001-01-01", "<script>"):
        assert client.get("/incidents/quarterly", {"as_of": wrong}).status_code == 422
        assert client.get("/incidents/quarterly.json", {"as_of": wrong}).status_code == 404
