"""Send what is due: all that one contact gets now goes in one letter. Each lot is one transaction.

A killed worker leaves the lot as it was; the key of a letter in the outbox is made of its tellings, so the same letter
enters once.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import Fact, record_many
from dijkwacht.platform.outbox.actions import Post, enqueue_many
from dijkwacht.platform.outbox.addressing import checked_recipient
from dijkwacht.platform.outbox.errors import InvalidRecipient
from dijkwacht.platform.outbox.models import Channel
from dijkwacht.rooms.advisories.delivery import following, letters
from dijkwacht.rooms.advisories.delivery.letters import Letter
from dijkwacht.rooms.advisories.delivery.models import Telling
from dijkwacht.rooms.notification import rules as notices
from dijkwacht.rooms.registry.models import Contact

DISPATCHER: Final = system("advisories:dispatch")
CONTACTS_AT_ONCE: Final = 500
OUTSIDE: Final = ("mail", "webhook")
# What some contacts get now, contact by contact. `offset 0` keeps it so, and keeps what waits out of it: statistics of
# an hour at which nothing waited had all that is due looked through for each contact.
_OF_CONTACTS: Final = """
select t.* from unnest(%s::uuid[]) k (id)
cross join lateral (
    select * from advisories_telling t where t.contact_id = k.id and t.sent_at is null offset 0
) t
where t.state = 'waiting' and t.due_at <= %s
order by t.id
"""


def due() -> QuerySet[Telling]:
    """The tellings whose hour has come. Read as the centre."""
    return Telling.objects.filter(state=Telling.State.WAITING, due_at__lte=timezone.now())


def dispatch_due() -> int:
    """Send everything that is due; give the number of letters. Two workers at once share the work."""
    sent = 0
    while lot := _lot():
        sent += lot
    return sent


def _lot() -> int:
    with tenancy.acting(DISPATCHER):
        # In the order of the index alone: what has one moment, as all of an advisory, would be sorted for each lot.
        first = due().order_by("due_at").values_list("contact_id", flat=True)[:CONTACTS_AT_ONCE]
        contacts = {one for one in first if one}
        held = Contact.objects.select_for_update(of=("self",), skip_locked=True).filter(id__in=contacts)
        working = {row.id: row for row in held.order_by("id")}
        tellings = _due_to(working)
        gone = contacts - set(Contact.objects.filter(id__in=contacts).values_list("id", flat=True))
        lost = _due_to(gone)
        lost += [one for one in tellings if working[one.contact_id].status != "working"]  # type: ignore[index]
        following.elsewhere(lost)
        known = {one.id for one in lost}
        _send([one for one in tellings if one.id not in known], working)
    return len(tellings) + len(lost)


def _due_to(contacts: Collection[UUID]) -> list[Telling]:
    return list(Telling.objects.raw(_OF_CONTACTS, [list(contacts), timezone.now()])) if contacts else []


def _send(tellings: Sequence[Telling], contacts: Mapping[UUID, Contact]) -> None:
    letter_of = _letters(tellings)
    ready = letters.load(tellings, letter_of, contacts)
    posts: list[tuple[Letter, Post]] = []
    refused: list[Telling] = []
    for letter in ready:
        if letter.contact.channel in OUTSIDE:
            try:
                posts.append((letter, _post(letter)))
            except InvalidRecipient:  # one contact that cannot be written to does not stop the others
                refused += [item.telling for item in letter.items]
    enqueue_many(actor=DISPATCHER, posts=[post for _, post in posts])
    for letter, _ in posts:
        _mark(letter, Telling.State.QUEUED)
    at_once = [letter for letter in ready if letter.contact.channel not in OUTSIDE]
    for letter in at_once:
        _mark(letter, Telling.State.DELIVERED)
    _store([item.telling for letter in (*(one for one, _ in posts), *at_once) for item in letter.items])
    following.elsewhere(refused)
    said = {item.telling.id for letter in ready for item in letter.items}
    lost = [one.id for one in tellings if one.id not in said]  # a version that is not there any more
    Telling.objects.filter(id__in=lost).update(state=Telling.State.CANCELLED)


def _letters(tellings: Sequence[Telling]) -> dict[UUID, UUID]:
    """By contact the identifier of its letter, made of what is in it: the same tellings make the same letter."""
    inside: dict[UUID, list[str]] = defaultdict(list)
    for one in tellings:
        if one.contact_id:
            inside[one.contact_id].append(str(one.id))
    return {
        contact: UUID(bytes=hashlib.sha256("".join(sorted(ids)).encode()).digest()[:16])
        for contact, ids in inside.items()
    }


def _post(letter: Letter) -> Post:
    """The message of a letter. Raises InvalidRecipient."""
    contact, mail = letter.contact, letter.contact.channel == "mail"
    urgent = any(item.telling.urgent for item in letter.items)
    quiet = None
    if not urgent:
        preference = notices.Preference(contact.minimum_severity, contact.rhythm, contact.quiet_from, contact.quiet_to)
        quiet = notices.quiet_until(preference, timezone.localtime())
    return Post(
        channel=contact.channel,
        organisation=contact.organisation_id,
        recipient=checked_recipient(Channel(contact.channel), contact.email if mail else contact.webhook_url),
        payload=letters.mail(letter) if mail else letters.webhook(letter),
        dedupe_key=f"advisories:{letter.id}",
        reference=f"advisories:{letter.id}",
        not_before=quiet,
        priority=0 if urgent else 5,
    )


def _mark(letter: Letter, state: Telling.State) -> None:
    now = timezone.now()
    for item in letter.items:
        item.telling.letter, item.telling.state, item.telling.sent_at = letter.id, state, now
        item.telling.delivered_at = now if state == Telling.State.DELIVERED else None


def _store(tellings: Sequence[Telling]) -> None:
    """Write what became of them, and record each disclosure."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update advisories_telling t set letter = f.letter, state = f.state, sent_at = f.sent, "
            "delivered_at = f.delivered from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[], "
            "%s::timestamptz[]) as f (id, letter, state, sent, delivered) where t.id = f.id",
            [
                [one.id for one in tellings],
                [one.letter for one in tellings],
                [str(one.state) for one in tellings],
                [one.sent_at for one in tellings],
                [one.delivered_at for one in tellings],
            ],
        )
    record_many(
        Fact(
            actor=DISPATCHER,
            action="advisories:telling:disclose",
            target=("telling", one.id),
            organisation=one.organisation_id,
            detail={
                "advisory": str(one.advisory),
                "version": one.version,
                "about": str(one.about_id),
                "route": one.route,
                "channel": one.channel,
                "decision": one.decision_id,
            },
        )
        for one in tellings
    )
