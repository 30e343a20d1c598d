"""The file under /.well-known/: read from a real web server, and never from where it should not."""

import ipaddress
import sys
import time

import pytest
from tests.outbox.test_network import NUMBERS, REFUSED
from tests.proof import web_server
from tests.proof.conftest import DOMAIN, egress

from dijkwacht.platform.egress import pinned
from dijkwacht.platform.egress import way as ways
from dijkwacht.rooms.proof import rules, words
from dijkwacht.rooms.proof.looking import file, http

TOKEN = "4NZ1P2D67o6hQDXmK4yj6AO7PcWVNyJtxrdn-nm5iD8"  # fixed, because it names tests
LINE = rules.line(TOKEN).encode()


@pytest.fixture
def site():
    with web_server.serving(web_server.Site()) as found:
        yield found


def connections():
    """Every address that this process connects to, as the interpreter itself reports it."""
    return _SEEN


_SEEN: list[tuple[str, int]] = []


def _watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        _SEEN.append(arguments[1][:2])


sys.addaudithook(_watch)


def look(names, site, **values):
    names.records.setdefault((DOMAIN, "A"), ["127.0.0.1"])
    return file.look(DOMAIN, TOKEN, egress(names, http_port=site.port, **values))


@pytest.mark.parametrize("body", [LINE, LINE + b"\n", b"other\r\n" + LINE + b"\r\n", b"\xef\xbb\xbf" + LINE])
def test_a_line_with_our_token_is_a_match(names, site, body):
    site.pages[rules.PATH] = (200, {}, body)
    found = look(names, site)
    assert (found.outcome, found.code) == ("match", "http-match")
    assert f"http://{DOMAIN}{rules.PATH} (127.0.0.1)" in words.sentence(found, "en")


def test_https_is_tried_first_and_its_certificate_counts(names, site, tmp_path):
    server, client = web_server.certificate(tmp_path, DOMAIN)
    with web_server.serving(web_server.Site(pages={rules.PATH: (200, {}, LINE)}), tls=server) as secure:
        found = look(names, site, https_port=secure.port, tls=client)
        assert (found.outcome, found.facts["url"]) == ("match", f"https://{DOMAIN}{rules.PATH}")
        assert not site.hits
        untrusted = look(names, site, https_port=secure.port)
        assert untrusted.code == "http-status"  # of http: 404
        assert site.hits


@pytest.mark.parametrize(
    ("page", "outcome", "code"),
    [
        ((200, {}, b"<html>welcome"), "absent", "http-other"),
        ((200, {}, b"x " + LINE), "absent", "http-other"),
        ((200, {}, LINE + b"\n" + b"x" * 5000), "absent", "http-large"),
        ((404, {}, LINE), "absent", "http-status"),
        ((403, {}, LINE), "absent", "http-status"),
        ((503, {}, LINE), "temporary", "http-status"),
    ],
)
def test_what_else_a_server_says_is_told_exactly(names, site, page, outcome, code):
    site.pages[rules.PATH] = page
    found = look(names, site)
    assert (found.outcome, found.code) == (outcome, code)
    assert words.sentence(found, "nl")
    assert words.sentence(found, "en")


def test_a_redirect_within_the_domain_is_followed(names, site):
    names.records[f"www.{DOMAIN}", "A"] = ["127.0.0.1"]
    site.pages[rules.PATH] = (301, {"Location": f"http://www.{DOMAIN}/x?y=1#z"}, b"")
    site.pages["/x?y=1"] = (302, {"Location": "/final"}, b"")
    site.pages["/final"] = (200, {}, LINE)
    assert look(names, site).outcome == "match"
    assert site.hits[-1].endswith("/final")


ELSEWHERE = [
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://[::1]/",
    "http://localhost/",
    "http://other.nl/",
    f"http://{DOMAIN}.other.nl/",
    f"http://other{DOMAIN}/",
    f"http://{DOMAIN}@127.0.0.1/",
    f"http://user:pass@{DOMAIN}/",
    f"http://{DOMAIN}:22/",
    f"https://{DOMAIN}:8443/",
    f"ftp://{DOMAIN}/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:25/_HELO",
    "//127.0.0.1/",
    "http://[oops",
    f"http://{DOMAIN}:99999/",
    "http://①②⑦.0.0.1/",
    "",
]


@pytest.mark.parametrize("location", ELSEWHERE)
def test_a_redirect_to_elsewhere_is_refused(location):
    if location == "":
        assert http.next_hop(f"http://{DOMAIN}/a", "", DOMAIN) == f"http://{DOMAIN}/a"
        return
    with pytest.raises(pinned.Refused):
        http.next_hop(f"http://{DOMAIN}/a", location, DOMAIN)


def test_a_redirect_to_inside_does_not_reach_it(names, site):
    with web_server.serving(web_server.Site()) as inside:
        site.pages[rules.PATH] = (302, {"Location": f"http://127.0.0.1:{inside.port}/"}, b"")
        found = look(names, site)
        assert (found.outcome, found.code) == ("refused", "http-redirect")
        assert not inside.hits


def test_a_redirect_to_a_name_that_points_inside_does_not_reach_it(names, site):
    names.records[f"inside.{DOMAIN}", "A"] = ["127.0.0.2"]
    with web_server.serving(web_server.Site(port=site.port), address="127.0.0.2") as inside:
        site.pages[rules.PATH] = (302, {"Location": f"http://inside.{DOMAIN}/"}, b"")
        found = look(names, site)
        assert (found.outcome, found.code) == ("refused", "http-not-public")
        assert not inside.hits
        look(names, site, judge=lambda _: True)  # the control: without the guard it is hit
        assert inside.hits


