"""What the room's templates need: words for codes, in the reader's language."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from dijkwacht import feeds, law
from dijkwacht.data.setaside import REASONS
from dijkwacht.kernel.words import in_words
from dijkwacht.law.tables import Tables
from dijkwacht.rooms.notification import law_words
from dijkwacht.rooms.notification.rendering import kinds, page

register = template.Library()
NOT_SEEN: Final = re.compile(r"not seen for (\d+) days")

# Codes that stand in the database, as people read them.
WORDS = {
    "open": _("open"),
    "acknowledged": _("being worked on"),
    "resolved": _("resolved"),
    "gone": _("no longer seen"),
    "disputed": _("disputed"),
    "reopened": _("seen again"),
    "pending": _("being decided"),
    "told": _("told"),
    "digest": _("waits for the digest"),
    "held": _("held for an officer"),
    "refused": _("not told: no lawful way"),
    "below-threshold": _("below the receiver's threshold"),
    "no-contact": _("no working contact"),
    "silent": _("no notice needed"),
    "cancelled": _("cancelled"),
    "received": _("received, being read"),
    "quarantined": _("in quarantine"),
    "folded": _("read, notices being made"),
    "done": _("finished"),
    "collecting": _("collecting for a digest"),
    "queued": _("on its way"),
    "delivered": _("delivered"),
    "bounced": _("bounced"),
    "failed": _("failed"),
    "direct": _("direct"),
    "relay": _("through its relay"),
    "network-owner": _("to the network owner"),
    "foreign-csirt": _("to the foreign CSIRT"),
    "nobody": _("to nobody"),
    "prefix": _("address range"),
    "domain": _("domain"),
    "asn": _("AS number"),
    "new": _("first seen"),
    "worse": _("more severe than before"),
    "info": _("info"),
    "low": _("low"),
    "medium": _("medium"),
    "high": _("high"),
    "critical": _("critical"),
    "mail": _("mail"),
    "webhook": _("webhook"),
    "portal": _("portal"),
    "api": _("API"),
    "ok": _("in order"),
    "never": _("nothing received yet"),
    "unusual": _("unusual number of rows"),
    "problem": _("has a problem"),
    "sort-matters": _("what matters first"),
    "sort-newest": _("newest first"),
    "sort-last-seen": _("last seen first"),
    "sort-organisation": _("by organisation"),
    "coverage": _("Who can be reached, by sector"),
    "speed": _("Median time to the notice, by day"),
    "fixed-by-sector": _("What got fixed after we told, by sector"),
    "fixed-by-kind": _("What got fixed after we told, by kind"),
    "sector": _("Sector"),
    "organisations": _("Organisations"),
    "with_asset": _("With a verified asset"),
    "with_contact": _("With a working contact"),
    "with_relay": _("With a relay"),
    "day": _("Day"),
    "minutes_from_receipt": _("Minutes from receipt"),
    "hours_from_observation": _("Hours from observation"),
    "what": _("What"),
    "after_7_days": _("% fixed after 7 days"),
    "after_30_days": _("% fixed after 30 days"),
    "victim": _("victim"),
    "target": _("target"),
    "vulnerability": _("vulnerability"),
    "active": _("active"),
    "suspended": _("suspended"),
    "withdrawn": _("withdrawn"),
    "replayed": _("handed in again"),
    "dropped": _("left out"),
    "fixed": _("it is fixed"),
    "working": _("we are working on it"),
    "not-ours": _("this is not ours"),
    "false-alarm": _("this is a false alarm"),
    "wrong-contact": _("not the right person"),
    "told by telephone": _("told by telephone"),
    "unanswered": _("nobody answered"),
    "unreached": _("no way to reach them is left"),
    "web": _("by the portal"),
    "cli": _("by command"),
    "folder": _("from the watched folder"),
    "campaign": _("from a campaign"),
    "replay": _("corrected lines"),
    "draft": _("not tried yet"),
    "previewed": _("waits for approval"),
    "approved": _("approved"),
    "sent": _("sent"),
    "rejected": _("rejected"),
    "tried": _("tried, waits for approval"),
    "accepted": _("in force"),
    "policy": _("policy"),
    "text": _("text"),
    "register": _("register"),
    "findings": _("findings"),
    "notices": _("notices"),
    "receivers": _("receivers"),
    "answered": _("notices answered"),
    "still_there": _("still there"),
    "matters": _("cases looked at"),
    "changed": _("cases that would differ"),
    "events_changed": _("findings that would differ"),
    "told_before": _("told now"),
    "told_after": _("told after"),
    "assets_before": _("assets now"),
    "assets_after": _("assets after"),
    "findings_before": _("findings now"),
    "findings_after": _("findings after"),
    "retro": _("looked back for a new asset"),
    "any-recipient": _("any recipient"),
    "constituency": _("our constituency only"),
    "named-recipients": _("named recipients only"),
    "no-redistribution": _("not to be passed on"),
    "The sender of the file": _("The sender of the file"),
    "Partners of the centre": _("Partners of the centre"),
}


word = in_words(WORDS)
register.filter("word", word)


@register.filter
def law_fact(name: str) -> str:
    """Return what a fact of a disclosure is called."""
    return str(law_words.FACTS.get(name, name))


@register.filter
def law_value(value: Any) -> str:
    """Return the value of a fact of a disclosure in words."""
    if value is None:
        return gettext("none")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, Mapping):
        return "; ".join(f"{law_fact(name)}: {law_value(held)}" for name, held in value.items())
    return str(law_words.VALUES.get(str(value)) or word(str(value)))


@register.filter
def severity(level: int) -> SafeString:
    """A severity as a tag: the word carries the meaning, the colour repeats it."""
    name = feeds.SEVERITIES[level]
    return format_html('<span class="tag {}">{}</span>', name, word(name))


@register.filter
def state(code: str) -> SafeString:
    """The state of a finding; what waits for an answer stands out."""
    return format_html('<span class="state {}">{}</span>', code, word(code))


@register.filter
def place(finding: Any) -> str:
    """Address, port and name of a finding, as far as it has them."""
    return page.where(finding)


@register.filter
def because(reason: str) -> str:
    """Why a finding changed, in words: our own codes, or what somebody answered."""
    if days := NOT_SEEN.fullmatch(reason):
        return gettext("not seen for %(days)s days") % {"days": days[1]}
    kind, _, said = reason.partition(": ")
    return gettext("answer: %(answer)s") % {"answer": word(said)} if kind == "answer" else word(reason)


@register.filter
def by(actor: str) -> str:
    """Who changed something, as an organisation may read it: names of people of the centre stay there."""
    if actor.startswith("system:"):
        return gettext("the system")
    return gettext("by the link in a notice") if actor.startswith("link:") else gettext("a person")


@register.filter
def kind_title(kind: str) -> str:
    """The title of a kind of finding in the reader's language."""
    return kinds.title(kind, "nl" if get_language() == "nl" else "en")


