"""`dijkwacht csaf`: judge a document or a provider, and write our own folder. Django only where it is needed."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from dijkwacht.__main__ import set_up_django

from .validating import judging
from .validating.verdict import Finding, NotCsaf, NotThere, Verdict

if TYPE_CHECKING:
    from dijkwacht.platform.network import Address

LABELS = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")


@click.group()
def csaf() -> None:
    """CSAF documents: check those of anybody, publish our own."""


@csaf.command()
@click.argument("what", metavar="FILE|URL")
@click.option("--json", "as_json", is_flag=True, help="Everything both validators found, for programs.")
@click.option("--sample", type=click.IntRange(1, 1000), default=5, show_default=True, help="Documents of a provider.")
def check(*, what: str, as_json: bool, sample: int) -> None:
    """Judge a CSAF document by two validators, or a provider-metadata.json by requirements 1 to 20.

    Addresses inside are not looked at, but for those of this installation itself.

    Ends with 0 when it is taken in (the first validator accepts it), with 1 when not, with 2 when nobody can judge it.
    """
    if what.startswith(("http://", "https://")):
        set_up_django()
        return _of_url(what, as_json=as_json, sample=sample)
    try:
        with Path(what).open("rb") as stream:
            content = stream.read(judging.LARGEST + 1)
    except OSError as error:
        raise click.ClickException(f"{what}: {error.strerror}") from error
    return _of_document(what, content, as_json=as_json)


def _of_url(url: str, *, as_json: bool, sample: int) -> None:
    from dijkwacht.platform.egress.way import from_settings

    from .validating.fetching import fetch

    way, own = from_settings(), _own(url)
    if url.partition("?")[0].endswith("/provider-metadata.json"):
        from .validating import provider

        return _told_provider(provider.check(url, lambda one: fetch(one, way, own), sample=sample), as_json=as_json)
    answer = fetch(url, way, own)
    if not answer.ok:
        raise click.ClickException(f"{url}: {answer.told()}")
    return _of_document(url, answer.body, as_json=as_json)


def _own(url: str) -> "dict[str, Address]":
    """Where our own installation stands, if it is asked about: it may be on this machine, or inside."""
    import ipaddress
    import socket

    from django.conf import settings

    ours = urlsplit(settings.BASE_URL)
    if urlsplit(url).netloc.lower() != ours.netloc.lower() or not ours.hostname:
        return {}
    try:
        found = socket.getaddrinfo(ours.hostname, None, type=socket.SOCK_STREAM)
    except OSError:
        return {}
    return {ours.netloc.lower(): ipaddress.ip_address(found[0][4][0])}


def _of_document(name: str, content: bytes, *, as_json: bool) -> None:
    try:
        verdict = judging.judge(judging.read(content))
    except NotCsaf as error:
        if as_json:
            click.echo(json.dumps({"file": name, "accepted": False, "taken_in": False, "problem": str(error)}))
        else:
            click.echo(f"{name}: not a CSAF document: {error}")
        sys.exit(1)
    except NotThere as error:
        click.echo(json.dumps({"file": name, "problem": str(error)}) if as_json else str(error), err=not as_json)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps(_as_json(name, verdict), ensure_ascii=False))
    else:
        _told(name, verdict)
    sys.exit(0 if verdict.taken_in else 1)


def _as_json(name: str, verdict: Verdict) -> dict[str, Any]:
    def finding(one: Finding) -> dict[str, str]:
        return {"test": one.test, "group": one.group, "place": one.place, "says": one.says}

    return {
        "file": name,
        "csaf_version": verdict.version,
        "accepted": verdict.accepted,
        "taken_in": verdict.taken_in,
        "agreed": verdict.agreed,
        "validators": {
            one.validator: {"accepts": one.accepts, "found": [finding(each) for each in one.found]}
            for one in verdict.opinions
        },
        "only_found_by": verdict.differing(),
        "not_run": list(verdict.not_run),
    }


def _told(name: str, verdict: Verdict) -> None:
    how = "accepted" if verdict.accepted else "refused" if not verdict.taken_in else "taken in; the two differ"
    click.echo(f"{name}: CSAF {verdict.version}, {how}")
    for opinion in verdict.opinions:
        remarks = sum(not one.refuses for one in opinion.found)
        says = "accepts" if opinion.accepts else "refuses"
        click.echo(f"  {opinion.validator} {says} it, with {remarks} remarks")
        for one in opinion.found:
            if one.refuses:
                click.echo(f"    {one.test} at {one.place or '/'}: {one.says}")
    if not verdict.agreed:
        click.echo("  The two differ: ours to publish needs both; what comes in follows the first.")
    click.echo(f"  Not run, because they ask servers or a spelling checker: {', '.join(verdict.not_run)}")


def _told_provider(found: list[Any], *, as_json: bool) -> None:
    from .validating.provider import NAMES

    if as_json:
        rows = [{"requirement": x.number, "name": NAMES[x.number], "state": x.state, "found": x.found} for x in found]
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for one in found:
            click.echo(f"{one.number:2} {NAMES[one.number]}: {one.state}")
            for said in one.found[:20]:
                click.echo(f"     {said}")
    sys.exit(1 if any(one.state == "not-met" for one in found) else 0)


@csaf.command()
@click.argument("out_dir", type=click.Path(path_type=Path, file_okay=False))
@click.option("--label", "labels", multiple=True, type=click.Choice(LABELS), default=("CLEAR",), show_default=True)
@click.option("--json", "as_json", is_flag=True)
def publish(*, out_dir: Path, labels: tuple[str, ...], as_json: bool) -> None:
    """Write the folder of a trusted provider to OUT_DIR, for a web server to serve as /.well-known/csaf/.

    A reader sees the folder as it was or as it is, never half. Labels other than CLEAR are for a server that keeps
    them closed.
    """
    set_up_django()
    from dijkwacht.kernel.actor import ANONYMOUS, system

    from .publishing import writing_out

    actor = ANONYMOUS if set(labels) == {"CLEAR"} else system("command-line:csaf")
    try:
        done = writing_out.write(out_dir, actor=actor, labels=frozenset(labels))
    except writing_out.NotOurs as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{out_dir}: {error.strerror}") from error
    told = {"documents": done.documents, "unchanged": done.linked, "files_written": done.files}
    click.echo(json.dumps(told) if as_json else ", ".join(f"{name}: {count}" for name, count in told.items()))
