"""What the intake does all the time."""

from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.ticks import every
from dijkwacht.rooms.phishing.intake import reading, tasks
from dijkwacht.rooms.phishing.intake.models import Arrival


@every(5, "phishing:read")
def read() -> None:
    """Ask for what was not read, should a worker have died with the asking."""
    with tenancy.acting(reading.READER):
        waiting = Arrival.objects.filter(attempts__lt=reading.ATTEMPTS).exists()
    if waiting:
        tasks.ask_read()
