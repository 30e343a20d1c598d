"""A mailbox that is read over IMAP (RFC 3501), for a centre whose mail server hands nothing over.

A mail leaves the mailbox after it is on disk and in the queue. Should we die between the two it is there the next time,
and is known by its UID: it is not taken in twice.
"""

import imaplib
import uuid
from typing import Final

import structlog

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import mailbox, tenancy
from dijkwacht.platform.mailbox import Box
from dijkwacht.rooms.phishing.campaigns.models import Report
from dijkwacht.rooms.phishing.intake import actions, rules
from dijkwacht.rooms.phishing.intake.actions import Handed
from dijkwacht.rooms.phishing.intake.models import Arrival
from dijkwacht.rooms.phishing.intake.reads import PORTER

log = structlog.get_logger()
AT_ONCE: Final = 20  # mails of one transaction
NAMESPACE: Final = uuid.UUID("6f3c2a52-5d0e-4d53-8f2a-6a0f8d1f5c11")


def take_all(*, actor: Actor, box: Box) -> int:
    """Take in every mail of the mailbox and remove it there; give how many. Raises Unusable; OSError: a full disk."""
    with mailbox.opened(box) as server:
        validity, sizes = mailbox.validity(server), mailbox.sizes(server)
        taken = 0
        for start in range(0, len(sizes), AT_ONCE):
            taken += _take(actor, server, box, validity, dict(list(sizes.items())[start : start + AT_ONCE]))
        return taken


def _take(actor: Actor, server: imaplib.IMAP4_SSL, box: Box, validity: int, sizes: dict[int, int]) -> int:
    """Take some in, in one transaction; then remove them from the mailbox."""
    names = {uid: uuid.uuid5(NAMESPACE, f"{box.user}@{box.host}/{box.folder} {validity} {uid}") for uid in sizes}
    with tenancy.acting(PORTER):
        known = {
            *Arrival.objects.filter(id__in=names.values()).values_list("id", flat=True),
            *Report.objects.filter(id__in=names.values()).values_list("id", flat=True),
        }
    handed, ours = [], [uid for uid in sizes if names[uid] in known]
    for uid, size in sizes.items():
        if size > rules.LARGEST:
            log.warning("phishing: a mail in the mailbox is too large and stays there", uid=uid, bytes=size)
        elif names[uid] not in known and (raw := mailbox.raw(server, uid)) is not None:
            handed.append(Handed(raw=raw, door="imap", sender=_sender(raw), report=names[uid]))
            ours.append(uid)
    if handed:
        actions.accept_many(actor=actor, handed=handed)
    mailbox.remove(server, ours)  # what the server did not give, or is too large, stays
    return len(handed)


def _sender(raw: bytes) -> str:
    """Give MAIL FROM, which the server that delivered the mail wrote down (RFC 5321 section 4.4)."""
    found = "".join(rules.values_of(rules.header_of(raw), "return-path")[:1]).strip()
    return found.strip("<>").strip()
