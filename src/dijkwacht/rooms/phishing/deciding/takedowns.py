"""A request to the owner of a host with pages of many: take one away. The first to a new contact waits for a person."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.outbox import compose
from dijkwacht.platform.outbox.actions import enqueue
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.deciding.models import AbuseContact, Takedown
from dijkwacht.rooms.phishing.errors import NotAllowed
from dijkwacht.rooms.phishing.judging.knowledge import registrable
from dijkwacht.rooms.phishing.judging.showing import defanged

SHARED: Final = ("shared", "suffix", "top")  # why a scope is one URL: its host is somebody else's


def ask(actor: Actor, campaign: Campaign, target: Mapping[str, Any]) -> None:
    """Ask for one page to be taken away, once a campaign; nothing for a host of the criminal's own."""
    host = urlsplit(target["name"]).hostname or ""
    domain = registrable(host)
    if target["kind"] != "url" or not domain:
        return
    contact, _ = AbuseContact.objects.get_or_create(host=domain, defaults={"email": f"abuse@{domain}"})
    made, new = Takedown.objects.get_or_create(campaign=campaign, url=target["name"], defaults={"contact": contact})
    if new and contact.released_at:
        _send(actor, made)


def _send(actor: Actor, takedown: Takedown) -> None:
    # What we write to a host we do not know is English, and the URL cannot be followed by mistake.
    with translation.override("en"):
        said = {"url": defanged(takedown.url), "centre": settings.CENTRE_NAME, "reference": takedown.id}
        text = render_to_string("phishing/takedown.txt", said)
    subject, _, body = text.partition("\n")
    mail = compose.mail(
        sender=settings.MAIL_FROM,
        recipient=takedown.contact.email,
        subject=subject.strip(),
        text=body.strip() + "\n",
        message_id=compose.new_message_id(f"phishing takedown {takedown.id}"),
        language="en",
    )
    enqueue(
        actor=actor,
        channel="mail",
        organisation=None,
        recipient=takedown.contact.email,
        payload=mail,
        dedupe_key=f"phishing takedown {takedown.id}",
        reference=f"takedown {takedown.id}",
    )
    takedown.sent_at = timezone.now()
    takedown.save(update_fields=["sent_at"])


@transaction.atomic
def release(*, actor: Actor, host: str, email: str) -> int:
    """Say that a contact is right, perhaps with another address; sends what waits for it. Gives how many."""
    if not allows(actor, "phishing:decide"):
        raise NotAllowed
    contact = AbuseContact.objects.select_for_update().get(host=host)
    contact.email, contact.released_by, contact.released_at = email, actor.id, timezone.now()
    contact.save()
    record(actor=actor, action="phishing:contact:release", target=("abuse-contact", host), personal={"email": email})
    waiting = [*contact.takedowns.filter(sent_at=None)]
    for one in waiting:
        _send(actor, one)
    return len(waiting)
