"""Public pages see no cookie, touch no session, and may be kept by any cache; a scan without account stores nothing."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dijkwacht.rooms.knowledge.planning.models import Scan

pytestmark = pytest.mark.django_db
PAGES = [
    "/knowledge/nl",
    "/knowledge/en",
    "/knowledge/nl/measures/use-mfa",
    "/knowledge/en/frameworks/cir",
    "/knowledge/nl/sources",
    "/knowledge/nl/scans/care",
    "/knowledge/nl/feed.atom",
]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_may_be_kept_by_any_cache(address):
    client = Client()
    client.cookies["session"] = "x" * 32
    client.cookies["django_language"] = "en"
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert "Vary" not in answer.headers
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.content == Client().get(address, headers={"Accept-Language": "nl"}).content
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_signed_in_person_reads_the_same_page(django_user_model):
    person = django_user_model.objects.create_user("somebody@a.example", "a long enough phrase")
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/knowledge/nl").content == Client().get("/knowledge/nl").content


def test_a_page_asks_the_database_nothing_about_a_session():
    client = Client()
    client.cookies["session"] = "x" * 32
    with CaptureQueriesContext(connection) as asked:
        client.get("/knowledge/nl")
    assert not [one for one in asked.captured_queries if "session" in one["sql"]]


def test_a_scan_without_account_gives_an_order_and_stores_nothing():
    answer = Client().get("/knowledge/nl/scans/quick?size=micro&q19=no&q22=partly&go=1")
    assert answer.headers["Cache-Control"] == "private, no-store"
    text = answer.content.decode()
    assert text.index("Gebruik een tweede factor") < text.index("Maak back-ups")
    assert "/plans/carry?scan=quick&amp;size=micro&amp;q19=no" in text
    assert not answer.cookies
    assert not Scan.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["/knowledge/xx", "/knowledge/nl/measures/nothing", "/knowledge/nl/scans/nothing", "/knowledge/nl/frameworks/xyz"],
)
def test_what_is_not_there_is_not_found(address):
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("query", ["size=micro&q01=maybe&go=1", "q01=yes&go=1", "size=huge&go=1", "size[]=x&go=1&q01="])
def test_answers_that_are_none_ask_again(query):
    answer = Client().get(f"/knowledge/en/scans/quick?{query}")
    assert answer.status_code == 200
    assert "Choose how many people work for you" in answer.content.decode()


def test_what_is_searched_for_is_shown_as_text():
    answer = Client().get("/knowledge/en/search", {"q": "<script>alert(1)</script>"})
    assert b"<script>alert" not in answer.content
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_feed_is_atom_with_every_measure():
    root = ET.fromstring(Client().get("/knowledge/en/feed.atom").content)  # noqa: S314 - our own
    atom = "{http://www.w3.org/2005/Atom}"
    assert len(root.findall(f"{atom}entry")) == 40
    assert all(entry.find(f"{atom}{name}").text for entry in root.findall(f"{atom}entry") for name in ("id", "updated"))


def test_the_api_gives_measures_and_scans_to_everybody():
    measures = Client().get("/api/v1/knowledge/measures").json()
    assert len(measures) == 40
    one = Client().get("/api/v1/knowledge/measures/use-mfa").json()
    assert one in measures
    assert one["maps"]["bio2"] == ["5.17", "8.05"]
    assert [len(scan["statements"]) for scan in Client().get("/api/v1/knowledge/scans").json()] == [25, 27]
    assert Client().get("/api/v1/knowledge/measures/nothing").status_code == 404
    assert re.search("json", Client().get("/api/v1/knowledge/search?q=mfa").headers["Content-Type"])


def test_the_front_leads_on_in_the_language_that_somebody_chose(client):
    client.cookies["django_language"] = "en"
    assert client.get("/knowledge", headers={"Accept-Language": "nl"})["Location"] == "/knowledge/en"
    del client.cookies["django_language"]
    assert client.get("/knowledge", headers={"Accept-Language": "en"})["Location"] == "/knowledge/en"
    assert client.get("/knowledge", headers={"Accept-Language": "nl"})["Location"] == "/knowledge/nl"
