"""`dijkwacht phishing`: judge a suspicious mail from a file. Without Django, without a database, without a network."""

import os
import sys
from pathlib import Path
from typing import Final, Literal

import click
import msgspec

from dijkwacht.mails.isolated import Reader

from .fetching.cli import Pages, fetch_pages
from .intake.wrapping import Unknown, as_mail, recognised
from .judging.analysing import Analysis, analyse
from .learning.cli import benchmark, confirmed, train

FILE: Final = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


@click.group("phishing")
def phishing() -> None:
    """The Anti-Phishing Shield."""


@phishing.command(name="analyse")
@click.argument("files", metavar="FILE.eml...", nargs=-1, required=True, type=FILE)
@click.option("--reporter", multiple=True, help="Mail address of whoever sent it in; taken out of what is stored.")
@click.option("--language", type=click.Choice(["nl", "en"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="JSON, a line for each file.")
@click.option("--fetch", is_flag=True, help="Look at the pages too; without it nothing leaves this machine.")
def analyse_command(
    files: tuple[Path, ...], reporter: tuple[str, ...], language: Literal["nl", "en"], *, as_json: bool, fetch: bool
) -> None:
    """Say of each mail which links it holds, where they stand, what speaks for phishing, and the verdict.

    A picture, a PDF or an Outlook file (.msg) is read as the page of the shield reads it; "-" reads standard input.
    Reading is done in a process of its own. With --fetch the pages of links are looked at, without what says who
    reported: no form is sent, no address inside is reached. Where DIJKWACHT_PAGES_RDAP is set, registries are asked too
    how old their domains are. Exit code 0: judged, whatever the verdict; 2: wrong use; 1: a file that cannot be read.
    """
    with Reader() as reader, Pages(fetch=fetch) as pages:
        for path in files:
            try:
                raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
            except OSError as error:
                raise click.ClickException(f"{path}: {error.strerror}") from error
            mail, uploaded = _as_mail(raw)
            found, looks, ages = pages.seen(analyse(reader.read(mail, reporter, uploaded=uploaded)))
            if as_json:
                more = {"looks": looks, "ages": ages} if fetch else {"ages": ages}
                click.echo(
                    msgspec.json.encode(
                        {"file": os.fsencode(path).decode(errors="replace"), **msgspec.to_builtins(found), **more}
                    )
                )
            else:
                click.echo("\n".join([_text(path, found, language), *pages.text(looks, ages, language)]))


for one in (fetch_pages, train, benchmark, confirmed):
    phishing.add_command(one)


def _as_mail(raw: bytes) -> tuple[bytes, bool]:
    """Give a picture, PDF or Outlook file as the page of the shield takes it; anything else is read as a mail."""
    try:
        file = recognised(raw)
    except Unknown:
        return raw, False
    return (raw, False) if file.kind == "mail" else (as_mail([], file), True)


def _text(path: Path, found: Analysis, language: Literal["nl", "en"]) -> str:
    lines = [f"{path}: {found.verdict}. {getattr(found, language)}"]
    for judged in found.links:
        link = judged.link
        warn = f"{judged.scope.kind} {judged.scope.name}".strip()
        lines += [f"  {judged.verdict:<11} {link.canonical}", f"              in {link.where}; a warning: {warn}"]
        lines += [f"              {getattr(one, language)}" for one in judged.evidence]
    lines += [f"  not looked at: {problem}" for problem in found.problems]
    return "\n".join(lines)