def test_redirects_without_end_are_ended(names, site):
    site.pages[rules.PATH] = (302, {"Location": rules.PATH}, b"")
    found = look(names, site)
    assert (found.outcome, found.code) == ("refused", "http-many-redirects")
    assert len(site.hits) <= 2 * (http.MOST_HOPS + 1)


FORMS = [text for text in REFUSED if "%" not in text]


@pytest.mark.parametrize("text", FORMS)
def test_a_name_with_an_address_that_is_not_public_is_never_connected_to(names, text, monkeypatch):
    kind = "AAAA" if ":" in text else "A"
    names.records[DOMAIN, kind] = [text]
    del connections()[:]
    way = ways.Egress(resolvers=(("127.0.0.1", names.port),), judge=ways.allowed)
    found = file.look(DOMAIN, TOKEN, way)
    assert (found.outcome, found.code) == ("refused", "http-not-public")
    assert {port for _, port in connections()} <= {names.port}


@pytest.mark.parametrize("host", NUMBERS)
def test_a_number_as_a_host_reaches_nothing(names, host):
    """A domain of the registry is never a number; were it one, our resolver would know no such name."""
    del connections()[:]
    way = ways.Egress(resolvers=(("127.0.0.1", names.port),), judge=ways.allowed)
    with pytest.raises((pinned.Refused, pinned.Gone, pinned.Unreached)):
        http.fetch(f"http://{host}/", way, time.monotonic() + 5)
    assert {port for _, port in connections()} <= {names.port}


def test_one_bad_address_among_good_ones_refuses_the_host(names, site):
    names.records[DOMAIN, "A"] = ["127.0.0.1", "127.0.0.2"]
    assert look(names, site).code == "http-not-public"
    assert not site.hits


def test_a_name_that_changes_between_two_questions_is_connected_to_where_it_was_judged(names, site):
    """DNS rebinding: the first answer is public, each later one is inside."""
    answers = iter([["127.0.0.1"]])
    names.records[DOMAIN, "A"] = lambda: next(answers, ["127.0.0.2"])
    names.records[DOMAIN, "AAAA"] = []
    site.pages[rules.PATH] = (200, {}, LINE)
    with web_server.serving(web_server.Site(port=site.port), address="127.0.0.2") as inside:
        way = egress(names, http_port=site.port)
        answer = http.fetch(f"http://{DOMAIN}{rules.PATH}", way, time.monotonic() + 5)
        assert answer.address == "127.0.0.1"
        with pytest.raises(pinned.Refused):
            http.fetch(f"http://{DOMAIN}{rules.PATH}", way, time.monotonic() + 5)
        assert (len(site.hits), inside.hits) == (1, [])


def test_the_centres_own_public_network_is_inside_too(names, settings):
    settings.OWN_NETWORKS = [ipaddress.ip_network("145.97.20.0/24"), ipaddress.ip_network("2001:610::/32")]
    refused = ("145.97.20.1", "::ffff:145.97.20.1", "64:ff9b::9161:1401", "2001:610::1", "10.0.0.1")
    assert not any(ways.allowed(ipaddress.ip_address(text)) for text in refused)
    assert ways.allowed(ipaddress.ip_address("145.97.21.1"))


def drip(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    try:
        for _ in range(1000):
            handler.wfile.write(b"X")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        handler.close_connection = True


def test_a_server_that_drips_is_cut_off(names, site):
    site.pages["/"] = drip
    names.records[DOMAIN, "A"] = ["127.0.0.1"]
    begin = time.monotonic()
    with pytest.raises(pinned.Unreached) as cut:
        http.fetch(f"http://{DOMAIN}/", egress(names, http_port=site.port), time.monotonic() + 1)
    assert cut.value.args[0] == "http-slow"
    assert time.monotonic() - begin < 3


def flood(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    try:
        for _ in range(20_000):
            handler.wfile.write(b"x" * 65536)
    except OSError:
        handler.close_connection = True


def test_of_a_huge_body_a_little_is_read(names, site):
    site.pages[rules.PATH] = flood
    begin = time.monotonic()
    assert look(names, site).code == "http-large"
    assert time.monotonic() - begin < 3


def headers_without_end(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    try:
        while True:
            handler.wfile.write(b"X-A: " + b"y" * 1000 + b"\r\n")
    except OSError:
        handler.close_connection = True


@pytest.mark.parametrize(
    "page", [headers_without_end, lambda handler: handler.wfile.write(b"\x00\xff nonsense\r\n\r\n")]
)
def test_an_answer_that_is_no_http_says_nothing(names, site, page):
    site.pages[rules.PATH] = page
    assert look(names, site).outcome == "temporary"


def test_a_name_that_is_gone_is_a_disproof_and_a_silent_resolver_is_not(names, site):
    assert file.look("weg.voorbeeld.nl", TOKEN, egress(names, http_port=site.port)).code == "http-no-name"
    names.broken.add("weg.voorbeeld.nl")
    assert file.look("weg.voorbeeld.nl", TOKEN, egress(names, http_port=site.port)).outcome == "temporary"


def test_a_resolver_is_configured_by_address_and_port():
    assert ways.resolvers("192.0.2.53, 192.0.2.54#5353") == (("192.0.2.53", 53), ("192.0.2.54", 5353))
