"""The facts of one disclosure. Nothing else can influence a decision of the law."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Final, Self, get_type_hints

from dijkwacht.kernel.errors import Problem
from dijkwacht.kernel.pap import Pap
from dijkwacht.kernel.tlp import Tlp

COUNTRY: Final = re.compile(r"[A-Z]{2}")


class InvalidFacts(Problem, ValueError):
    """The facts of a disclosure are not valid: {field} is {value}."""

    nl = "De feiten van een verstrekking kloppen niet: {field} is {value}."
    status = 422


class ReceiverClass(StrEnum):
    """Class under the law, on the day of the decision, of the one the information is about."""

    ESSENTIAL = "essential"
    IMPORTANT = "important"
    OTHER = "other"
    CITIZEN = "citizen"
    FOREIGN = "foreign"


class Information(StrEnum):
    """Kind of information: hit already, about to be hit, or able to be hit."""

    VICTIM = "victim"
    TARGET = "target"
    VULNERABILITY = "vulnerability"


class SourceTerms(StrEnum):
    """To whom the source lets its data go."""

    ANY_RECIPIENT = "any-recipient"
    CONSTITUENCY = "constituency"
    NAMED_RECIPIENTS = "named-recipients"
    NO_REDISTRIBUTION = "no-redistribution"


class AssetStatus(StrEnum):
    """Whether the organisation proved that the address or name is its own."""

    VERIFIED = "verified"
    CLAIMED = "claimed"
    DISPUTED = "disputed"
    EXPIRED = "expired"


class RelayStatus(StrEnum):
    """Whether the relay takes part in the network of relays."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class Route(StrEnum):
    """The ways a notice can travel, in order of preference; NOBODY when none is lawful and possible."""

    DIRECT = "direct"
    RELAY = "relay"
    NETWORK_OWNER = "network-owner"
    FOREIGN_CSIRT = "foreign-csirt"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class RelayFacts:
    """What is known of the relay (schakelorganisatie) the organisation is a member of."""

    status: RelayStatus
    covers: bool  # its mandate covers this kind of information
    confidentiality: bool  # it signed an agreement on confidentiality
    mandatory: bool = False  # its members want everything through it, instead of directly
    copy: bool = False  # its members want it told as well, next to themselves
    designated_team: bool = False  # history: computer crisis team under Wbni article 3(2)(c)

    def __post_init__(self) -> None:
        """Refuse a value of the wrong type."""
        _check_types(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of one disclosure. Raises InvalidFacts when a value has the wrong type or the country no code."""

    receiver_class: ReceiverClass
    information: Information
    personal_data: bool  # about a person, beyond the address itself
    confidential: bool  # confidential data about an entity, in the sense of Cbw article 66
    source_terms: SourceTerms
    tlp: Tlp  # the label the notice carries
    pap: Pap
    asset_status: AssetStatus
    on: date  # legal date of the decision
    country: str  # ISO 3166-1 alpha-2, of the receiver
    named_receiver: bool = False  # the source named this organisation as a receiver
    relay: RelayFacts | None = None
    network_owner: bool = False  # a holder of the prefix or ASN is known and reachable
    has_direct_contact: bool = False  # the organisation itself is reachable
    # The four tests of Cbw article 66(1); `necessary` also decides on personal data to third countries (54(1)).
    necessary: bool = False
    proportionate: bool = False
    confidentiality_guaranteed: bool = False
    interests_protected: bool = False

    def __post_init__(self) -> None:
        """Refuse a value of the wrong type, or a country that is not two capital letters."""
        _check_types(self)
        if not COUNTRY.fullmatch(self.country):
            raise InvalidFacts(field="country", value=repr(self.country)[:40])

    @property
    def possible_routes(self) -> tuple[Route, ...]:
        """Return the routes on which somebody stands at the other end, whatever the law says of them."""
        there = {
            Route.DIRECT: self.has_direct_contact,
            Route.RELAY: self.relay is not None,
            Route.NETWORK_OWNER: self.network_owner,
            Route.FOREIGN_CSIRT: self.receiver_class is ReceiverClass.FOREIGN,
        }
        return tuple(route for route, possible in there.items() if possible)

    def to_record(self) -> dict[str, Any]:
        """Return the facts as JSON values."""
        record = {field.name: getattr(self, field.name) for field in fields(self)}
        record["on"] = self.on.isoformat()
        record["relay"] = (
            None if self.relay is None else {f.name: getattr(self.relay, f.name) for f in fields(self.relay)}
        )
        return record

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read facts back from JSON values. Raises InvalidFacts."""
        values = _parsed(cls, {**record, "relay": None})
        relay = record.get("relay")
        if relay is not None:
            if not isinstance(relay, Mapping):
                raise InvalidFacts(field="relay", value=repr(relay)[:40])
            values["relay"] = RelayFacts(**_parsed(RelayFacts, relay))
        return cls(**values)


def _check_types(instance: Facts | RelayFacts) -> None:
    """Hold a dataclass to its annotations: a string that looks like a label is not a label."""
    for name, kind in _hints(type(instance)).items():
        value = getattr(instance, name)
        if not isinstance(value, kind) or (kind is date and type(value) is not date):
            raise InvalidFacts(field=name, value=repr(value)[:40])


def _parsed(kind: type[Facts] | type[RelayFacts], record: Mapping[str, Any]) -> dict[str, Any]:
    """Turn JSON values into the types of `kind`. Raises InvalidFacts for an unknown or missing name or a bad value."""
    hints = _hints(kind)
    values: dict[str, Any] = {}
    for name, value in record.items():
        target = hints.get(name)
        try:
            if target is date:
                values[name] = date.fromisoformat(value)
            elif isinstance(target, type) and issubclass(target, StrEnum):
                values[name] = target(value)
            elif target is not None:
                values[name] = value
            else:
                raise InvalidFacts(field=name[:40], value="unknown")
        except (ValueError, TypeError) as error:
            raise InvalidFacts(field=name[:40], value=repr(value)[:40]) from error
    missing = [f.name for f in fields(kind) if f.name not in values and f.default is f.default_factory]
    if missing:
        raise InvalidFacts(field=missing[0], value="missing")
    return values


_HINTS: dict[type, dict[str, Any]] = {}


def _hints(kind: type) -> dict[str, Any]:
    """Return the annotations of `kind`, read once."""
    if kind not in _HINTS:
        _HINTS[kind] = get_type_hints(kind)
    return _HINTS[kind]
