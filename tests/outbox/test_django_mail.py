"""Account mails go the same way as every other mail."""

import pytest
from django.core.mail import EmailMultiAlternatives, send_mail
from tests.outbox.conftest import ACTOR

from dijkwacht.kernel.actor import ANONYMOUS
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.errors import InvalidRecipient
from dijkwacht.platform.outbox.models import Message

pytestmark = pytest.mark.django_db
BACKEND = "dijkwacht.platform.outbox.django_mail.Backend"


@pytest.fixture(autouse=True)
def _real_backend(settings):
    settings.EMAIL_BACKEND = BACKEND  # the test runner puts one in memory


def test_an_account_mail_is_enqueued_once_for_each_recipient_even_for_an_anonymous_visitor(server, sender):
    mail = EmailMultiAlternatives("Code é", "Your code is 123", to=["a@x.example", "b@x.example"], bcc=["c@x.example"])
    mail.attach_alternative("<p>123</p>", "text/html")
    with tenancy.acting(ANONYMOUS):
        assert mail.send() == 1
        assert Message.objects.count() == 0
    sender.drain()
    assert [envelope.rcpt_tos for envelope in server.accepted] == [["a@x.example"], ["b@x.example"], ["c@x.example"]]
    assert b"c@x.example" not in server.accepted[0].content
    with tenancy.acting(ACTOR):
        assert Message.objects.filter(priority=1, reference="accounts").count() == 3


def test_a_header_cannot_be_injected():
    with pytest.raises(ValueError, match="newline"):
        send_mail("x\r\nBcc: a@b", "x", None, ["a@x.example"])


def test_a_wrong_recipient_is_an_error_unless_silence_was_asked_for():
    with pytest.raises(InvalidRecipient):
        send_mail("x", "x", None, ["not an address"])
    assert send_mail("x", "x", None, ["not an address"], fail_silently=True) == 0
