"""When a person looked before: one row a person and organisation, written in one statement."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from dijkwacht.kernel.actor import Actor

SAME: Final = "30 minutes"  # a look within this time of the last one is the same visit
_LOOK: Final = """
insert into home_visit as v (account, organisation_id, at, before) values (%s, %s, %s, null)
on conflict (account, organisation_id) do update set
    before = case when excluded.at - v.at > %s::interval then v.at else v.before end,
    at = excluded.at
returning before
"""


def look(actor: Actor, organisation: UUID) -> datetime | None:
    """Note that a person looks now; gives when the visit before this one was, None at the first and for programs."""
    if not actor.account:
        return None
    (account,) = actor.account
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [account, organisation, timezone.now(), SAME])
        before: datetime | None = cursor.fetchone()[0]
    return before
