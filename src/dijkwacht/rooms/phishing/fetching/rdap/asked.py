"""How often registries were asked, within the number of questions that they may be; and IANA's table as it was had."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from . import rules
from .models import Registry

TABLE: Final = ""  # the site under which IANA's table is kept
TABLE_TERM: Final = timedelta(days=1)
TABLE_AGAIN: Final = timedelta(minutes=10)  # after it could not be had


class LaterError(Exception):
    """A server is left alone for a while. Argument: until when."""


def held_table() -> tuple[dict[str, list[str]], datetime | None]:
    """Give IANA's table of servers as it was had last, and until when that will do; None: it is to be had anew."""
    held = Registry.objects.filter(site=TABLE).first()
    if held is None or held.not_before is None:
        return {}, None
    return {**held.table}, held.not_before if held.not_before > timezone.now() else None


def keep_table(found: dict[str, list[str]] | None) -> datetime:
    """Keep a table, or that it could not be had, which leaves the old one in use; gives until when."""
    now = timezone.now()
    until = now + (TABLE_TERM if found else TABLE_AGAIN)
    said = {"minute": now, "not_before": until, **({"table": found} if found else {})}
    Registry.objects.update_or_create(site=TABLE, defaults=said)
    return until


@transaction.atomic
def admit(server: str) -> None:
    """Count one question to a server. Raises LaterError where it had enough in this minute, or asked for a pause."""
    now = timezone.now()
    minute = now.replace(second=0, microsecond=0)
    Registry.objects.get_or_create(site=rules.site_of(server), defaults={"minute": minute})
    row = Registry.objects.select_for_update().get(site=rules.site_of(server))
    if row.not_before is not None and row.not_before > now:
        raise LaterError(row.not_before)
    asked = row.asked if row.minute == minute else 0
    if asked >= settings.PAGES_RDAP_PER_MINUTE:
        raise LaterError(minute + timedelta(minutes=1))
    row.minute, row.asked = minute, asked + 1
    row.save(update_fields=["minute", "asked"])
