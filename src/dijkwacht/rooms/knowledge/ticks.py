"""What must happen all the time in this room."""

from dijkwacht.platform.supervisor.ticks import every
from dijkwacht.rooms.knowledge import tasks


@every(120, "knowledge:keep-up")
def keep_up() -> None:
    """Publication days come, other rooms publish: the search follows within two minutes."""
    tasks.ask_keep_up()
