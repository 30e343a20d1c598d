"""A registry is asked over HTTP how old a domain is: what it says counts, what it does not say counts for nothing."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone
from tests.mails import letters
from tests.phishing.fetching.conftest import EVIL, Here
from tests.phishing.fetching.test_getting_pages import INSIDE
from tests.phishing.fetching.test_looks_of_campaigns import campaign, heard, scope, waiting, worker  # noqa: F401
from tests.phishing.fetching.test_what_pages_say import LOGIN

from dijkwacht.rooms.phishing.fetching import actions, reads, working
from dijkwacht.rooms.phishing.fetching.looking import Look
from dijkwacht.rooms.phishing.fetching.rdap import asking, rules, tasks
from dijkwacht.rooms.phishing.fetching.rdap.directly import Registries
from dijkwacht.rooms.phishing.fetching.rdap.models import DomainAge, Registry
from dijkwacht.rooms.phishing.fetching.tasks import FETCHER

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
REGISTRY = "rdap.registry.example"
KIND = {"Content-Type": "application/rdap+json"}


def about(domain=EVIL, day="2026-11-20T10:00:00Z", **more):
    """An answer as RFC 9083 section 5.3 has it."""
    events = [
        {"eventAction": "registration", "eventDate": day},
        {"eventAction": "expiration", "eventDate": "2027-11-20"},
    ]
    return {"objectClassName": "domain", "ldhName": domain.upper(), "events": events, **more}


def young():
    return about(day=(timezone.now() - timedelta(days=3)).isoformat())


@pytest.fixture
def registry(site, names, way):
    """A registry on loopback: gives the path and what is sent there; asks it."""
    names.records[REGISTRY, "A"] = ["127.0.0.1"]

    class Served:
        server = f"http://{REGISTRY}:{site.port}/v1/"
        asks = Here(way(REGISTRY))

        def says(self, content, status=200, path=f"/v1/domain/{EVIL}", **headers):
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            site.pages[path] = (status, {**KIND, **headers}, body)

        def asked(self, domain=EVIL):
            return asking.ask(domain, self.server, self.asks, NOW)

    return Served()


def test_a_registry_says_since_when_a_domain_is(registry):
    registry.says(about())
    assert registry.asked() == asking.Answer("known", "2026-11-20")


def test_who_took_over_a_name_has_it_since_then(registry):
    events = [{"eventAction": "registration", "eventDate": "2001-01-01"}]
    events.append({"eventAction": "reregistration", "eventDate": "2026-11-01T00:00:00+01:00"})
    registry.says(about(events=events))
    assert registry.asked().day == "2026-10-31"


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>no registry</html>",
        b'{"objectClassName": "domain", "objectClassName": "domain"}',
        [],
        about("anders.example"),
        about(objectClassName="entity"),
        about(day="gisteren"),
        about(day="2031-01-01T00:00:00Z"),
        about(day="0001-01-01T00:00:00+14:00"),
        about(day=12),
        about(events="x"),
        b"[" * 100_000,
    ],
    ids=["page", "twice", "list", "another", "entity", "word", "future", "first day", "number", "events", "deep"],
)
def test_an_answer_that_is_none_gives_no_day(registry, answer):
    registry.says(answer)
    found = registry.asked()
    assert (found.state, found.day) == ("failed", "")
    assert found.why


def test_a_registry_that_does_not_say_it_says_nothing(registry):
    registry.says(about(events=[]))
    assert registry.asked() == asking.Answer("unsaid")


def test_a_name_that_nobody_has_is_none(registry):
    assert registry.asked().state == "none"


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("99999999999", timedelta(days=1)),
        (format_datetime(NOW + timedelta(minutes=5)), timedelta(minutes=5)),
        (format_datetime(NOW - timedelta(minutes=5)), timedelta(seconds=1)),
        ("straks", asking.LEFT_ALONE),
        ("", asking.LEFT_ALONE),
    ],
    ids=["seconds", "for ever", "moment", "past", "word", "nothing"],
)
def test_a_registry_that_is_busy_is_left_alone(registry, said, wait):
    registry.says({}, 429, **{"Retry-After": said})
    found = registry.asked()
    assert (found.state, found.wait) == ("busy", wait)


def test_a_registry_may_send_on_to_another_path(registry, site):
    registry.says({}, 302, Location=f"http://{REGISTRY}:{site.port}/elders")
    registry.says(about(), path="/elders")
    assert registry.asked().day == "2026-11-20"


def test_a_registry_that_sends_on_for_ever_is_left(registry, site):
    registry.says({}, 302, Location=f"/v1/domain/{EVIL}")
    assert registry.asked().state == "failed"
    assert len(site.hits) == asking.MOST_HOPS


def test_sixty_ways_to_write_an_address_inside_are_there():
    assert len(set(INSIDE)) >= 60


@pytest.mark.parametrize("host", INSIDE, ids=range(len(INSIDE)))
def test_no_server_of_a_table_and_no_redirect_of_a_registry_reaches_inside(host, registry, canary, way):
    """The canary listens on loopback, and is no host that the test allows."""
    target = f"http://{host}:{canary.port}/"
    listed = rules.services({"services": [[["example"], [target]]]})
    if server := rules.server_of(EVIL, listed):
        assert asking.ask(EVIL, server, registry.asks, NOW).state == "failed"
    registry.says({}, 302, Location=target)
    assert registry.asked().state in {"failed", "none"}


def test_a_redirect_from_https_to_http_is_not_followed():
    from dijkwacht.rooms.phishing.fetching.getting import Got

    class Sends:
        def get(self, url, accept=""):
            assert url.startswith("https:")
            return Got(url, status=301, location=f"http://{REGISTRY}/x")

    assert asking.ask(EVIL, f"https://{REGISTRY}/", Sends(), NOW).state == "failed"


def test_a_server_whose_certificate_does_not_hold_is_not_believed():
    from dijkwacht.rooms.phishing.fetching.certificates import Certificate
    from dijkwacht.rooms.phishing.fetching.getting import Got

    class Forged:
        def get(self, url, accept=""):
            return Got(
                url,
                status=200,
                body=json.dumps(about()).encode(),
                certificate=Certificate("", "", "", [], "self-signed"),
            )

    found = asking.ask(EVIL, f"https://{REGISTRY}/", Forged(), NOW)
    assert (found.state, found.why) == ("failed", "its certificate does not hold")


# --- IANA's table -----------------------------------------------------------------------------------------------------


def test_the_server_of_the_longest_name_is_asked_over_https_first():
    table = {"services": [[["nl", "co.nl"], ["http://a.example/", "https://b.example/"]], [["net"], ["ftp://x/"]]]}
    known = rules.services(table)
    assert rules.server_of("iets.nl", known) == "https://b.example/"
    assert rules.server_of("iets.net", known) == ""
    assert rules.question("https://b.example/x", "iets.nl") == "https://b.example/x/domain/iets.nl"


NO_TABLES = [None, [], {}, {"services": []}, {"services": [1]}, {"services": [[["nl"]]]}, {"services": [["nl", "x"]]}]


@pytest.mark.parametrize("table", NO_TABLES, ids=range(len(NO_TABLES)))
def test_what_is_no_table_is_refused(table):
    with pytest.raises(rules.Unusable):
        rules.services(table)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.iets.co.uk", "iets.co.uk"),
        ("klant.github.io", "github.io"),
        ("192.0.2.1", ""),
        ("[2001:db8::1]", ""),
        ("nl", ""),
    ],
)
def test_the_domain_that_a_registry_knows_is_asked_about(host, domain):
    assert rules.domain_of(host) == domain


# --- by the command ---------------------------------------------------------------------------------------------------


@pytest.fixture
def analysed(registry, html, names, site, tmp_path, monkeypatch):
    """What `phishing analyse` says of a mail with a link to a page that asks for a password; no database is there."""
    (tmp_path / "dns.json").write_text(json.dumps({"services": [[["example"], [registry.server]]]}))
    monkeypatch.setenv("DIJKWACHT_PROOF_RESOLVER", f"127.0.0.1#{names.port}")
    monkeypatch.setenv("DIJKWACHT_PAGES_ALLOW", f"{EVIL}:{site.port},{REGISTRY}:{site.port}")
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:x@127.0.0.1:1/none")
    letter = letters.suspicious(f"{html('/in', LOGIN)} {html('/other', LOGIN)}").as_bytes()

    def run(*arguments, rdap=str(tmp_path / "dns.json")):
        monkeypatch.setenv("DIJKWACHT_PAGES_RDAP", rdap)
        words = [sys.executable, "-m", "dijkwacht", "phishing", "analyse", "-", *arguments]
        done = subprocess.run(words, input=letter, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout.decode()

    return run


def test_the_command_asks_a_registry_once_and_judges_by_its_answer(analysed, registry, site):
    registry.says(young())
    found = json.loads(analysed("--fetch", "--json"))
    day = (timezone.now() - timedelta(days=3)).date().isoformat()
    assert found["ages"] == {"why": "", "domains": [{"domain": EVIL, "state": "known", "day": day, "why": ""}]}
    assert {look["registered"] for look in found["looks"]} == {day}
    (said,) = [one for one in found["links"][0]["evidence"] if one["code"] == "domain-young"]
    assert (said["family"], EVIL in said["en"]) == ("infrastructure", True)
    assert len([hit for hit in site.hits if "/v1/" in hit]) == 1
    assert f"age of {EVIL}: registered on {day}" in analysed("--fetch")


@pytest.mark.parametrize(
    ("arguments", "rdap", "why"),
    [([], None, "without --fetch nobody is"), (["--fetch"], "", "DIJKWACHT_PAGES_RDAP is empty")],
    ids=["no fetch", "off"],
)
def test_the_command_says_that_no_registry_is_asked(arguments, rdap, why, analysed, registry, site):
    registry.says(young())
    given = {} if rdap is None else {"rdap": rdap}
    assert json.loads(analysed(*arguments, "--json", **given))["ages"] == {"why": why, "domains": []}
    assert f"no registry is asked for an age: {why}" in analysed(*arguments, **given)
    assert [hit for hit in site.hits if "/v1/" in hit] == []


@pytest.mark.parametrize(
    ("content", "status", "state", "why"),
    [
        (b"x", 200, "failed", "its registry gave no answer: no usable JSON"),
        (b"", 404, "none", "its registry knows no such domain"),
        ({}, 429, "busy", "its registry gave no answer: status 429"),
        (about(events=[]), 200, "unsaid", "its registry does not say it"),
    ],
    ids=["failed", "none", "busy", "unsaid"],
)
def test_the_command_says_when_a_registry_gives_no_day(content, status, state, why, analysed, registry):
    registry.says(content, status)
    assert f"age of {EVIL}: {why}" in analysed("--fetch")
    found = json.loads(analysed("--fetch", "--json"))
    assert [one["state"] for one in found["ages"]["domains"]] == [state]
    assert "domain-young" not in [one["code"] for one in found["links"][0]["evidence"]]


def test_the_command_says_that_the_table_of_servers_cannot_be_had(analysed, tmp_path):
    assert "not asked: the table of servers: " in analysed("--fetch", rdap=str(tmp_path / "nothing.json"))
    (tmp_path / "other.json").write_text('{"services": [[["nl"], ["https://rdap.example/"]]]}')
    assert "not asked: the table names no server" in analysed("--fetch", rdap=str(tmp_path / "other.json"))


def a_look(host):
    return Look(f"https://{host}/", "", "page", f"https://{host}/", hosting="own")


def test_a_server_hears_no_more_questions_of_a_run_than_it_may(registry, tmp_path, site):
    (tmp_path / "dns.json").write_text(json.dumps({"services": [[["example"], [registry.server]]]}))
    asks = Registries(registry.asks, str(tmp_path / "dns.json"), 2)
    _, ages = asks.aged([a_look(f"www.h{number}.example") for number in range(4)])
    assert [one.state for one in ages.domains] == ["none", "none", "not-asked", "not-asked"]
    assert len(site.hits) == 2
    registry.says({}, 429, path="/v1/domain/h0.example")
    asks = Registries(registry.asks, str(tmp_path / "dns.json"), 9)
    _, ages = asks.aged([a_look(f"h{number}.example") for number in range(2)])
    assert [one.state for one in ages.domains] == ["busy", "not-asked"]
    assert len(site.hits) == 3


# --- in the running system --------------------------------------------------------------------------------------------


@pytest.fixture
def on(settings, registry, site, tmp_path, monkeypatch):
    """Registries are asked, by a table in a file."""
    table = tmp_path / "dns.json"
    table.write_text(json.dumps({"services": [[["example"], [registry.server]]]}))
    settings.PAGES_RDAP, settings.PAGES_RDAP_PER_MINUTE = str(table), 10
    monkeypatch.setenv("DIJKWACHT_PAGES_ALLOW", f"{EVIL}:{site.port},{REGISTRY}:{site.port}")
    return registry


def asked():
    for one in waiting("phishing.domain_age"):
        tasks.domain_age(**one)


def test_by_default_no_registry_is_asked(campaign, worker, html):  # noqa: F811
    actions.ask(actor=FETCHER, campaign=campaign(html("/in", LOGIN)).id)
    worker()
    assert waiting("phishing.domain_age") == []


def test_a_campaign_hears_of_a_young_domain_after_its_page(campaign, worker, html, heard, on, site):  # noqa: F811
    on.says(young())
    one = campaign(html("/in", LOGIN))
    actions.ask(actor=FETCHER, campaign=one.id)
    worker()
    assert "domain-young" not in [said["code"] for said in reads.evidence_of(one.id)]
    assert not [hit for hit in site.hits if "/v1/" in hit]  # not in the path of a look
    asked()
    assert heard == [(one.id, "page"), (one.id, "page")]
    (said,) = [said for said in reads.evidence_of(one.id) if said["code"] == "domain-young"]
    assert (said["family"], EVIL in said["en"]) == ("infrastructure", True)


def test_a_registry_is_asked_once_in_the_term_of_its_answer(campaign, worker, html, on, site):  # noqa: F811
    on.says(young())
    one = campaign(html("/in", LOGIN))
    actions.ask(actor=FETCHER, campaign=one.id)
    worker()
    asked()
    tasks.domain_age(EVIL, "0" * 32)
    assert len([hit for hit in site.hits if "/v1/" in hit]) == 1
    DomainAge.objects.update(until=timezone.now())
    assert [said for said in reads.evidence_of(one.id) if said["code"] == "domain-young"] == []


@pytest.mark.parametrize("how", ["failed", "none", "unsaid"])
def test_an_age_that_is_not_known_is_no_evidence(how, campaign, worker, html, heard, on):  # noqa: F811
    said = {"failed": (b"x", 200), "none": (b"", 404), "unsaid": (about(events=[]), 200)}[how]
    on.says(*said)
    one = campaign(html("/in", LOGIN))
    actions.ask(actor=FETCHER, campaign=one.id)
    worker()
    asked()
    assert DomainAge.objects.get().state == how
    assert heard == [(one.id, "page")]
    assert "domain-young" not in [item["code"] for item in reads.evidence_of(one.id)]


def test_a_server_hears_no_more_questions_in_a_minute_than_it_may(scope, worker, on, settings, site):  # noqa: F811
    settings.PAGES_RDAP_PER_MINUTE = 2
    for number in range(4):
        on.says(about(f"h{number}.example"), path=f"/v1/domain/h{number}.example")
        tasks.domain_age(f"h{number}.example", "0" * 32)
    if Registry.objects.get().asked == 2:  # else a minute ended meanwhile
        assert len([hit for hit in site.hits if "/v1/" in hit]) == 2
        assert len(waiting("phishing.domain_age")) == 2


def test_a_busy_server_is_asked_again_later(scope, worker, on, site):  # noqa: F811
    on.says({}, 429, **{"Retry-After": "600"})
    tasks.domain_age(EVIL, "0" * 32)
    tasks.domain_age(EVIL, "0" * 32)
    assert len([hit for hit in site.hits if "/v1/" in hit]) == 1
    assert not DomainAge.objects.exists()
    assert [one["tries"] for one in waiting("phishing.domain_age")] == [1, 1]


def test_the_old_table_serves_where_a_new_one_cannot_be_had(scope, worker, on, settings, site):  # noqa: F811
    settings.PAGES_RDAP = f"http://{REGISTRY}:{site.port}/dns.json"
    tasks.domain_age(EVIL, "0" * 32)
    assert not DomainAge.objects.exists()
    Registry.objects.update(not_before=timezone.now())
    on.says({"services": [[["example"], [on.server]]]}, path="/dns.json")
    on.says(about())
    tasks.domain_age(EVIL, "0" * 32)
    assert DomainAge.objects.get().state == "known"
    DomainAge.objects.all().delete()
    Registry.objects.update(not_before=timezone.now())
    on.says(b"no table", path="/dns.json")
    tasks.domain_age(EVIL, "0" * 32)
    tasks.domain_age("ander.example", "0" * 32)
    assert DomainAge.objects.filter(domain=EVIL, state="known").exists()
    assert len([hit for hit in site.hits if "dns.json" in hit]) == 3


def test_a_domain_of_no_server_is_not_asked_about(scope, worker, on):  # noqa: F811
    tasks.domain_age("iets.test", "0" * 32)
    assert DomainAge.objects.get().state == "no-server"


@pytest.fixture(autouse=True)
def no_process_left():
    yield
    working.close()


def test_a_browser_is_spared_what_a_kit_showed_and_the_page_says_itself(html, names, site, monkeypatch):
    """What it showed of another page is told of none: the second look has its own plain page and no more."""
    from dijkwacht.rooms.phishing.fetching.renderer import Rendered

    class Shows:
        asked = 0

        def show(self, url):
            self.asked += 1
            return Rendered(LOGIN.encode(), b"", url)

        def close(self):
            pass

    monkeypatch.setenv("DIJKWACHT_PROOF_RESOLVER", f"127.0.0.1#{names.port}")
    monkeypatch.setenv("DIJKWACHT_PAGES_ALLOW", f"{EVIL}:{site.port}")
    with working.eyes() as eyes:
        eyes.shows = Shows()
        first = eyes.see(html("/in", LOGIN), lambda _: False)
        assert (first.look.rendered, eyes.shows.asked) == (True, 1)
        second = eyes.see(html("/in2", LOGIN), lambda kit: kit == first.look.kit)
        assert (second.look.rendered, second.look.kit, eyes.shows.asked) == (False, first.look.kit, 1)
        silent = LOGIN.replace("Mijn ING", "Welkom")
        eyes.see(html("/in3", silent), lambda _: True)
        assert eyes.shows.asked == 2
        eyes.shows = None
