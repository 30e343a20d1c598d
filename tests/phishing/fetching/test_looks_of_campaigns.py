"""A campaign asks for a look; a worker looks; the campaign hears what the page says."""

import json
import subprocess
import sys
from datetime import timedelta

import msgspec
import pytest
from django.utils import timezone
from tests.mails import letters
from tests.phishing.fetching.conftest import EVIL
from tests.phishing.fetching.test_what_pages_say import LOGIN

from dijkwacht.kernel.actor import ANONYMOUS, system
from dijkwacht.mails.reading import read_mail
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.platform.crypto import fields
from dijkwacht.platform.crypto.house import house_keys
from dijkwacht.rooms.phishing import events
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.errors import NotAllowed
from dijkwacht.rooms.phishing.fetching import actions, reads, rules, tasks, working
from dijkwacht.rooms.phishing.fetching.models import Look, RawPage
from dijkwacht.rooms.phishing.judging.analysing import analyse

SYSTEM = system("phishing:test")
JOBS = "select args from procrastinate_jobs where task_name = %s and status = 'todo'"


@pytest.fixture
def scope(db):
    with tenancy.acting(SYSTEM):
        yield


@pytest.fixture
def campaign(scope):
    def made(*urls, key="a" * 64):
        letter = letters.suspicious(" en ".join(urls))
        analysis = msgspec.to_builtins(analyse(read_mail(letter.as_bytes())))
        return Campaign.objects.create(key=key, analysis=analysis)

    return made


@pytest.fixture
def worker(names, site, monkeypatch):
    """The jobs of looking, done here and now as the worker does them."""
    monkeypatch.setenv("DIJKWACHT_PROOF_RESOLVER", f"127.0.0.1#{names.port}")
    monkeypatch.setenv("DIJKWACHT_PAGES_ALLOW", f"{EVIL}:{site.port}")

    def work():
        for look in waiting("phishing.look"):
            tasks.look(look=look["look"])
        for known in waiting("phishing.page_known"):
            tasks.known(campaign=known["campaign"])

    yield work
    working.close()


def waiting(task):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(JOBS, [task])
        found = [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]
        cursor.execute("delete from procrastinate_jobs where task_name = %s", [task])
    return found


@pytest.fixture
def heard():
    """Which campaigns heard of a page."""
    found = []

    def hear(sender, campaign, why, **_):
        found.append((campaign, why))

    events.campaign_changed.connect(hear)
    yield found
    events.campaign_changed.disconnect(hear)


def test_a_campaign_hears_what_its_page_says(campaign, worker, html, heard):
    one = campaign(html("/in", LOGIN))
    assert actions.ask(actor=SYSTEM, campaign=one.id) == 1
    assert reads.waiting_for(one.id) == 1
    worker()
    assert heard == [(one.id, "page")]
    (said, away) = reads.evidence_of(one.id)
    assert (said["code"], said["family"], sorted(said)) == (
        "page-asks-as-brand",
        "content",
        ["at", "code", "en", "family", "host", "nl", "url"],
    )
    assert away["code"] == "page-sends-away"
    assert not reads.is_over(one.id)
    assert {event.action for event in Event.objects.all()} >= {"phishing:page:ask", "phishing:page:look"}


def test_a_page_is_looked_at_once_for_two_campaigns_and_both_hear(campaign, worker, html, heard):
    url = html("/in", LOGIN)
    one, other = campaign(url), campaign(url, key="b" * 64)
    actions.ask(actor=SYSTEM, campaign=one.id)
    worker()
    assert actions.ask(actor=SYSTEM, campaign=other.id) == 0
    worker()
    assert heard == [(one.id, "page"), (other.id, "page")]
    assert reads.evidence_of(one.id) == reads.evidence_of(other.id) != []
    assert reads.same_kit(one.id) == [other.id]


