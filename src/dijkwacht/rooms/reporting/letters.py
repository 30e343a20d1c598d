"""Mails about an incident. They hold nothing of it: that there is a message, and where to read it."""

from collections.abc import Iterable
from typing import Any, Final

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.leaving import without_access
from dijkwacht.platform.outbox import compose
from dijkwacht.platform.outbox.actions import Post, enqueue_many
from dijkwacht.platform.outbox.addressing import checked_recipient
from dijkwacht.platform.outbox.errors import InvalidRecipient
from dijkwacht.platform.outbox.models import Channel
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.registry.upkeep.mail import addresses
from dijkwacht.rooms.reporting import links, showing
from dijkwacht.rooms.reporting.customers.models import ProviderCustomer, ProviderEvent
from dijkwacht.rooms.reporting.models import DueMoment, Incident
from dijkwacht.rooms.reporting.rules import Channel as Way

log = structlog.get_logger()
POSTMAN: Final = system("reporting:letters")
TERMS: Final = {"remind", "overdue", "undelivered"}  # of the reporter; the others are ours
ENDED: Final = {"overdue", "late"}


def tell_reporter(incident: Incident, what: str = "message", *, contact: bool = True) -> bool:
    """Tell the contact of an incident, and its organisation, that there is a message, or that a term ends.

    Who left the register is told nothing more, nor is somebody who lost access to it. Of a term that ends in an event
    of a provider the contact hears once, whatever the number of customers. `contact`: whether the contact is told at
    all. Gives whether anybody was told.
    """
    with tenancy.acting(POSTMAN):
        whose = incident.organisation_id
        organisation = Organisation.objects.filter(id=whose).first() if whose else None
        known = addresses(organisation) if organisation else []
        address = str((incident.facts or {}).get("contact_email") or "") if contact else ""
        lost = without_access(organisation.id, [address]) if organisation and address else set()
        event = _event_of(incident) if address and what in TERMS else None
        if event is not None:
            tell_provider(event, what, f"{what}:{incident.next_stage}:{incident.next_due_at}")
            address = ""
    if organisation is None:
        known_guest = bool(address and (incident.network or incident.verified_at or _called(incident)))
        if known_guest:  # somebody without account, or a caller: by the link of the mail
            _send([address], what, reverse("reporting:follow", args=[links.follow(incident)]), incident.language)
        return known_guest
    told = sorted({*known, *([address] if address else [])} - lost) if organisation.active else []
    _send(told, what, reverse("reporting:incident", args=[incident.id]), incident.language)
    return bool(told) or event is not None


def _called(incident: Incident) -> bool:
    """Whether somebody who is not registered reported it by telephone."""
    with tenancy.acting(POSTMAN):
        return incident.reports.filter(channel=Way.PHONE).exists()


def _event_of(incident: Incident) -> ProviderEvent | None:
    row = ProviderCustomer.objects.select_related("event").filter(incident=incident).first()
    return row.event if row else None


def tell_provider(event: ProviderEvent, what: str, once: str) -> None:
    """Tell the contact of an event of a provider; the same words in `once` again write nothing more."""
    contact = (event.facts or {}).get("contact_email")
    if not contact:
        return
    key = f"event:{event.id}:{once}"[:200]
    subject, body = words(what, reverse("reporting:event", args=[event.id]), event.language)
    made = compose.mail(
        sender=settings.DEFAULT_FROM_EMAIL,
        recipient=contact,
        subject=subject,
        text=body,
        message_id=compose.new_message_id(key),
        language=event.language,
    )
    post = Post(channel="mail", organisation=None, recipient=contact, payload=made, dedupe_key=key, reference="event")
    enqueue_many(actor=POSTMAN, posts=[post])


def tell_duty(incident: Incident, what: str, term: DueMoment | None = None) -> None:
    """Tell whoever is on duty that something waits on the desk. `term`: of what, whose, since or until when.

    What a duty is called says nothing of the incident; the state that a version is for would, so it is not named.
    """
    path, language = reverse("reporting:desk-incident", args=[incident.id]), settings.LANGUAGE_CODE
    with translation.override(language):
        duty = _term(term) if term is not None else {}
    _send(settings.DUTY_MAIL, what, path, language, **duty)


def _term(term: DueMoment) -> dict[str, Any]:
    if not term.stage:  # nobody looked at it
        return {"since": showing.moment(term.due_at)}
    abroad = term.stage.startswith(showing.STATE)
    return {
        "duty": _("Version for another Member State or ENISA") if abroad else showing.stage_title(term.stage),
        "law": showing.law_title(term.regime) if term.regime else "",
        "ours": term.purpose not in TERMS,
        "due": showing.moment(term.due_at),
        "ended": term.purpose in ENDED,
        "article": term.article,
    }


def _send(to: list[str], what: str, path: str, language: str, **duty: Any) -> None:
    """Send one mail to each; the first line of the template is the subject."""
    subject, body = words(what, path, language, **duty)
    for address in usable(to):
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])


def usable(to: Iterable[str]) -> list[str]:
    """Return the addresses that a mail can go to; of one that is none is said, and a report is not stopped by it."""
    found = []
    for address in to:
        try:
            found.append(checked_recipient(Channel.MAIL, address))
        except InvalidRecipient:
            log.warning("reporting: an address that no mail can go to; mend it in the register")
    return found


def words(what: str, path: str, language: str, **duty: Any) -> tuple[str, str]:
    """Return subject and text of a mail that says `what`, with a link to a path of the portal."""
    context = {"what": what, "link": f"{settings.BASE_URL}{path}", "centre_name": settings.CENTRE_NAME, **duty}
    with translation.override(language):
        text = render_to_string("reporting/letter.txt", context)
    subject, _, body = text.strip().partition("\n\n")
    return subject.strip(), body


def tell_reader(incident: Incident, receiver: Organisation) -> None:
    """Tell an authority or CSIRT that something was handed over to it, and where to acknowledge it."""
    path = reverse("reporting:desk-incident", args=[incident.id])
    _send(addresses(receiver), "handover", path, receiver.language)
