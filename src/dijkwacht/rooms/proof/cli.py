"""`dijkwacht registry verify ASSET` and `dijkwacht registry whois import FILE`."""

import json
import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import command_line, tenancy
from dijkwacht.rooms.proof import actions, checking, reads, rules, words
from dijkwacht.rooms.proof.models import Challenge, Check
from dijkwacht.rooms.proof.vocabulary import LIVE, Method
from dijkwacht.rooms.registry import assets
from dijkwacht.rooms.registry import errors as registry_errors
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.models import Asset
from dijkwacht.rooms.registry.vocabulary import AssetStatus

ADDRESS = re.compile(r"[0-9]+(\.[0-9]+){3}(/[0-9]*)?|[0-9a-fA-F]*:[0-9a-fA-F:.]*(/[0-9]*)?")
LOOKS = sorted(method.value for method in rules.LOOKED_UP)
WITHOUT_TOKEN = (Method.PARENT, Method.WHOIS)


@click.command("verify")
@click.argument("asset")
@click.option("--organisation", type=click.UUID, help="Whose asset, where ASSET is a value that several claim.")
@click.option("--method", type=click.Choice(LOOKS), help="Only this method; by default all that can be looked up.")
@click.option("--json", "as_json", is_flag=True, help="Print what was seen as JSON.")
def verify(*, asset: str, organisation: UUID | None, method: str | None, as_json: bool) -> None:
    """Look now whether ASSET (its identifier, or a domain, prefix or AS number) is shown to be its organisation's.

    Exit code 0: verified. 1: not verified. 2: wrong use.
    """
    actor = command_line.operator()
    with tenancy.acting(actor):
        row = _find(actor, asset, organisation)
        methods = [Method(method)] if method else [one for one in rules.METHODS[row.kind] if one in rules.LOOKED_UP]
        challenges = _challenges(actor, row, methods, wanted=method is not None)
    seen = [(one, checking.check(one.id, actor=actor)) for one in challenges]
    with tenancy.acting(actor):
        row = registry.access_asset(actor, row.uid)
        again = [(reads.access_challenge(actor, one.id), found) for one, found in seen]
    verified = row.status == AssetStatus.VERIFIED and (row.expires_at is None or row.expires_at > timezone.now())
    result = _result(row, again, verified=verified)
    click.echo(json.dumps(result, ensure_ascii=False, default=str) if as_json else "\n".join(_lines(row, again)))
    sys.exit(0 if verified else 1)


def _find(actor: Actor, text: str, organisation: UUID | None) -> Asset:
    """Return the one asset that is meant. Raises UsageError for none, or several."""
    rows = Asset.objects.select_related("organisation").order_by("organisation__name")
    try:
        rows = rows.filter(uid=UUID(text))
    except ValueError:
        rows = rows.filter(**_normal(text))
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    found = list(rows[:20])
    if not found:
        raise click.UsageError(f"No organisation in the registry claims {text}.")
    if len(found) > 1:
        named = "\n".join(f"  --organisation {row.organisation_id}  {row.organisation.name}" for row in found)
        raise click.UsageError(f"Several organisations claim {text}; say whose you mean:\n{named}")
    return registry.access_asset(actor, found[0].uid)


def _normal(text: str) -> dict[str, str]:
    refused: Problem | None = None
    kinds: tuple[str, ...] = ("prefix", "domain")
    if text[:2].lower() == "as" and text[2:].strip().isdigit():
        kinds = ("asn",)
    elif ADDRESS.fullmatch(text):  # told what is wrong with it as an address
        kinds = ("prefix",)
    for kind in kinds:
        try:
            normal = assets.normalise(kind, text, reserved=True, on=registry.today())
        except registry_errors.InvalidAsset as problem:
            refused = problem
            continue
        return {"kind": normal.kind, "value": normal.values[0]}
    raise click.UsageError(str(refused))


def _challenges(actor: Actor, row: Asset, methods: list[Method], *, wanted: bool) -> list[Challenge]:
    """Return the challenges to look at; starts what needs no token, and dns or what was asked for."""
    if row.status == AssetStatus.EXPIRED:
        raise click.UsageError("This asset has expired; its organisation must claim it again first.")
    if wanted and methods[0] not in rules.METHODS[row.kind]:
        raise click.UsageError(f"{row.value} cannot be shown by {methods[0]}.")
    live = [one for one in reads.live_of(actor, row) if one.method in methods]
    have = {one.method for one in live}
    start = [one for one in methods if one not in have and (wanted or one in WITHOUT_TOKEN or one is Method.DNS)]
    return live + [actions.start_challenge(actor=actor, asset=row.uid, method=one) for one in start]


def _result(row: Asset, seen: list[tuple[Challenge, Check | None]], *, verified: bool) -> dict[str, Any]:
    return {
        "asset": row.uid,
        "organisation": row.organisation_id,
        "kind": row.kind,
        "value": row.value,
        "status": row.status,
        "verified": verified,
        "checks": [
            {
                "challenge": one.id,
                "method": one.method,
                "state": one.state,
                "at": found.at,
                "outcome": found.outcome,
                "code": found.code,
                "facts": found.facts,
                "sentence": words.sentence(found, "en"),
                "publish": rules.line(one.token) if one.token else None,
            }
            for one, found in seen
            if found is not None
        ],
    }


def _lines(row: Asset, seen: list[tuple[Challenge, Check | None]]) -> list[str]:
    told = [f"{row.kind} {row.value}: {row.status}" + (f" ({row.method})" if row.method else "")]
    for one, found in seen:
        if found is None:
            continue
        told.append(f"  {one.method:<7}{words.outcome(found.outcome, 'en')}: {words.sentence(found, 'en')}")
        if one.token and one.state in LIVE and found.outcome != "match":
            where = rules.record_name(row.value) + " TXT" if one.method == Method.DNS else row.value + rules.PATH
            told.append(f"         publish at {where}: {rules.line(one.token)}")
    return told


@click.group("whois")
def whois() -> None:
    """Files of the internet registries (RIPE and others), with which claims on prefixes and AS numbers are compared."""


@whois.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", default="RIPE", show_default=True, help="Whose data these are.")
@click.option("--dated", type=click.DateTime(["%Y-%m-%d"]), help="Of which day; by default the day of the file.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def import_command(*, file: Path, source: str, dated: datetime | None, as_json: bool) -> None:
    """Take in FILE: RPSL text or RDAP JSON, plain or gzip. The same file again changes nothing."""
    from dijkwacht.rooms.proof.whois import store

    actor = command_line.operator()
    day: date = dated.date() if dated else datetime.fromtimestamp(file.stat().st_mtime, UTC).date()
    try:
        with tenancy.acting(actor):
            row, fresh = store.import_snapshot(actor=actor, path=file, source=source, dated=day)
    except Problem as problem:
        command_line.fail(problem, as_json=as_json)
        return
    kept = ", ".join(f"{count} {kind}" for kind, count in sorted(row.objects_kept.items()))
    told = f"{row.source} of {row.dated}: {row.objects_read} objects read; kept {kept}; {row.set_aside} not understood."
    result = {
        "snapshot": str(row.id),
        "fresh": fresh,
        "source": row.source,
        "dated": str(row.dated),
        "sha256": row.sha256,
        "objects": row.objects_read,
        "kept": row.objects_kept,
        "set_aside": row.set_aside,
    }
    click.echo(json.dumps(result) if as_json else told if fresh else f"Imported before. {told}")
