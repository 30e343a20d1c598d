"""Mails about what was shared. They hold nothing of it: that there is a message, and where it is read."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting.crossing import passages
from dijkwacht.rooms.reporting.crossing.models import Disclosure, Inbound

ABROAD = "en"  # the language of the network of single points of contact


def tell_receiver(row: Disclosure, organisation: Organisation | None) -> None:
    """Tell a receiver that something is there: an organisation after signing in, a contact abroad by its link."""
    if organisation is not None:
        path = reverse("reporting:shared-one", args=[row.id])
    else:
        path = reverse("reporting:received", args=[passages.passage(row)])
    language = organisation.language if organisation is not None else ABROAD
    _send(row.sent_to, language, what="shared", link=f"{settings.BASE_URL}{path}")


def tell_sender(row: Inbound) -> None:
    """Tell a contact abroad that its report was received, by our number."""
    if row.point is not None and row.point.active:
        _send([row.point.email], ABROAD, what="inbound", number=row.incident.number)


def _send(to: list[str], language: str, **context: str) -> None:
    with translation.override(language):
        text = render_to_string("reporting/crossing/letter.txt", {"centre_name": settings.CENTRE_NAME, **context})
    subject, _, body = text.strip().partition("\n\n")
    for address in to:
        send_mail(subject.strip(), body.strip() + "\n", settings.DEFAULT_FROM_EMAIL, [address])
