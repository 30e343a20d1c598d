"""A stranger's server may say and do what it wants: nothing inside is reached, and every look ends."""

import gzip
import socket
import threading
import time
import zlib

import pytest
from tests.phishing.fetching.conftest import EVIL, Here
from tests.proof import web_server

from dijkwacht.mails.urls import canonical
from dijkwacht.rooms.phishing.fetching.chokepoint import opened
from dijkwacht.rooms.phishing.fetching.getting import get
from dijkwacht.rooms.phishing.fetching.looker import Looker
from dijkwacht.rooms.phishing.fetching.looking import look
from dijkwacht.rooms.phishing.fetching.way import Way, from_environment

INSIDE = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f.1",
    "0x7f000001",
    "0177.0.0.1",
    "017700000001",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::10.0.0.1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "[fe80::1]",
    "[fc00::1]",
    "[2a00:1450:4001:800:0:5efe:7f00:1]",
    "0.0.0.0",  # noqa: S104 - a target, nothing listens
    "0",
    "10.0.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "localhost",
    "localhost.",
    "portal.localhost",
    "LOCALHOST",
    "127.0.1",
    "127.0.0.1.",
    "0x7f.0.0.1",
    "0x7F.0x0.0x0.0x1",
    "127.0x1",
    "000177.0.0.1",
    "%31%32%37.0.0.1",
    "127%2E0%2E0%2E1",
    "\uff11\uff12\uff17.0.0.1",
    "127\uff0e0\uff0e0\uff0e1",
    "127.0.0.1\u00ad",
    "\u200b127.0.0.1",
    "127.\t0.0.1",
    "10.1",
    "0xa9fea9fe",
    "2852039166",
    "172.16.0.1",
    "172.31.255.254",
    "192.0.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "4294967295",
    "168.63.129.16",
    "[0:0:0:0:0:0:0:1]",
    "[0000::0001]",
    "[::ffff:10.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:a00:1::]",
    "[fd00:ec2::254]",
    "[fec0::1]",
    "[ff02::1]",
    "[100::1]",
    "[2001:db8::1]",
    "[3fff::1]",
    "x@127.0.0.1",
    "good.example:80@127.0.0.1",
]


@pytest.fixture
def asked(monkeypatch):
    """Every address that a connection was made to."""
    import socket

    found, real = [], socket.create_connection

    def noting(address, *arguments, **values):
        found.append(address[0])
        return real(address, *arguments, **values)

    monkeypatch.setattr(socket, "create_connection", noting)
    return found


@pytest.mark.parametrize("host", INSIDE, ids=range(len(INSIDE)))
def test_no_notation_of_an_address_inside_is_connected_to(names, asked, host):
    way = Way([("127.0.0.1", names.port)])
    for url in (f"http://{host}/", f"https://{host}/"):
        # A browser knows no such host, or it is inside, or it has no address.
        assert not canonical(url) or get(canonical(url), way).problem in {"inside", "name"}
    assert asked == []


@pytest.mark.parametrize("host", INSIDE, ids=range(len(INSIDE)))
def test_no_redirect_leads_inside(way, html, names, canary, host):
    outside = way()
    for number, target in enumerate((f"http://{host}:{canary.port}/", f"http://{host}/", f"//{host}:{canary.port}/")):
        url = html(f"/{number}", "", 302, Location=target)
        seen = look(url, here := Here(outside), here).look
        assert seen.state in {"inside", "port", "name", "unreached"}, target
        assert len(seen.hops) <= 2


TRICKS = {
    "meta": '<meta http-equiv="refresh" content="0; url={}">',
    "base": '<base href="{}"><meta http-equiv="refresh" content="0; url=/">',
    "script": "<script>location.href = '{}'</script>" + "x" * 50,
    "frame": '<iframe src="{}"></iframe>',
    "picture": '<link rel="icon" href="{}"><img src="{}">',
    "form": '<form action="{}"><input type="password" name="p"></form><script>document.forms[0].submit()</script>',
}


@pytest.mark.parametrize("trick", TRICKS)
def test_no_page_leads_inside(way, html, canary, trick):
    target = f"http://127.0.0.1:{canary.port}/"
    url = html("/", TRICKS[trick].replace("{}", target))
    look(url, here := Here(way()), here)
    refresh = html("/b", "<p>x", Refresh=f"0; url={target}")
    assert look(refresh, here, here).look.state == "port"


def test_a_name_that_leads_inside_is_not_connected_to(names, asked):
    names.records |= {
        ("binnen.example", "A"): ["10.0.0.5"],
        ("deels.example", "A"): ["93.184.216.34", "127.0.0.1"],
        ("zes.example", "AAAA"): ["64:ff9b::7f00:1"],
        ("bijnaam.example", "CNAME"): ["database.example."],
        ("database.example", "A"): ["192.168.0.9"],
    }
    way = Way([("127.0.0.1", names.port)])
    for host in ("binnen", "deels", "zes", "bijnaam"):
        assert get(f"http://{host}.example/", way).problem == "inside"
    assert asked == []


