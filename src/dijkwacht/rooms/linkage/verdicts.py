"""What people said of pairs, kept so that nobody is asked again."""

from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.linkage.models import Pair, Verdict


def store(actor: Actor, one: str, other: str, answer: str) -> None:
    """Keep the answer about two fingerprints; a later one takes the place of an earlier one."""
    low, high = sorted((one, other))
    told = {"answer": answer, "by": actor.id[:100], "at": timezone.now()}
    Verdict.objects.update_or_create(low=low, high=high, defaults=told)


def remember(actor: Actor, pair: Pair, answer: str, reason: str) -> None:
    """Write an answer on a pair and keep it."""
    pair.answer, pair.reason, pair.answered_by, pair.answered_at = answer, reason[:500], actor.id[:100], timezone.now()
    pair.save()
    store(actor, pair.first.fingerprint, pair.second.fingerprint, answer)
