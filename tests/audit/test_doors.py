"""The doors of the log: command line, page, sign-ins, erasure."""

import json
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.contrib.auth import authenticate, user_logged_in, user_logged_out, user_login_failed
from django.test import RequestFactory, override_settings
from django.utils import translation

from dijkwacht.kernel.actor import ANONYMOUS, Actor, CentreRole, Kind, OrganisationRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.errors import NotAllowed
from dijkwacht.platform.accounts.models import User
from dijkwacht.platform.audit import actions, files, reads, web
from dijkwacht.platform.audit.cli import audit
from dijkwacht.platform.audit.errors import InvalidCursor, InvalidFilter
from dijkwacht.platform.audit.models import Event, Personal
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry.models import Organisation

AUDITOR = Actor(kind=Kind.PERSON, id="auditor", roles=frozenset({CentreRole.AUDITOR}))
ADMINISTRATOR = Actor(kind=Kind.PERSON, id="administrator", roles=frozenset({CentreRole.ADMINISTRATOR}))
OTHERS = {
    "anonymous": ANONYMOUS,
    "officer": Actor(kind=Kind.PERSON, id="officer", roles=frozenset({CentreRole.OFFICER})),
    "analyst": Actor(kind=Kind.PERSON, id="analyst", roles=frozenset({CentreRole.ANALYST})),
    "member": Actor(kind=Kind.PERSON, id="member", memberships={uuid4(): OrganisationRole.ADMINISTRATOR}),
    "token": Actor(kind=Kind.TOKEN, id="token", roles=frozenset({CentreRole.AUDITOR})),
    "link": Actor(kind=Kind.LINK, id="link"),
}


def run(*arguments):
    return CliRunner().invoke(audit, [str(argument) for argument in arguments])


# --- command line -----------------------------------------------------------------------------------------------------
def test_verify_says_that_nothing_was_changed(log):
    log.write(3)
    log.sequence()
    result = run("verify")
    assert result.exit_code == 0
    assert "3 signed entries" in result.output
    assert json.loads(run("verify", "--json").output)["ok"] is True


def test_verify_names_the_changed_entry_and_fails(log):
    log.write(3)
    log.sequence()
    with log.intruder() as server:
        server.execute("update audit_event set result = 'refused' where id = %s", [log.events()[1]])
    result = run("verify")
    assert result.exit_code == 1
    assert "changed: entry 1" in result.output
    assert log.events()[1] in result.output
    assert "test:thing:change" in result.output
    report = json.loads(run("verify", "--json").output)
    assert (report["ok"], report["findings"][0]["index"]) == (False, 1)


def test_a_saved_checkpoint_is_held_against_the_log(log):
    log.write(3)
    log.sequence()
    saved = log.home / "saved"
    saved.write_text(run("checkpoint").output)
    log.write(3)
    log.sequence()
    assert run("verify", "--from-checkpoint", saved).exit_code == 0
    key = run("checkpoint", "--verifier-key").output.strip()
    assert run("verify", "--from-checkpoint", saved, "--key", key).exit_code == 0
    assert json.loads(run("checkpoint", "--json").output)["size"] == 6


WRONG_USE = [
    ("verify", "--from-checkpoint", "nowhere"),
    ("verify", "--key", "no key"),
    ("verify", "extra"),
    ("prove", "no-uuid"),
    ("prove",),
    ("check-proof", "nowhere"),
    ("unknown",),
]


@pytest.mark.parametrize("arguments", WRONG_USE, ids=" ".join)
def test_wrong_use_gives_two(log, arguments):
    result = run(*arguments)
    assert result.exit_code == 2, result.output


def test_a_checkpoint_that_is_none_is_wrong_use(log):
    for number, content in enumerate([b"", b"\xff\xfe", b"dijkwacht/audit/x\n1\nAAAA\n\n"]):
        path = log.home / str(number)
        path.write_bytes(content)
        assert run("verify", "--from-checkpoint", path).exit_code == 2


def test_without_a_checkpoint_there_is_nothing_to_print(log):
    assert run("checkpoint").exit_code == 1


def test_a_checkpoint_that_is_not_ours_is_not_printed(log):
    log.folder.mkdir()
    (log.folder / "checkpoint").write_text("something")
    assert run("checkpoint").exit_code == 1


def test_an_entry_is_proven_to_somebody_with_only_the_key(log):
    event = log.write(300)[77]
    log.sequence()
    proof = log.home / "event.tlog-proof"
    proof.write_text(run("prove", event).output)
    key = run("checkpoint", "--verifier-key").output.strip()
    result = run("check-proof", proof, "--key", key, "--json")
    assert result.exit_code == 0
    assert json.loads(result.output)["id"] == str(event)
    assert json.loads(run("prove", event, "--json").output)["proof"] == proof.read_text()
    assert "The proof holds" in run("check-proof", proof).output


