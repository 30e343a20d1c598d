"""The mails of proof: the question to a role address, and the warning that a proof is gone. All leave by the outbox."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from dijkwacht.kernel.actor import Actor, system
from dijkwacht.platform.outbox import compose
from dijkwacht.platform.outbox.actions import enqueue
from dijkwacht.platform.outbox.errors import InvalidRecipient
from dijkwacht.rooms.proof import rules
from dijkwacht.rooms.proof.models import Challenge
from dijkwacht.rooms.registry.models import Asset, Contact
from dijkwacht.rooms.registry.reads import contacts_for_role
from dijkwacht.rooms.registry.vocabulary import Channel, ContactRole

MAILER: Final = system("proof:mail")
SOON: Final = 2  # priority: somebody waits for it
ROLES: Final = (ContactRole.SECURITY, ContactRole.TECHNICAL, ContactRole.BOARD, ContactRole.ABUSE)


def digest(secret: str) -> bytes:
    """Return what is kept of a link: enough to recognise it, not enough to make it."""
    return hashlib.sha256(secret.encode()).digest()


def seal(challenge: Challenge) -> str:
    """Give a challenge its link; the secret is in the mail and nowhere else."""
    secret = secrets.token_urlsafe(rules.TOKEN_BYTES)
    challenge.token_digest = digest(secret)
    return secret


def ask(challenge: Challenge, secret: str, actor: Actor) -> None:
    """Mail the question to the role address, in Dutch and English: we do not know who reads it."""
    context = {
        "organisation": challenge.organisation.name,
        "value": _named(challenge.asset),
        "link": f"{settings.BASE_URL}{reverse('proof:confirm', args=[secret])}",
        "ends": challenge.expires_at,
    }
    subject, text = _both("proof/question.txt", context)
    _enqueue(actor, challenge, challenge.recipient, subject, text, language="nl", key=f"ask {challenge.id}")


def tell(challenge: Challenge, template: str, context: Mapping[str, Any], key: str) -> int:
    """Mail the organisation's contacts about a proof; returns how many are reached: 0 means that nobody can be."""
    told = 0
    for contact in _contacts(challenge):
        with translation.override(contact.language):
            subject, text = _text(
                template, {**context, "value": _named(challenge.asset), "page": _page(challenge.asset)}
            )
        try:
            _enqueue(
                MAILER, challenge, contact.email, subject, text, language=contact.language, key=f"{key} {contact.id}"
            )
        except InvalidRecipient:
            continue
        told += 1
    return told


def _contacts(challenge: Challenge) -> list[Contact]:
    """Return the contacts of the first role that has one who reads mail."""
    for role in ROLES:
        found = [
            contact
            for contact in contacts_for_role(MAILER, challenge.organisation_id, role)
            if contact.email and contact.channel in {Channel.MAIL, Channel.PORTAL, Channel.API, Channel.WEBHOOK}
        ]
        if found:
            return found
    return []


def _enqueue(
    actor: Actor, challenge: Challenge, recipient: str, subject: str, text: str, *, language: str, key: str
) -> None:
    dedupe = f"proof {key}"
    message_id = compose.new_message_id(dedupe)
    payload = compose.mail(
        sender=settings.MAIL_FROM,
        recipient=recipient,
        subject=subject,
        text=text,
        message_id=message_id,
        language=language,
    )
    enqueue(
        actor=actor,
        channel="mail",
        organisation=challenge.organisation_id,
        recipient=recipient,
        payload=payload,
        dedupe_key=dedupe,
        reference=f"proof {challenge.id}",
        priority=SOON,
    )


def _text(template: str, context: Mapping[str, Any]) -> tuple[str, str]:
    rendered = render_to_string(template, {"centre": settings.CENTRE_NAME, **context})
    subject, _, body = rendered.strip().partition("\n\n")
    return _one_line(subject), body.strip() + "\n"


def _both(template: str, context: Mapping[str, Any]) -> tuple[str, str]:
    with translation.override("nl"):
        subject, dutch = _text(template, context)
    with translation.override("en"):
        _, english = _text(template, context)
    return subject, f"{dutch}\n---\n\n{english}"


def _one_line(subject: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in subject).split())[:200]


def _named(asset: Asset) -> str:
    return f"AS{asset.value}" if asset.kind == "asn" else asset.value


def _page(asset: Asset) -> str:
    return f"{settings.BASE_URL}{reverse('proof:asset', args=[asset.uid])}"
