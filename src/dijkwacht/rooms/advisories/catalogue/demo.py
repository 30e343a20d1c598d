"""The demo's catalogue: what its sources call products, and a pair of names to judge."""

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.catalogue import actions, building
from dijkwacht.rooms.advisories.catalogue.actions import Called
from dijkwacht.rooms.advisories.catalogue.models import Question, Taken
from dijkwacht.rooms.advisories.matching.rules import INVENTORY, match
from dijkwacht.rooms.advisories.statements import COLUMNS

SAID = (
    "demo",
    "DEMO-2026-1",
    "DEMO-2026-1",
    "Zwaluw Systemen",
    "Zwaluw Poort",
    "< V3.15 P018",
    "text",
    "affected",
    "",
    "",
)


def load(*, actor: Actor) -> int:
    """Take in what sources call products and leave a pair to judge, once. Gives how many pairs were added."""
    import polars as pl

    from dijkwacht.rooms.advisories.catalogue.reads import aliases

    building.build()
    with tenancy.acting(actor):
        if Question.objects.exists():
            return 0
        up_to = Taken.objects.values_list("statement", flat=True).first() or 0
        actions.take(actor=actor, called=[Called("Zwaluw Systemen", "Zwaluw Poort")], up_to=up_to)
        schema = {name: pl.List(pl.String) if name == "models" else pl.String for name in COLUMNS}
        statements = pl.DataFrame([(*SAID, [], "")], schema=schema, orient="row")
        ours = {
            **dict.fromkeys(INVENTORY, ""),
            "line": "1",
            "vendor": "Zwaluw",
            "product": "Zwaluw Poort",
            "version": "3",
        }
        inventory = pl.DataFrame([ours], schema=dict.fromkeys(INVENTORY, pl.String))
        return actions.ask(actor=actor, found=match(statements, inventory, aliases()))
