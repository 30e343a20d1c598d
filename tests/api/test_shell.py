"""How the API answers and refuses, whatever the route."""

from uuid import uuid4

import pytest
from tests.accounts.people import ADMINISTRATOR, MEMBER, bearer, person, token

from dijkwacht.kernel.actor import CentreRole

pytestmark = pytest.mark.django_db


def test_a_token_learns_who_it_is(client):
    organisation = uuid4()
    creator = person("a@example.org", organisations={organisation: ADMINISTRATOR})
    text = token(creator, "findings:read", organisation=organisation)
    answer = client.get("/api/v1/me", headers=bearer(text))
    assert answer.status_code == 200
    assert answer["API-Version"] == "1.0.0"
    assert answer.json()["memberships"] == [{"organisation": str(organisation), "role": "reader"}]
    assert answer.json()["permissions"] == ["findings:read", "me:read"]


def test_a_session_learns_who_it_is(client):
    client.force_login(person("a@example.org", centre=[CentreRole.OFFICER], organisations={uuid4(): MEMBER}))
    assert "registry:write" in client.get("/api/v1/me").json()["permissions"]


def test_nobody_is_asked_to_sign_in(client):
    answer = client.get("/api/v1/me")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer.json()["title"] == "Sign in first"
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("path", "status"), [("/api/v1/nothing", 404), ("/api/", 404), ("/api/v1/me/", 404)])
def test_an_unknown_address_is_a_problem(client, path, status):
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(client):
    answer = client.delete("/api/v1/me")
    assert (answer.status_code, answer["Content-Type"], answer["Allow"]) == (405, "application/problem+json", "GET")


@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_a_problem_in_the_place_of_a_page_promises_its_own_length(client, method):
    answer = getattr(client, method)("/api/v1/nothing")
    assert answer["Content-Length"] == str(len(answer.content))
