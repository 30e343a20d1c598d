"""Record what a registry said of a domain."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.phishing.errors import NotAllowed

from . import asking, rules
from .models import DomainAge, Registry

TERMS: Final = {  # how long an answer is believed
    "known": timedelta(days=30),
    "unsaid": timedelta(days=7),
    "no-server": timedelta(days=7),
    "none": timedelta(hours=6),  # a name that is registered this minute
    "failed": timedelta(hours=2),
}


@transaction.atomic
def keep(*, actor: Actor, domain: str, server: str, answer: asking.Answer, now: datetime) -> DomainAge | None:
    """Record what a registry said; of one that is too busy only until when it is left alone. Raises NotAllowed."""
    if not allows(actor, "phishing:decide"):
        raise NotAllowed
    if answer.state == "busy":
        Registry.objects.filter(site=rules.site_of(server)).update(not_before=now + answer.wait)
        return None
    said = {"state": answer.state, "day": answer.day or None, "why": answer.why[:200]}
    row, _ = DomainAge.objects.update_or_create(
        domain=domain, defaults={**said, "asked_at": now, "until": now + TERMS[answer.state]}
    )
    detail = {"state": answer.state, "server": rules.site_of(server)}
    record(actor=actor, action="phishing:domain:age", target=("domain", domain), detail=detail)
    return row
