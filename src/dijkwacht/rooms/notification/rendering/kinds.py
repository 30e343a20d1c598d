"""What a finding's kind means, as the catalogue of feeds has it, or as its campaign says."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from django.conf import settings

from dijkwacht import feeds
from dijkwacht.rooms.notification import courses, rules
from dijkwacht.rooms.notification.models import Campaign, Decision, Finding

if TYPE_CHECKING:
    from dijkwacht.kernel.errors import Language

ADDRESS_ONLY: Final = "address-data-only"  # an obligation of the law: no column of the source goes out


@dataclass(frozen=True)
class Meaning:
    """A kind as a receiver reads it. `campaign`: the list it comes from, whose text goes with it."""

    slug: str
    title_nl: str
    title_en: str
    rsit_class: str
    rsit_type: str
    urgent: bool
    pap: str
    campaign: Campaign | None = None

    def title(self, language: str) -> str:
        return self.title_nl if language == "nl" else self.title_en

    def course(self, language: str) -> courses.Course:
        return courses.course(self.slug, self.rsit_class, self.rsit_type, language, overlay=settings.COURSES_FOLDER)

    def campaign_text(self, language: str) -> str:
        """The campaign's own words as Markdown, or nothing."""
        if self.campaign is None:
            return ""
        return self.campaign.text_nl if language == "nl" else self.campaign.text_en


def meaning(finding: Finding, campaign: Campaign | None = None) -> Meaning:
    """What a finding means. A feed or kind that is no longer in the catalogue keeps its name and nothing else."""
    if campaign is None:
        return _own_meaning(finding.feed, finding.kind)
    return _meaning(finding.feed, finding.kind, campaign)


def _meaning(feed_slug: str, kind_slug: str, campaign: Campaign | None) -> Meaning:
    feed = feeds.catalogue().get(feed_slug)
    own = feed.kinds.get(kind_slug) if feed else None
    shown = (known(campaign.kind) if campaign else None) or own
    pap = feed.pap if feed else "RED"
    if shown is None:
        return Meaning(kind_slug, kind_slug, kind_slug, "other", "undetermined", False, pap, campaign)
    title_nl, title_en = shown.title.nl, shown.title.en
    return Meaning(shown.slug, title_nl, title_en, shown.rsit_class, shown.rsit_type, shown.urgent, pap, campaign)


@lru_cache(maxsize=1024)
def _own_meaning(feed_slug: str, kind_slug: str) -> Meaning:
    """Without a campaign, whose words may change, a meaning is as fixed as the catalogue."""
    return _meaning(feed_slug, kind_slug, None)


@cache
def _by_slug() -> dict[str, feeds.Kind]:
    return {slug: kind for feed in feeds.catalogue().values() for slug, kind in feed.kinds.items()}


def known(slug: str) -> feeds.Kind | None:
    """The kind of this name in whichever feed has it."""
    return _by_slug().get(slug)


@cache
def _of_lists() -> frozenset[str]:
    lists = (feed for feed in feeds.catalogue().values() if feed.format in feeds.LISTS)
    return frozenset(slug for feed in lists for slug in feed.kinds)


def of_a_list(slug: str) -> bool:
    """Whether a kind only says that something stood on a list."""
    return slug in _of_lists()


def title(slug: str, language: "Language | str") -> str:
    """The title of a kind, or its name where the catalogue has none."""
    kind = known(slug)
    return slug if kind is None else kind.title.nl if language == "nl" else kind.title.en


def urgent(slugs: list[str]) -> bool:
    """Whether one of these kinds cannot wait, whatever its severity says."""
    return any(kind is not None and kind.urgent for kind in map(known, slugs))


def optional(severity: int, kinds: list[str]) -> bool:
    """Whether a receiver may unsubscribe: nothing in it is urgent or above low."""
    found = [known(kind) for kind in kinds]
    return all(kind is not None and rules.optional(severity=severity, urgent=kind.urgent) for kind in found)


def evidence(finding: Finding, decision: Decision | None) -> dict[str, str]:
    """The source's columns that this receiver may see: those the kind allows, none where the law allows none.

    A column that is secret, or that the kind does not name as evidence, stays here whatever the row holds.
    """
    feed = feeds.catalogue().get(finding.feed)
    kind = feed.kinds.get(finding.kind) if feed else None
    if kind is None or (decision is not None and ADDRESS_ONLY in decision.record.get("obligations", ())):
        return {}
    held = finding.evidence if isinstance(finding.evidence, dict) else {}
    return {
        name: str(held[name]) for name in kind.evidence if name not in kind.secret and held.get(name) not in {None, ""}
    }
