"""Organisation A wants to know or change what is B's: by asking, guessing, counting, or naming two things at once."""

import email
import json
import re
import tomllib
from pathlib import Path

import pytest
from django.db import transaction
from tests.attacks import objects, world
from tests.notification import world as rows

from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.models import User
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.notification import sending
from dijkwacht.rooms.notification.models import Feedback, Notice
from dijkwacht.rooms.registry.actions import assets, organisations
from dijkwacht.rooms.registry.models import Asset, Organisation

CANARY = world.CANARY
HOSTILE = ("member-of-a", "administrator-of-a", "relay-of-a", "token-of-a", "token-of-relay")
NEEDED = (
    "finding",
    "notice",
    "contact",
    "asset",
    "token",
    "user",
    "mandate",
    "conflict",
    "answer-link",
    "challenge",
    "proof-link",
    "organisation",
    "acting_mandate",
    "incident",
    "event",
    "unreported",
    "for_us",
    "inventory",
    "told",
    "match",
    "advisory-link",
)


@pytest.fixture(scope="module")
def module_scene(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        made = world.build()
        for name in NEEDED:
            objects.identifiers(made, name, "uuid")
        with tenancy.acting(rows.TEST):
            _more_of_b(made)
        yield made, {role: made.client(role) for role in (*HOSTILE, "member-of-b", "anonymous")}
        transaction.set_rollback(True)


def _more_of_b(made):
    """What B has besides: a second finding, a comment, a number, a person with a name."""
    b = Organisation.objects.get(id=made.b)
    organisations.update_organisation(actor=rows.TEST, organisation=b.id, kvk="69599084")
    rows.finding(b, "192.0.2.200", host=f"{CANARY}.example", evidence={"banner": CANARY}, kind="scan-ssh")
    notice = Notice.objects.get(id=made.objects["notice"]["b"])
    Feedback.objects.create(notice=notice, organisation_id=b.id, answer="working", comment=CANARY, actor="x")
    User.objects.filter(id=made.people["member-of-b"].id).update(name=CANARY)


@pytest.fixture
def scene(module_scene):
    """The world and a client per role; what a test changes is undone."""
    with transaction.atomic():
        yield module_scene
        transaction.set_rollback(True)


def of_b():
    """Every row of B in every table that holds rows of organisations."""
    with tenancy.acting(rows.TEST):
        b = Organisation.objects.get(name__contains=CANARY).id
        return {
            model._meta.db_table: sorted(map(repr, model.objects.filter(**{owners[0]: b}).values_list()))
            for model, owners in tenancy.owned_models().items()
            if owners and owners[0]
        }


def text_of(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.headers.get("Location", "") + content.decode()


def send(client, method, address, body):
    if address.startswith("/api/") and method != "GET":
        return getattr(client, method.lower())(address, json.dumps(body), content_type="application/json")
    return getattr(client, method.lower())(address, body)


MIXED = tomllib.loads((Path(__file__).parent / "mixed.toml").read_text())["attack"]


def placed(value, made):
    """The value with the identifiers of this world in it."""
    objects.identifiers(made, "organisation", "uuid")
    return json.loads(
        re.sub(r"\{([a-z_-]+)\.([ab])\}", lambda found: str(made.objects[found[1]][found[2]]), json.dumps(value))
    )


@pytest.mark.parametrize(
    "attack", MIXED, ids=lambda attack: f"{attack['role']} {attack['door']} {list(attack['body'])}"
)
def test_naming_a_thing_of_b_changes_nothing_of_b(attack, scene, caplog):
    made, clients = scene
    before = of_b()
    method, address = placed(attack["door"], made).split(" ")
    answer = send(clients[attack["role"]], method, address, placed(attack["body"], made))
    assert answer.status_code == attack["status"], text_of(answer)[:1000]
    assert of_b() == before
    assert CANARY not in text_of(answer)
    assert CANARY not in caplog.text


GUESSES = [
    ("{finding.b}", "6d1a0b54-7b5d-4b0b-9f3b-000000000000"),
    ("Beta", "Zeta"),
    ("192.0.2.200", "192.0.2.201"),
    ("192.0.2.128/25", "198.19.200.64/27"),
    ("69599084", "27378529"),
    ("scan-ssh", "scan-smb"),
    ("CANARY-OF", "CANARD-OF"),
]
LISTS = [
    ("member-of-a", "/mine/findings", ("text", "organisation", "kind", "sort", "page")),
    ("member-of-a", "/mine/findings.csv", ("text", "organisation", "kind")),
    ("member-of-a", "/mine/findings.json", ("text", "organisation", "kind")),
    ("member-of-a", "/mine/notices", ("page",)),
    ("member-of-a", "/registry/organisations", ("words", "sector", "kind")),
    ("relay-of-a", "/members", ("text", "organisation", "kind")),
    ("relay-of-a", "/members/findings.csv", ("text", "organisation")),
    ("token-of-a", "/api/v1/findings", ("kind", "state")),
    ("token-of-relay", "/api/v1/members/findings", ("kind", "state")),
    ("token-of-a", "/api/v1/organisations", ("words", "kind", "sector")),
]
FLEETING = re.compile(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"')


@pytest.mark.parametrize(("role", "address", "filters"), LISTS, ids=[f"{role} {where}" for role, where, _ in LISTS])
def test_a_right_guess_about_b_looks_like_a_wrong_one(role, address, filters, scene):
    made, clients = scene
    for name in filters:
        for right, wrong in GUESSES:
            told = []
            for guess in (placed(right, made), wrong):
                answer = clients[role].get(address, {name: guess})
                text = FLEETING.sub("", text_of(answer))
                assert CANARY not in text.replace(guess, "")
                told.append(
                    (answer.status_code, text.replace(guess, "GUESS").replace(guess.replace("/", "%2F"), "GUESS"))
                )
            assert told[0] == told[1], (name, right)


def test_a_cursor_of_b_opens_nothing_for_a(scene):
    _, clients = scene
    following = clients["member-of-b"].get("/api/v1/findings?limit=1").json()["next"]
    assert clients["member-of-b"].get(following).json()["items"]
    for role in HOSTILE:
        answer = clients[role].get(following)
        assert answer.status_code in {403, 422}
        assert CANARY not in text_of(answer)


def test_an_idempotency_key_of_b_gives_a_its_own_answer(scene):
    made, clients = scene
    body = json.dumps({"answer": "working", "comment": CANARY})
    how = {"content_type": "application/json", "headers": {"Idempotency-Key": "one-key"}}
    first = clients["member-of-b"].post(f"/api/v1/notices/{made.objects['notice']['b']}/feedback", body, **how)
    assert first.status_code == 200
    for which, status in (("b", 404), ("a", 200)):
        answer = clients["token-of-a"].post(f"/api/v1/notices/{made.objects['notice'][which]}/feedback", body, **how)
        assert (answer.status_code, "Idempotency-Replayed" in answer) == (status, False)


def test_conditional_and_override_headers_open_nothing(scene):
    made, clients = scene
    address = f"/api/v1/findings/{made.objects['finding']['b']}"
    plain = clients["token-of-a"].get(address)
    for headers in (
        {"If-None-Match": "*"},
        {"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"X-Forwarded-User": "officer@centre.example", "Remote-User": "officer@centre.example"},
        {"X-Original-URL": "/api/v1/me", "X-Rewrite-URL": "/api/v1/me"},
    ):
        answer = clients["token-of-a"].get(address, headers=headers)
        assert (answer.status_code, text_of(answer)) == (404, text_of(plain))


def test_a_claim_on_what_b_holds_tells_not_whose_it_is_and_leaves_it_b(scene):
    made, clients = scene
    with tenancy.acting(rows.TEST):
        assets.verify_asset(actor=rows.TEST, asset=made.objects["asset"]["b"], evidence=CANARY)
    claim = {"kind": "prefix", "value": "192.0.2.128/25", "evidence": "ours, surely"}
    answer = send(clients["token-of-a"], "POST", f"/api/v1/organisations/{made.a}/assets", claim)
    page = clients["administrator-of-a"].get(f"/registry/organisations/{made.a}")
    for told in (text_of(answer), text_of(page)):
        assert CANARY not in told
        assert str(made.b) not in told
    with tenancy.acting(rows.TEST):
        assert Asset.objects.get(uid=made.objects["asset"]["b"]).status == "verified"
    again = send(clients["token-of-a"], "POST", f"/api/v1/organisations/{made.a}/assets", claim)
    assert again.status_code == 409
    assert CANARY not in text_of(again)


def test_inviting_a_person_of_b_does_not_tell_the_persons_name(scene):
    made, clients = scene
    address = made.people["member-of-b"].email
    form = {"place": str(made.a), "email": address, "role": "reader", "language": "en"}
    assert clients["administrator-of-a"].post("/account/people", form).status_code == 302
    people = text_of(clients["administrator-of-a"].get("/account/people"))
    assert address in people
    assert CANARY not in people.replace(address, "")


def test_mail_to_a_holds_nothing_of_b(scene, caplog):
    made, _ = scene
    with tenancy.acting(rows.TEST):
        for owner in (made.a, made.b):
            who = Organisation.objects.get(id=owner)
            rows.notice(who, rows.finding(who, f"192.0.2.{owner.int % 99}", host=f"{who.name.split()[-1]}.example"))
        sending.send(list(Notice.objects.order_by("id")))
        mails = {
            owner: "".join(_parts(message) for message in Message.objects.filter(organisation_id=owner))
            for owner in (made.a, made.b)
        }
    assert CANARY in mails[made.b]
    assert mails[made.a]
    assert CANARY not in mails[made.a]
    assert CANARY not in caplog.text


def _parts(message):
    """Everything readable in a mail: its headers and each part, decoded."""
    read = email.message_from_bytes(bytes(message.body))
    parts = [part.get_payload(decode=True) or b"" for part in read.walk()]
    return str(read.items()) + message.recipient + "".join(part.decode("utf-8", "replace") for part in parts)
