"""A real browser shows a page: its scripts run, and reach nothing that was not judged, and no form leaves."""

import shutil
import socket
import urllib.request

import pytest
from tests.phishing.fetching.conftest import EVIL
from tests.proof import web_server

from dijkwacht.rooms.phishing.fetching.chokepoint import opened
from dijkwacht.rooms.phishing.fetching.pages import read_page
from dijkwacht.rooms.phishing.fetching.renderer import Renderer

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CHROMIUM = shutil.which("chromium") or ""


@pytest.fixture
def show(way):
    opened_ones = []

    def shown(url, *hosts):
        renderer = Renderer(way(*hosts), CHROMIUM)
        opened_ones.append(renderer)
        return renderer.show(url)

    yield shown
    for one in opened_ones:
        one.close()


def test_a_page_that_its_script_writes_is_seen(show, html):
    script = "document.body.innerHTML = '<h1>Mijn ING</h1><input type=password>'"
    shown = show(html("/", f"<body>leeg</body><script>{script}</script>"))
    assert shown.problem == ""
    assert read_page(shown.html, "utf-8", shown.ended).asks == ["password"]
    assert shown.picture.startswith(b"\x89PNG")


HOSTILE = """<body><img src="http://127.0.0.1:{0}/img"><iframe src="http://localhost:{0}/frame"></iframe>
<link rel=stylesheet href="http://[::1]:{0}/css"><script src="http://2130706433:{0}/js"></script>
<object data="http://0.0.0.0:{0}/object"></object><video src="http://127.1:{0}/video"></video>
<script>
fetch("http://127.0.0.1:{0}/fetch", {{mode: "no-cors"}}).catch(() => 0);
navigator.sendBeacon("http://127.0.0.1:{0}/beacon", "x");
new Image().src = "http://binnen.example:{0}/name";
try {{ new WebSocket("ws://127.0.0.1:{0}/socket"); }} catch (e) {{}}
try {{ new EventSource("http://127.0.0.1:{0}/events"); }} catch (e) {{}}
try {{ new Worker(URL.createObjectURL(new Blob(["fetch('http://127.0.0.1:{0}/worker')"]))); }} catch (e) {{}}
try {{ new SharedWorker(URL.createObjectURL(new Blob(["fetch('http://127.0.0.1:{0}/shared')"]))); }} catch (e) {{}}
try {{ let p = new RTCPeerConnection({{iceServers: [{{urls: "stun:127.0.0.1:{0}"}}]}}); p.createDataChannel("x");
  p.createOffer().then(o => p.setLocalDescription(o)); }} catch (e) {{}}
try {{ new WebTransport("https://127.0.0.1:{0}/transport").ready.catch(() => 0); }} catch (e) {{}}
window.open("http://127.0.0.1:{0}/window");
setTimeout(() => {{ location = "http://127.0.0.1:{0}/away"; }}, 300);
</script>"""


def test_nothing_in_a_page_reaches_inside(show, html, names):
    """A listener inside that counts every connection, whatever is said over it."""
    names.records["binnen.example", "A"] = ["127.0.0.1"]
    with socket.socket() as inside, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        inside.bind(("127.0.0.1", 0))
        inside.listen()
        inside.settimeout(0.1)
        port = inside.getsockname()[1]
        datagrams.bind(("127.0.0.1", port))
        datagrams.settimeout(0.1)
        shown = show(html("/", HOSTILE.format(port)))
        with pytest.raises(TimeoutError):
            inside.accept()
        with pytest.raises(TimeoutError):
            datagrams.recv(1)
    assert f"127.0.0.1:{port}" in shown.refused  # it did try
    assert f"binnen.example:{port}" in shown.refused
    assert {place.partition(":")[0] for place in shown.reached} == {EVIL}


