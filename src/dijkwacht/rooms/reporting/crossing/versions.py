"""The version of an incident for one audience, beside what was reported; nothing of it is sent from here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from django.conf import settings

from dijkwacht.law.incidents import IncidentRecord, netcode, spoc
from dijkwacht.law.incidents.disclosure import Redacted, Removed
from dijkwacht.platform.receipts import canonical
from dijkwacht.rooms.registry.models import Asset, Contact, Organisation
from dijkwacht.rooms.reporting import terms
from dijkwacht.rooms.reporting.crossing.rules import UNION, Audience
from dijkwacht.rooms.reporting.models import Incident

FORMAT: Final = "dijkwacht/redacted-incident/1"
LABEL: Final = "TLP:AMBER"
MOST_WORDS: Final = 50  # that a person adds to what is taken out
_PERSON: Final = ("Een medewerker van het centrum hield het achter.", "A person of the centre kept it back.")
_VERDICT: Final = "Cbw 66(1); NCCS 37(1)"


@dataclass(frozen=True, slots=True)
class Row:
    """One fact: as it was reported, as it goes out (None: it does not), and what was taken out of it."""

    name: str
    reported: Any
    sent: Any
    removed: tuple[Removed, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """What would go out, to the letter, and beside it what it was made of."""

    content: dict[str, Any]
    removed: tuple[Removed, ...]
    rows: tuple[Row, ...]

    @property
    def sha256(self) -> str:
        """The hash of the content: what a person saw is what goes, or nothing does."""
        return sha256(canonical(self.content)).hexdigest()

    def removed_as_json(self) -> list[dict[str, Any]]:
        """What was taken out and why, without a value of it."""
        names = ("path", "what", "why_nl", "why_en", "article", "times")
        return [{name: getattr(one, name) for name in names} for one in self.removed]


def version(
    incident: Incident,
    audience: Audience,
    country: str = "",
    *,
    withheld: Iterable[str] = (),
    words: Iterable[str] = (),
) -> Version:
    """Return the version of an incident that was read. Needs the scope of the centre.

    `withheld`: facts that a person keeps back besides. `words`: what a person wants out of every text too.
    """
    record = terms.record_of(incident)
    names = {*names_of(incident), *(word for word in words if word.strip())}
    made = _kept_back(_made(record, audience, country, names), frozenset(withheld))
    content = {
        "format": FORMAT,
        "audience": str(audience),
        "to": country,
        "from": settings.CENTRE_NAME,
        "label": LABEL,
        "matter": incident.matter,
        "facts": made.content,
    }
    return Version(content, made.removed, tuple(_rows(record, made)))


def _made(record: IncidentRecord, audience: Audience, country: str, names: set[str]) -> Redacted:
    if audience is Audience.NETCODE_STATE:
        return netcode.for_states(record, names=names)
    if audience is Audience.NETCODE_ENTITY:
        return netcode.for_entities(record, names=names)
    return spoc.for_union(record, names=names) if country == UNION else spoc.for_state(record, country, names=names)


def _kept_back(made: Redacted, withheld: frozenset[str]) -> Redacted:
    content = {name: value for name, value in made.content.items() if name not in withheld}
    nl, en = _PERSON
    gone = [Removed(name, "person", nl, en, _VERDICT) for name in made.content if name in withheld]
    rest = [one for one in made.removed if one.path not in withheld or one.path not in made.content]
    return Redacted(made.audience, content, (*rest, *gone))


def _rows(record: IncidentRecord, made: Redacted) -> Iterator[Row]:
    for name, value in record.model_dump(mode="json", exclude_none=True).items():
        if value not in ({}, []):
            removed = tuple(one for one in made.removed if one.path == name)
            yield Row(name, value, made.content.get(name), removed)


def names_of(incident: Incident) -> set[str]:
    """Return what points at the entity: names, numbers, addresses, contacts, domains and prefixes of the register."""
    facts = incident.facts or {}
    found = {str(facts.get(name, "")) for name in ("awareness_declared_by", "dpo_contact")}
    whose = Organisation.objects.filter(id=incident.organisation_id).first() if incident.organisation_id else None
    if whose is not None:
        found |= _registered(whose)
    return {one for one in found if one}


def _registered(whose: Organisation) -> set[str]:
    numbers = (whose.kvk, whose.rsin, whose.oin, whose.roo, whose.lei, whose.foreign_number)
    found = {whose.name, *(number or "" for number in numbers), *whose.phones}
    for email in whose.emails:
        found |= {email, email.rpartition("@")[2]}
    for place in whose.addresses:
        found |= {place.get("name", ""), place.get("street", ""), place.get("postcode", "")}
    for contact in Contact.objects.filter(organisation=whose):
        found |= {contact.name, contact.email, contact.email.rpartition("@")[2], contact.phone}
    found |= set(Asset.objects.filter(organisation=whose).values_list("value", flat=True))
    return found
