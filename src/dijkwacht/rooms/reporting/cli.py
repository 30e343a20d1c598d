"""`dijkwacht report validate|submit FILE.json`: a report as the API takes it, checked here, or handed in."""

import json
import os
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import click
from django.db import DatabaseError
from pydantic import ValidationError

from dijkwacht.kernel import strict_json
from dijkwacht.kernel.actor import system
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import handing_in
from dijkwacht.rooms.reporting.schemas import ReportIn
from dijkwacht.rooms.reporting.wbni.cli import import_wbni

LARGEST: Final = 1 << 20  # bytes
SECONDS: Final = 60.0  # for an answer


@click.group()
def report() -> None:
    """Incident reports: check a file, or hand it in."""


def _stop(reasons: dict[str, str], *, as_json: bool) -> None:
    """Say what is wrong, and end with 1."""
    if as_json:
        click.echo(json.dumps({"valid": False, "errors": reasons}, ensure_ascii=False))
    else:
        for where, why in reasons.items():
            click.echo(f"{where}: {why}", err=True)
    sys.exit(1)


def _read(file: Path, *, as_json: bool) -> tuple[ReportIn, bytes]:
    """Return the report in a file; what is no report ends the command with the reasons."""
    with file.open("rb") as stream:
        content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        _stop({str(file): f"a report has at most {LARGEST} bytes"}, as_json=as_json)
    try:
        body = ReportIn.model_validate(strict_json.loads(content))
        handing_in.check(body)
    except ValidationError as error:
        _stop({".".join(map(str, one["loc"])) or str(file): one["msg"] for one in error.errors()}, as_json=as_json)
    except Problem as problem:
        _stop(dict(problem.fields.get("errors", {"facts": problem.text("en")})), as_json=as_json)
    except (ValueError, RecursionError) as error:
        _stop({str(file): f"this is no usable JSON: {error}"}, as_json=as_json)
    return body, content


report.add_command(import_wbni)


@report.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
def validate(*, file: Path, as_json: bool) -> None:
    """Check a report without handing it in; no database is needed. Exit code 0: it can be filed; 1: why not."""
    body, _content = _read(file, as_json=as_json)
    told = {"valid": True, "stage": str(body.stage)}
    click.echo(json.dumps(told) if as_json else f"Right: {body.stage} can be filed.")


@report.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", default="", help="Address of a Dijkwacht; the token stands in DIJKWACHT_TOKEN. Without it: here.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
def submit(*, file: Path, to: str, as_json: bool) -> None:
    """Hand a report in and print its receipts. The same file again is the same report, when it goes to an address."""
    body, content = _read(file, as_json=as_json)
    told = _send(to, content, as_json=as_json) if to else _file(body, as_json=as_json)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for one in told["reports"]:
            click.echo(f"{one['regime']} {one['stage']}: {one['number']}")


def _file(body: ReportIn, *, as_json: bool) -> dict[str, Any]:
    try:
        with tenancy.acting(system("cli:report")) as actor:
            made = handing_in.file(actor, body)
    except Problem as problem:
        _stop({problem.type: problem.text("en")}, as_json=as_json)
    except DatabaseError as error:
        reason = " ".join(str(error).split())
        raise click.ClickException(f"The database does not answer; is Dijkwacht running? {reason}") from error
    receipts = [
        {"regime": one.regime, "stage": one.stage, "number": one.number, "receipt": json.loads(one.receipt)}
        for one in made.reports
    ]
    return {"incident": str(made.incident.id), "number": made.incident.number, "reports": receipts}


def _send(to: str, content: bytes, *, as_json: bool) -> dict[str, Any]:
    """Send the file to an address; the key follows from the file, so that a second try files nothing twice."""
    import httpx

    token = os.environ.get("DIJKWACHT_TOKEN", "").strip()
    if not token:
        _stop({"DIJKWACHT_TOKEN": "put the token of a program there, with the scope reports:write"}, as_json=as_json)
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": sha256(content).hexdigest(),
    }
    try:
        answer = httpx.post(
            f"{to.rstrip('/')}/api/v1/incidents/reports", content=content, headers=headers, timeout=SECONDS
        )
        told = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        _stop({to: f"no answer that can be read: {error}"}, as_json=as_json)
    if not isinstance(told, dict) or not (answer.is_error or isinstance(told.get("reports"), list)):
        _stop({to: "it answers, but not as a Dijkwacht does"}, as_json=as_json)
    if answer.is_error:
        _stop({str(answer.status_code): str(told.get("title", "refused"))}, as_json=as_json)
    return dict(told)
