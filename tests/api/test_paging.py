"""Lists in pages."""

from urllib.parse import parse_qs, urlsplit

import pytest
from tests.accounts.people import person

from dijkwacht.platform.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
PEOPLE = "/api/v1/testing/people"


@pytest.fixture
def officer(client):
    client.force_login(person("officer@example.org", centre=["officer"]), backend=BACKEND)
    return client


@pytest.fixture
def rows():
    """Twenty-five people, many with the same name, so that the order needs its second column."""
    return [User.objects.create(email=f"{n}@page.example", name=f"name {n % 3}") for n in range(25)]


def walk(client, address):
    """Every item on every page, and how many pages there were."""
    items, pages = [], 0
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.content
        items += [item["email"] for item in answer.json()["items"]]
        address, pages = answer.json()["next"], pages + 1
        assert (f'<{address}>; rel="next"' == answer.headers.get("Link")) == bool(address)
    return items, pages


@pytest.mark.parametrize(("limit", "pages"), [(1, 25), (7, 4), (25, 1), (200, 1)])
def test_every_row_comes_once_and_in_order(officer, rows, limit, pages):
    found, count = walk(officer, f"{PEOPLE}?limit={limit}")
    assert found == [row.email for row in sorted(rows, key=lambda row: (row.name, row.id))]
    assert count == pages


def test_a_row_that_comes_or_goes_meanwhile_hides_no_other(officer, rows):
    first = officer.get(f"{PEOPLE}?limit=10").json()
    User.objects.filter(email=first["items"][0]["email"]).delete()
    User.objects.create(email="early@page.example", name="a")
    rest, _ = walk(officer, first["next"])
    assert len(rest) == 15
    assert not {item["email"] for item in first["items"]} & set(rest)


@pytest.mark.parametrize("limit", ["0", "-1", "201", "many", ""])
def test_a_limit_out_of_bounds_is_refused(officer, limit):
    answer = officer.get(f"{PEOPLE}?limit={limit}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["location"] == "query"
    assert answer.json()["errors"][0]["field"] == "limit"


def test_a_cursor_is_not_for_another_list_or_actor_or_of_ones_own_making(officer, rows, client):
    cursor = parse_qs(urlsplit(officer.get(f"{PEOPLE}?limit=2").json()["next"]).query)["cursor"][0]
    for wrong in (cursor[:-1], cursor + "a", "x", "x" * 1000, cursor.swapcase()):
        assert officer.get(f"{PEOPLE}?cursor={wrong}").json()["title"] == "Invalid cursor"
    other = type(client)()
    other.force_login(person("other@example.org", centre=["officer"]), backend=BACKEND)
    assert other.get(f"{PEOPLE}?cursor={cursor}").json()["title"] == "Invalid cursor"
