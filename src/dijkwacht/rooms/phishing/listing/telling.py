"""Letters to our own people about what waits for them: a link, and nothing of what it is about."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.models import User
from dijkwacht.platform.outbox import compose
from dijkwacht.platform.outbox.actions import Post, enqueue_many
from dijkwacht.rooms.phishing.listing.models import Entry
from dijkwacht.rooms.reporting.oncall import duty

SOON: Final = "phishing/entry_ends.txt"


def entry_ends(actor: Actor, entry: Entry) -> int:
    """Tell whoever put a name on the list that its lease ends soon; the duty where that is nobody who has an account.

    Gives how many letters.
    """
    try:
        maker = User.objects.filter(id=UUID(entry.added_by), is_active=True).first()
    except ValueError:  # a command, a job
        maker = None
    key = f"phishing entry {entry.id} {entry.lease_until.isoformat()}"
    context = {"link": f"{settings.BASE_URL}/phishing/entries/{entry.id}", "until": entry.lease_until}
    recipients = [maker.email] if maker else duty.mail_addresses(timezone.now())
    return write(actor, recipients, key, SOON, context)


def write(actor: Actor, recipients: list[str], key: str, template: str, context: dict[str, object]) -> int:
    """Put one letter for each of these in the outbox, ahead of what goes to many; gives how many."""
    with translation.override(settings.LANGUAGE_CODE):
        said = {"centre": settings.CENTRE_NAME, **context}
        subject, _blank, text = render_to_string(template, said).strip().partition("\n\n")
    posts = [_post(f"{key} {recipient}"[:200], recipient, subject, text) for recipient in recipients]
    return len(enqueue_many(actor=actor, posts=posts)) if posts else 0


def _post(key: str, recipient: str, subject: str, text: str) -> Post:
    mail = compose.mail(
        sender=settings.DEFAULT_FROM_EMAIL,
        recipient=recipient,
        subject=subject,
        text=text,
        message_id=compose.new_message_id(key),
        language=settings.LANGUAGE_CODE,
    )
    return Post(
        channel="mail",
        organisation=None,
        recipient=recipient,
        payload=mail,
        dedupe_key=key,
        reference="phishing desk",
        priority=0,
    )
