"""The sources of this installation: ours, and its own in the overlay."""

from collections.abc import Mapping

from django.conf import settings

from dijkwacht.feeds.advisories.catalogue import Source, catalogue


def sources() -> Mapping[str, Source]:
    """Give every source by its slug. Raises SourceTableError where a file of the overlay is wrong."""
    return catalogue(settings.HOME / "overlay" / "advisories")
