"""`dijkwacht advisories ingest`: files, folders and addresses of sources into the running system's database."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from dijkwacht.kernel.actor import system
from dijkwacht.kernel.errors import Problem
from dijkwacht.rooms.advisories.sourcing import actions
from dijkwacht.rooms.advisories.sourcing.files import files_of
from dijkwacht.rooms.advisories.sourcing.reading import File

OPERATOR = system("advisories:ingest")


@click.command(name="ingest")
@click.argument("places", metavar="FILE|DIR|URL...", nargs=-1, required=True)
@click.option("--source", default="", help="Slug of the source of all of it.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
def ingest(places: tuple[str, ...], source: str, *, as_json: bool) -> None:
    """Take in CSAF, CVE records, KEV, EPSS, RSS, Atom, mails, lists of product status; what is known is passed over.

    Exit code 0: all came in; 1: something was set aside now (each with why) or before, or nothing was recognised; 2:
    wrong use.
    """
    try:
        report = actions.ingest(actor=OPERATOR, files=_files(places), source=source)
    except Problem as problem:
        raise click.UsageError(problem.text("en")) from problem
    click.echo(msgspec.json.encode(report.as_dict()).decode() if as_json else _text(report))
    recognised = report.files - report.passed_over
    sys.exit(1 if report.aside or report.aside_before or not recognised else 0)


@click.command(name="reread")
@click.option("--source", default="", help="Slug of one source; without it, all that give documents (CSAF, CVE).")
def reread(source: str) -> None:
    """Read the documents that came in anew from their bytes, after an update that reads them better.

    Exit code 0: done; 1: some could not be read any more, and stay as they were; 2: wrong use.
    """
    from dijkwacht.rooms.advisories.sourcing import rereading

    try:
        done, failed = rereading.reread(actor=OPERATOR, source=source)
    except Problem as problem:
        raise click.UsageError(problem.text("en")) from problem
    click.echo(f"{done:,} documents read anew, {failed:,} left as they were.")
    sys.exit(1 if failed else 0)


def _files(places: tuple[str, ...]) -> Iterator[File]:
    for place in places:
        if place.startswith(("https://", "http://")):
            yield from _fetched(place)
        elif place == "-":
            yield File("standard input", sys.stdin.buffer.read())
        elif not Path(place).exists():
            raise click.UsageError(f"{place}: there is no such file or folder")
        else:
            try:
                yield from files_of(Path(place))
            except OSError as error:
                raise click.ClickException(f"{error.filename}: {error.strerror}") from error


def _fetched(url: str) -> Iterator[File]:
    from dijkwacht.feeds.advisories.bounds import Unreadable
    from dijkwacht.rooms.advisories.sourcing.asking import NotFetched
    from dijkwacht.rooms.advisories.sourcing.fetching import files_at

    try:
        yield from files_at(url)
    except (NotFetched, Unreadable) as error:
        raise click.ClickException(f"{url}: {error}") from error


def _text(report: actions.Report) -> str:
    counts = (
        f"{report.files:,} files: {report.new:,} items new, {report.changed:,} changed, {report.same:,} known already, "
        f"{report.older:,} older than what is known, {report.aside:,} set aside, "
        f"{report.aside_before:,} set aside before, {report.passed_over:,} of no source."
    )
    lines = [counts, f"{report.matters:,} new matters, {report.joined:,} joined; {report.chances:,} chances (EPSS)."]
    lines += [f"  set aside: {one}" for one in report.findings]
    return "\n".join([*lines, *(f"  of no source that we know: {one}" for one in report.of_no_source)])
