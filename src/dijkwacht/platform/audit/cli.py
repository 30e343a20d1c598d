"""`dijkwacht audit`: verify the log, show its checkpoint, prove an entry."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import click
from django.db import Error, connection

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit import files, proofs
from dijkwacht.platform.audit.note import Checkpoint, NoteError, Verifier
from dijkwacht.platform.audit.verify import verify as verify_log

SHOWN: Final = 200  # findings printed for people; --json gives all
as_json = click.option("--json", "json_", is_flag=True, help="For programs.")
Readable = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def audit() -> None:
    """The append-only audit log: check it and prove what is in it."""


@contextmanager
def _database() -> Iterator[Any]:
    """Give the database connection, in a transaction of our own. Exits with 1 when it does not answer."""
    try:
        with tenancy.acting(system("audit:verify")):
            yield connection.connection
    except Error as error:
        raise click.ClickException(f"The database does not answer: {error}") from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path} cannot be read as text: {error}") from error


def _verifier(key: str | None) -> Verifier:
    try:
        return Verifier.from_text(key) if key else files.signer().verifier
    except NoteError as error:
        raise click.UsageError(f"--key: {error}") from error


def _earlier(path: Path | None, verifier: Verifier) -> Checkpoint | None:
    if path is None:
        return None
    try:
        return verifier.open(_read(path))
    except NoteError as error:
        raise click.UsageError(f"{path}: {error}") from error


@audit.command()
@as_json
@click.option("--from-checkpoint", type=Readable, help="An earlier checkpoint: nothing before it may have changed.")
@click.option("--key", help="The log's verifier key, kept elsewhere; without it the key of this installation.")
def verify(*, json_: bool, from_checkpoint: Path | None, key: str | None) -> None:
    """Compute everything again and name every entry that was changed, removed, reordered or cut off.

    Exit code 0: nothing wrong. 1: tampering found. 2: wrong use.
    """
    verifier = _verifier(key)
    earlier = _earlier(from_checkpoint, verifier)
    with _database() as database:
        report = verify_log(database, files.tiles(), verifier, earlier=earlier)
    if json_:
        click.echo(json.dumps(report.as_json()))
    else:
        for finding in report.findings[:SHOWN]:
            click.echo(finding.sentence())
        if len(report.findings) > SHOWN:
            click.echo(f"… and {len(report.findings) - SHOWN} more; --json gives all")
        verdict = "nothing was changed" if report.ok else f"{len(report.findings)} faults"
        click.echo(
            f"{report.size} signed entries, {report.waiting} waiting, {report.erased} personal values erased:"
            f" {verdict} ({report.seconds:g} s)"
        )
    sys.exit(0 if report.ok else 1)


@audit.command()
@as_json
@click.option("--verifier-key", is_flag=True, help="Print the key with which anybody can check our checkpoints.")
def checkpoint(*, json_: bool, verifier_key: bool) -> None:
    """Print the current checkpoint. Save it elsewhere: `verify --from-checkpoint` holds the log against it."""
    verifier = files.signer().verifier
    if verifier_key:
        click.echo(json.dumps({"key": verifier.text()}) if json_ else verifier.text())
        return
    note = files.tiles().checkpoint()
    if note is None:
        raise click.ClickException("There is no checkpoint yet; the scheduler signs the first one.")
    try:
        opened = verifier.open(note)
    except NoteError as error:
        raise click.ClickException(
            f"The published checkpoint is not ours: {error}. Run `dijkwacht audit verify`."
        ) from error
    fields = {"origin": opened.origin, "size": opened.size, "root": opened.root.hex(), "note": note}
    click.echo(json.dumps(fields) if json_ else note, nl=json_)


@audit.command()
@click.argument("event_id", type=click.UUID)
@as_json
def prove(*, event_id: UUID, json_: bool) -> None:
    """Print a proof that event EVENT_ID is in the log, to be checked anywhere with `check-proof`."""
    verifier = files.signer().verifier
    try:
        with _database() as database:
            text = proofs.prove(database, files.tiles(), verifier, event_id)
    except proofs.ProofError as error:
        raise click.ClickException(str(error)) from error
    if json_:
        click.echo(json.dumps(proofs.described(proofs.check(text, verifier)) | {"proof": text}))
    else:
        click.echo(text, nl=False)


@audit.command("check-proof")
@click.argument("proof", type=Readable)
@as_json
@click.option("--key", help="The log's verifier key; without it the key of this installation.")
def check_proof(*, proof: Path, json_: bool, key: str | None) -> None:
    """Check a proof from `prove`. Exit code 0: it holds. 1: it does not."""
    try:
        found = proofs.described(proofs.check(_read(proof), _verifier(key)))
    except proofs.ProofError as error:
        raise click.ClickException(str(error)) from error
    if json_:
        click.echo(json.dumps({"ok": True, **found}))
    else:
        names = ", ".join(f"{name} {value}" for name, value in found.items())
        click.echo(f"The proof holds: {names}")
