"""Files of internet registries are kept no longer than they are needed: they hold what others wrote about people."""

import shutil
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.proof import rules
from dijkwacht.rooms.proof.errors import NotAllowed
from dijkwacht.rooms.proof.models import Check, Snapshot
from dijkwacht.rooms.proof.vocabulary import State
from dijkwacht.rooms.proof.whois import store


@transaction.atomic
def prune_snapshots(*, actor: Actor, now: datetime | None = None) -> int:
    """Take the rows of snapshots that others superseded long enough ago from disk; gives how many snapshots.

    Kept: what counts still, what was superseded less than `PROOF_SNAPSHOT_DAYS` days ago, and what a proof that stands
    or a proposal was decided on. The file's name, hash and date stay. Source: GDPR article 5(1)(e). Raises NotAllowed.
    """
    if not rules.may_judge(actor):
        raise NotAllowed
    moment = now or timezone.now()
    old = moment - timedelta(days=settings.PROOF_SNAPSHOT_DAYS)
    rows = list(Snapshot.objects.select_for_update().filter(pruned_at=None).order_by("dated", "imported_at", "id"))
    since = rules.superseded(
        [rules.Imported(row.id, row.source, row.objects_kept.keys(), row.imported_at) for row in rows]
    )
    needed = _needed() if since else set()
    gone = [row for row in rows if row.id in since and since[row.id] <= old and str(row.id) not in needed]
    for row in gone:
        row.pruned_at = moment
        row.save(update_fields=["pruned_at"])
        transaction.on_commit(partial(shutil.rmtree, store.folder() / str(row.id), ignore_errors=True))
        detail = {"source": row.source, "dated": str(row.dated), "sha256": row.sha256}
        record(actor=actor, action="proof:snapshot:prune", target=("snapshot", row.id), detail=detail)
    return len(gone)


def _needed() -> set[str]:
    """Return the snapshots that the newest look at each standing proof, or waiting proposal, refers to."""
    looks = Check.objects.filter(challenge__state__in=[State.PROVEN, State.PROPOSED], facts__has_key="snapshot")
    newest = looks.order_by("challenge_id", "-at", "-id").distinct("challenge_id")
    return {facts["snapshot"] for facts in newest.values_list("facts", flat=True)}
