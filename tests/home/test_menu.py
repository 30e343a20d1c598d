"""The menu: what somebody may open, in parts, with the page they are on marked."""

from uuid import uuid4

import pytest
from django.utils import translation

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, OrganisationRole
from dijkwacht.portal.menu import MENU, navigation

OFFICER = Actor(kind=Kind.PERSON, id=str(uuid4()), roles=frozenset({CentreRole.OFFICER}))
AUDITOR = Actor(kind=Kind.PERSON, id=str(uuid4()), roles=frozenset({CentreRole.AUDITOR}))
READER = Actor(kind=Kind.PERSON, id=str(uuid4()), memberships={uuid4(): OrganisationRole.READER})


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def marked(actor, path):
    parts = [part for part in navigation(actor, path) if part["current"]]
    assert len(parts) <= 1
    return [(part["pages"][0]["title"], page["title"]) for part in parts for page in part["pages"] if page["current"]]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/findings", [("Findings", "Findings")]),
        ("/held", [("Notices", "Held")]),
        ("/batches/0190f5a6-0000-7000-8000-00000000000a", [("Findings", "Batches")]),
        ("/findings-of-old", []),
        ("/about", []),
    ],
)
def test_the_page_and_its_part_are_marked_and_nothing_else(path, found):
    assert marked(OFFICER, path) == found


def test_of_two_pages_around_a_path_the_nearest_is_marked():
    addresses = [page["address"] for part in navigation(OFFICER, "/") for page in part["pages"]]
    nested = [(one, two) for one in addresses for two in addresses if two.startswith(f"{one}/")]
    assert nested
    for _, inner in nested:
        (part,) = (part for part in navigation(OFFICER, inner) if part["current"])
        assert [page["address"] for page in part["pages"] if page["current"]] == [inner]


def test_nobody_is_shown_what_it_may_not_open():
    assert "Held" not in {page["title"] for part in navigation(AUDITOR, "/") for page in part["pages"]}
    assert "Audit log" in {page["title"] for part in navigation(AUDITOR, "/") for page in part["pages"]}
    assert {page["title"] for part in navigation(READER, "/") for page in part["pages"]} >= {"My findings"}
    assert "Today" not in {page["title"] for part in navigation(READER, "/") for page in part["pages"]}


def test_an_officer_sees_the_whole_menu_in_one_row():
    assert len(navigation(OFFICER, "/")) <= 10
    assert sum(len(part["pages"]) for part in navigation(OFFICER, "/")) > 15
    assert all(part.pages for part in MENU)
