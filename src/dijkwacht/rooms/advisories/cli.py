"""`dijkwacht advisories`: each part adds its own commands."""

import click

from dijkwacht.rooms.advisories.matching.cli import affected, match
from dijkwacht.rooms.advisories.sourcing.cli import ingest


@click.group()
def advisories() -> None:
    """Advisories of sources, what they say of a product, and who runs it."""


for one in (affected, ingest, match):
    advisories.add_command(one)
