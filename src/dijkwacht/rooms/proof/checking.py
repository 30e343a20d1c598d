"""One look at one challenge: read what to look for, look outside any transaction, record what was seen."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings

from dijkwacht.kernel.actor import Actor, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.egress import way as ways
from dijkwacht.rooms.proof import rules
from dijkwacht.rooms.proof.looking import file, suffixes, txt
from dijkwacht.rooms.proof.looking.finding import Finding
from dijkwacht.rooms.proof.models import Challenge, Check
from dijkwacht.rooms.proof.vocabulary import LIVE, Method, Outcome
from dijkwacht.rooms.registry.models import Asset
from dijkwacht.rooms.registry.vocabulary import AssetKind, AssetStatus

CHECKER: Final = system("proof:check")


def periods() -> rules.Periods:
    """Return how long things last in this installation."""
    return rules.Periods(
        challenge=timedelta(days=settings.PROOF_DAYS),
        recheck=timedelta(days=settings.PROOF_RECHECK_DAYS),
        grace=timedelta(days=settings.PROOF_GRACE_DAYS),
    )


def check(challenge: UUID, *, actor: Actor = CHECKER, egress: ways.Egress | None = None) -> Check | None:
    """Look once and record what was seen; None when there is nothing to look at any more.

    Must not run in a transaction that is to be kept short: a look takes up to ten seconds.
    """
    from dijkwacht.rooms.proof import actions

    with tenancy.acting(CHECKER):
        row = Challenge.objects.select_related("asset", "organisation").filter(id=challenge, state__in=LIVE).first()
    if row is None or row.method not in rules.LOOKED_UP:
        return None
    begin = time.monotonic()
    finding = LOOKS[Method(row.method)](row, egress or ways.from_settings())
    with tenancy.acting(CHECKER):
        return actions.record_check(
            actor=actor, challenge=challenge, finding=finding, seconds=round(time.monotonic() - begin, 3)
        )


def _dns(row: Challenge, egress: ways.Egress) -> Finding:
    return txt.look(row.asset.value, row.token, egress)


def _file(row: Challenge, egress: ways.Egress) -> Finding:
    return file.look(row.asset.value, row.token, egress)


def _parent(row: Challenge, egress: ways.Egress) -> Finding:  # noqa: ARG001 - all looks take the same
    above = suffixes.parents(row.asset.value)
    with tenancy.acting(CHECKER):
        held = Asset.objects.filter(organisation=row.organisation_id, kind=AssetKind.DOMAIN, value__in=above)
        found = held.filter(status=AssetStatus.VERIFIED, method__in=rules.COVERS_BELOW).first()
    if found is None:
        return Finding(Outcome.ABSENT, "parent-none", {"value": row.asset.value})
    return Finding(Outcome.MATCH, "parent-match", {"parent": found.value})


def _whois(row: Challenge, egress: ways.Egress) -> Finding:  # noqa: ARG001 - all looks take the same
    from dijkwacht.rooms.proof.whois import matching

    return matching.look(row)


LOOKS: Final[dict[Method, Callable[[Challenge, ways.Egress], Finding]]] = {
    Method.DNS: _dns,
    Method.FILE: _file,
    Method.PARENT: _parent,
    Method.WHOIS: _whois,
}