FORMS = {
    "by itself": "document.forms[0].submit()",
    "by a request": "document.forms[0].requestSubmit()",
    "by a click": "document.forms[0].querySelector('button').click()",
    "in another window": "document.forms[0].target = '_blank'; document.forms[0].submit()",
    "by a frame": "let f = document.createElement('iframe'); f.srcdoc = document.body.innerHTML + "
    "'<script>document.forms[0].submit()<' + '/script>'; document.body.append(f)",
    "by fetch": "fetch('/in', {method: 'POST', body: 'p=x'})",
    "by a beacon": "navigator.sendBeacon('/in', 'p=x')",
}


@pytest.mark.parametrize("how", FORMS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_form_leaves(show, html, site, how, method):
    form = f'<form action="/in" method="{method}"><input name="p" value="x"><button>ok</button></form>'
    posted = []
    site.pages["/in"] = site.pages["/in?p=x"] = lambda handler: posted.append(handler.path)
    shown = show(html("/", f"<body>{form}</body><script>{FORMS[how]}</script>"))
    assert shown.problem == ""
    assert [hit for hit in site.hits if "/in" in hit] == []
    assert posted == []


def test_the_door_passes_no_post_and_no_other_host(way, html, site, canary):
    url = html("/", "hallo")
    with opened(way()) as door:
        proxy = urllib.request.ProxyHandler({"http": f"http://127.0.0.1:{door.port}"})
        opener = urllib.request.build_opener(proxy)
        with opener.open(url) as answer:
            assert answer.read() == b"hallo"
        for asked, body in ((url, b"p=x"), (f"http://127.0.0.1:{canary.port}/", None)):
            with pytest.raises(urllib.error.HTTPError, match="403"):
                opener.open(asked, body)
    assert door.refused == [f"127.0.0.1:{canary.port}"]
    assert len(site.hits) == 1


def test_a_browser_that_is_not_there_is_said(way, html):
    renderer = Renderer(way(), "/no/such/browser")
    assert "No such file" in renderer.show(html("/", "x")).problem
    renderer.close()


def test_a_page_with_a_certificate_of_its_own_is_shown(names, tmp_path):
    from dijkwacht.rooms.phishing.fetching.way import Way

    server, _ = web_server.certificate(tmp_path, EVIL)
    page = (200, {"Content-Type": "text/html"}, b"<title>TLS</title>")
    with web_server.serving(web_server.Site(pages={"/": page}), tls=server) as site:
        renderer = Renderer(Way([("127.0.0.1", names.port)], allowed=[f"{EVIL}:{site.port}"]), CHROMIUM)
        shown = renderer.show(f"https://{EVIL}:{site.port}/")
        renderer.close()
    assert b"<title>TLS" in shown.html


def test_what_a_browser_showed_is_added_to_the_look(html, names, site, monkeypatch):
    from dijkwacht.rooms.phishing.fetching import rules
    from dijkwacht.rooms.phishing.fetching.working import eyes

    names.records["verder.example", "A"] = ["127.0.0.1"]
    words = "document.body.innerHTML = '<h1>Mijn ING</h1><input type=password>'"
    end = html("/end", f"<body></body><script>{words}</script>", host="verder.example")
    url = html(
        "/", f"<p>Een ogenblik geduld, u wordt doorgestuurd.<script>setTimeout(() => location = '{end}')</script>"
    )
    given = {
        "DIJKWACHT_PROOF_RESOLVER": f"127.0.0.1#{names.port}",
        "DIJKWACHT_PAGES_ALLOW": f"{EVIL}:{site.port},verder.example:{site.port}",
    }
    with eyes(given) as plain:
        assert rules.evidence(plain.see(url).look) == []
    with eyes({**given, "DIJKWACHT_PAGES_CHROMIUM": CHROMIUM}) as opened_eyes:
        seen = opened_eyes.see(url)
    assert seen.look.final == end
    assert [one.code for one in rules.evidence(seen.look)] == ["page-asks-as-brand"]
    assert seen.raw["picture"].startswith(b"\x89PNG")
