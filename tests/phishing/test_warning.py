"""What a warned person sees, whatever their browser sends; and that nobody is known afterwards."""

import contextlib
import re
import socket
import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.phishing.listed import DESK, block, own_database, unblock
from tests.ports import free_port

from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.listing.models import Entry
from dijkwacht.rooms.phishing.warning import process, reads, serving
from dijkwacht.rooms.phishing.warning.models import Visit
from dijkwacht.rooms.phishing.warning.process import Server
from dijkwacht.rooms.phishing.warning.serving import WarningSite, host_of

committed = pytest.fixture(own_database, name="committed")


def get(site, host, method="GET"):
    told = []
    body = b"".join(site({"HTTP_HOST": host, "REQUEST_METHOD": method}, lambda *answer: told.append(answer)))
    status, headers = told[0]
    return status, dict(headers), body.decode()


@pytest.fixture
def site(db):
    return WarningSite()


def test_it_says_why_in_both_languages_and_where_to_appeal(site, settings):
    with tenancy.acting(DESK):
        campaign = Campaign.objects.create(key="k", brand="postnl")
    entry = block("dief.example", campaign=campaign.id)
    status, headers, body = get(site, "dief.example")
    assert status == "403 Forbidden"
    assert "Stop: deze pagina is waarschijnlijk van oplichters" in body
    assert "Stop: this page is probably run by fraudsters" in body
    assert "De naam lijkt." in body
    assert "The name looks like it." in body
    assert body.count("<strong>PostNL</strong>") == 2
    assert f'href="{settings.BASE_URL}/phishing/appeal/{entry.id}"' in body
    assert "Set-Cookie" not in headers
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_it_is_complete_in_itself(site):
    block("dief.example")
    _, _, body = get(site, "dief.example")
    assert not re.search(r"<(?:script|img|link|iframe|form|input)\b|\bsrc=|url\(|@import", body)
    assert body.count('lang="') == 2


@pytest.mark.parametrize(
    "host",
    [
        *("DIEF.example", "dief.example.", "dief.example:80", "dief.example:8443", "user@dief.example"),
        *("onder.alles.nl", "alles.nl", "xn--bcher-kva.example", "bücher.example".encode().decode("latin-1")),
    ],
)
def test_every_way_to_write_a_listed_host_finds_it(site, host):
    block("dief.example")
    block("alles.nl", "name")
    block("bücher.example")
    status, _, _ = get(site, host)
    assert (status == "403 Forbidden") is not host.startswith("b")


HOSTILE = [
    *("<script>alert(1)</script>", 'dief.example"><script>', "dief.example\r\nSet-Cookie: a=b", "../../etc/passwd"),
    *("", "127.0.0.1", "[::1]", "dief.example/evil", "\x00", "a" * 5000, "{{7*7}}", "dief.example#x", "%3Cscript%3E"),
]


@pytest.mark.parametrize("host", HOSTILE, ids=lambda host: ascii(host[:30]))
def test_a_hostile_host_is_never_written_into_the_page(site, host, settings):
    settings.BASE_URL = "https://portaal.centrum.example"
    block("dief.example")
    status, headers, body = get(site, host)
    assert "<script" not in body
    assert "Set-Cookie" not in headers
    assert host not in body or host in {"", "dief.example"}
    assert status in {"404 Not Found", "403 Forbidden"}


def test_when_the_list_cannot_be_asked_it_still_warns(site, monkeypatch):
    monkeypatch.setattr(serving, "look_up", lambda _host: 1 / 0)
    status, _, body = get(site, "dief.example")
    assert status == "403 Forbidden"
    assert "may be run by fraudsters" in body


def test_a_host_that_is_free_again_is_so_here_within_seconds(site, monkeypatch):
    block("dief.example")
    assert get(site, "dief.example")[0] == "403 Forbidden"
    unblock("dief.example")
    monkeypatch.setattr(serving, "KEPT_SECONDS", 0.0)
    status, _, body = get(site, "dief.example")
    assert status == "404 Not Found"
    assert "Voor dit adres is geen waarschuwing (meer)" in body


