"""`dijkwacht receipt verify FILE`: whether a receipt is ours, or of the installation whose key is given."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from dijkwacht.platform import receipts
from dijkwacht.platform.attachments import UNSEEN
from dijkwacht.platform.receipts import ReceiptNotValid, Signer


@click.group()
def receipt() -> None:
    """Receipts of registrations and of incident reports."""


@receipt.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", default="", help="The verifier key of the installation; without it, our own.")
@click.option("--json", "as_json", is_flag=True, help="Print what the receipt holds as JSON.")
def verify(*, file: Path, key: str, as_json: bool) -> None:
    """Verify a receipt in JSON. Exit code 0: it is right; 1: it is not, and why."""
    try:
        verifier = receipts.key(key) if key else Signer.of(settings.HOME).verifier
        with file.open("rb") as stream:
            text = stream.read(receipts.LARGEST + 1).decode("utf-8", "replace")
        body = receipts.verify(text, verifier)
    except OSError as error:  # the file, or the folder of our keys
        raise click.ClickException(str(error)) from error
    except ReceiptNotValid as problem:
        click.echo(json.dumps(problem.as_problem()) if as_json else problem.text("en"), err=not as_json)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(body, ensure_ascii=False))
    else:
        click.echo(_told(body))


def _told(body: dict[str, Any]) -> str:
    """Return in a line what a receipt is of. Another's key may sign anything: nothing is certain to be there."""
    organisation = body.get("organisation")
    whose = organisation.get("name") if isinstance(organisation, dict) else None
    of = f" of {whose}" if whose else ""
    said = f"Right: {body.get('subject', 'registration')} {body.get('number', '')}{of}, {body.get('received_at', '')}."
    return UNSEEN.sub("", said)


@receipt.command("key")
def show_key() -> None:
    """Print our verifier key, to publish."""
    click.echo(Signer.of(settings.HOME).verifier.text())
