"""What the catalogue does all the time."""

from dijkwacht.platform.supervisor.ticks import every
from dijkwacht.rooms.advisories.catalogue import building


@every(60, "advisories:products")
def take_names() -> None:
    """Take in what sources call products now."""
    building.build(parts=3)
