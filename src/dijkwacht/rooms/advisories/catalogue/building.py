"""Statements of sources into the catalogue, as they come in: from where it left off, part by part."""

from django.db import connection

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.catalogue import actions
from dijkwacht.rooms.advisories.catalogue.actions import Called
from dijkwacht.rooms.advisories.catalogue.models import Taken
from dijkwacht.rooms.advisories.sourcing import reads as sourcing

BUILDER = system("advisories:catalogue")


def build(parts: int = 1_000) -> int:
    """Take in what is new, `parts` parts at most; gives how many products are new."""
    added = 0
    for _ in range(parts):
        with tenancy.acting(BUILDER) as actor:
            with connection.cursor() as cursor:  # two builders in turn
                cursor.execute("select pg_advisory_xact_lock(%s)", [actions.LOCK])
            since = Taken.objects.values_list("statement", flat=True).first() or 0
            called, up_to = sourcing.called_since(since, actions.AT_ONCE)
            if up_to == since:
                return added
            added += actions.take(actor=actor, called=[Called(*one) for one in called], up_to=up_to)
    return added