def test_a_name_that_changes_its_address_between_two_questions_is_judged_each_time(names, way, html, site, canary):
    """DNS rebinding: what was judged is what is connected to, and the next hop is judged anew."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])
    names.records["wissel.example", "A"] = lambda: next(answers)
    outside = way("wissel.example")
    url = html("/", "", 302, host="wissel.example", Location=f"http://wissel.example:{canary.port}/")
    seen = look(url, here := Here(outside), here).look
    assert [hop.problem for hop in seen.hops] == ["", "port"]
    assert names.asked["wissel.example", "A"] == 1  # resolved once for the one connection

    plain = Way([("127.0.0.1", names.port)])
    assert get("http://wissel.example/", plain).problem == "inside"


def test_ports_that_no_page_is_at_are_not_asked(names):
    way = Way([("127.0.0.1", names.port)])
    for port in (22, 25, 5432, 8000, 8025, 8080):
        assert get(f"http://{EVIL}:{port}/", way).problem == "port"


def test_our_own_portal_is_not_asked(names):
    given = {"DIJKWACHT_BASE_URL": "https://loket.example/", "DATABASE_URL": "postgresql://a:b@db.example/x"}
    way = from_environment({**given, "DIJKWACHT_PROOF_RESOLVER": f"127.0.0.1#{names.port}"})
    names.records |= {("loket.example", "A"): ["93.184.216.34"], ("db.example", "A"): ["93.184.216.34"]}
    assert get("https://loket.example/", way).problem == "inside"
    assert get("http://db.example./", way).problem == "inside"
    assert names.asked.total() == 0


def test_networks_of_the_centre_are_inside(names):
    names.records["eigen.example", "A"] = ["93.184.216.34"]
    assert get("http://eigen.example/", Way([("127.0.0.1", names.port)], own=["93.184.216.0/24"])).problem == "inside"


# --- servers that hurt ------------------------------------------------------------------------------------------------


def test_a_loop_of_redirects_ends(way, html, site):
    url = html("/", "", 302, Location="/b")
    html("/b", "", 302, Location="/")
    assert look(url, here := Here(way()), here).look.state == "loop"
    assert len(here.asked) == 2


def test_a_chain_of_redirects_ends_after_ten(way, html):
    for number in range(20):
        html(f"/{number}", "", 302, Location=f"/{number + 1}")
    seen = look(html("/0", "", 302, Location="/1"), here := Here(way()), here).look
    assert (seen.state, len(seen.hops), len(here.asked)) == ("loop", 10, 10)


def test_each_hop_of_a_short_link_is_recorded(way, html, names):
    names.records["kort.example", "A"] = ["127.0.0.1"]
    end = html("/end", "<title>Einde</title><p>Dit is het einde van de weg, en hier staat niets dat iets vraagt.")
    html("/middle", f'<meta http-equiv="refresh" content="0;url={end}">')
    url = html("/", "", 301, host="kort.example", Location=end.replace("/end", "/middle"))
    seen = look(url, here := Here(way("kort.example")), here).look
    assert [(hop.how, hop.status) for hop in seen.hops] == [("first", 301), ("http", 200), ("refresh", 200)]
    assert (seen.final, seen.page.title, seen.state) == (end, "Einde", "page")


def test_a_gzip_bomb_is_cut_off(way, html):
    bomb = gzip.compress(b"\0" * (64 << 20))
    got = get(html("/", bomb, **{"Content-Encoding": "gzip"}), way(largest=1 << 20))
    assert (len(got.body), got.whole, got.problem) == (1 << 20, False, "")


def test_what_is_packed_is_unpacked_and_what_is_broken_is_cut(way, html):
    outside = way()
    for coding, body in (("gzip", gzip.compress(b"a")), ("deflate", zlib.compress(b"a"))):
        assert get(html("/", body, **{"Content-Encoding": coding}), outside).body == b"a"
    raw = zlib.compressobj(wbits=-15)
    assert get(html("/", raw.compress(b"a") + raw.flush(), **{"Content-Encoding": "deflate"}), outside).body == b"a"
    broken = get(html("/", b"nonsense", **{"Content-Encoding": "gzip"}), outside)
    assert (broken.body, broken.whole) == (b"", False)


def test_a_huge_page_is_cut_off(way, html):
    got = get(html("/", b"a" * (9 << 20)), way(largest=1 << 20))
    assert (len(got.body), got.whole) == (1 << 20, False)


def _drip(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for _ in range(600):
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.1)


def _endless_headers(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(1_000_000):
        handler.wfile.write(b"X-%d: %s\r\n" % (number, b"a" * 1_000))


def _endless_line(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        handler.wfile.write(b"a" * 65_536)


def _endless_continue(handler):
    while True:
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def _nonsense(handler):
    handler.wfile.write(b"SSH-2.0-OpenSSH\r\n")


def _chunks_that_lie(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFFFF\r\nx")


HOSTILE = {
    "slowloris": (_drip, "slow"),
    "endless headers": (_endless_headers, "unreached"),
    "endless line": (_endless_line, "unreached"),
    "endless continue": (_endless_continue, "slow"),
    "another protocol": (_nonsense, "unreached"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_server_that_hurts_is_left_in_time(way, site, name):
    site.pages["/"], problem = HOSTILE[name]
    begin = time.monotonic()
    assert get(f"http://{EVIL}:{site.port}/", way(seconds=1.0)).problem == problem
    assert time.monotonic() - begin < 3


def test_a_server_that_lies_about_its_length_is_left(way, site):
    site.pages["/"] = _chunks_that_lie
    assert get(f"http://{EVIL}:{site.port}/", way(seconds=1.0)).problem in {"", "unreached", "slow"}


def test_a_name_that_does_not_exist_and_a_resolver_that_says_nothing(names):
    assert get("http://weg.example/", Way([("127.0.0.1", names.port)])).problem == "name"
    names.broken.add("stuk.example")
    assert get("http://stuk.example/", Way([("127.0.0.1", names.port)])).problem == "resolver"


# --- what is sent -----------------------------------------------------------------------------------------------------


def test_what_is_sent_is_a_plain_browsers_without_cookies_or_where_it_came_from(way, html, site):
    heard = []

    def page(handler):
        heard.append({name.lower(): value for name, value in handler.headers.items()})
        handler.send_response(302 if len(heard) == 1 else 200)
        handler.send_header("Set-Cookie", "who=you")
        handler.send_header("Location", "/next")
        handler.end_headers()

    site.pages["/"] = site.pages["/next"] = page
    look(f"http://{EVIL}:{site.port}/", here := Here(way()), here)
    assert len(heard) >= 2
    assert all("cookie" not in one and "referer" not in one and "authorization" not in one for one in heard)
    assert all(one["user-agent"].startswith("Mozilla/5.0 (X11") for one in heard)


# --- certificates -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "invalid"), [("ander.example", True), (EVIL, True)])
def test_a_certificate_is_recorded_also_when_it_does_not_hold(names, tmp_path, name, invalid):
    server, _ = web_server.certificate(tmp_path, name)
    with web_server.serving(
        web_server.Site(pages={"/": (200, {"Content-Type": "text/html"}, b"hi")}), tls=server
    ) as site:
        way = Way([("127.0.0.1", names.port)], allowed=[f"{EVIL}:{site.port}"])
        got = get(f"https://{EVIL}:{site.port}/", way)
    assert (got.status, got.body) == (200, b"hi")
    assert got.certificate.names == [name]
    assert bool(got.certificate.invalid) is invalid
    assert got.certificate.since < got.certificate.until


# --- the process ------------------------------------------------------------------------------------------------------


def test_the_process_that_looks_answers_as_the_function_does(way, html):
    url = html("/", "<title>Hallo</title>")
    outside = way()
    looker = Looker(outside)
    try:
        assert looker.get(url) == get(url, outside)
        assert looker.get("http://127.0.0.1/").problem == "inside"
    finally:
        looker.close()


def test_the_process_that_looks_has_none_of_our_secrets(way, html, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner:secret@db/x")
    assert not {"DATABASE_URL", "DIJKWACHT_HOME"} & Looker(way()).environment.keys()


def test_a_process_that_takes_too_long_is_killed(way, site, monkeypatch):
    monkeypatch.setattr("dijkwacht.rooms.phishing.fetching.looker.MARGIN_SECONDS", -4.0)
    site.pages["/"] = _drip
    looker = Looker(way())
    assert looker.get(f"http://{EVIL}:{site.port}/").problem == "stopped"
    looker.close()


def _pass_one(listening, heard):
    """Be a proxy for one connection: write down what is asked, then pass both ways."""
    browser, _ = listening.accept()
    with browser:
        browser.settimeout(5)
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += browser.recv(1)
        heard.append(head.split(b"\r\n")[0].decode())
        with socket.create_connection(("127.0.0.1", int(head.split(b" ")[1].rpartition(b":")[2])), 5) as there:
            browser.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            there.sendall(browser.recv(4096))
            while piece := there.recv(4096):
                browser.sendall(piece)


def test_the_door_of_a_browser_goes_by_the_proxy_too(way, html, site):
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_pass_one, args=(listening, heard))
        thread.start()
        proxied = way(proxy=f"127.0.0.1:{listening.getsockname()[1]}")
        with opened(proxied) as door, socket.create_connection(("127.0.0.1", door.port), 5) as browser:
            browser.sendall(f"GET {html('/', 'hallo')} HTTP/1.1\r\nHost: {EVIL}\r\n\r\n".encode())
            said = b""
            while piece := browser.recv(4096):
                said += piece
        thread.join(5)
    assert heard == [f"CONNECT 127.0.0.1:{site.port} HTTP/1.1"]
    assert said.endswith(b"hallo")
    assert door.let == [f"{EVIL}:{site.port}"]
