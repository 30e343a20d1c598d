"""Words of products for templates, in the reader's language."""

from typing import Any, Final

from django import template
from django.utils.translation import get_language, gettext, gettext_noop

from dijkwacht.rooms.registry.templatetags.registry_words import word
from dijkwacht.rooms.services import rules
from dijkwacht.rooms.services.reads import Offer

register = template.Library()
NEEDS: Final = {
    "contact": gettext_noop("a working security contact"),
    "verified": gettext_noop("an address or domain name shown to be yours"),
    "verified-prefix": gettext_noop("an address block shown to be yours"),
    "verified-domain": gettext_noop("a domain name shown to be yours"),
}
FACTS: Final = {
    "kinds": gettext_noop("You are registered as: %(value)s."),
    "classifications": gettext_noop("Your class under the law: %(value)s."),
    "sectors": gettext_noop("Your sectors: %(value)s."),
    "verified": gettext_noop("Shown to be yours: %(value)s."),
}


@register.filter
def said(text: dict[str, str]) -> str:
    """Return a text of a product in the reader's language."""
    return text["en" if get_language() == "en" else "nl"]


@register.filter
def consent_text(consent: rules.Consent) -> str:
    """Return the text to say yes to."""
    return consent.en if get_language() == "en" else consent.nl


@register.filter
def need(code: str) -> str:
    """Return what must still be there."""
    return gettext(NEEDS[code])


@register.filter
def facts(offer: Offer) -> list[str]:
    """Return the facts that decided whether a product fits, as sentences."""
    standing, asked = offer.standing, rules.facts_asked(offer.product)
    values: dict[str, Any] = {
        "kinds": word(standing.kind),
        "classifications": word(standing.classification),
        "sectors": ", ".join(sorted(standing.sectors)) or "-",
        "verified": ", ".join(word(one) for one in sorted(standing.verified)) or gettext("nothing yet"),
    }
    sentences = [gettext(FACTS[name]) % {"value": value} for name, value in values.items() if name in asked]
    if "relay_member" in asked:
        sentences.append(
            gettext("You are a member of a relay.") if standing.relay_member else gettext("You are no relay's member.")
        )
    return sentences
