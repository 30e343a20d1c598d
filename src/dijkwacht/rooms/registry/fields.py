"""What each field of an organisation, a contact and a mandate may hold. Pure: no Django."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from dijkwacht.kernel.identifiers import NORMALISERS
from dijkwacht.rooms.registry import cleaners, keys, particulars, preferences, standing
from dijkwacht.rooms.registry import vocabulary as words
from dijkwacht.rooms.registry.errors import InvalidField


class Cleaned(NamedTuple):
    """What was accepted, and what was refused, each with its field."""

    values: dict[str, Any]
    problems: list[InvalidField]


ORGANISATION: Final[Mapping[str, cleaners.Cleaner]] = {
    "name": cleaners.text(200, required=True),
    "country": cleaners.country,
    "kind": cleaners.one_of(words.Kind),
    "classification": cleaners.one_of(words.Classification),
    "sectors": cleaners.sectors,
    **{name: cleaners.identifier(name) for name in NORMALISERS},
    "foreign_register": cleaners.text(100),
    "foreign_number": cleaners.text(60),
    "declaration": cleaners.declaration,
    "entity_types": cleaners.entity_types,
    "member_states": cleaners.member_states,
    "emails": cleaners.many(cleaners.email),
    "phones": cleaners.many(cleaners.phone),
    "addresses": particulars.addresses,
    "arrangements": particulars.arrangements,
    "identified_by": standing.identified_by,
    "legal_form": standing.legal_form,
    "activities": standing.activities,
    "staff": standing.staff,
    "language": cleaners.one_of(words.Language),
    "active": cleaners.flag,
}
REACH: Final = ("emails", "phones", "addresses")  # how to reach an organisation: not for its relay, not in the log
CONTACT: Final[Mapping[str, cleaners.Cleaner]] = {
    "role": cleaners.one_of(words.ContactRole),
    "name": cleaners.text(200),
    "email": cleaners.email,
    "phone": cleaners.phone,
    "order": preferences.order,
    "language": cleaners.one_of(words.Language),
    "channel": cleaners.one_of(words.Channel),
    "webhook_url": cleaners.https_url,
    "webhook_secret": cleaners.text(200),
    "openpgp_key": preferences.key(keys.openpgp),
    "smime_certificate": preferences.key(keys.smime),
    "minimum_severity": preferences.severity,
    "rhythm": cleaners.one_of(words.Rhythm),
    "quiet_from": preferences.clock,
    "quiet_to": preferences.clock,
    "optional_kinds": preferences.kinds,
}
MANDATE: Final[Mapping[str, cleaners.Cleaner]] = {
    "informations": cleaners.many_of(words.Information),
    "confidentiality": cleaners.flag,
    "mandatory": cleaners.flag,
    "valid_from": cleaners.day,
    "valid_to": cleaners.day,
}
DESIGNATION: Final[Mapping[str, cleaners.Cleaner]] = {
    "sector": cleaners.sector,
    "role": cleaners.one_of(words.ReaderRole),
    "ground": cleaners.text(200, required=True),
    "valid_from": cleaners.day,
}
CONFLICT: Final[Mapping[str, cleaners.Cleaner]] = {"decision": cleaners.one_of(words.Decision)}


def clean(by_name: Mapping[str, cleaners.Cleaner], values: Mapping[str, Any]) -> Cleaned:
    """Clean each given field; a field that has no cleaner is refused by name."""
    accepted: dict[str, Any] = {}
    problems: list[InvalidField] = []
    for name, value in values.items():
        try:
            if name not in by_name:
                raise cleaners.Refused("dit veld bestaat niet", "there is no such field")  # noqa: TRY301
            accepted[name] = by_name[name](value)
        except cleaners.Refused as refused:
            problems.append(invalid(name, value, refused.reason_nl, refused.reason_en))
    return Cleaned(accepted, problems)


def invalid(name: str, value: Any, reason_nl: str, reason_en: str) -> InvalidField:
    """Return the problem with one field; the value is cut short."""
    shown = "" if value is None else str(value)[: cleaners.SHOWN]
    return InvalidField(field=name, value=shown, reason_nl=reason_nl, reason_en=reason_en)


def contact_as_a_whole(values: Mapping[str, Any]) -> Iterable[InvalidField]:
    """Check what one field cannot know: a channel has its address, quiet hours have two ends."""
    channel = values.get("channel")
    if channel == words.Channel.MAIL and not values.get("email"):
        yield invalid("email", "", "nodig voor het kanaal mail", "needed for the channel mail")
    if channel == words.Channel.WEBHOOK and not values.get("webhook_url"):
        yield invalid("webhook_url", "", "nodig voor het kanaal webhook", "needed for the channel webhook")
    if (values.get("quiet_from") is None) != (values.get("quiet_to") is None):
        yield invalid("quiet_to", "", "stille uren hebben een begin en een eind", "quiet hours have a start and an end")


def required(accepted: Cleaned) -> dict[str, Any]:
    """Return what was accepted, or raise the first problem."""
    if accepted.problems:
        raise accepted.problems[0]
    return accepted.values


def as_text(value: Any, separator: str = ";") -> str:
    """Return a value as it stands in one cell or form field, from which its cleaner reads the same again."""
    if isinstance(value, list):
        return separator.join(particulars.written(part) if isinstance(part, Mapping) else str(part) for part in value)
    return "" if value is None else str(value)


def single(name: str, cleaner: cleaners.Cleaner, value: Any) -> Any:
    """Clean one value that stands alone, such as a reason. Raises InvalidField."""
    return required(clean({name: cleaner}, {name: value}))[name]


def reason(value: Any) -> str:
    """Return the reason somebody gives for a decision: it may not be empty. Raises InvalidField."""
    found: str = single("reason", cleaners.text(500, required=True, lines=True), value)
    return found
