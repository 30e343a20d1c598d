"""What differs between an organisation and the business register, and what that would change. Pure: no Django."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from dijkwacht.kernel.errors import Problem
from dijkwacht.rooms.registry import dated
from dijkwacht.rooms.registry.comparing.layout import Listed
from dijkwacht.rooms.registry.extracts.sectors import whole
from dijkwacht.rooms.registry.naming import same
from dijkwacht.rooms.registry.vocabulary import AddressKind

BANDS: Final = (50, 250)  # staff, Recommendation 2003/361/EC: below 50 perhaps small, from 250 large


class Field(StrEnum):
    """What can differ."""

    NAME = "name"
    ADDRESS = "addresses"
    LEGAL_FORM = "legal_form"
    ACTIVITIES = "activities"
    STAFF = "staff"
    ENDED = "ended"  # the business register says that it is no more
    MISSING = "missing"  # its number does not stand in the business register


class Effect(StrEnum):
    """What a difference would change, if it is right."""

    NONE = ""
    CLASS = "class"
    SECTOR = "sector"
    LEAVES = "leaves"


class Different(StrEnum):
    """What became of a difference."""

    OPEN = "open"
    CHANGED = "changed"
    ASKED = "asked"
    DISMISSED = "dismissed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """An organisation as our register has it."""

    name: str
    addresses: Iterable[Mapping[str, str]]
    legal_form: str
    activities: tuple[str, ...]
    staff: int | None
    classification: str
    sectors: Iterable[str]
    entity_types: tuple[str, ...]
    identified_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One difference: the field, both sides, and what it would change; `would_be`: the classes or sectors then."""

    field: Field
    ours: Any
    theirs: Any
    effect: Effect = Effect.NONE
    would_be: str = ""


def differences(held: Held, listed: Listed, on: date) -> Iterator[Found]:
    """Yield what differs. What one side does not say is no difference."""
    if not listed.active:
        yield Found(field=Field.ENDED, ours=True, theirs=False, effect=Effect.LEAVES)
        return
    if held.name != listed.name and not any(same(held.name, name) for name in (listed.name, *listed.trade_names)):
        yield Found(field=Field.NAME, ours=held.name, theirs=listed.name)
    ours = main_address(held.addresses)
    if ours and listed.address and _place(ours) != _place(listed.address):
        yield Found(field=Field.ADDRESS, ours=_line(ours), theirs=_line(listed.address))
    if held.legal_form and listed.legal_form and held.legal_form != listed.legal_form:
        yield Found(field=Field.LEGAL_FORM, ours=held.legal_form, theirs=listed.legal_form)
    yield from _activities(held, listed, on)
    yield from _staff(held, listed, on)


def _activities(held: Held, listed: Listed, on: date) -> Iterator[Found]:
    pointed = pointed_at(listed.activities, on)
    ours = {whole(code) for code in held.sectors}
    strange = sorted(code for code in pointed if whole(code) not in ours)
    effect = Effect.SECTOR if strange else Effect.NONE
    if held.activities and listed.activities and {*held.activities} != {*listed.activities}:
        yield Found(
            field=Field.ACTIVITIES,
            ours=list(held.activities),
            theirs=list(listed.activities),
            effect=effect,
            would_be=", ".join(strange),
        )


def _staff(held: Held, listed: Listed, on: date) -> Iterator[Found]:
    """A number of staff differs where it crosses a bound of the law, or where the class cannot be what it is."""
    if listed.staff is None:
        return
    possible = classes(held.entity_types, held.identified_by, band(listed.staff), on)
    crossed = held.staff is not None and band(held.staff) != band(listed.staff)
    changes = bool(possible) and held.classification not in possible
    if crossed or changes:
        effect = Effect.CLASS if changes else Effect.NONE
        yield Found(
            field=Field.STAFF,
            ours=held.staff,
            theirs=listed.staff,
            effect=effect,
            would_be=", ".join(possible) if changes else "",
        )


def band(staff: int) -> int:
    """Return the least number of staff that means the same to the law."""
    return max((bound for bound in BANDS if staff >= bound), default=0)


# The class of the assessment by its word here: who is outside the law, or registers domain names only, is "other".
_CLASS: Final = {"essential": "essential", "important": "important"}


@lru_cache(maxsize=10_000)
def classes(types: tuple[str, ...], identified: tuple[str, ...], staff: int, on: date) -> tuple[str, ...]:
    """Return the classes that an entity of these types with so many staff may have; nothing when it has no type.

    Turnover and balance are not known, so more than one may be possible.
    """
    from dijkwacht.law.applicability import Facts, assess  # a third of a second, which only a comparison needs

    if not types:
        return ()
    try:
        answer = assess(Facts(entity_types=types, staff=float(staff), designations=identified, as_of=on))
    except (Problem, ValueError):
        return ()  # a type that the table does not have on that day
    possible = [str(found) for found in answer.possible_classes] or [str(answer.klass)]
    return tuple(dict.fromkeys(_CLASS.get(found, "other") for found in possible))


def pointed_at(activities: Iterable[str], on: date) -> set[str]:
    """Return the sectors of the law that codes of activity point at; the longest code of the table wins."""
    table = _sectors_of(on)
    found = set()
    for code in activities:
        best = max((known for known in table if code.startswith(known)), key=len, default="")
        if best:
            found.add(table[best])
    return found


@lru_cache(maxsize=16)
def _sectors_of(on: date) -> dict[str, str]:
    rows = dated.table("sbi_sectors").rows
    began = min(row.valid_from for row in rows)
    return {row["code"]: row["sector"] for row in rows if row.holds(max(on, began))}


def main_address(addresses: Iterable[Mapping[str, str]]) -> Mapping[str, str]:
    """Return the main address; nothing when there is none."""
    return next((address for address in addresses if address.get("kind") == AddressKind.MAIN), {})


def _place(address: Mapping[str, str]) -> str:
    joined = "".join(address.get(name, "") for name in ("street", "postcode", "city", "country"))
    return "".join(sign for sign in joined.casefold() if sign.isalnum())


def _line(address: Mapping[str, str]) -> str:
    return "|".join(address.get(name, "") for name in ("street", "postcode", "city", "country"))
