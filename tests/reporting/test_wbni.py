"""Open reports from before the Cbw come in as early warnings: once, with their own moments, and the law's clocks."""

import json

import pytest
from click.testing import CliRunner

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.reporting import terms
from dijkwacht.rooms.reporting.cli import report as command
from dijkwacht.rooms.reporting.models import DueMoment, Incident, Report
from dijkwacht.rooms.reporting.scheduling import CLERK
from dijkwacht.rooms.reporting.wbni import shape
from dijkwacht.rooms.reporting.wbni.models import WbniReport

from .story import NOTIFICATION, OFFICER, file, member, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def water():
    return organisation("Waterleiding Nieuweland", kvk="12345678")


def old(number="W-2026-17", **more):
    return {
        "number": number,
        "reported": "2026-08-14T09:00:00+02:00",
        "article": "10(1)(b)",
        "closed": False,
        "organisation": "kvk:12345678",
        "facts": {
            "title": "Pumps do not answer",
            "occurrence": "2026-08-13T22:00:00+02:00",
            "awareness": "2026-08-14T08:00:00+02:00",
            "indicators": ["192.0.2.7"],
        },
        **more,
    }


@pytest.fixture
def run(tmp_path):
    def called(rows, *options, name="old.json"):
        path = tmp_path / name
        path.write_text(rows if isinstance(rows, str) else json.dumps(rows), encoding="utf-8")
        done = CliRunner().invoke(command, ["import-wbni", str(path), *options, "--json"])
        return done.exit_code, json.loads(done.stdout) if done.exit_code < 2 else done.stderr

    return called


def test_an_open_report_comes_in_with_its_moments_and_the_notification_is_next(water, run, mailoutbox):
    code, told = run([old()])
    assert (code, told["imported"], mailoutbox) == (0, 1, [])
    assert told["rows"][0]["forward_to_authority"] is True
    with tenancy.acting(CLERK):
        (row,), (one,) = Incident.objects.all(), Report.objects.all()
        assert row.received_at.isoformat() == "2026-08-14T07:00:00+00:00" == one.submitted_at.isoformat()
        assert (one.regime, one.stage, one.channel) == ("cbw", "early-warning", "wbni")
        assert one.content["dpv"].endswith("EarlyWarningReport")
        assert (row.number, row.title, row.shared_sectors) == (
            told["rows"][0]["incident"],
            "Pumps do not answer",
            ["1.6"],
        )
        clocks = {clock.stage: clock for clock in terms.clocks(row, terms.filed_of([one]))}
        assert clocks["early-warning"].done
        assert clocks["notification"].due.isoformat() == "2026-08-17T08:00:00+02:00"
        assert DueMoment.objects.filter(incident=row, stage="notification", purpose="overdue").exists()
        assert Event.objects.filter(action="reporting:report:import").count() == 1


def test_the_notification_follows_and_ends_its_clock(water, run):
    run([old()])
    with tenancy.acting(CLERK):
        (row,) = Incident.objects.all()
    from dijkwacht.rooms.reporting.rules import Stage

    file(member(water.id), water.id, Stage.NOTIFICATION, NOTIFICATION, row.id)
    with tenancy.acting(CLERK):
        open_ = DueMoment.objects.filter(incident=row, stage="notification", withdrawn_at=None)
        assert not open_.exists()
        assert DueMoment.objects.filter(incident=row, stage="final").exists()


def test_the_same_number_again_changes_nothing(water, run):
    _, first = run([old()])
    code, again = run([old(facts={"title": "Another"})])
    assert (code, again["known"], again["rows"][0]["incident"]) == (0, 1, first["rows"][0]["incident"])
    with tenancy.acting(CLERK):
        assert (Incident.objects.count(), Report.objects.count(), WbniReport.objects.count()) == (1, 1, 1)


def test_two_rows_with_one_number_are_one(water, run):
    code, told = run([old(), old()])
    assert (code, told["imported"], told["known"]) == (0, 1, 1)


