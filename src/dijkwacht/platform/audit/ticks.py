"""The audit log's work of each second."""

from dijkwacht.platform.audit import files
from dijkwacht.platform.supervisor.ticks import every


@every(1, "audit:sequence")
def sequence() -> None:
    """Take waiting events into the tree and sign a checkpoint. Raises sequence.Tampered, which the scheduler logs."""
    files.sequencer().run()
