"""Filters for the templates of enrolment."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def in_words(value: str, words: Mapping[str, Any]) -> str:
    """Return a value of a closed list in the reader's language."""
    return str(words.get(value, value))
