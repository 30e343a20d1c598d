"""The demo mailbox's pages: for the centre, in the demo, and with nothing of a mail alive."""

import pytest
from django.http import Http404
from tests.outbox.test_compose import FACTS

from dijkwacht.kernel.actor import Actor, CentreRole, Kind
from dijkwacht.platform.accounts.models import CentreMembership, User
from dijkwacht.platform.outbox import compose, letters, web
from dijkwacht.platform.outbox.mailbox import Mailbox

HOSTILE = "<script>alert(1)</script><img src=https://evil.example/x onerror=alert(1)>\"'<b>hi</b>"


@pytest.fixture
def box(tmp_path, settings) -> Mailbox:
    settings.HOME = tmp_path
    return Mailbox(tmp_path / "mailbox")


def signed_in(client, *roles: str):
    user = User.objects.create_user("o@centre.example", "a long enough password")
    for role in roles:
        CentreMembership.objects.create(user=user, role=role)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")


def kept(box: Mailbox, **fields) -> str:
    return box.keep(compose.mail(**{**FACTS, **fields}), "s@x", ["it@bakker.example"])


@pytest.mark.django_db
def test_an_officer_reads_what_was_sent_and_nothing_of_it_comes_alive(client, box):
    signed_in(client, "officer")
    name = kept(box, subject=HOSTILE, text=f"{HOSTILE} https://dijkwacht.example/f/abc", html=HOSTILE)
    assert HOSTILE not in client.get("/outbox/mailbox").content.decode()
    page = client.get(f"/outbox/mailbox/{name}")
    shown = page.content.decode()
    assert HOSTILE not in shown
    assert "<script>alert" not in shown
    assert "<img src=https" not in shown
    assert 'sandbox="" srcdoc="&lt;script' in shown
    assert 'href="https://dijkwacht.example/f/abc"' in shown
    assert "script-src 'unsafe" not in page["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/outbox/mailbox", "/outbox/mailbox/20261122T080000-000000000000.eml"])
def test_only_the_centre_may_look(client, box, address):
    assert client.get(address).status_code == 302
    signed_in(client)
    assert client.get(address).status_code == 403


def test_there_is_no_such_page_in_real_use(rf, box, settings):
    settings.DEMO = False
    request = rf.get("/outbox/mailbox")
    request.actor = Actor(kind=Kind.PERSON, id="o", roles=frozenset({CentreRole.OFFICER}), second_factor=True)
    for view, arguments in ((web.mailbox, {}), (web.letter, {"name": kept(box)})):
        with pytest.raises(Http404):
            view(request, **arguments)


@pytest.mark.parametrize(
    "name", ["../secrets/x", "..%2fx", "x.eml", "accepted.jsonl", "", "20261122T080000-000000000000.eml"]
)
def test_a_name_cannot_leave_the_folder(box, name):
    assert letters.read(box.folder, name) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 100,
        b"To: a:b@c;<x@y>\r\n\r\n",
        b"Subject: =?x?q?=ff?=\r\n\r\nx",
        b"x" * 3_000_000,
        b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xff",
    ],
)
def test_a_strange_mail_is_shown_or_said_to_be_unreadable(box, content):
    name = box.keep(content, "", [])
    assert letters.read(box.folder, name) is not None
    assert len(letters.newest(box.folder)) == 1
