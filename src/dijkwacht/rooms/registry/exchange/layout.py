"""Which columns each kind of record has in a file, and how each is cleaned. Pure: no Django."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from dijkwacht.rooms.registry import cleaners, fields
from dijkwacht.rooms.registry import vocabulary as words

RECORDS: Final = ("organisation", "contact", "asset", "mandate")
KEY_LENGTH: Final = 100
CLEAR: Final = "(clear)"  # in a cell: what is stored goes; an empty cell says nothing
# What may be without a value, each with what stands for none.
CLEARED: Final[Mapping[str, Mapping[str, Any]]] = {
    "organisation": {
        **dict.fromkeys(("sectors", "entity_types", "member_states", "emails", "phones", "addresses", "arrangements")),
        **dict.fromkeys(("kvk", "rsin", "oin", "roo", "lei", "foreign_register", "foreign_number", "declaration")),
    },
    "contact": {
        **dict.fromkeys(("name", "email", "phone", "webhook_url", "openpgp_key", "smime_certificate")),
        **dict.fromkeys(("quiet_from", "quiet_to", "optional_kinds")),
    },
    "asset": {"expires_at": "infinity"},
    "mandate": {"valid_to": None},
}


def moment(value: Any) -> str | None:
    """Return a date, or a date and time, as an ISO 8601 time in UTC."""
    found = str(value or "").strip()
    if not found:
        return None
    try:
        parsed = datetime.fromisoformat(found)
    except ValueError:
        raise cleaners.Refused("schrijf een datum als 2026-12-31", "write a date such as 2026-12-31") from None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).isoformat()


def optional(cleaner: cleaners.Cleaner) -> cleaners.Cleaner:
    """Return a cleaner that takes an empty cell for "not said"."""
    return lambda value: None if value in (None, "") else cleaner(value)


def clearing(record: str, name: str, cleaner: cleaners.Cleaner) -> cleaners.Cleaner:
    """Return a cleaner that takes CLEAR for "no value", or refuses it where there must be one."""

    def clean(value: Any) -> Any:
        if not isinstance(value, str) or value.strip().lower() != CLEAR:
            return cleaner(value)
        if name not in CLEARED[record]:
            raise cleaners.Refused("dit veld kan niet leeg zijn", "this field cannot be without a value")
        return CLEARED[record][name] or cleaner("")

    return clean


def uuid(value: Any) -> str | None:
    """Return a UUID in its usual form."""
    try:
        return str(UUID(str(value).strip())) if value else None
    except ValueError:
        raise cleaners.Refused("dit is geen UUID", "this is not a UUID") from None


ASSET: Final[Mapping[str, cleaners.Cleaner]] = {
    "kind": cleaners.one_of(words.AssetKind),
    "value": cleaners.text(260, required=True),
    "fallback": optional(cleaners.flag),
    "status": optional(cleaners.one_of(words.AssetStatus)),
    "method": cleaners.text(40),
    "evidence": cleaners.text(5000, lines=True),
    "expires_at": moment,
}
_CLEANERS: Final[Mapping[str, Mapping[str, cleaners.Cleaner]]] = {
    "organisation": fields.ORGANISATION,
    "contact": {
        "id": uuid,
        **{name: cleaner for name, cleaner in fields.CONTACT.items() if name != "webhook_secret"},
    },
    "asset": ASSET,
    "mandate": {
        "member": cleaners.text(KEY_LENGTH, required=True),
        "status": optional(cleaners.one_of(words.MandateStatus)),
        **fields.MANDATE,
    },
}
COLUMNS: Final[Mapping[str, Mapping[str, cleaners.Cleaner]]] = {
    record: {name: clearing(record, name, cleaner) for name, cleaner in columns.items()}
    for record, columns in _CLEANERS.items()
}
HEADER: Final = ("record", "organisation", *dict.fromkeys(name for record in COLUMNS.values() for name in record))


def implied_record(header: frozenset[str]) -> str | None:
    """Return what every row is in a file without the column `record`, or None when that cannot be told."""
    if "value" in header:
        return "asset"
    if "member" in header:
        return "mandate"
    if header & {"email", "webhook_url", "phone"}:
        return "contact"
    return "organisation" if "name" in header else None
