"""A report is filed once, has a receipt, and starts the clocks of the law."""

import json
from datetime import timedelta

import pytest

from dijkwacht.platform import tenancy
from dijkwacht.platform.receipts import Signer, canonical, verify
from dijkwacht.rooms.reporting import reads, terms
from dijkwacht.rooms.reporting.errors import NotAllowed, NotFound, StageNotOpen
from dijkwacht.rooms.reporting.models import DueMoment, Incident, Message, Report
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import FINAL, NOTIFICATION, OFFICER, ago, authority, early_warning, file, member, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def whose():
    return organisation()


@pytest.fixture
def nora(whose):
    return member(whose.id)


def seen_by(actor):
    with tenancy.acting(actor):
        return list(reads.incidents_for(actor)), list(Incident.objects.all())


def test_an_early_warning_has_a_receipt_that_anybody_can_verify(whose, nora, settings):
    made = file(nora, whose.id)
    (report,) = made.reports
    body = verify(report.receipt, Signer.of(settings.HOME).verifier)
    assert body["number"] == report.number
    assert body["content_sha256"] == report.sha256
    assert body["stage"] == "early-warning"
    assert body["organisation"] == {"name": whose.name}
    assert len(report.number.replace("-", "")) == 18


def test_the_receipt_stands_for_the_content_to_the_byte(whose, nora):
    from hashlib import sha256

    (report,) = file(nora, whose.id).reports
    with tenancy.acting(nora):
        again = Report.objects.get(id=report.id)
    assert sha256(canonical(again.content)).hexdigest() == report.sha256
    assert again.content["dpv"].endswith("#EarlyWarningReport")


def test_what_somebody_wrote_stands_encrypted(whose, nora):
    made = file(nora, whose.id)
    with tenancy.acting(nora):
        row = Incident.objects.get(id=made.incident.id)
        stored = json.dumps(
            {name: str(value) for name, value in Incident.objects.filter(id=row.id).values()[0].items()}
        )
    assert row.title == "Pumps do not answer"
    assert "Pumps" not in stored
    assert b"Pumps" not in bytes(row.facts_sealed)


def test_the_stages_of_the_law_follow_each_other(whose, nora):
    first = file(nora, whose.id).incident.id
    with pytest.raises(StageNotOpen):
        file(nora, whose.id, Stage.FINAL, FINAL, first)
    file(nora, whose.id, Stage.NOTIFICATION, NOTIFICATION, first)
    file(nora, whose.id, Stage.INTERMEDIATE, {"description": "Better"}, first)
    file(nora, whose.id, Stage.PROGRESS, FINAL, first)
    with pytest.raises(StageNotOpen):
        file(nora, whose.id, Stage.FINAL, FINAL, first)
    file(nora, whose.id, Stage.FINAL_AFTER_PROGRESS, {**FINAL, "handled": ago(minutes=5)}, first)
    with tenancy.acting(nora):
        filed = terms.filed_of(reads.reports_of(Incident.objects.get(id=first)))
    assert {stage for _law, stage in filed} == {
        "early-warning", "notification", "intermediate", "progress", "final-after-progress",
    }  # fmt: skip


def test_a_new_version_moves_no_clock(whose, nora):
    made = file(nora, whose.id)
    due = made.incident.next_due_at
    again = file(nora, whose.id, facts=early_warning(awareness=ago(minutes=1)), incident=made.incident.id)
    assert (again.reports[0].version, again.incident.awareness_at) == (2, made.incident.awareness_at)
    with tenancy.acting(CLERK):
        assert Incident.objects.get(id=made.incident.id).next_due_at == due


def test_the_centre_answers_and_the_terms_are_rows(whose, nora):
    made = file(nora, whose.id)
    with tenancy.acting(CLERK):
        (answer,) = Message.objects.filter(incident=made.incident)
        rows = {(row.purpose, row.stage) for row in DueMoment.objects.filter(incident=made.incident)}
        due = DueMoment.objects.get(incident=made.incident, purpose="overdue", stage="notification").due_at
    assert answer.automatic
    assert made.incident.number in answer.text
    assert {("remind", "notification"), ("overdue", "notification"), ("late", "answer"), ("escalate", "")} <= rows
    assert due == made.incident.awareness_at + timedelta(hours=72)


def test_what_need_not_be_reported_becomes_a_voluntary_report_for_the_csirt_alone(whose, nora):
    made = file(nora, whose.id, facts=early_warning(kind="near-miss", significant=False))
    assert [report.stage for report in made.reports] == ["voluntary"]
    assert seen_by(authority(organisation("Toezicht", sectors=()).id, "1.6")) == ([], [])


def test_a_voluntary_report_has_no_term_for_its_reporter(whose, nora):
    made = file(nora, whose.id, Stage.VOLUNTARY, {**early_warning(), "kind": None, "significant": None})
    assert made.incident.matter == "voluntary"
    with tenancy.acting(CLERK):
        assert {row.stage for row in DueMoment.objects.filter(incident=made.incident)} == {"answer"}
    assert seen_by(authority(organisation("Toezicht", sectors=()).id, "1.6")) == ([], [])


def test_an_authority_reads_what_must_be_reported_in_its_sector_and_no_other(whose, nora):
    made = file(nora, whose.id)
    reader = organisation("Toezicht", sectors=()).id
    assert seen_by(authority(reader, "1.6")) == ([made.incident], [made.incident])
    assert seen_by(authority(reader, "1.5")) == ([], [])


def test_another_organisation_sees_and_files_nothing(whose, nora):
    made = file(nora, whose.id)
    other = organisation("Bakkerij Korst", classification="other", sectors=())
    stranger = member(other.id)
    assert seen_by(stranger) == ([], [])
    with pytest.raises(NotFound):
        file(stranger, other.id, Stage.NOTIFICATION, NOTIFICATION, made.incident.id)
    with pytest.raises(NotAllowed):
        file(stranger, whose.id)


def test_an_officer_files_for_somebody_who_is_not_registered(whose):
    made = file(OFFICER, None)
    assert made.incident.organisation_id is None
    assert seen_by(member(whose.id)) == ([], [])
    assert seen_by(OFFICER)[0] == [made.incident]


def test_a_breach_of_personal_data_is_reported_under_that_law_too_once_it_is_complete(whose, nora):
    data = {
        "personal_data_breach": True,
        "personal_data_risk": "risk",
        "data_role": "controller",
        "data_nature": "Read by somebody",
        "data_categories": "Names and addresses, 2000",
        "data_subjects": "Customers",
        "data_subjects_count": 2000,
        "data_consequences": "Phishing",
        "data_measures": "Told them",
        "dpo_contact": "fg@nieuweland.example",
    }
    made = file(nora, whose.id, facts=early_warning(**data))
    assert [(report.regime, report.stage) for report in made.reports] == [
        ("cbw", "early-warning"),
        ("avg", "notification"),
    ]
    assert len({report.number for report in made.reports}) == 2
