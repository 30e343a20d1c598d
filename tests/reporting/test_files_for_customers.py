"""Files of one report for many customers: each has them with its own report; nobody learns of another by them."""

import json
import re
from base64 import b64encode
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from tests.accounts.people import MEMBER, bearer, person, token

from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import actions as own_actions
from dijkwacht.rooms.reporting.customers import actions
from dijkwacht.rooms.reporting.customers.models import ProviderEvent, ProviderFiling, SharedFile
from dijkwacht.rooms.reporting.enclosing import rules
from dijkwacht.rooms.reporting.enclosing.rules import Enclosed
from dijkwacht.rooms.reporting.errors import AttachmentNotAllowed
from dijkwacht.rooms.reporting.models import Attachment, Incident, Report
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import NOTIFICATION, authority, early_warning, member, organisation
from .test_customers import FORM, customers, greet, msp, provider, tell, world
from .test_keeping_reports import forget, months

__all__ = ["greet", "msp", "world"]
pytestmark = pytest.mark.django_db
LOG = b"2026-11-20 03:15 login root from 192.0.2.7\n" * 100
FILES = (Enclosed("log.txt", LOG), Enclosed("notes.txt", b"second"))


@pytest.fixture
def filed(msp):
    """One event at a provider for two customers, with two files."""
    held = customers(2)
    actor = provider(*[one.id for one in held], own=msp.id)
    return held, actor, tell(actor, held, files=FILES)


def test_each_customer_has_the_files_with_its_report_as_its_own_and_the_bytes_stand_once(filed):
    held, _actor, _filing = filed
    for one in held:
        with tenancy.acting(member(one.id)):
            rows = Attachment.objects.all()
            assert [(row.name, row.content()) for row in rows] == [("log.txt", LOG), ("notes.txt", b"second")]
            content = Report.objects.filter(regime="cbw").get().content
            assert content["files"] == [{"sha256": row.sha256, "size": row.size} for row in rows]
            assert content["files"][0]["sha256"] == sha256(LOG).hexdigest()
    with tenancy.acting(CLERK), connection.cursor() as cursor:
        assert (Attachment.objects.count(), len({row.id for row in Attachment.objects.all()})) == (4, 4)
        cursor.execute("select sum(octet_length(content_sealed)) from reporting_attachment")
        assert cursor.fetchone() == (0,)
        cursor.execute("select content_sealed, name_sealed from reporting_sharedfile")
        for content, name in cursor.fetchall():
            assert b"login root" not in bytes(content)
            assert b".txt" not in bytes(name)
        assert SharedFile.objects.count() == len(FILES)


def test_a_customer_and_its_authority_read_the_bytes_and_find_nothing_of_event_provider_or_others(filed, client):
    held, _actor, filing = filed
    rijk = organisation("Inspectie", classification="other", sectors=())
    sector = held[0].sectors[0]
    with tenancy.acting(authority(rijk.id, sector)):
        assert {row.content() for row in Attachment.objects.all()} == {LOG, b"second"}
        assert ProviderFiling.objects.count() == 0
    with tenancy.acting(member(rijk.id)):
        assert (Attachment.objects.count(), SharedFile.objects.count()) == (0, 0)
    with tenancy.acting(CLERK):
        incidents = {row.organisation_id: row for row in Incident.objects.all()}
        rows = {one: list(Attachment.objects.filter(incident=incidents[one.id])) for one in held}
        shared = [str(one.id) for one in SharedFile.objects.all()]
    client.force_login(person("nora@klant.example", organisations={held[0].id: MEMBER}))
    for row in rows[held[0]]:
        answer = client.get(f"/report/files/{row.id}")
        assert b"".join(answer) in {LOG, b"second"}
    for row in rows[held[1]]:
        assert client.get(f"/report/files/{row.id}").status_code == 404
    mine = incidents[held[0].id]
    said = "".join(
        client.get(one).content.decode() for one in (f"/report/{mine.id}", f"/api/v1/incidents/{mine.id}", "/report")
    )
    with tenancy.acting(member(held[0].id)):
        (report,) = Report.objects.filter(regime="cbw")
        said += report.receipt + json.dumps(report.content)
    others = [str(row.id) for row in rows[held[1]]]
    for secret in (*shared, *others, str(filing.event_id), str(filing.id), str(held[1].id), held[1].name):
        assert secret not in said


def test_a_later_stage_brings_its_files_and_one_of_files_alone_is_a_new_version(filed):
    _held, actor, filing = filed
    with tenancy.acting(actor):
        event = filing.event_id
        actions.tell_more(
            actor=actor, event=event, stage=Stage.NOTIFICATION, facts={**early_warning(), **NOTIFICATION},
            files=(FILES[0], Enclosed("image.bin", b"\x00\x01")),
        )  # fmt: skip
        actions.tell_more(
            actor=actor, event=event, stage=Stage.NOTIFICATION, facts={}, files=(Enclosed("more.bin", b"3"),)
        )
    with tenancy.acting(CLERK):
        for row in Incident.objects.all():
            names = [one.name for one in Attachment.objects.filter(incident=row)]
            assert names == ["log.txt", "notes.txt", "image.bin", "more.bin"]  # the same file is not there twice
            last = Report.objects.filter(incident=row, stage="notification").order_by("version").last()
            assert (last.version, len(last.content["files"])) == (2, 1)