def test_no_changed_line_of_a_proof_holds(log):
    event = log.write(300)[77]
    log.sequence()
    proof, path = run("prove", event).output, log.home / "proof"
    for number, line in enumerate(proof.split("\n")):
        for changed in ("", "x" + line, line[:-1], line + "A"):
            lines = proof.split("\n")
            lines[number] = changed
            path.write_text("\n".join(lines))
            if path.read_text() != proof:
                assert run("check-proof", path).exit_code == 1, (number, changed)


def test_an_event_that_is_not_signed_has_no_proof(log):
    waiting = log.write()[0]
    assert run("prove", waiting).exit_code == 1
    log.sequence()
    assert run("prove", waiting).exit_code == 0
    assert run("prove", uuid4()).exit_code == 1
    (log.folder / "tile/entries/000.p/1").write_bytes(b"")
    assert run("prove", waiting).exit_code == 1


# --- reads ------------------------------------------------------------------------------------------------------------
def test_an_auditor_reads_the_log_page_by_page_and_the_reading_is_recorded(log):
    log.write(reads.PAGE * 2 + 5)
    filters = reads.Filters(action="test:")
    cursor, seen, sizes = "", [], []
    while True:
        page = reads.events_for(AUDITOR, filters, cursor)
        seen += [event.id for event in page.events]
        sizes.append(len(page.events))
        cursor = page.following
        if not cursor:
            break
    assert sizes == [reads.PAGE, reads.PAGE, 5]
    assert len(set(seen)) == reads.PAGE * 2 + 5
    assert Event.objects.filter(action="audit:log:read", actor_id="auditor").count() == 3


@pytest.mark.parametrize("actor", OTHERS.values(), ids=OTHERS)
def test_nobody_else_reads_the_log_and_the_attempt_is_recorded(log, actor):
    with pytest.raises(NotAllowed):
        reads.events_for(actor, reads.Filters())
    assert Event.objects.get().result == "refused"


FILTERED = [
    ({"object_id": "3"}, 1),
    ({"object_type": "thing"}, 5),
    ({"object_type": "other"}, 0),
    ({"result": "refused"}, 0),
    ({"actor_id": "6f9e1c1e-0000-4000-8000-000000000001"}, 5),
    ({"organisation": str(uuid4())}, 0),
    ({"since": "2026-01-01T00:00"}, 5),
    ({"until": "2026-01-01T00:00"}, 0),
    ({"action": "test:thing", "unknown": "x"}, 5),
    ({"action": "%"}, 0),
]


@pytest.mark.parametrize(("given", "expected"), FILTERED)
def test_filters_choose(log, given, expected):
    log.write(5)
    assert len(reads.events_for(AUDITOR, reads.Filters.parse(given)).events) == expected


@pytest.mark.parametrize("given", [{"organisation": "x"}, {"since": "soon"}, {"action": "a" * 101}, {"result": "\x00"}])
def test_a_filter_that_cannot_be_read_is_named(given):
    with pytest.raises(InvalidFilter, match=next(iter(given))):
        reads.Filters.parse(given)


@pytest.mark.parametrize("cursor", ["x", "AAAA", "é", "MjAyNi0wMS0wMSB4", "0" * 5000])
def test_a_cursor_that_we_did_not_give_is_refused(log, cursor):
    with pytest.raises(InvalidCursor):
        reads.events_for(AUDITOR, reads.Filters(), cursor)


# --- page -------------------------------------------------------------------------------------------------------------
BASE = "{% block title %}{% endblock %}{% block main %}{% endblock %}"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [files.__file__.replace("files.py", "templates")],
        "OPTIONS": {
            "loaders": [
                ("django.template.loaders.locmem.Loader", {"portal/base.html": BASE}),
                "django.template.loaders.filesystem.Loader",
            ]
        },
    }
]


def shown(actor, query="", language="en"):
    request = RequestFactory().get(f"/audit{query}")
    request.actor = actor
    with override_settings(TEMPLATES=TEMPLATES), translation.override(language):
        return web.log(request)


def test_the_page_shows_events_and_the_state_of_the_checkpoint(log):
    assert "There is no checkpoint yet" in shown(AUDITOR).content.decode()
    log.write(reads.PAGE + 5)
    log.sequence()
    page = shown(AUDITOR, "?action=test").content.decode()
    assert "The signature is right" in page
    assert "test:thing:change" in page
    assert 'rel="next"' in page


