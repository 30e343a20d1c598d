"""The history of every field: who set it, when, from which source, and the register as it stood on any day."""

from dijkwacht.rooms.registry.history.moments import NOT_NOW, AsOf, parse, settle
from dijkwacht.rooms.registry.history.provenance import provenance
from dijkwacht.rooms.registry.history.reading import Line, Version, as_of, changes_of, lines

__all__ = ["NOT_NOW", "AsOf", "Line", "Version", "as_of", "changes_of", "lines", "parse", "provenance", "settle"]
