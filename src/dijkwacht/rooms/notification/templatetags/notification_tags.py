"""What the room's templates need: words for codes, in the reader's language."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_noop

from dijkwacht import feeds, law
from dijkwacht.data.setaside import REASONS
from dijkwacht.law.tables import Tables
from dijkwacht.rooms.notification.rendering import kinds, page

register = template.Library()
NOT_SEEN: Final = re.compile(r"not seen for (\d+) days")

# Codes that stand in the database, as people read them.
WORDS = {
    "open": gettext_noop("open"),
    "acknowledged": gettext_noop("being worked on"),
    "resolved": gettext_noop("resolved"),
    "gone": gettext_noop("no longer seen"),
    "disputed": gettext_noop("disputed"),
    "reopened": gettext_noop("seen again"),
    "pending": gettext_noop("being decided"),
    "told": gettext_noop("told"),
    "digest": gettext_noop("waits for the digest"),
    "held": gettext_noop("held for an officer"),
    "refused": gettext_noop("not told: no lawful way"),
    "below-threshold": gettext_noop("below the receiver's threshold"),
    "no-contact": gettext_noop("no working contact"),
    "silent": gettext_noop("no notice needed"),
    "cancelled": gettext_noop("cancelled"),
    "received": gettext_noop("received, being read"),
    "quarantined": gettext_noop("in quarantine"),
    "folded": gettext_noop("read, notices being made"),
    "done": gettext_noop("finished"),
    "collecting": gettext_noop("collecting for a digest"),
    "queued": gettext_noop("on its way"),
    "delivered": gettext_noop("delivered"),
    "bounced": gettext_noop("bounced"),
    "failed": gettext_noop("failed"),
    "direct": gettext_noop("direct"),
    "relay": gettext_noop("through its relay"),
    "network-owner": gettext_noop("to the network owner"),
    "foreign-csirt": gettext_noop("to the foreign CSIRT"),
    "nobody": gettext_noop("to nobody"),
    "prefix": gettext_noop("address range"),
    "domain": gettext_noop("domain"),
    "asn": gettext_noop("AS number"),
    "new": gettext_noop("first seen"),
    "worse": gettext_noop("more severe than before"),
    "info": gettext_noop("info"),
    "low": gettext_noop("low"),
    "medium": gettext_noop("medium"),
    "high": gettext_noop("high"),
    "critical": gettext_noop("critical"),
    "mail": gettext_noop("mail"),
    "webhook": gettext_noop("webhook"),
    "portal": gettext_noop("portal"),
    "api": gettext_noop("API"),
    "ok": gettext_noop("in order"),
    "never": gettext_noop("nothing received yet"),
    "unusual": gettext_noop("unusual number of rows"),
    "problem": gettext_noop("has a problem"),
    "sort-matters": gettext_noop("what matters first"),
    "sort-newest": gettext_noop("newest first"),
    "sort-last-seen": gettext_noop("last seen first"),
    "sort-organisation": gettext_noop("by organisation"),
    "coverage": gettext_noop("Who can be reached, by sector"),
    "speed": gettext_noop("Median time to the notice, by day"),
    "fixed-by-sector": gettext_noop("What got fixed after we told, by sector"),
    "fixed-by-kind": gettext_noop("What got fixed after we told, by kind"),
    "sector": gettext_noop("Sector"),
    "organisations": gettext_noop("Organisations"),
    "with_asset": gettext_noop("With a verified asset"),
    "with_contact": gettext_noop("With a working contact"),
    "with_relay": gettext_noop("With a relay"),
    "day": gettext_noop("Day"),
    "minutes_from_receipt": gettext_noop("Minutes from receipt"),
    "hours_from_observation": gettext_noop("Hours from observation"),
    "what": gettext_noop("What"),
    "after_7_days": gettext_noop("% fixed after 7 days"),
    "after_30_days": gettext_noop("% fixed after 30 days"),
    "victim": gettext_noop("victim"),
    "target": gettext_noop("target"),
    "vulnerability": gettext_noop("vulnerability"),
    "active": gettext_noop("active"),
    "suspended": gettext_noop("suspended"),
    "withdrawn": gettext_noop("withdrawn"),
    "replayed": gettext_noop("handed in again"),
    "dropped": gettext_noop("left out"),
    "fixed": gettext_noop("it is fixed"),
    "working": gettext_noop("we are working on it"),
    "not-ours": gettext_noop("this is not ours"),
    "false-alarm": gettext_noop("this is a false alarm"),
    "wrong-contact": gettext_noop("not the right person"),
    "told by telephone": gettext_noop("told by telephone"),
    "unanswered": gettext_noop("nobody answered"),
    "unreached": gettext_noop("no way to reach them is left"),
    "web": gettext_noop("by the portal"),
    "cli": gettext_noop("by command"),
    "folder": gettext_noop("from the watched folder"),
    "campaign": gettext_noop("from a campaign"),
    "replay": gettext_noop("corrected lines"),
    "draft": gettext_noop("not tried yet"),
    "previewed": gettext_noop("waits for approval"),
    "approved": gettext_noop("approved"),
    "sent": gettext_noop("sent"),
    "rejected": gettext_noop("rejected"),
    "tried": gettext_noop("tried, waits for approval"),
    "accepted": gettext_noop("in force"),
    "policy": gettext_noop("policy"),
    "text": gettext_noop("text"),
    "register": gettext_noop("register"),
    "findings": gettext_noop("findings"),
    "notices": gettext_noop("notices"),
    "receivers": gettext_noop("receivers"),
    "answered": gettext_noop("notices answered"),
    "still_there": gettext_noop("still there"),
    "matters": gettext_noop("cases looked at"),
    "changed": gettext_noop("cases that would differ"),
    "events_changed": gettext_noop("findings that would differ"),
    "told_before": gettext_noop("told now"),
    "told_after": gettext_noop("told after"),
    "assets_before": gettext_noop("assets now"),
    "assets_after": gettext_noop("assets after"),
    "findings_before": gettext_noop("findings now"),
    "findings_after": gettext_noop("findings after"),
    "retro": gettext_noop("looked back for a new asset"),
}


@register.filter
def word(code: Any) -> str:
    """A code in words; a code without words stays as it is."""
    return gettext(WORDS[str(code)]) if str(code) in WORDS else str(code)


@register.filter
def severity(level: int) -> SafeString:
    """A severity as a tag: the word carries the meaning, the colour repeats it."""
    name = feeds.SEVERITIES[level]
    return format_html('<span class="tag {}">{}</span>', name, gettext(WORDS[name]))


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