def test_a_job_files_the_files_of_many_customers_once(msp):
    held = customers(actions.AT_ONCE + 1)
    filing = tell(provider(*[one.id for one in held], own=msp.id), held, files=FILES)
    for _ in range(2):
        with tenancy.acting(CLERK):
            actions.file_event(actor=CLERK, filing=filing.id)
    with tenancy.acting(CLERK):
        assert (Attachment.objects.count(), SharedFile.objects.count()) == (len(held) * 2, 2)


def test_a_customer_with_all_the_files_it_may_have_does_not_stop_its_provider(msp, monkeypatch):
    monkeypatch.setattr(rules, "MOST", 1)
    held = customers(1)
    actor = provider(held[0].id, own=msp.id)
    filing = tell(actor, held)
    with tenancy.acting(CLERK):
        incident = Incident.objects.get().id
    nora = member(held[0].id)
    with tenancy.acting(nora):
        own_actions.attach(actor=nora, incident=incident, name="own.txt", content=b"own")
    with tenancy.acting(actor):
        actions.tell_more(actor=actor, event=filing.event_id, stage=Stage.EARLY_WARNING, facts={}, files=FILES[:1])
    with tenancy.acting(nora):
        assert [one.name for one in Attachment.objects.all()] == ["own.txt", "log.txt"]
        with pytest.raises(AttachmentNotAllowed):
            own_actions.attach(actor=nora, incident=incident, name="two.txt", content=b"two")
    with tenancy.acting(actor), pytest.raises(AttachmentNotAllowed):
        actions.tell_more(actor=actor, event=filing.event_id, stage=Stage.EARLY_WARNING, facts={}, files=FILES[1:])


@pytest.mark.parametrize("content", [b"", b"x" * (rules.LARGEST + 1)], ids=["empty", "too large"])
def test_a_file_that_cannot_be_kept_is_refused_before_anything_is_filed(msp, content):
    held = customers(2)
    with pytest.raises(AttachmentNotAllowed):
        tell(provider(*[one.id for one in held], own=msp.id), held, files=[Enclosed("a", content)])
    with tenancy.acting(CLERK):
        assert (Incident.objects.count(), ProviderEvent.objects.count(), SharedFile.objects.count()) == (0, 0, 0)


def test_the_bytes_go_after_a_year_with_every_row_that_refers_to_them(filed):
    forget(**months(11))
    with tenancy.acting(CLERK):
        assert SharedFile.objects.count() == len(FILES)
    forget(**months(12))
    with tenancy.acting(CLERK):
        assert (SharedFile.objects.count(), Attachment.objects.count()) == (0, 0)
        assert Report.objects.exists()


def test_on_the_pages_files_are_enclosed_with_the_draft_for_many(greet):
    draft = greet.post("/report/customers", {"which": "all"})["Location"]
    assert "naar elke klant" in greet.get(draft).content.decode()
    evil = SimpleUploadedFile("<b>.html", b"<script>alert(1)</script>", "text/html")
    assert greet.post(draft, {**FORM, "do": "enclose", "file": evil})["Location"] == f"{draft}#files"
    check = greet.post(draft, FORM)["Location"]
    assert "&lt;b&gt;.html" in greet.get(check).content.decode()
    event = greet.post(check)["Location"]
    page = greet.get(event).content.decode()
    assert "&lt;b&gt;.html" in page
    assert "alert(1)" not in page
    with tenancy.acting(CLERK):
        assert {one.content() for one in Attachment.objects.all()} == {b"<script>alert(1)</script>"}
        assert Attachment.objects.count() == 3  # the provider is one that it may report for
    found = re.search(r"/report/files/[0-9a-f-]{36}", greet.get(greet_first(greet, event)).content.decode())
    assert found, "the provider reads the file where it reads the incident"


def greet_first(greet, event):
    return re.search(r"/report/(?!customers)[0-9a-f-]{36}", greet.get(event).content.decode())[0]


def test_a_program_sends_them_with_the_event(world, msp):
    from dijkwacht.platform.accounts.models import User

    with tenancy.acting(CLERK):
        boss = User.objects.get(email="greet@beheer.example")
    text = token(boss, "reports:read", "reports:write", "customers:report", organisation=msp.id)
    one = {"name": "log.txt", "content": b64encode(LOG).decode()}
    body = {"organisations": [str(each.id) for each in world[:2]], "stage": "early-warning", "facts": early_warning()}
    how = {"content_type": "application/json", "headers": bearer(text)}
    answer = Client().post("/api/v1/provider-events", {**body, "attachments": [one]}, **how)
    assert answer.status_code == 201, answer.content
    with tenancy.acting(CLERK):
        assert [row.content() for row in Attachment.objects.all()] == [LOG, LOG]
    refused = Client().post(
        "/api/v1/provider-events", {**body, "attachments": [{"name": "a", "content": "AAA"}]}, **how
    )
    assert refused.status_code == 422
