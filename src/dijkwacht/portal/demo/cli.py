"""`dijkwacht demo`: invented organisations, people and reports, to try everything with."""

import json
import shutil
from typing import Any, Final

import click
from django.conf import settings
from django.db import OperationalError
from psycopg.errors import DeadlockDetected

from dijkwacht.portal.demo import accounts

CLEARINGS: Final = 10


@click.group()
def demo() -> None:
    """Demo data: only where DIJKWACHT_DEMO is on; nothing of it leaves this machine."""


def _only_in_a_demo() -> None:
    if not settings.DEMO:
        raise click.UsageError(
            "This installation is for real use; demo data has no place in it (set DIJKWACHT_DEMO=1)."
        )


def _only_in_a_demo_database() -> None:
    """Refuse a database, named by DATABASE_URL perhaps, that somebody uses for real: a demo removes what is there."""
    _only_in_a_demo()
    if accounts.for_real_use():
        raise click.UsageError("This database holds organisations or people that no demo made; it stays as it is.")


def _say(result: Any, *, as_json: bool, text: str) -> None:
    click.echo(json.dumps(result, indent=2, default=str) if as_json else text)


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
def load(*, as_json: bool) -> None:
    """Add the demo's organisations, people and first reports; what is there already stays as it is."""
    _only_in_a_demo_database()
    result = _load()
    text = f"Demo data: {result['organisations']} organisations, {result['reports']} reports."
    _say(result, as_json=as_json, text=f"{text}\n{_accounts()}")


@demo.command(name="accounts")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
def show_accounts(*, as_json: bool) -> None:
    """Print the accounts to sign in with."""
    _only_in_a_demo()
    rows = [{"email": row.email, "who": row.who, "password": accounts.PASSWORD} for row in accounts.PEOPLE]
    _say(rows, as_json=as_json, text=_accounts())


def _accounts() -> str:
    lines = [f"  {row.email:<32} {row.who}" for row in accounts.PEOPLE]
    return "\n".join([f"Sign in with password {accounts.PASSWORD} as", *lines])


def _load() -> dict[str, Any]:
    from dijkwacht.portal.demo import incidents, knowledge, registrations, reports
    from dijkwacht.rooms.advisories import demo as advisories
    from dijkwacht.rooms.advisories.catalogue import demo as catalogue
    from dijkwacht.rooms.advisories.inventory import demo as inventories
    from dijkwacht.rooms.advisories.sourcing import demo as sources
    from dijkwacht.rooms.phishing import demo as phishing

    loaded = accounts.load() | {"reports": reports.load(), "registrations": registrations.load()}
    loaded |= {"incidents": incidents.load(), "suspicious mails": phishing.load(actor=accounts.DEMO)}
    loaded |= {"self-scans": knowledge.load()}
    loaded |= {"items of sources": sources.load(actor=accounts.DEMO)}
    loaded |= {"lines of inventories": inventories.load(accounts.DEMO)}  # before what is published about them
    loaded |= {"names to judge": catalogue.load(actor=accounts.DEMO)}
    return loaded | {"advisories": advisories.load()}


def _clear() -> None:
    """Remove all; a sender or worker at the same rows may win a deadlock against us, and then has ended."""
    for attempt in range(CLEARINGS):
        try:
            return accounts.clear()
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected) or attempt + 1 == CLEARINGS:
                raise
    return None


@demo.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
def reset(*, yes: bool, as_json: bool) -> None:
    """Throw away everything in this demo installation and load the demo data again."""
    _only_in_a_demo_database()
    if not yes:
        click.confirm("This removes every row of this demo installation. Go on?", abort=True)
    _clear()
    for folder in ("raw", "observations", "index", "mailbox", "phishing"):
        shutil.rmtree(settings.HOME / folder, ignore_errors=True)
    _say(_load(), as_json=as_json, text="The demo is as new.")