@register.filter
def sector(code: str) -> str:
    """A sector's code with its name in the reader's language; a code without a name is no sector."""
    name = _sectors("nl" if get_language() == "nl" else "en").get(code)
    return f"{code} {name}" if name else gettext("no sector")


@cache
def _sectors(language: str) -> dict[str, str]:
    rows = Tables.load(Path(law.__file__).parent / "tables")["authorities"].rows
    every = {row["code"].rstrip("abcdefghijklmnopqrstuvwxyz"): str(row[f"sector_{language}"]) for row in rows}
    return every | {row["code"]: str(row.get(f"subsector_{language}") or row[f"sector_{language}"]) for row in rows}


@register.filter
def feed_title(slug: str) -> str:
    feed = feeds.catalogue().get(slug)
    return slug if feed is None else feed.title.nl if get_language() == "nl" else feed.title.en


@register.filter
def spoken(thing: Any, name: str = "sentence") -> str:
    """The Dutch or English member of a thing that has both: `sentence_nl`, or a mapping with nl and en."""
    language = "nl" if get_language() == "nl" else "en"
    if isinstance(thing, dict):
        return str(thing.get(language, ""))
    return str(getattr(thing, f"{name}_{language}", ""))


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The query of this page with some values changed; an empty value takes one away."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value not in {"", None}:
            params[name] = str(value)
    return f"?{params.urlencode()}" if params else "?"


@register.filter
def reason(line: Any) -> str:
    """Why a line was set aside, in words."""
    known = REASONS.get(line.reason)
    return line.reason if known is None else known.nl if get_language() == "nl" else known.en


@register.filter
def raw_text(line: Any) -> str:
    """A line as it was received; bytes that are no text show as \\xNN."""
    return bytes(line.raw).decode("utf-8", "backslashreplace")
