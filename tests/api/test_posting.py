"""POST once, and every way in which a request can be wrong."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone
from tests.accounts.people import TESTER, person
from tests.api import notes

from dijkwacht.api import idempotency
from dijkwacht.api.models import KeptAnswer
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]
NOTES = "/api/v1/testing/notes"


@pytest.fixture
def officer(client):
    notes.calls.clear()
    client.force_login(person("officer@example.org", centre=["officer"]), backend=BACKEND)
    return client


BACKEND = "django.contrib.auth.backends.ModelBackend"


def post(client, body, key=None):
    headers = {"Idempotency-Key": key} if key is not None else {}
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(NOTES, text, content_type="application/json", headers=headers)


def test_the_same_key_and_request_gets_the_first_answer_and_acts_once(officer):
    first, second = (post(officer, {"text": "a"}, "key-1") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second["Idempotency-Replayed"] == "true"
    assert notes.calls == ["a"]


def test_without_a_key_each_request_acts(officer):
    for _ in range(2):
        post(officer, {"text": "a"})
    assert notes.calls == ["a", "a"]


def test_a_key_used_for_another_request_is_refused(officer):
    post(officer, {"text": "a"}, "key-1")
    answer = post(officer, {"text": "b"}, "key-1")
    assert (answer.status_code, answer.json()["title"]) == (422, "Idempotency key reused")


def test_a_key_belongs_to_its_actor(officer):
    post(officer, {"text": "a"}, "key-1")
    other = Client()
    other.force_login(person("other@example.org", centre=["officer"]), backend=BACKEND)
    assert post(other, {"text": "b"}, "key-1").status_code == 201


def test_what_was_refused_may_be_tried_again_with_the_same_key(officer):
    assert post(officer, {"txt": "a"}, "key-1").status_code == 422
    assert post(officer, {"text": "a"}, "key-1").status_code == 201


def test_what_failed_changed_nothing_and_may_be_tried_again(officer):
    before = User.objects.count()
    answer = post(officer, {"text": "fail"}, "key-1")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "secret" not in answer.content.decode()
    assert User.objects.count() == before
    assert post(officer, {"text": "fine"}, "key-1").status_code == 201


def test_after_a_day_a_key_is_new(officer):
    post(officer, {"text": "a"}, "key-1")
    with tenancy.acting(TESTER):
        KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))
    assert post(officer, {"text": "b"}, "key-1").status_code == 201
    with tenancy.acting(TESTER):
        assert KeptAnswer.objects.count() == 1


@pytest.mark.parametrize("key", ["", "a b", "a" * 256, "é", "\x7f"])
def test_a_key_is_visible_ascii(officer, key):
    assert post(officer, {"text": "a"}, key).status_code == 400


def test_a_kept_answer_is_sealed(officer):
    post(officer, {"text": "a secret shown once"}, "key-1")
    with tenancy.acting(TESTER):
        assert b"secret" not in bytes(KeptAnswer.objects.get().body)


def test_nobody_reads_kept_answers_but_the_centre(officer):
    post(officer, {"text": "a"}, "key-1")
    with tenancy.acting(tenancy.ANONYMOUS):
        assert not KeptAnswer.objects.exists()


@pytest.mark.django_db(transaction=False)
def test_two_at_the_same_time_with_one_key_do_not_both_act(officer):
    """Another connection holds the key's lock, as a request in progress does."""
    user = User.objects.get(email="officer@example.org")
    held, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            idempotency._lock(f"{user.id} key-1")
            held.set()
            done.wait(10)
        connections["default"].close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    answer = post(officer, {"text": "a"}, "key-1")
    done.set()
    thread.join()
    assert (answer.status_code, answer.json()["title"]) == (409, "Request in progress")
    assert notes.calls == []
    assert connection.in_atomic_block


UNREADABLE = {
    "no JSON": "{",
    "nothing": " ",
    "NUL": '{"text": "a\\u0000b"}',
    "half a surrogate": '{"text": "\\ud800"}',
    "a number that is none": '{"text": "a", "weight": NaN}',
    "no UTF-8": b'{"text": "\xff"}',
    "a name twice": '{"text": "a", "text": "b"}',
    "very deep": "[" * 100_000,
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_body_is_named_so(officer, body):
    answer = post(officer, body)
    assert (answer.status_code, answer.json()["title"]) == (400, "Unreadable body")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": 1}, "text"),
        ({"text": "a", "weight": "x"}, "weight"),
        ([], "text"),
        (None, "text"),
        ("1", "text"),
    ],
)
def test_a_wrong_field_is_named_with_its_place(officer, body, field):
    answer = post(officer, body)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    found = answer.json()["errors"]
    assert [(error["location"], error["field"]) for error in found] == [("body", field)]
    assert answer.json()["instance"] == NOTES


def test_a_session_without_its_form_token_changes_nothing():
    notes.calls.clear()
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("officer@example.org", centre=["officer"]), backend=BACKEND)
    answer = post(client, {"text": "a"})
    assert (answer.status_code, answer.json()["title"]) == (403, "Form token missing")
    assert notes.calls == []
    page = client.get("/account/login/", headers={"Accept-Language": "en"})
    assert page.status_code == 302
    client.cookies["csrftoken"] = "a" * 32
    answer = client.post(NOTES, '{"text": "a"}', content_type="application/json", headers={"X-CSRFToken": "a" * 32})
    assert answer.status_code == 201


def test_the_texts_are_in_the_language_of_a_strangers_request(client):
    told = {
        language: client.get("/api/v1/nothing", headers={"Accept-Language": language}).json()["detail"]
        for language in ("nl", "en")
    }
    assert told == {"nl": "Hier is niets, of niets van u.", "en": "There is nothing here, or nothing of yours."}


def test_the_type_of_a_problem_leads_to_its_explanation(officer):
    kind = officer.get("/api/v1/nothing").json()["type"]
    explained = officer.get(kind.partition(":8000")[2]).json()
    assert explained["status"] == 404
    assert explained["nl"] != explained["en"]


@pytest.mark.parametrize("address", ["/api/v1/me%00", "/api/v1/problems/x%00", "/api/v1/me?a=%00"])
def test_nul_in_an_address_is_refused(officer, address):
    assert officer.get(address).json()["title"] == "Unreadable address"
