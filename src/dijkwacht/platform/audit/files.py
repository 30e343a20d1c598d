"""Where this installation keeps its log."""

from django.conf import settings

from dijkwacht.platform.audit.note import Signer
from dijkwacht.platform.audit.sequence import Sequencer
from dijkwacht.platform.audit.tiles import Tiles


def tiles() -> Tiles:
    """Return the tile files of this installation, under HOME/audit."""
    return Tiles(settings.HOME / "audit")


def signer() -> Signer:
    """Return the signing key of this installation."""
    return Signer.of(settings.HOME)


def sequencer() -> Sequencer:
    """Return the sequencer of this installation."""
    return Sequencer(tiles(), signer())
