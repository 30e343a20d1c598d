"""Every text for people exists in Dutch, and no Dutch text is left over from one that is gone.

Each app keeps its own catalogue. The texts are found as Django finds them, in templates and in Python, by Babel.
"""

import io
import re
from pathlib import Path

import allauth
import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation.template import templatize

import dijkwacht

PACKAGE = Path(dijkwacht.__file__).parent
APPS = tuple(
    name.removeprefix("dijkwacht.").replace(".", "/")
    for name in settings.INSTALLED_APPS
    if name.startswith("dijkwacht.")
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
    if not path.exists():  # an app without texts
        return []
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


def test_pages_and_mails_that_a_library_makes_say_u_as_ours_do():
    with (Path(allauth.__file__).parent / "locale" / "nl" / "LC_MESSAGES" / "django.po").open("rb") as source:
        theirs = [entry for entry in read_po(source) if entry.id]
    with translation.override("nl"):
        said = [
            translation.pgettext(entry.context, text) if entry.context else translation.gettext(text)
            for entry in theirs
            for text in (entry.id if isinstance(entry.id, tuple) else (entry.id,))
        ]
    assert [text for text in said if re.search(r"\b(je|jij|jou|jouw|jezelf)\b", text, re.IGNORECASE)] == []


def test_one_english_text_has_one_dutch_text():
    """All catalogues end up in one, so two Dutch texts for one English text would fight."""
    found = {}
    for app in APPS:
        for entry in catalogue(app):
            assert found.setdefault(_key(entry), entry.string) == entry.string, f"{entry.id} in {app}"


def test_no_text_of_ours_is_a_word_of_a_date():
    """All catalogues end up in one: "May" for what a token may do made the month "Mag" on every page."""
    words = {*MONTHS.values(), *WEEKDAYS.values(), *WEEKDAYS_ABBR.values()}
    texts = {singular for app in APPS for _context, singular, _plural in used(app)}
    assert {str(one) for one in words} & texts == set()


def test_no_tag_of_a_template_runs_over_a_line():
    """Django shows such a tag as it stands."""
    broken = re.compile(r"\{\{[^}\n]*\n|\{%[^%\n]*\n")
    pages = [path for path in sorted(PACKAGE.rglob("templates/**/*")) if path.is_file()]
    assert [path.name for path in pages if broken.search(path.read_text("utf-8"))] == []
    assert pages


def _dutch(entry):
    return entry.string if isinstance(entry.string, tuple) else (entry.string,)
