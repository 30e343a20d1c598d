"""`dijkwacht knowledge`: look whether all files of measures and scans are in order."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@click.group()
def knowledge() -> None:
    """Measures and instruments: are their files in order?"""


@knowledge.command()
@click.option("--overlay", type=FOLDER, help="The overlay of an installation.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
def check(*, overlay: Path | None, as_json: bool) -> None:
    """Check every measure, scan and mapping; say file and line of each fault. Warnings do not fail."""
    from dijkwacht.kernel.clock import legal_date
    from dijkwacht.rooms.knowledge import checking, library

    found = checking.check(legal_date(datetime.now(UTC)), *([overlay] if overlay else []))
    faults = [one for one in found if not one.warning]
    if as_json:
        rows = [{"file": one.file, "line": one.line, "text": one.text, "warning": one.warning} for one in found]
        click.echo(json.dumps({"faults": rows}, indent=2))
    else:
        for one in found:
            click.echo(str(one), err=True)
        measures = len(library.files(library.MEASURES, *([overlay / "measures"] if overlay else [])))
        click.echo(f"{measures} measures: {len(faults)} faults, {len(found) - len(faults)} warnings.")
    sys.exit(1 if faults else 0)
