"""A mail for a contact that may have a key: one rule for every room that writes to contacts."""

from collections.abc import Callable, Mapping

import structlog

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.outbox.errors import UnusableKey
from dijkwacht.rooms.notification.rendering.inert import inert
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.models import Contact

log = structlog.get_logger(__name__)


def mail(
    *, actor: Actor, contact: Contact, whole: Callable[[Mapping[str, bytes]], bytes], bare: Callable[[], bytes]
) -> bytes:
    """Return what `whole` makes with the first key of the contact that works, or without one where it has none.

    A key that cannot be used never leads to clear text: then it is what `bare` makes, which only says that something
    waits in the portal, and the contact is marked for the officer. `whole` gets `openpgp_key` or `smime_certificate`.
    """
    found = {"openpgp_key": contact.openpgp_key, "smime_certificate": contact.smime_certificate}
    keys = {name: key.encode() for name, key in found.items() if key.strip()}
    if not keys:
        return whole({})
    refusals = []
    for name, key in keys.items():
        try:
            return whole({name: key})
        except UnusableKey as problem:
            refusals.append(str(problem))
    _note(actor, contact, " ".join(refusals))
    return bare()


def _note(actor: Actor, contact: Contact, refusal: str) -> None:
    """Mark the contact, once."""
    log.warning("a contact's key cannot be used", contact=str(contact.id))
    reason = f"key: {inert(refusal, 400)}"
    if contact.status_reason != reason:
        registry.set_contact_status(actor=actor, contact=contact.id, status=contact.status, reason=reason)
