"""How often and how much: buckets, their headers, and bodies."""

import json
from uuid import uuid4

import pytest
from tests.accounts.people import ADMINISTRATOR, bearer, person, token

from dijkwacht.api import limits
from dijkwacht.api.limits import Buckets

pytestmark = pytest.mark.django_db


@pytest.fixture
def text():
    organisation = uuid4()
    return token(person("a@example.org", organisations={organisation: ADMINISTRATOR}), organisation=organisation)


def test_a_bucket_gives_its_quota_and_refills_with_time():
    buckets = Buckets("test", 60)
    assert [buckets.take("a", now=0).left for _ in range(60)] == list(range(59, -1, -1))
    refused = buckets.take("a", now=0)
    assert (refused.exceeded, refused.wait) == (True, 1)
    assert not buckets.take("b", now=0).exceeded
    assert not buckets.take("a", now=1.5).exceeded
    assert buckets.take("a", now=1_000_000).left == 59


def test_a_refused_request_costs_nothing():
    buckets = Buckets("test", 60)
    for _ in range(1000):
        buckets.take("a", now=0)
    assert not buckets.take("a", now=1).exceeded


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(limits, "BUCKETS_KEPT", 10)
    buckets = Buckets("test", 60)
    for key in range(1000):
        buckets.take(str(key), now=0)
    assert len(buckets._levels) == 10


def test_each_answer_says_what_is_left(client, text):
    answer = client.get("/api/v1/me", headers=bearer(text))
    assert answer["RateLimit-Policy"] == '"token";q=600;w=60'
    assert answer["RateLimit"] == '"token";r=599;t=1'


def test_a_token_that_asks_too_often_waits(client, text, monkeypatch):
    monkeypatch.setattr(limits.PER_TOKEN, "quota", 2)
    answers = [client.get("/api/v1/me", headers=bearer(text)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Content-Type"] == "application/problem+json"
    assert int(answers[2]["Retry-After"]) >= 1


def test_an_address_that_floods_opens_no_transaction(client, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(limits.PER_ADDRESS, "quota", 1)
    client.get("/api/v1/problems/not-found")
    with django_assert_num_queries(0):
        assert client.get("/api/v1/problems/not-found").status_code == 429


def test_guessing_tokens_is_stopped(client, monkeypatch):
    monkeypatch.setattr(limits.WRONG_TOKENS, "quota", 2)
    codes = [client.get("/api/v1/me", headers=bearer("dw_x_y")).status_code for _ in range(3)]
    assert codes == [401, 401, 429]


@pytest.mark.urls("tests.api.urls")
def test_what_is_too_large_is_refused_whatever_reads_it(client):
    for size in (limits.LARGEST_BODY, 3 * 1024 * 1024):
        answer = post(client, json.dumps({"text": "a" * size}))
        assert answer.json()["title"] == "Body too large", size
        assert answer.status_code == 413


def post(client, body):
    client.force_login(person(f"{uuid4()}@example.org", centre=["officer"]))
    return client.post("/api/v1/testing/notes", body, content_type="application/json")
