"""The demo's items: the invented samples of the sources, so that a new installation shows a desk that works."""

from importlib.resources import files
from typing import Final

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.sourcing import actions, models
from dijkwacht.rooms.advisories.sourcing.reading import File

# A document without what every one must have: the desk of what was set aside shows why.
BROKEN: Final = File(
    "vbi-2026-008.json",
    b'{"document": {"csaf_version": "2.0", "category": "csaf_base", "title": "Invented, and not finished"}}',
)


def load(*, actor: Actor) -> int:
    """Take the samples in, once. Returns how many items there are."""
    with tenancy.acting(actor):
        if models.Item.objects.exists():
            return 0
    folder = files("dijkwacht.feeds.advisories")
    found = [
        File(one.name, one.read_bytes())
        for kind in ("csaf", "cve", "kev", "epss", "news", "mail")
        for one in sorted(folder.joinpath(kind, "samples").iterdir(), key=lambda path: path.name)
        if not one.name.endswith(".expected.json")
    ]
    return actions.ingest(actor=actor, files=[*found, BROKEN]).new
