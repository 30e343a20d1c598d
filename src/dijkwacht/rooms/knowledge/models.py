"""The tables of the room: each part keeps its own."""

from dijkwacht.rooms.knowledge.editing.models import Lesson, Revision
from dijkwacht.rooms.knowledge.figures.models import Cell, Snapshot
from dijkwacht.rooms.knowledge.planning.models import Change, Item, Scan
from dijkwacht.rooms.knowledge.searching.models import Document

__all__ = ["Cell", "Change", "Document", "Item", "Lesson", "Revision", "Scan", "Snapshot"]
