"""The jobs of this room. Looks have a queue of their own: a slow name server holds up no notice."""

from typing import Final
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.asking import once

RETRY: Final = RetryStrategy(max_attempts=5, exponential_wait=5)
CLOCK: Final = system("proof:clock")
AT_ONCE: Final = 500  # looks that one tick asks for; the rest comes with the next


@app.task(queue="proof", retry=RETRY, name="proof.check")
def check(challenge: str) -> None:
    """Look once at one challenge. Safe to repeat: it is one look more."""
    from dijkwacht.rooms.proof import checking

    checking.check(UUID(challenge))


@app.task(queue="proof", retry=RETRY, name="proof.prune")
def prune() -> None:
    """Take snapshots from disk that are not needed any more. Safe to repeat: what is gone is gone."""
    from dijkwacht.rooms.proof import actions

    with tenancy.acting(CLOCK):
        actions.prune_snapshots(actor=CLOCK)


def ask_prune() -> None:
    """Ask for the pruning of snapshots, unless it waits already."""
    once(prune)


def ask(challenge: UUID) -> None:
    """Ask for a look, unless one waits already."""
    once(check, challenge, challenge=str(challenge))


def ask_due() -> int:
    """Ask for every look whose time has come; returns how many."""
    from dijkwacht.rooms.proof.models import Challenge
    from dijkwacht.rooms.proof.vocabulary import LIVE

    with tenancy.acting(CLOCK):
        due = Challenge.objects.filter(state__in=LIVE, next_at__lte=timezone.now()).exclude(method="mail")
        found = list(due.order_by("next_at").values_list("id", flat=True)[:AT_ONCE])
    for challenge in found:
        ask(challenge)
    return len(found)


def end_mails() -> None:
    """End the mails nobody answered in time, and the answers that are a year old."""
    from dijkwacht.rooms.proof import actions, rules
    from dijkwacht.rooms.proof.models import Challenge
    from dijkwacht.rooms.proof.vocabulary import Method, State

    now = timezone.now()
    with tenancy.acting(CLOCK):
        mails = Challenge.objects.filter(method=Method.MAIL)
        for row in mails.filter(state=State.OPEN, expires_at__lte=now)[:AT_ONCE]:
            actions.end_challenge(actor=CLOCK, challenge=row.id, state=State.EXPIRED)
        for row in mails.filter(state=State.PROVEN, proven_at__lte=now - rules.MAIL_HOLDS)[:AT_ONCE]:
            actions.end_mail_proof(actor=CLOCK, challenge=row.id)


def remind() -> int:
    """Tell, a month before, that a proof by mail ends; once. Returns how many proofs were told about."""
    from dijkwacht.rooms.proof import mails, rules
    from dijkwacht.rooms.proof.models import Challenge
    from dijkwacht.rooms.proof.vocabulary import Method, State

    now = timezone.now()
    with tenancy.acting(CLOCK):
        ending = Challenge.objects.select_related("asset").filter(
            method=Method.MAIL,
            state=State.PROVEN,
            warned_at=None,
            asset__status="verified",
            asset__method=Method.MAIL,
            asset__expires_at__gt=now,
            asset__expires_at__lte=now + rules.ASK_AGAIN,
        )
        found = list(ending[:AT_ONCE])
        for row in found:
            row.warned_at = now
            row.save(update_fields=["warned_at"])
            mails.tell(row, "proof/ends.txt", {"ends": row.asset.expires_at}, f"ends {row.id}")
    return len(found)


def look_at_contested() -> int:
    """Bring forward the looks at proofs against which somebody put a claim since."""
    from dijkwacht.rooms.proof import settling

    with tenancy.acting(CLOCK):
        return settling.look_at_contested()


def settle_waiting() -> int:
    """Verify what was proven while a conflict was open, now that a person has decided it. Returns how many."""
    from dijkwacht.rooms.proof import settling, words
    from dijkwacht.rooms.proof.models import Challenge
    from dijkwacht.rooms.proof.vocabulary import Outcome, State

    done = 0
    with tenancy.acting(CLOCK):
        waiting = Challenge.objects.select_related("asset").filter(state=State.PROVEN, asset__status="claimed")
        for row in waiting.filter(Q(failures=0) & Q(proven_at__gte=F("asset__claimed_at")))[:AT_ONCE]:
            seen = row.checks.filter(outcome=Outcome.MATCH).order_by("-at").first()
            done += settling.settle(row, words.sentence(seen, "en") if seen else "")
    return done
