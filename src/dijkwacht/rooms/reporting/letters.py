"""Mails about an incident. They hold nothing of it: that there is a message, and where to read it."""

from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.registry.upkeep.mail import addresses
from dijkwacht.rooms.reporting import links
from dijkwacht.rooms.reporting.models import Incident

POSTMAN: Final = system("reporting:letters")


def tell_reporter(incident: Incident, what: str = "message") -> None:
    """Tell the contact of an incident, and its organisation, that there is a message, or that a term ends."""
    with tenancy.acting(POSTMAN):
        whose = incident.organisation_id
        organisation = Organisation.objects.filter(id=whose).first() if whose else None
        known = addresses(organisation) if organisation else []
        contact = (incident.facts or {}).get("contact_email")
    if organisation is None:
        if contact and (incident.network or incident.verified_at):  # somebody without account: by the link of the mail
            _send([contact], what, reverse("reporting:follow", args=[links.follow(incident)]), incident.language)
        return
    path = reverse("reporting:incident", args=[incident.id])
    _send(sorted({*known, *([contact] if contact else [])}), what, path, incident.language)


def tell_duty(incident: Incident, what: str) -> None:
    """Tell whoever is on duty that something waits on the desk."""
    _send(settings.DUTY_MAIL, what, reverse("reporting:desk-incident", args=[incident.id]), settings.LANGUAGE_CODE)


def _send(to: list[str], what: str, path: str, language: str) -> None:
    """Send one mail to each; the first line of the template is the subject."""
    context = {"what": what, "link": f"{settings.BASE_URL}{path}", "centre_name": settings.CENTRE_NAME}
    with translation.override(language):
        text = render_to_string("reporting/letter.txt", context)
    subject, _, body = text.strip().partition("\n\n")
    for address in to:
        send_mail(subject.strip(), body, settings.DEFAULT_FROM_EMAIL, [address])


def tell_reader(incident: Incident, receiver: Organisation) -> None:
    """Tell an authority or CSIRT that something was handed over to it, and where to acknowledge it."""
    path = reverse("reporting:desk-incident", args=[incident.id])
    _send(addresses(receiver), "handover", path, receiver.language)
