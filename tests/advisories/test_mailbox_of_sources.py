"""The mailbox of sources, on a real IMAP server: what was taken in leaves it, nothing is lost, nothing comes twice."""

from dataclasses import replace

import pytest
from tests.phishing import dovecot

from dijkwacht.platform import mailbox
from dijkwacht.platform.mailbox import Box, Unusable
from dijkwacht.rooms.advisories.sourcing import models, postbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_the_centre")]


@pytest.fixture(scope="module")
def box():
    with dovecot.running() as made:
        yield made


def mail(number):
    return (
        f"From: Vendor <psirt@vendor.example>\r\nTo: bronnen@dijkwacht.example\r\nSubject: Hole CVE-2026-{number}\r\n"
        f"Message-ID: <{number}@vendor.example>\r\nDate: Thu, 26 Nov 2026 09:00:00 +0000\r\n\r\n"
        f"CVE-2026-{number} in Gate 3000: update to 2.0.\r\n"
    ).encode()


def test_each_mail_becomes_an_item_and_leaves_the_mailbox(box):
    dovecot.put(box, *(mail(number) for number in range(4100, 4125)))
    state = postbox.poll(box)
    assert (state.taken, state.error, dovecot.left(box)) == (25, "", 0)
    row = models.Item.objects.get(source="mailbox", title="Hole CVE-2026-4100")
    assert row.tlp == "AMBER"  # nobody said that it is for everybody
    assert models.Vulnerability.objects.filter(name="CVE-2026-4100").exists()
    assert postbox.poll(box).taken == 0


def test_a_mail_that_came_in_and_was_not_removed_is_not_taken_in_twice(box, monkeypatch):
    dovecot.put(box, mail(4200))
    with monkeypatch.context() as patched:
        patched.setattr(mailbox, "remove", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            postbox.take_all(box)
    assert dovecot.left(box) == 1
    assert postbox.poll(box).taken == 0
    assert dovecot.left(box) == 0
    assert models.ItemVersion.objects.count() == models.Item.objects.filter(source="mailbox").count() == 1


def test_what_cannot_be_read_is_set_aside_with_its_bytes_and_stops_no_other(box):
    dovecot.put(box, b"\r\n", mail(4300))
    assert postbox.poll(box).taken == 1
    assert models.SetAside.objects.filter(source="mailbox").count() == 1
    assert dovecot.left(box) == 0


def test_what_is_too_large_stays_and_stops_no_other(box, monkeypatch):
    monkeypatch.setattr(postbox, "LARGEST", len(mail(4401)) + 10)
    dovecot.put(box, mail(4400) + b"x" * 100, mail(4401))
    assert postbox.poll(box).taken == 1
    assert dovecot.left(box) == 1
    monkeypatch.undo()
    assert postbox.poll(box).taken == 1


def test_a_server_that_fails_is_said_on_the_page_of_sources_and_tried_again(box):
    state = postbox.poll(replace(box, password="onjuist"))
    assert state.failures == 1
    assert state.error
    assert postbox.poll(replace(box, port=1)).failures == 2
    assert postbox.poll(box).failures == 0


def test_a_mailbox_is_never_read_without_tls():
    with pytest.raises(Unusable, match="DIJKWACHT_ADVISORY_IMAP must look like imaps"):
        Box.of_url("imap://user:password@post.example/INBOX", "DIJKWACHT_ADVISORY_IMAP")


def test_a_password_with_signs_that_mean_something_in_an_address_is_read_as_it_is():
    box = Box.of_url("imaps://bron%40x.example:p%2Fw@post.example/Bronnen", "DIJKWACHT_ADVISORY_IMAP")
    assert (box.user, box.password, box.port, box.folder) == ("bron@x.example", "p/w", 993, "Bronnen")