def test_a_page_that_went_away_says_so_when_it_is_looked_at_again(campaign, worker, html):
    url = html("/in", LOGIN)
    one = campaign(url)
    actions.ask(actor=SYSTEM, campaign=one.id)
    worker()
    html("/in", "<h1>404</h1>", 404)
    Look.objects.update(done_at=timezone.now() - timedelta(hours=1))
    assert actions.ask(actor=SYSTEM, campaign=one.id) == 1
    worker()
    assert reads.evidence_of(one.id) == []
    assert [note["code"] for note in reads.notes_of(one.id)] == ["page-gone"]
    assert reads.is_over(one.id)


def test_what_is_a_brands_own_is_not_looked_at(campaign):
    one = campaign("https://mijn.ing.nl/in")
    assert actions.ask(actor=SYSTEM, campaign=one.id) == 0
    assert waiting("phishing.look") == []


def test_the_worst_links_are_looked_at_and_no_more_than_five(campaign):
    urls = [f"https://h{number}.example/" for number in range(10)]
    one = campaign(*urls, "https://postnl-betalen.example/")
    assert rules.to_look_at(one.analysis)[0] == "https://postnl-betalen.example/"
    assert actions.ask(actor=SYSTEM, campaign=one.id) == 5


def test_the_reporter_is_in_nothing_that_is_asked_or_kept(campaign, worker, html, site):
    url = html("/in?e=&a=1", LOGIN).replace("e=", "e=jan@burger.example")
    actions.ask(actor=SYSTEM, campaign=campaign(url).id)
    worker()
    assert site.hits
    assert all("jan" not in hit for hit in site.hits)
    assert "jan@" not in json.dumps([*Look.objects.values("url", "seen")], default=str)


def test_the_bytes_of_a_page_are_sealed_and_go_after_their_term(campaign, worker, html):
    actions.ask(actor=SYSTEM, campaign=campaign(html("/in", LOGIN)).id)
    worker()
    (raw,) = RawPage.objects.all()
    assert b"ING" not in bytes(raw.sealed)
    assert fields.unseal(house_keys(), bytes(raw.sealed), **raw.place) == LOGIN.encode()
    assert actions.let_go(actor=SYSTEM) == 0
    RawPage.objects.update(until=timezone.now())
    assert actions.let_go(actor=SYSTEM) == 1


def test_who_may_not_decide_asks_for_no_look(campaign):
    one = campaign("https://dief.example/")
    with pytest.raises(NotAllowed):
        actions.ask(actor=ANONYMOUS, campaign=one.id)


def test_a_server_that_is_inside_is_recorded_as_such(campaign, worker):
    one = campaign("http://127.0.0.1/", "http://10.0.0.1/")
    actions.ask(actor=SYSTEM, campaign=one.id)
    worker()
    assert {row.state for row in reads.looks_of(one.id)} == {"inside"}


# --- the command ------------------------------------------------------------------------------------------------------


def run(letter, *arguments, **environment):
    import os

    words = [sys.executable, "-m", "dijkwacht", "phishing", "analyse", "-", "--json", *arguments]
    return subprocess.run(words, input=letter, capture_output=True, check=False, env={**os.environ, **environment})


def test_the_command_looks_at_pages_when_it_is_asked_to_and_else_at_none(html, site, names):
    letter = letters.suspicious(html("/in", LOGIN)).as_bytes()
    way = {
        "DIJKWACHT_PROOF_RESOLVER": f"127.0.0.1#{names.port}",
        "DIJKWACHT_PAGES_ALLOW": f"{EVIL}:{site.port}",
        "DATABASE_URL": "postgresql://nobody:x@127.0.0.1:1/none",
        "DJANGO_SETTINGS_MODULE": "no.such.settings",
    }
    plain = run(letter, **way)
    assert (plain.returncode, site.hits) == (0, [])
    assert "looks" not in json.loads(plain.stdout)
    assert names.asked.total() == 0
    done = run(letter, "--fetch", **way)
    assert (done.returncode, done.stderr) == (0, b"")
    found = json.loads(done.stdout)
    assert found["looks"][0]["hops"][0]["status"] == 200
    assert "page-asks-as-brand" in [one["code"] for one in found["links"][0]["evidence"]]
    in_words = run(letter, "--fetch", "--language", "nl", **way, PYTHONUTF8="1")
    assert in_words.returncode == 0
