"""Making a version for others: facts taken out by kind, names taken out of what people wrote."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from dijkwacht.law.incidents.disclosure.searching import Names
from dijkwacht.law.incidents.disclosure.treatment import Audience, Treatment, Treatments, house_treatments
from dijkwacht.law.incidents.record import IncidentRecord

GONE: Final = "[…]"
# The look-behind keeps it linear: without it a long word is tried from each of its letters.
MAIL: Final = re.compile(r"(?<![\w.+\-])[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
LEGAL_FORM: Final = re.compile(r"\s+(?:B\.?V\.?|N\.?V\.?|GmbH|Ltd|S\.?A\.?|Inc)\.?$", re.IGNORECASE)
SHORTEST_PART: Final = 3  # characters of a first name or surname that stands alone
PARTICLES: Final = frozenset({"van", "von", "der", "den", "het", "ten", "ter"})
IDENTIFYING: Final = ("entity_name", "entity_kvk", "entity_lei", "contact_name", "contact_email", "contact_phone")
NAME: Final = ("Een naam of nummer van de entiteit of een persoon.", "A name or number of the entity or a person.")
ADDRESS: Final = ("Een e-mailadres.", "An e-mail address.")
POINTS: Final = ("Wijst naar de entiteit.", "Points at the entity.")
CONFIDENTIALITY: Final = "Cbw 39(2); NCCS 37(1)"


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken out, and why. `path`: key of the record; `what`: the kind, never the value."""

    path: str
    what: str
    why_nl: str
    why_en: str
    article: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Redacted:
    """A version for others, beside what was removed for it."""

    audience: Audience
    content: dict[str, Any]
    removed: tuple[Removed, ...]


def redacted(
    record: IncidentRecord,
    audience: Audience,
    *,
    keep: Iterable[str] = (),
    names: Iterable[str] = (),
    treatments: Treatments | None = None,
) -> Redacted:
    """Return what of a record may go to an audience.

    What the table lets go is searched for names too. `keep`: keys that a person decided to send although they would be
    taken out; what a person wrote is still searched for names. `names`: names, numbers, domains and prefixes of the
    entity that may not stand in any text, besides those in the record. Raises ValueError for a key in `keep` that is
    no fact.
    """
    kept, table = frozenset(keep), treatments or house_treatments()
    if strange := sorted(kept - table.by_fact.keys()):
        raise ValueError(f"there is no fact {', '.join(strange)} to keep")
    search = _Search(record, names, kept)
    content: dict[str, Any] = {}
    removed: list[Removed] = []
    for key, value in record.model_dump(mode="json", exclude_none=True).items():
        if value in ({}, []) and key in {"own", "earlier"}:
            continue
        treatment = table.by_fact.get(key)
        if treatment is None or (audience not in treatment.keeps and key not in kept):
            removed.append(_whole(key, treatment))
            continue
        content[key], gone = search.cleaned(key, value) if treatment.text else (value, [])
        removed += gone
    return Redacted(audience, content, tuple(removed))


def _whole(key: str, treatment: Treatment | None) -> Removed:
    if treatment is None:
        return Removed(key, "unknown", "Staat niet in de tabel.", "Does not stand in the table.", "Cbw 39(2)")
    return Removed(key, treatment.code, treatment.why_nl, treatment.why_en, treatment.article)


class _Search:
    """Takes out whatever names the entity or its people."""

    def __init__(self, record: IncidentRecord, names: Iterable[str], kept: frozenset[str]) -> None:
        given = [getattr(record, key) for key in IDENTIFYING if key not in kept]
        mail = record.contact_email if "contact_email" not in kept else None
        all_names = [*given, *names, *((mail.rpartition("@")[2],) if mail else ())]
        found = {" ".join(name.split()) for name in all_names if name}
        found |= {LEGAL_FORM.sub("", name) for name in found}
        person = record.contact_name if "contact_name" not in kept else None
        parts = [one for one in (person or "").split() if len(one) >= SHORTEST_PART]
        self._names = Names(found, [one for one in parts if one.casefold() not in PARTICLES])

    def cleaned(self, key: str, value: Any) -> tuple[Any, list[Removed]]:
        """Return a text, or a list of texts, without names; and what was taken out."""
        if isinstance(value, list):
            return self._without(key, value)
        if not isinstance(value, str):
            return value, []
        text, addresses = MAIL.subn(GONE, value)
        text, times = self._names.without(text, GONE)
        gone = ((NAME, "name", times), (ADDRESS, "address", addresses))
        return text, [Removed(key, what, nl, en, CONFIDENTIALITY, n) for (nl, en), what, n in gone if n]

    def _without(self, key: str, values: list[str]) -> tuple[list[str], list[Removed]]:
        """An indicator that holds a name says nothing any more without it: it goes as a whole."""
        kept = [value for value in values if not self._names.found(str(value))]
        gone = len(values) - len(kept)
        nl, en = POINTS
        return kept, [Removed(key, "points-at-entity", nl, en, CONFIDENTIALITY, gone)] if gone else []