@pytest.mark.parametrize(
    ("change", "what", "said"),
    [
        ({"closed": True}, "history", "closed"),
        ({"article": "16"}, "history", "voluntary"),
        ({"reported": "2026-08-15T00:00:00+02:00"}, "refused", "under the Cbw"),
        ({"organisation": "kvk:87654321"}, "refused", "registered"),
        ({"organisation": "Nobody known"}, "refused", "registered"),
        ({"reported": "2026-08-14T09:00:00"}, "refused", "offset"),
        ({"article": "11"}, "refused", "article"),
        ({"facts": {"titel": "x"}}, "refused", "titel"),
        ({"facts": {"early_warning": "2026-08-14T09:00:00+02:00"}}, "refused", "early_warning"),
        ({"answered": "2026-08-01T09:00:00+02:00"}, "refused", "before"),
        ({"strange": 1}, "refused", "strange"),
    ],
    ids=["closed", "voluntary", "later", "number", "name", "offset", "article", "fact", "moment", "answer", "key"],
)
def test_a_row_that_does_not_come_in_says_why_and_the_others_do(water, run, change, what, said):
    code, told = run([old("W-1", **change), old("W-2")])
    assert code == (1 if what == "refused" else 0)
    first, second = told["rows"]
    assert (first["what"], second["what"]) == (what, "imported")
    assert said in first["because_en"]
    assert first["number"] == "W-1"


def test_one_that_is_no_entity_stays_history(run):
    with tenancy.acting(OFFICER):
        registry.create_organisation(actor=OFFICER, name="Bakkerij", kind="organisation", kvk="12345678")
    assert run([old()])[1]["history"] == 1


def test_answered_before_keeps_its_answer_and_no_clock_of_the_centre_runs(water, run):
    run([old(answered="2026-08-14T10:00:00+02:00")])
    with tenancy.acting(CLERK):
        (row,) = Incident.objects.all()
        assert row.first_answer_at
        assert not DueMoment.objects.filter(purpose__in=["answer", "late", "escalate"]).exists()


COLUMNS = "number;reported;article;closed;answered;organisation;title;awareness;suspected_malicious;users_affected"
CELLS = "W-1;2026-08-14T09:00:00+02:00;13;nee;;kvk:12345678;Pompen;2026-08-14T08:00:00+02:00;ja;400;192.0.2.7"


def test_a_csv_file_says_the_same(water, run):
    code, told = run(f"{COLUMNS};indicators\n{CELLS}\n", name="old.csv")
    assert (code, told["imported"]) == (0, 1), told
    with tenancy.acting(CLERK):
        (row,) = Incident.objects.all()
    assert (row.facts["suspected_malicious"], row.facts["users_affected"]) == (True, 400)
    assert row.facts["indicators"] == ["192.0.2.7"]
    code, told = run(f"{COLUMNS};indicators\n{CELLS};more\n", name="more.csv")
    assert (code, told["rows"][0]["what"]) == (1, "refused")


@pytest.mark.parametrize(
    ("content", "name"),
    [("{}", "x.json"), ("[", "x.json"), ("[]", "x.json"), ("a,b\n1,2\n", "x.csv"), ("", "x.csv"), ("[]", "x.txt")],
)
def test_a_file_that_is_none_ends_with_two(run, content, name):
    code, said = run(content, name=name)
    assert (code, bool(said)) == (2, True)


def test_trying_stores_nothing(water, run):
    assert run([old()], "--try")[1]["imported"] == 1
    with tenancy.acting(CLERK):
        assert not Incident.objects.exists()
    assert run([old()])[1]["imported"] == 1


def test_the_shape_is_published_and_holds_for_an_example():
    done = CliRunner().invoke(command, ["import-wbni", "--schema"])
    schema = json.loads(done.stdout)
    assert schema == shape.json_schema()
    assert set(old()) <= set(schema["$defs"]["OldReport"]["properties"])
