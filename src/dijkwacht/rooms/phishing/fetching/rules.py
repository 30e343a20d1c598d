"""What a look says for phishing, in words; and what it says of a page that changed. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from dijkwacht.mails.urls import host_of
from dijkwacht.rooms.phishing.judging.evidence import Evidence
from dijkwacht.rooms.phishing.judging.knowledge import Brand, brands, owner_of, registrable, sentence, sentences
from dijkwacht.rooms.phishing.judging.names import likeness, shown

from .looking import Look
from .words import SECRETS

YOUNG_CERTIFICATE_DAYS: Final = 14
YOUNG_DOMAIN_DAYS: Final = 30
CHAIN: Final = 2  # hosts that only lead on
MOST_LINKS: Final = 5  # of one campaign; the worst first
WORST: Final = ("phishing", "suspicious", "cannot-say")
OVER: Final = frozenset({"gone", "parked", "name"})
OF_THE_LINK: Final = frozenset({"cloaked"})  # about the first host; all else is about the host of the last page
ASKED_NL: Final = {
    "password": "een wachtwoord",
    "card": "een kaartnummer",
    "iban": "een rekeningnummer",
    "2fa": "een eenmalige code",
    "pin": "een pincode",
    "bsn": "een burgerservicenummer",
}
ASKED_EN: Final = {
    "password": "a password",
    "card": "a card number",
    "iban": "an account number",
    "2fa": "a one-time code",
    "pin": "a PIN",
    "bsn": "a citizen service number",
}


def to_look_at(analysis: dict[str, Any]) -> list[str]:
    """Give the clean URLs of an analysis that are worth a look, the worst first."""
    worth = [
        one
        for one in analysis.get("links", [])
        if one["link"]["where"] != "resource" and one["scope"]["why"] != "own" and one["verdict"] in WORST
    ]
    worth.sort(key=lambda one: WORST.index(one["verdict"]))
    return [*dict.fromkeys(one["link"]["clean"] for one in worth)][:MOST_LINKS]


def evidence(look: Look, now: datetime | None = None) -> list[Evidence]:
    """Give what a look says for phishing; nothing where it ended at a page of a protected brand, or at none."""
    if owner_of(look.host) is not None:
        return [*_cloaked(look)]
    return [*_content(look), *_infrastructure(look, now or datetime.now(UTC))]


def notes(look: Look, before: Look | None = None) -> list[Evidence]:
    """Give what a look says that is not for phishing (family ""): gone, parked, hidden, another page than before."""
    if look.state in OVER:
        return [_say(f"page-{'gone' if look.state == 'name' else look.state}", host=shown(look.host))]
    if look.state in {"blank", "hidden"}:
        return [_say("page-shows-nothing", host=shown(look.host))]
    if before is not None and before.state == "page" == look.state and changed(look, before):
        return [_say("page-changed", host=shown(look.host))]
    return []


def over(look: Look, before: Look | None = None) -> bool:
    """Whether a lease need not be renewed: the page is gone, or asks nothing any more where it did before."""
    if look.state in OVER:
        return True
    asked = bool(before and SECRETS.intersection(before.page.asks))
    return look.state == "page" and asked and not SECRETS.intersection(look.page.asks)


def changed(look: Look, before: Look) -> bool:
    """Whether the page is another than it was: other elements, another end, other questions."""
    now, then = ((one.final, one.page.structure, one.page.asks) for one in (look, before))
    return now != then


def imitated(look: Look) -> Brand | None:
    """Give the brand that a page says it is, and is not: by its icon, or by its title and headings."""
    slugs = [look.icon_brand] if look.icon_brand else look.page.brands
    owner = owner_of(look.host)
    return next((brand for brand in brands() if brand.slug in slugs and brand != owner), None)


def says_itself(look: Look) -> bool:
    """Whether the plain page says already that it imitates a brand and asks for a secret: a browser adds nothing."""
    return look.state == "page" and imitated(look) is not None and not SECRETS.isdisjoint(look.page.asks)


def _say(code: str, **found: object) -> Evidence:
    nl, en = (
        sentence(code, language, **{name: _in(language, value) for name, value in found.items()})
        for language in ("nl", "en")
    )
    return Evidence(code, sentences()[code].family, nl, en)


def _in(language: str, value: object) -> object:
    """Give a list of what is asked in words of a language, and anything else as it is."""
    if not isinstance(value, list):
        return value
    table, last = (ASKED_NL, " en ") if language == "nl" else (ASKED_EN, " and ")
    words = [table[one] for one in value]
    return last.join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _content(look: Look) -> Iterator[Evidence]:
    if look.state != "page":
        return
    asked = [one for one in look.page.asks if one in SECRETS]
    brand, host = imitated(look), shown(look.host)
    if brand and asked:
        yield _say("page-asks-as-brand", host=host, brand=brand.names[0], asked=asked)
    elif brand and look.icon_brand:
        yield _say("page-shows-brand", host=host, brand=brand.names[0])
    away = [one for one in look.page.form_hosts if registrable(one) != registrable(look.host) and not owner_of(one)]
    if asked and away:
        yield _say("page-sends-away", host=host, target=shown(away[0]), asked=asked)


def _infrastructure(look: Look, now: datetime) -> Iterator[Evidence]:
    host, held = look.host, look.certificate
    like = likeness(host)
    if held is not None and like and 0 <= held.days(now) < YOUNG_CERTIFICATE_DAYS:
        yield _say("certificate-young", host=shown(host), brand=like[0].names[0], days=max(1, round(held.days(now))))
    if look.registered and look.state == "page":
        days = (now - datetime.fromisoformat(look.registered).replace(tzinfo=UTC)).days
        if 0 <= days < YOUNG_DOMAIN_DAYS and (like or imitated(look)):
            yield _say("domain-young", host=registrable(host), days=max(1, days))
    passed = _passed(look)
    if look.state == "page" and len(passed) >= CHAIN and imitated(look) and SECRETS.intersection(look.page.asks):
        yield _say("chain", hosts=" → ".join(map(shown, passed)), host=shown(host))
    yield from _cloaked(look)


def _passed(look: Look) -> list[str]:
    """Give the hosts of other domains that only led on."""
    hosts = [host_of(hop.url) for hop in look.hops if hop.how in {"first", "http", "refresh"}]
    return [*dict.fromkeys(host for host in hosts if registrable(host) != registrable(look.host))]


def _cloaked(look: Look) -> Iterator[Evidence]:
    """A name that looks like a brand's, and shows us nothing or sends us to that brand itself.

    A blank page by itself says nothing: many honest links count a click and close. With a name that imitates it does.
    """
    first = host_of(look.url)
    like = likeness(first)
    if like is None:
        return
    owner = owner_of(look.host)
    if look.state in {"blank", "hidden"} or (owner is not None and owner == like[0]):
        yield _say("cloaked", host=shown(first), brand=like[0].names[0])
