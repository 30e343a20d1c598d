"""When too many come at once: who is let in first, what the others are told, and that nothing they typed is lost."""

import re
import threading
import time
from html import unescape

import pytest
from django.test import Client
from tests.accounts.people import MEMBER, person

from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.admission import SHARE, Gate
from dijkwacht.portal.crowd import BEGINNING, FILING, OTHER, rank, retry_after
from dijkwacht.rooms.reporting import web_guests
from dijkwacht.rooms.reporting.models import Draft, Incident
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import organisation
from .test_doors import FORM, begun

GUEST = "/report/without-account"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
SAID = {"nl": "Het is erg druk", "en": "It is very busy"}
FORM_LINK = {"nl": "Download het offlineformulier", "en": "Download the offline form"}


@pytest.fixture(autouse=True)
def nobody_was_here():
    for buckets in (web_guests.REPORTS, web_guests.MAILS):
        buckets.clear()


@pytest.fixture
def crowded(settings):
    """A browser at a web server that can take nobody in."""
    settings.WEB_AT_ONCE = settings.WEB_WAITING = 0
    return Client()


def fields_of(page):
    return {unescape(name): unescape(value) for name, value in HIDDEN.findall(page)}


def test_the_gate_bounds_who_works_and_who_waits():
    gate = Gate(1, 1, (5.0,))
    first = gate.turn(0)
    assert first.__enter__() is True
    told = []
    waiting = threading.Thread(target=lambda: told.append(gate.turn(0).__enter__()))
    waiting.start()
    while not any(gate._lines):
        time.sleep(0.001)
    began = time.monotonic()
    with gate.turn(0) as given:  # the place to wait is taken
        assert given is False
    assert time.monotonic() - began < 1
    first.__exit__(None, None, None)
    waiting.join()
    assert told == [True]
    assert (gate.let_in, gate.sent_away) == ([2], [1])


def test_whoever_waits_too_long_is_sent_away_and_takes_no_turn():
    gate = Gate(1, 5, (0.01,))
    with gate.turn(0), gate.turn(0) as given:
        assert given is False
    with gate.turn(0) as given:
        assert given is True


def served(gate, waiting):
    """The order in which those who wait come in, after the one inside leaves."""
    order, threads = [], []

    def wait(which):
        with gate.turn(which):
            order.append(which)

    with gate.turn(0):
        for place, which in enumerate(waiting, start=1):
            threads.append(threading.Thread(target=wait, args=[which]))
            threads[-1].start()
            while sum(map(len, gate._lines)) < place:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    return order


def test_who_files_goes_first_and_the_desk_keeps_its_share():
    gate = Gate(1, 40, (9.0, 9.0, 9.0))
    order = served(gate, [OTHER, BEGINNING] + [FILING] * 12)
    assert order.index(OTHER) == SHARE - 1
    assert order[-1] == BEGINNING


def test_reading_is_sent_away_before_filing():
    gate = Gate(0, 4, (0.0, 0.0, 0.0))
    assert [gate._places(which) for which in (FILING, BEGINNING, OTHER)] == [4, 3, 2]


def test_pressure_is_how_many_are_sent_away_for_each_that_comes_in():
    gate = Gate(0, 0, (0.0,))
    assert gate.pressure() == 0
    for _ in range(30):
        with gate.turn(0):
            pass
    assert gate.pressure() == 30
    assert gate.pressure(time.monotonic() + 10) == 30
    assert gate.pressure(time.monotonic() + 20) == 0
    assert all(3 <= retry_after(1000) <= 60 for _ in range(100))


