"""Words of measures and plans for templates, in the reader's language."""

from typing import Any, Final

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_noop

from dijkwacht.rooms.knowledge import markdown
from dijkwacht.rooms.knowledge.library import Instrument, Statement
from dijkwacht.rooms.knowledge.texts import Measure, Text

register = template.Library()
SIZES: Final = {
    "micro": gettext_noop("fewer than 10 people"),
    "small": gettext_noop("10 to 49 people"),
    "medium": gettext_noop("50 to 249 people"),
    "large": gettext_noop("250 people or more"),
}
EFFORTS: Final = {
    1: gettext_noop("hours"),
    2: gettext_noop("days"),
    3: gettext_noop("weeks"),
    4: gettext_noop("months"),
}
EFFECTS: Final = {1: gettext_noop("some"), 2: gettext_noop("clear"), 3: gettext_noop("large effect")}
STATUSES: Final = {
    "open": gettext_noop("still open"),
    "doing": gettext_noop("being done"),
    "done": gettext_noop("done"),
    "dropped": gettext_noop("we do not do this"),
}
ANSWERS: Final = {
    "yes": gettext_noop("Yes"),
    "partly": gettext_noop("Partly"),
    "no": gettext_noop("No"),
    "unknown": gettext_noop("I do not know"),
}
EVIDENCE: Final = {
    "study": gettext_noop("Research"),
    "observed": gettext_noop("Observed"),
    "judgement": gettext_noop("Expert judgement"),
}
LEVELS: Final = {
    1: gettext_noop("Because in your sector it happened to several organisations lately what this measure prevents."),
    2: gettext_noop("Because in your sector it happened to many organisations lately what this measure prevents."),
}
STATES: Final = {
    "draft": gettext_noop("draft"),
    "proposed": gettext_noop("waits for a second person"),
    "approved": gettext_noop("approved"),
    "refused": gettext_noop("refused"),
}


def _dutch() -> bool:
    return get_language() != "en"


@register.filter
def said(thing: Any, name: str = "") -> str:
    """Return a text in the reader's language: its `nl` or `en`, or `<name>_nl` or `<name>_en`."""
    code = "nl" if _dutch() else "en"
    found = getattr(thing, f"{name}_{code}" if name else code, None)
    return str(found if found is not None else thing[f"{name}_{code}"])


@register.filter
def text(measure: Measure) -> Text:
    """Return the text of a measure in the reader's language."""
    return measure.text("nl" if _dutch() else "en")


@register.filter
def markdown_html(source: str) -> SafeString:
    """Return Markdown as HTML; safe because `markdown.html` makes it so."""
    return mark_safe(markdown.html(source, "nl" if _dutch() else "en"))  # noqa: S308 - sanitised by nh3


@register.filter
def size_word(code: str) -> str:
    """Return a size in words."""
    return gettext(SIZES[code])


@register.filter
def effort_word(code: int) -> str:
    """Return an effort in words."""
    return gettext(EFFORTS[code])


@register.filter
def effect_word(code: int) -> str:
    """Return an effect in words."""
    return gettext(EFFECTS[code])


@register.filter
def status_word(code: str) -> str:
    """Return the status of a line of a plan in words."""
    return gettext(STATUSES[code])


@register.filter
def answer_word(code: str) -> str:
    """Return an answer of a scan in words."""
    return gettext(ANSWERS[code])


@register.filter
def evidence_word(code: str) -> str:
    """Return a kind of evidence in words."""
    return gettext(EVIDENCE[code])


@register.filter
def level_word(code: int) -> str:
    """Return why what happens in the sector moves a measure up."""
    return gettext(LEVELS[code])


@register.filter
def state_word(code: str) -> str:
    """Return the state of a revision in words."""
    return gettext(STATES[code])


@register.filter
def of(found: dict[Any, Any], key: Any) -> Any:
    """Return what a table holds under a key, or the empty text."""
    return found.get(key, "")


@register.filter
def words(listed: str) -> list[str]:
    """Return the words of a text, to go through them."""
    return listed.split()


@register.filter
def grouped(instrument: Instrument) -> list[tuple[str, list[Statement]]]:
    """Return the statements of a scan under the names of their groups; one nameless group where there are none."""
    names = {code: nl if _dutch() else en for code, nl, en in instrument.groups} or {"": ""}
    return [(name, [one for one in instrument.statements if one.group == code]) for code, name in names.items()]
