"""Raw pages go when their term is over."""

from dijkwacht.platform.supervisor.ticks import every

from . import tasks


@every(3600, "phishing:pages")
def let_go() -> None:
    """Ask for the removal of raw pages whose term is over."""
    tasks.ask_let_go()
