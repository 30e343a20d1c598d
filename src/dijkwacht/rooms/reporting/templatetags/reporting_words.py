"""Filters for the templates of reporting: facts and codes in words."""

from django import template

from dijkwacht.rooms.reporting import labels, showing

register = template.Library()


@register.filter
def fact(name: str) -> str:
    """Return what a fact is called in the reader's language."""
    return showing.label(name)


@register.filter
def country(code: str) -> str:
    """Return the name of a country in the reader's language, with its code."""
    return showing.country(code)


@register.filter
def indicator(kind: str) -> str:
    """Return what a kind of indicator is called in the reader's language."""
    return str(labels.INDICATORS.get(kind, kind))
