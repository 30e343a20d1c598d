"""Mails about an incident. They hold nothing of it: that there is a message, and where to read it."""

from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.leaving import without_access
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.registry.upkeep.mail import addresses
from dijkwacht.rooms.reporting import links
from dijkwacht.rooms.reporting.models import Incident

POSTMAN: Final = system("reporting:letters")


def tell_reporter(incident: Incident, what: str = "message") -> bool:
    """Tell the contact of an incident, and its organisation, that there is a message, or that a term ends.

    Who left the register is told nothing more, nor is somebody who lost access to it. Gives whether anybody was told.
    """
    with tenancy.acting(POSTMAN):
        whose = incident.organisation_id
        organisation = Organisation.objects.filter(id=whose).first() if whose else None
        known = addresses(organisation) if organisation else []
        contact = str((incident.facts or {}).get("contact_email") or "")
        lost = without_access(organisation.id, [contact]) if organisation and contact else set()
    if organisation is None:
        known_guest = bool(contact and (incident.network or incident.verified_at))
        if known_guest:  # somebody without account: by the link of the mail
            _send([contact], what, reverse("reporting:follow", args=[links.follow(incident)]), incident.language)
        return known_guest
    told = sorted({*known, *([contact] if contact else [])} - lost) if organisation.active else []
    _send(told, what, reverse("reporting:incident", args=[incident.id]), incident.language)
    return bool(told)


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
