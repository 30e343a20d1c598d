"""Filters for the templates of proof."""

from django import template

from dijkwacht.platform.refusals import language
from dijkwacht.rooms.proof import words

register = template.Library()


@register.filter
def sentence(seen: words.Seen) -> str:
    """Return what a check saw, in the reader's language."""
    return words.sentence(seen, language())


@register.filter
def method(name: str) -> str:
    """Return how an asset was shown, in the reader's language."""
    return words.method(name, language())
