"""What a run costs: seconds of CPU and peak memory of this process."""

import resource
import sys
from typing import Final

UNIT: Final = 1 if sys.platform == "darwin" else 1024  # getrusage counts bytes there and kibibytes elsewhere


def cpu_seconds() -> float:
    """Seconds of CPU so far, user and system, of this process and its finished children."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def peak_bytes() -> int:
    """The most memory this process has held since it started, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT
