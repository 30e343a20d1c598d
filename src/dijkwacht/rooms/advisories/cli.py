"""`dijkwacht advisories`: each part adds its own commands."""

import click

from dijkwacht.kernel.answers import AnswersInJson
from dijkwacht.rooms.advisories.matching.cli import affected, match
from dijkwacht.rooms.advisories.sourcing.cli import ingest, reread


@click.group(cls=AnswersInJson)
def advisories() -> None:
    """Advisories of sources, what they say of a product, and who runs it."""


for one in (affected, ingest, match, reread):
    advisories.add_command(one)
