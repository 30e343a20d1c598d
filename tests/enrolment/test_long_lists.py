"""Lists too long for a page: read at once or by a job with progress, reported line by line, claimed set by set."""

import csv
import io
import json
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.accounts.people import person
from tests.enrolment import story

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.rooms.enrolment import actions, establishing, holdings, lists
from dijkwacht.rooms.enrolment.models import AssetList, Registration
from dijkwacht.rooms.registry.models import Asset, AssetConflict, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(settings, tmp_path):
    settings.BUSINESS_REGISTER = story.register_file(tmp_path)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person("jan@debron.example", language="en"))
    return client


def domains(count, start=0):
    return "\n".join(f"n{number}.debron.example" for number in range(start, start + count))


def hand_in(client, text, name="list.csv"):
    given = {"holdings": "", "file": SimpleUploadedFile(name, text.encode()), "do": "next"}
    return client.post("/register/holdings", given)


def listed():
    return story.seen(AssetList.objects.get)


def jobs(name):
    return list(ProcrastinateJob.objects.filter(task_name=name, status="todo"))


def test_a_list_of_thousands_is_read_at_once_and_every_refused_line_is_told(maker):
    maker.post("/register", {})
    answer = hand_in(maker, f"kind;value\n{domains(3000)}\n10.0.0.0/8\n=cmd|x\n")
    assert answer["Location"] == "/register/holdings"
    page = maker.get("/register/holdings").content.decode()
    assert "3003 lines read: 3000 assets understood." in page
    assert "2 lines left out." in page
    file = maker.get("/register/holdings/refused.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(file)))
    assert [row[:2] for row in rows[1:]] == [["3002", "10.0.0.0/8"], ["3003", "'=cmd|x"]]
    assert all(reason for _line, _text, reason in rows[1:])
    maker.post("/register/holdings", {"holdings": "", "do": "drop"})
    assert story.seen(AssetList.objects.count) == 0
    assert maker.get("/register/holdings/refused.csv").status_code == 404


def test_a_very_long_list_is_read_by_a_job_with_progress(maker, monkeypatch):
    monkeypatch.setattr(lists, "AT_ONCE", 1000)
    monkeypatch.setattr(lists, "SLICE", 400)
    maker.post("/register", {})
    hand_in(maker, domains(1500))
    row = listed()
    (job,) = jobs("enrolment.read_list")
    assert job.args == {"account": str(row.account), "version": str(row.version)}
    page = maker.get("/register/holdings").content.decode()
    assert "<progress" in page
    assert "0 of 1500 lines read" in page
    assert b"the list is still being read" in maker.get("/register/check").content
    steps = []
    real = lists.tenancy.acting

    def watched(actor):
        steps.append(AssetList.objects.values_list("lines_read", flat=True).first())
        return real(actor)

    monkeypatch.setattr(lists.tenancy, "acting", watched)
    lists.read(row.account, row.version)
    assert listed().lines_read == 1500
    assert len(listed().assets) == 1500
    assert len(steps) > 4


def test_a_job_for_a_list_that_was_replaced_changes_nothing(maker, monkeypatch):
    monkeypatch.setattr(lists, "AT_ONCE", 1000)
    maker.post("/register", {})
    hand_in(maker, domains(1500))
    old = listed()
    hand_in(maker, domains(1200))
    lists.read(old.account, old.version)
    assert (listed().lines, listed().read_at) == (1200, None)


def test_more_than_a_hundred_thousand_lines_and_a_flood_of_cells_are_bounded(monkeypatch):
    monkeypatch.setattr(holdings, "MOST_LINES", 50)
    monkeypatch.setattr(holdings, "MOST_PARTS", 30)
    found = list(holdings.each(["a b c d"] * 40, reserved=True, on=story.ON))
    assert len(found) <= 34
    assert "at most 30 words or cells" in found[-1].note_en
    found = list(holdings.each(["# nothing"] * 60, reserved=True, on=story.ON))
    assert [one.note_en for one in found] == ["at most 50 lines"]


def test_a_hundred_thousand_lines_cost_bounded_time():
    began = time.process_time()
    found = list(holdings.each((f"n{number}.debron.example" for number in range(20_000)), reserved=True, on=story.ON))
    assert len(found) == 20_000
    assert time.process_time() - began < 12  # 100,000 within a minute, whatever the machine does beside it


def test_many_assets_stand_on_the_receipt_by_number_and_hash_and_a_job_lets_them_in(maker):
    story.prove(maker, kvk=story.KVK)
    story.fill(maker)
    hand_in(maker, domains(700))
    _page, number = story.confirm(maker)
    row = story.seen(lambda: Registration.objects.get(id=number))
    assert (row.state, row.reasons, len(row.confirmed["assets"])) == ("waiting", [], 700)
    file = maker.get(f"/register/{number}/assets.csv").content
    receipt = json.loads(row.receipt)["receipt"]["assets"]
    assert receipt == {"count": 700, "sha256": lists.digest(row.confirmed["assets"])}
    assert file == lists.as_csv(row.confirmed["assets"]).encode()
    assert maker.get(f"/register/{number}/receipt.pdf").content.startswith(b"%PDF-")
    (job,) = jobs("enrolment.approve_alone")
    actions.approve_alone(actor=actions.APPROVER, registration=job.args["registration"])
    after = story.seen(lambda: Registration.objects.get(id=number))
    assert (after.state, after.automatic) == ("approved", True)
    assert story.seen(lambda: Asset.objects.filter(status="claimed").count()) == 700
    actions.approve_alone(actor=actions.APPROVER, registration=job.args["registration"])
    assert story.seen(Organisation.objects.count) == 1


def test_many_assets_of_which_one_is_anothers_wait_for_an_officer(maker):
    neighbour = story.neighbour("n5.debron.example")
    story.prove(maker, kvk=story.KVK)
    story.fill(maker)
    hand_in(maker, domains(700))
    _page, number = story.confirm(maker)
    actions.approve_alone(actor=actions.APPROVER, registration=number)
    row = story.seen(lambda: Registration.objects.get(id=number))
    assert (row.state, row.reasons) == ("waiting", ["contested"])
    assert story.seen(lambda: [one.id for one in Organisation.objects.all()]) == [neighbour]
    assert story.seen(AssetConflict.objects.count) == 0
    desk = Client(headers={"Accept-Language": "en"})
    desk.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER], language="en"))
    assert "All 700 assets (CSV)" in desk.get(f"/registrations/{number}").content.decode()
    assert desk.get(f"/registrations/{number}/assets.csv").content.count(b"\n") == 701
    desk.post(f"/registrations/{number}", {"do": "approve", "reason": "Called both"})
    (job,) = jobs("enrolment.claim")
    establishing.claim_of(job.args["registration"])
    establishing.claim_of(job.args["registration"])
    mine = story.seen(lambda: Asset.objects.exclude(organisation_id=neighbour).count())
    assert mine == 700
    assert story.seen(AssetConflict.objects.count) == 1


def test_typing_a_long_list_keeps_what_was_kept_before_and_does_not_say_kept(maker):
    maker.post("/register", {})
    assert maker.post("/register/holdings", {"holdings": "debron.example", "do": "keep"}).status_code == 204
    assert maker.post("/register/holdings", {"holdings": domains(600), "do": "keep"}).status_code == 413
    assert "debron.example</textarea>" in maker.get("/register/holdings").content.decode()
    assert story.seen(AssetList.objects.count) == 0


def test_a_list_larger_than_its_bound_is_refused(maker, monkeypatch):
    monkeypatch.setattr(lists, "LONGEST_LIST", 40_000)
    monkeypatch.setattr("dijkwacht.rooms.enrolment.web.LONGEST_LIST", 40_000)
    maker.post("/register", {})
    answer = hand_in(maker, "x" * 50_000)
    assert (answer.status_code, b"at most 8 MB" in answer.content) == (413, True)
    assert story.seen(AssetList.objects.count) == 0