def test_visits_are_counted_by_entry_and_hour_and_nothing_else(site):
    entry, other = block("dief.example"), block("boef.example")
    for _ in range(3):
        get(site, "dief.example")
    get(site, "boef.example")
    get(site, "nergens.example")
    site.write()
    get(site, "dief.example")
    site.write()
    site.write()
    with tenancy.acting(DESK):
        assert {(row.entry_id, row.count) for row in Visit.objects.all()} == {(entry.id, 4), (other.id, 1)}
        assert {field.name for field in Visit._meta.fields} == {"id", "entry", "hour", "count"}
        assert Visit.objects.first().hour.minute == 0
        assert reads.visits_of(entry.id) == 4


def test_a_visit_to_an_entry_that_is_gone_from_the_database_breaks_nothing(site):
    block("dief.example")
    get(site, "dief.example")
    with tenancy.acting(DESK):
        from dijkwacht.rooms.phishing.listing.models import Change

        Change.objects.all().delete()
        Entry.objects.all().delete()
    site.write()


@pytest.mark.parametrize(
    ("header", "host"), [("A.Example.:80", "a.example"), ("x y", ""), ("[::1]:80", "[::1]"), ("", "")]
)
def test_the_host_of_a_header(header, host):
    assert host_of(header) == host


# --- the process ------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def serving_at():
    port = free_port()
    server = Server("127.0.0.1", port, WarningSite())
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield port
    finally:
        server.stop()
        thread.join()


def told(port, request):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as sock:
        sock.sendall(request)
        sock.settimeout(8)
        found = b""
        with contextlib.suppress(ConnectionResetError):
            while part := sock.recv(65536):
                found += part
        return found.decode("latin-1")


def test_the_process_answers_any_path_and_method_on_port_80_and_counts(committed):
    entry = block("dief.example")
    with serving_at() as port:
        for line in ("GET /inloggen?wachtwoord=geheim HTTP/1.1", "POST /betalen HTTP/1.0", "OPTIONS * HTTP/1.1"):
            answer = told(port, f"{line}\r\nHost: dief.example\r\nCookie: a=b\r\n\r\nkaart=1234".encode())
            assert answer.startswith("HTTP/1.1 403 Forbidden\r\n")
            assert "geheim" not in answer
            assert "1234" not in answer
        assert told(port, b"HEAD / HTTP/1.1\r\nHost: dief.example\r\n\r\n").endswith("\r\n\r\n")
        assert "404 Not Found" in told(port, b"GET / HTTP/1.1\r\nHost: a.example\r\nHost: dief.example\r\n\r\n")
        assert "404 Not Found" in told(port, b"rubbish\r\n\r\n")
        assert told(port, b"GET /" + b"a" * 40_000) == ""
    with tenancy.acting(DESK):
        assert reads.visits_of(entry.id) == 4
        assert Visit.objects.get().hour <= timezone.now() < Visit.objects.get().hour + timedelta(hours=2)


def test_whoever_drips_a_request_in_or_takes_many_places_keeps_nobody_out(committed, monkeypatch):
    monkeypatch.setattr(process, "SECONDS", 1.0)
    with serving_at() as port, contextlib.ExitStack() as held:
        slow = [held.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(process.EACH)]
        turned_away = held.enter_context(socket.create_connection(("127.0.0.1", port)))
        turned_away.settimeout(5)
        assert turned_away.recv(1) == b""  # one address has its places, and no more
        for _ in range(14):  # each piece within a second of the one before, all of it not
            for one in slow:
                with contextlib.suppress(OSError):
                    one.send(b"G")
            time.sleep(0.1)
        assert told(port, b"GET / HTTP/1.1\r\nHost: niets.example\r\n\r\n").startswith("HTTP/1.1 404")


def test_an_address_of_ipv6_is_one_with_all_of_its_network():
    assert process.of_one("2001:db8::1") == process.of_one("2001:db8::ffff")
    assert process.of_one("192.0.2.1") != process.of_one("192.0.2.2")
