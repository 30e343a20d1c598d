"""The courses of action that a writer can pick. Pure: a data file."""

import tomllib
from functools import cache
from importlib.resources import files

from dijkwacht.rooms.advisories.writing.content import Course, Text


@cache
def courses() -> dict[str, Course]:
    """Give the courses of action by their key, in the order of the file."""
    held = tomllib.loads((files(__package__) / "courses" / "library.toml").read_text(encoding="utf-8"))
    return {key: Course(Text(nl=one["nl"], en=one["en"]), one["kind"]) for key, one in held.items()}
