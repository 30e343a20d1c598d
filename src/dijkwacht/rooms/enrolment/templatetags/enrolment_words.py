"""Filters for the templates of enrolment."""

from collections.abc import Mapping
from typing import Any

from django import template

from dijkwacht.kernel.words import in_words

register = template.Library()


@register.filter
def state_in(value: str, words: Mapping[str, Any]) -> str:
    """Return a value of a closed list in the reader's language."""
    return in_words(words)(value)
