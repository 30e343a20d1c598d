"""The only way to rows of the outbox."""

from uuid import UUID

from django.db.models import QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.outbox.errors import MessageNotFound, NotAllowed
from dijkwacht.platform.outbox.models import Message


def messages_for(actor: Actor) -> QuerySet[Message]:
    """Every message, newest first, for the people of the centre. Raises NotAllowed."""
    if not actor.is_centre:
        raise NotAllowed
    return Message.objects.defer("body").order_by("-created_at")


def access_message(actor: Actor, message_id: UUID) -> Message:
    """One message. Raises NotAllowed, MessageNotFound."""
    message = messages_for(actor).filter(id=message_id).first()
    if message is None:
        raise MessageNotFound
    return message
