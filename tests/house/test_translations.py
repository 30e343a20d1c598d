"""Every text for people exists in Dutch, and no Dutch text is left over from one that is gone.

Each app keeps its own catalogue. The texts are found as Django finds them, in templates and in Python, by Babel.
"""

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

import dijkwacht

PACKAGE = Path(dijkwacht.__file__).parent
APPS = (
    "portal",
    "platform/accounts",
    "platform/audit",
    "platform/outbox",
    "rooms/linkage",
    "rooms/notification",
    "rooms/registry",
)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
FIELD = re.compile(r"%\((\w+)\)s")


def _of_python(text):
    for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
        yield context, message


def _of_template(path):
    # What is no text for people becomes X; without its indentation the rest reads as Python.
    python = re.sub(r"(?m)^[ \t]+", "", templatize(path.read_text("utf-8"), origin=path.name))
    calls = re.findall(
        r"(?:\b|(?<=\s))(?:_|n?p?gettext)\((?:[^()\"']|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')*\)", python
    )
    yield from _of_python("\n".join(calls))


def used(app):
    """The texts of an app: (context, singular, plural) with None for what it lacks."""
    found = set()
    for path in sorted((PACKAGE / app).rglob("*")):
        texts = ()
        if path.suffix == ".py" and "migrations" not in path.parts:
            texts = _of_python(path.read_text("utf-8"))
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            texts = _of_template(path)
        for context, message in texts:
            singular, plural = message if isinstance(message, tuple) else (message, None)
            found.add((context, singular, plural))
    return found


def catalogue(app):
    path = PACKAGE / app / "locale" / "nl" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as source:
        return [entry for entry in read_po(source) if entry.id]


def _key(entry):
    singular, plural = entry.id if isinstance(entry.id, tuple) else (entry.id, None)
    return entry.context, singular, plural


@pytest.mark.parametrize("app", APPS)
def test_every_text_has_its_dutch(app):
    known = {_key(entry) for entry in catalogue(app) if all(_dutch(entry)) and not entry.fuzzy}
    assert sorted(used(app) - known, key=str) == []


@pytest.mark.parametrize("app", APPS)
def test_no_dutch_is_left_over(app):
    assert sorted({_key(entry) for entry in catalogue(app)} - used(app), key=str) == []


@pytest.mark.parametrize("app", APPS)
def test_dutch_keeps_the_fields_of_the_english(app):
    for entry in catalogue(app):
        wanted = set(FIELD.findall(entry.id[-1] if isinstance(entry.id, tuple) else entry.id))
        for dutch in _dutch(entry):
            assert set(FIELD.findall(dutch)) <= wanted, entry.id


def test_one_english_text_has_one_dutch_text():
    """All catalogues end up in one, so two Dutch texts for one English text would fight."""
    found = {}
    for app in APPS:
        for entry in catalogue(app):
            assert found.setdefault(_key(entry), entry.string) == entry.string, f"{entry.id} in {app}"


def _dutch(entry):
    return entry.string if isinstance(entry.string, tuple) else (entry.string,)
