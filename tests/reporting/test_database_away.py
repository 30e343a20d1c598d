"""The database is away for a moment: whoever sends something hears so in words, and sends it again."""

import psycopg
import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from tests.phishing.conftest import own_database

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.tenancy import TransactionMiddleware
from dijkwacht.rooms.reporting.models import Incident

from .test_crowd import FORM_LINK, GUEST, fields_of
from .test_doors import FORM

committed = pytest.fixture(own_database.__wrapped__, name="committed")
SAID = {"nl": "Er wordt iets hersteld", "en": "Something is being repaired"}


@pytest.fixture
def away(committed, monkeypatch):
    """No server listens where the database was."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")


def cut(request):
    """A view in which the database falls away."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(pg_backend_pid())")
    except OperationalError:
        return HttpResponse(status=500)  # as Django answers what a view raises
    raise AssertionError("the connection lives")


def cut_and_quiet(request):
    """A view that passes over it, and answers that all is well."""
    cut(request)
    return HttpResponse("done")


def cut_unseen(request):
    """A view that is done, and whose connection is cut by somebody else before what it did is kept."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("select pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    return HttpResponse("done")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_form_comes_back_with_what_was_typed_and_with_the_offline_form(away, language):
    answer = Client().post(GUEST, FORM, headers={"accept-language": language})
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert SAID[language] in page
    assert FORM_LINK[language] in page
    assert fields_of(page) == FORM


def test_a_program_hears_that_nothing_was_done_and_when_to_come_back(away):
    answer = Client().post("/api/v1/incidents/reports", "{}", content_type="application/json")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].endswith("/database-away")


@pytest.mark.parametrize(("view", "in_doubt"), [(cut, False), (cut_and_quiet, False), (cut_unseen, True)])
def test_only_what_was_being_kept_is_in_doubt(committed, view, in_doubt):
    answer = TransactionMiddleware(view)(RequestFactory().get("/"))
    assert (answer.status_code, answer.in_doubt) == (503, in_doubt)
    with tenancy.acting(system("tests")):  # the next request has a connection again
        assert not Incident.objects.exists()


def test_a_fault_of_ours_stays_one(committed):
    answer = TransactionMiddleware(lambda _: HttpResponse("broken", status=500))(RequestFactory().get("/"))
    assert answer.content == b"broken"
