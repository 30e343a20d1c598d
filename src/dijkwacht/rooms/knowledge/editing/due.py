"""Tell the owner of a measure by mail that it is due for another look: once per review date."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform.outbox import compose
from dijkwacht.platform.outbox.actions import Post, enqueue_many
from dijkwacht.platform.outbox.models import Channel
from dijkwacht.rooms.knowledge import published
from dijkwacht.rooms.knowledge.errors import NotAllowed
from dijkwacht.rooms.knowledge.published import Entry


@transaction.atomic
def tell_owners(*, actor: Actor) -> int:
    """Mail who looks at what is due; gives how many mails were asked for. Raises NotAllowed but for our jobs."""
    if actor.kind is not Kind.SYSTEM:
        raise NotAllowed
    today = timezone.localdate()
    late = [one for one in published.entries().values() if one.measure.review_by <= today and one.owner]
    posts = [_post(one) for one in late]
    if posts:
        enqueue_many(actor=actor, posts=posts)
    return len(posts)


def _post(entry: Entry) -> Post:
    measure = entry.measure
    key = f"knowledge:due:{measure.slug}:{measure.review_by}"
    with translation.override("nl"):
        address = settings.BASE_URL + reverse("knowledge:edit", args=[measure.slug])
        subject = _("Look again at: %(title)s") % {"title": measure.nl.title}
        context: dict[str, Any] = {"measure": measure, "address": address, "centre": settings.CENTRE_NAME}
        text = render_to_string("knowledge/due.txt", context)
    message = compose.new_message_id(key)
    mail = compose.mail(
        sender=settings.MAIL_FROM, recipient=entry.owner, subject=subject, text=text, message_id=message
    )
    return Post(
        channel=Channel.MAIL,
        organisation=None,
        recipient=entry.owner,
        payload=mail,
        dedupe_key=key,
        reference=f"measure:{measure.slug}",
    )
