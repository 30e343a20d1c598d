"""What commands share: who acts, how a problem is told, and files for the owner alone."""

import getpass
import json
import os
import sys
from pathlib import Path

import click

from dijkwacht.kernel.actor import Actor, system
from dijkwacht.kernel.errors import Problem


def operator() -> Actor:
    """Return the person at this machine's command line, as the audit log will name it."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user need not have a name
        name = "unknown"
    return system(f"command-line:{name}")


def fail(problem: Problem, *, as_json: bool) -> None:
    """Print a problem and end with exit code 1."""
    click.echo(json.dumps(problem.as_problem()) if as_json else problem.text("en"), err=not as_json)
    sys.exit(1)


def private(path: Path) -> int:
    """Open for the owner alone: the file holds people's addresses."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
