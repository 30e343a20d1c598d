"""The tables this installation decides by: its own, when it has an overlay; else those that come with the system."""

from functools import cache

from django.conf import settings

from dijkwacht.law.applicability import Rulebook, house_rulebook


@cache
def current() -> Rulebook:
    """Return the rulebook of this process. Raises InvalidTable when the overlay is not in order."""
    folder = settings.APPLICABILITY_FOLDER
    return Rulebook.load(folder) if folder else house_rulebook()