@pytest.mark.parametrize(
    ("method", "path", "which"),
    [
        ("POST", "/report/without-account", FILING),
        ("GET", "/report/draft/x/check", FILING),
        ("POST", "/api/v1/incidents/reports", FILING),
        ("GET", "/report", BEGINNING),
        ("POST", "/account/login/", BEGINNING),
        ("GET", "/api/v1/incidents", OTHER),
        ("GET", "/reports", OTHER),
        ("GET", "/incidents", OTHER),
    ],
)
def test_what_a_request_is_for_decides_its_rank(method, path, which):
    assert rank(method, path) == which


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_form_that_was_sent_away_comes_back_and_is_filed_once(db, crowded, settings, language):
    settings.DUTY_PHONE, settings.REPORTS_MAIL = "+31 70 000 0000", "reports@centre.example"
    calm = Client(enforce_csrf_checks=True)
    spoken = {"accept-language": language}
    calm_settings = (settings.WEB_AT_ONCE, settings.WEB_WAITING)
    settings.WEB_AT_ONCE = 1
    opened = fields_of(calm.get(GUEST, headers=spoken).content.decode())
    assert opened.keys() >= {"csrfmiddlewaretoken", "once"}
    settings.WEB_AT_ONCE, settings.WEB_WAITING = calm_settings
    typed = {**FORM, **opened, "title": 'Pumps "stop" & <b>burn</b>', "description": "one\ntwo"}
    answer = crowded.post(GUEST, typed, headers=spoken)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert 3 <= int(answer["Retry-After"]) <= 60
    assert f'lang="{language}"' in page
    assert SAID[language] in page
    assert f'href="/report/offline-form">{FORM_LINK[language]}' in page
    assert "+31 70 000 0000" not in page or "tel:+31700000000" in page
    again = fields_of(page)
    assert again == typed
    numbers = []
    for _ in range(2):  # sent again, and once more because the answer did not arrive
        sent = calm.post(GUEST, again, headers=spoken)
        assert sent.status_code == 201, sent.content
        numbers.append(re.findall(r"DW-[0-9A-Z-]{19}", sent.content.decode())[0])
    assert numbers[0] == numbers[1]
    with tenancy.acting(CLERK):
        assert [row.title for row in Incident.objects.all()] == [typed["title"]]


def test_what_an_account_kept_is_there_after_it_was_sent_away(db, client, crowded, settings):
    whose = organisation()
    nora = person("nora@nieuweland.example", organisations={whose.id: MEMBER})
    settings.WEB_AT_ONCE = 1
    client.force_login(nora)
    draft = begun(client, whose)
    assert client.post(draft, FORM).status_code == 302
    settings.WEB_AT_ONCE = 0
    crowded.force_login(nora)
    assert crowded.post(f"{draft}/check").status_code == 503
    with tenancy.acting(CLERK):
        assert Draft.objects.get().answers["title"] == FORM["title"]
    assert client.post(f"{draft}/check").status_code == 302
    with tenancy.acting(CLERK):
        assert (Draft.objects.count(), Incident.objects.count()) == (0, 1)


def test_sending_away_and_the_offline_form_ask_the_database_nothing(db, crowded, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert crowded.get("/about").status_code == 503
        assert crowded.post(GUEST, FORM).status_code == 503
        form = crowded.get("/report/offline-form", headers={"accept-language": "en"})
        assert form.status_code == 200
        assert b"Save the report as a file" in form.content
        problem = crowded.post("/api/v1/incidents/reports", {}, headers={"accept-language": "en"})
    assert (problem.status_code, problem["Content-Type"]) == (503, "application/problem+json")
    assert problem.json()["type"].endswith("/crowded")


def test_health_checks_are_never_sent_away(db, crowded):
    assert crowded.get("/healthz").status_code == crowded.get("/readyz").status_code == 200


def test_a_form_that_cannot_be_given_back_goes_back_by_the_browser(crowded):
    long = crowded.post(GUEST, {"description": "x" * 300_000}, headers={"accept-language": "en"})
    broken = crowded.post(
        GUEST, b"--nothing", content_type="multipart/form-data; boundary=", headers={"accept-language": "en"}
    )
    for answer in (long, broken):
        assert answer.status_code == 503
        assert b"button of your browser" in answer.content
        assert b"<form" not in answer.content
