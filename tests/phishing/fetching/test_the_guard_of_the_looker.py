"""Below every library: the process that looks connects to nothing that was not judged."""

import pytest

from dijkwacht.rooms.phishing.fetching.looker import Guard
from dijkwacht.rooms.phishing.fetching.way import Way

WAY = Way([("192.0.2.53", 53)], proxy="192.0.2.80:3128", allowed=["dief.example:8123"], own=["93.184.216.0/24"])
REFUSED = [
    ("socket.connect", (None, ("127.0.0.1", 5432))),
    ("socket.connect", (None, ("10.0.0.1", 80))),
    ("socket.connect", (None, ("::1", 80, 0, 0))),
    ("socket.connect", (None, ("64:ff9b::7f00:1", 80, 0, 0))),
    ("socket.connect", (None, ("93.184.216.34", 443))),
    ("socket.connect", (None, "/run/postgresql/.s.PGSQL.5432")),
    ("socket.sendto", (None, ("192.0.2.53", 5353))),
    ("socket.getaddrinfo", ("database.internal", 5432, 0, 0, 0)),
    ("subprocess.Popen", ("sh", ["sh"], None, None)),
    ("socket.bind", (None, ("0.0.0.0", 80))),  # noqa: S104
]
LET = [
    ("socket.connect", (None, ("1.1.1.1", 443))),
    ("socket.connect", (None, ("192.0.2.53", 53))),
    ("socket.sendto", (None, ("192.0.2.53", 53))),
    ("socket.connect", (None, ("192.0.2.80", 3128))),
    ("socket.connect", (None, ("127.0.0.1", 8123))),
    ("socket.getaddrinfo", ("1.1.1.1", 443, 0, 0, 0)),
    ("open", ("/etc/ssl/cert.pem", "r", 0)),
]


@pytest.fixture
def guard():
    made = Guard()
    made.way = WAY
    return made


@pytest.mark.parametrize("event", REFUSED, ids=range(len(REFUSED)))
def test_what_was_not_judged_is_refused(guard, event):
    with pytest.raises(PermissionError):
        guard(*event)


@pytest.mark.parametrize("event", LET, ids=range(len(LET)))
def test_what_was_judged_is_let(guard, event):
    guard(*event)
