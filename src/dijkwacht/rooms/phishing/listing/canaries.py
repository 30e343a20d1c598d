"""Canaries: a name of our own that comes and goes each day, so that a consumer's state can be seen from outside."""

import secrets
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.phishing.listing import actions
from dijkwacht.rooms.phishing.listing.models import Entry

LIVES: Final = timedelta(hours=24)


def today_and_yesterday() -> tuple[str, str]:
    """Give the canary that is on the list now, and the one that went last; nothing for what there is not."""
    rows = Entry.objects.filter(canary=True)
    live = rows.filter(removed_at=None).order_by("-added_at").values_list("name", flat=True).first()
    gone = rows.exclude(removed_at=None).order_by("-removed_at").values_list("name", flat=True).first()
    return live or "", gone or ""


def turn(*, actor: Actor) -> list[Entry]:
    """Take off yesterday's canary and add today's, when it is time; gives what changed."""
    if not settings.CANARY_DOMAIN:
        return []
    now = timezone.now()
    live = list(Entry.objects.filter(canary=True, removed_at=None).order_by("added_at"))
    changed = []
    if not live or live[-1].added_at <= now - LIVES:
        name = f"c{now:%Y%m%d}-{secrets.token_hex(3)}.{settings.CANARY_DOMAIN}"
        changed.append(actions.add_canary(actor=actor, name=name, lease=LIVES + timedelta(hours=1)))
        changed += [actions.unblock(actor=actor, name=one.name, reason="a day is over") for one in live]
    return changed
