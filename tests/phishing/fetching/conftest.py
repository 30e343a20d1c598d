"""Strangers' servers on loopback, a resolver, and a way out that knows which of them a test allows."""

import pytest
from tests.proof import dns_server, web_server

from dijkwacht.rooms.phishing.fetching.getting import get
from dijkwacht.rooms.phishing.fetching.icons import read_icon
from dijkwacht.rooms.phishing.fetching.pages import read_page
from dijkwacht.rooms.phishing.fetching.way import Way

EVIL = "dief.example"


class Here:
    """Asks and reads in the process of the test."""

    def __init__(self, way: Way) -> None:
        self.way, self.asked = way, []

    def get(self, url, accept=""):
        self.asked.append(url)
        return get(url, self.way, accept)

    def page(self, body, charset, url):
        return read_page(body, charset, url)

    def icon(self, body):
        found = read_icon(body)
        return found if found.sha256 else None


@pytest.fixture
def names():
    """Our resolver: every name of a test is on loopback."""
    with dns_server.serving(dns_server.NameServer()) as server:
        server.records = {(EVIL, "A"): ["127.0.0.1"]}
        yield server


@pytest.fixture
def site():
    """The server of a stranger."""
    with web_server.serving(web_server.Site()) as serving:
        yield serving


@pytest.fixture
def canary():
    """A server inside, which nothing may ever reach."""
    with web_server.serving(web_server.Site(pages={"/": (200, {}, b"secret")})) as serving:
        yield serving
        assert serving.hits == []


@pytest.fixture
def way(names, site):
    def made(*hosts, **values):
        allowed = [f"{host}:{site.port}" for host in (EVIL, *hosts)]
        return Way([("127.0.0.1", names.port)], **{"allowed": allowed, "seconds": 5.0, **values})

    return made


@pytest.fixture
def html(site):
    """Put a page at a path; gives its URL."""

    def put(path, body, status=200, host=EVIL, **headers):
        fields = {"Content-Type": "text/html; charset=utf-8", **headers}
        site.pages[path] = (status, fields, body.encode() if isinstance(body, str) else body)
        return f"http://{host}:{site.port}{path}"

    return put
