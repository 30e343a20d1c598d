"""What two people decide together: who may say yes, and when it is enough."""

from django.utils import timezone

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.rooms.notification.errors import NotAllowed, SecondPersonNeeded
from dijkwacht.rooms.notification.models import Approval, Campaign, Proposal


def voice(actor: Actor, permission: str, about: Campaign | Proposal, *, yes: bool, reason: str) -> int:
    """Keep one person's yes or no; give how many have said yes. Call it with the row of `about` locked.

    Its maker may say no and so withdraw it, but never yes. Raises NotAllowed unless a person asks who may approve,
    SecondPersonNeeded when that person made it or has spoken already.
    """
    if actor.kind is not Kind.PERSON or not allows(actor, permission):
        raise NotAllowed
    voices = Approval.objects.filter(**_of(about))
    if (yes and about.created_by == actor.id) or voices.filter(by=actor.id).exists():
        raise SecondPersonNeeded
    Approval.objects.create(by=actor.id[:100], at=timezone.now(), yes=yes, reason=reason.strip()[:2000], **_of(about))
    return voices.filter(yes=True).count()


def _of(about: Campaign | Proposal) -> dict[str, Campaign | Proposal]:
    return {"campaign": about} if isinstance(about, Campaign) else {"proposal": about}