def test_the_page_says_when_the_log_is_broken(log):
    log.write(3)
    log.sequence()
    tile = log.folder / "tile/0/000.p/3"
    for content in (b"\x01" * 96, b""):
        tile.write_bytes(content)
        assert "does not match" in shown(AUDITOR).content.decode()
    (log.folder / "checkpoint").write_text("x")
    assert "does not match" in shown(AUDITOR).content.decode()


def test_the_page_escapes_what_strangers_wrote(log):
    log.write(target=("<script>alert(1)</script>", "<img src=x onerror=alert(1)>"), detail={"a": "<b>"})
    page = shown(AUDITOR, "?action=test").content.decode()
    assert "<script>" not in page
    assert "<img" not in page
    assert "<b>" not in page


def test_the_page_says_what_is_wrong_with_a_filter(log):
    response = shown(AUDITOR, "?since=soon", "nl")
    assert response.status_code == 422
    assert "since kan niet worden gelezen" in response.content.decode()


def test_a_visitor_is_asked_to_sign_in(log):
    assert shown(ANONYMOUS).status_code == 302


# --- sign-ins ---------------------------------------------------------------------------------------------------------
def test_sign_ins_and_sign_outs_are_recorded(log):
    user = User.objects.create_user("iris@example.org", "a long enough password")
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.9")
    user_logged_in.send(sender=User, request=request, user=user)
    user_logged_out.send(sender=User, request=request, user=user)
    user_logged_out.send(sender=User, request=request, user=None)
    start, end = Event.objects.order_by("at")
    assert (start.action, end.action) == ("accounts:session:start", "accounts:session:end")
    assert (start.actor_id, start.origin, start.result) == (str(user.id), "192.0.2.9", "ok")
    assert "iris" not in str(start.detail)


def test_a_refused_sign_in_is_recorded_without_the_address_in_clear(log):
    request = RequestFactory().post("/")
    assert authenticate(request, email="Iris@Example.org ", password="wrong") is None
    event = Event.objects.get()
    assert (event.action, event.result, event.actor_kind) == ("accounts:session:start", "refused", "anonymous")
    assert "iris" not in str(event.detail).lower()
    assert "wrong" not in str(event.detail)
    log.sequence()
    assert log.verify().ok


@pytest.mark.parametrize("email", ["", "a" * 100_000, "\x00\ud800"])
def test_a_hostile_address_is_recorded_too(log, email):
    user_login_failed.send(sender=None, credentials={"email": email}, request=None)
    assert Event.objects.count() == 1


# --- erasure ----------------------------------------------------------------------------------------------------------
def test_erasing_a_person_keeps_the_log_valid(log):
    log.write(3, personal={"email": "iris@example.org", "name": "Iris"})
    log.write(2, personal={"email": "other@example.org"})
    log.sequence()
    with tenancy.acting(ADMINISTRATOR):
        erased = actions.erase_personal(actor=ADMINISTRATOR, name="email", value="iris@example.org", reason="AVG 17")
    assert erased == 3
    report = log.verify()
    assert report.ok
    assert report.erased == 3
    with tenancy.acting(system("test")):
        assert Personal.objects.count() == 5
        assert Event.objects.filter(action="audit:personal:erase", detail__erased=3).exists()


@pytest.mark.parametrize("actor", [AUDITOR, *OTHERS.values()], ids=lambda actor: actor.id)
def test_only_an_administrator_erases(log, actor):
    with pytest.raises(NotAllowed):
        actions.erase_personal(actor=actor, name="email", value="x", reason="")


@pytest.mark.django_db
def test_an_auditor_reads_who_it_was_with_the_identifier_beside(client):
    with tenancy.acting(system("tests")):
        auditor = User.objects.create_user("auditor@centre.example", None, name="Aad Audit")
        auditor.centre_memberships.create(role="auditor")
        worker = User.objects.create_user("nora@korst.example", None, name="Nora")
        whose = Organisation.objects.create(name="Bakkerij Korst")
        actor = Actor(kind=Kind.PERSON, id=str(worker.id))
        record(actor=actor, action="registry:asset:claim", target=("asset", "x"), organisation=whose.id)
        record(actor=actor, action="registry:organisation:update", target=("organisation", whose.id))
    client.force_login(auditor, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/audit?action=registry:").content.decode()
    for said in ("Nora (nora@korst.example)", str(worker.id), "Bakkerij Korst", str(whose.id)):
        assert page.count(said) >= 2, said
    with tenancy.acting(system("tests")):
        worker.delete()
    assert "Nora" not in client.get("/audit?action=registry:").content.decode()
