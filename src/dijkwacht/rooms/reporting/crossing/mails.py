"""Mails about what was shared. They hold nothing of it: that there is a message, and where it is read."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from dijkwacht.kernel.actor import system
from dijkwacht.platform.outbox.actions import Post, enqueue_many
from dijkwacht.rooms.reporting.crossing import passages
from dijkwacht.rooms.reporting.crossing.models import Disclosure, Inbound
from dijkwacht.rooms.reporting.crossing.receiving import Receiver
from dijkwacht.rooms.reporting.crossing.rules import Sealing

POSTMAN = system("reporting:crossing")
ABROAD = "en"  # the language of the network of single points of contact


def tell_receiver(row: Disclosure, receiver: Receiver) -> None:
    """Tell a receiver that something is there: an organisation after signing in, a contact abroad by its link.

    That link opens the version for whoever holds it: it is encrypted for a contact that has a key.
    """
    organisation = receiver.organisation
    if organisation is not None:
        path = reverse("reporting:shared-one", args=[row.id])
    else:
        path = reverse("reporting:received", args=[passages.passage(row)])
    language = organisation.language if organisation is not None else ABROAD
    subject, body = _words(language, what="shared", link=f"{settings.BASE_URL}{path}")
    if row.sealing == Sealing.OPENPGP:
        _send_sealed(row, receiver, subject, body)
        return
    for address in row.sent_to:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])


def _send_sealed(row: Disclosure, receiver: Receiver, subject: str, body: str) -> None:
    from dijkwacht.platform.outbox import compose  # late: the library that encrypts is large

    for address in row.sent_to:
        key = f"disclosure:{row.id}:{address}"[:200]
        made = compose.mail(
            sender=settings.DEFAULT_FROM_EMAIL,
            recipient=address,
            subject=subject,
            text=body,
            message_id=compose.new_message_id(key),
            language=ABROAD,
            openpgp_key=receiver.openpgp_key.encode(),
        )
        post = Post(
            channel="mail", organisation=None, recipient=address, payload=made, dedupe_key=key, reference="share"
        )
        enqueue_many(actor=POSTMAN, posts=[post])


def tell_sender(row: Inbound) -> None:
    """Tell a contact abroad that its report was received, by our number."""
    if row.point is not None and row.point.active:
        subject, body = _words(ABROAD, what="inbound", number=row.incident.number)
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [row.point.email])


def _words(language: str, **context: str) -> tuple[str, str]:
    with translation.override(language):
        text = render_to_string("reporting/crossing/letter.txt", {"centre_name": settings.CENTRE_NAME, **context})
    subject, _, body = text.strip().partition("\n\n")
    return subject.strip(), body.strip() + "\n"
