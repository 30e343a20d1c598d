"""Whether a product fits an organisation, what it lacks, and who may say yes. Pure: no Django."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

from dijkwacht.kernel.actor import Actor, Kind

WRITE: Final = "services:write"  # a name of platform.accounts.permissions; a token needs it as its scope


class Kept(StrEnum):
    """Where stands whether an organisation receives a product."""

    SUBSCRIPTION = "subscription"
    CONTACTS = "contacts"  # the preferences of its contacts, in the registry


class Need(StrEnum):
    """What must be there before a product can be delivered."""

    CONTACT = "contact"  # a working security contact
    VERIFIED = "verified"  # any asset shown to be theirs
    VERIFIED_PREFIX = "verified-prefix"
    VERIFIED_DOMAIN = "verified-domain"


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts of one organisation that products ask about."""

    kind: str
    classification: str
    sectors: frozenset[str] = frozenset()
    verified: frozenset[str] = frozenset()  # kinds of asset of which one at least is verified
    contact: bool = False  # a working security contact
    relay_member: bool = False  # a mandate in force with a relay


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to be somebody whom a product is for: everything that it names must hold. Empty: everybody."""

    kinds: frozenset[str] = frozenset()
    classifications: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    verified: frozenset[str] = frozenset()
    relay_member: bool | None = None

    def holds(self, of: Standing) -> bool:
        """Tell whether an organisation is meant. A whole sector holds its subsectors."""
        sectors = {code for sector in of.sectors for code in (sector, sector.rpartition(".")[0] or sector)}
        return (
            (not self.kinds or of.kind in self.kinds)
            and (not self.classifications or of.classification in self.classifications)
            and (not self.sectors or bool(self.sectors & sectors))
            and (not self.verified or bool(self.verified & of.verified))
            and (self.relay_member is None or self.relay_member == of.relay_member)
        )

    def asks(self) -> frozenset[str]:
        """Return the names of the facts that it looks at."""
        named = ("kinds", "classifications", "sectors", "verified")
        found = {name for name in named if getattr(self, name)}
        return frozenset(found | ({"relay_member"} if self.relay_member is not None else set()))


@dataclass(frozen=True, slots=True)
class Consent:
    """The text that one says yes to."""

    version: int
    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Product:
    """One product or service, as its file says."""

    slug: str
    order: int
    name: dict[str, str]
    text: dict[str, str]
    rule: dict[str, str]  # for whom, in a sentence
    article: str
    basis: dict[str, str]
    kept: Kept
    delivered: bool
    starts: dict[str, str]  # from when, where it is not delivered yet
    audience: tuple[Alternative, ...]
    needs: tuple[Need, ...] = ()
    consent: Consent | None = field(default=None)


def fits(product: Product, standing: Standing) -> bool:
    """Tell whether a product is meant for an organisation."""
    return any(one.holds(standing) for one in product.audience)


def facts_asked(product: Product) -> frozenset[str]:
    """Return the names of the facts that decided."""
    return frozenset().union(*(one.asks() for one in product.audience))


def lacking(product: Product, standing: Standing) -> tuple[Need, ...]:
    """Return what must still be done before a product can reach an organisation."""
    met = {
        Need.CONTACT: standing.contact,
        Need.VERIFIED: bool(standing.verified),
        Need.VERIFIED_PREFIX: "prefix" in standing.verified,
        Need.VERIFIED_DOMAIN: "domain" in standing.verified,
    }
    return tuple(need for need in product.needs if not met[need])


def may_decide(actor: Actor, organisation: UUID) -> bool:
    """An administrator says yes or no for the organisation; the centre does not do it in its name."""
    return actor.administers(organisation) and (actor.kind is not Kind.TOKEN or WRITE in actor.scopes)


def may_read(actor: Actor, organisation: UUID) -> bool:
    """The centre, and whoever is more than a reader for the organisation."""
    return actor.is_centre or organisation in actor.writable
