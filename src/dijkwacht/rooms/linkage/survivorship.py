"""Which value of a field survives. Pure: records in, values out."""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from dijkwacht.rooms.linkage.errors import UnusableMapping
from dijkwacht.rooms.linkage.linking import values
from dijkwacht.rooms.linkage.linking.dates import day

Rules = Mapping[str, Sequence[str]]
SHIPPED: Final = Path(__file__).with_name("tables") / "survivorship.toml"
FIELDS: Final = ("name", "kvk", "rsin", "email", "phone")
KNOWN: Final = {"majority", "recent", "longest"}


class Candidate(NamedTuple):
    """A record as survivorship sees it."""

    record: int
    source: str
    fields: Mapping[str, str]


class Survivor(NamedTuple):
    """The value of a field, the record it comes from, and the rule that decided ("only" when there was no choice)."""

    value: str
    record: int
    rule: str


def read_rules(path: Path = SHIPPED) -> Rules:
    """Read the table of rules. Raises UnusableMapping for a rule that does not exist."""
    try:
        told: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        fields: Rules = told["fields"]
        listed = [rule for rules in fields.values() for rule in rules]
    except (tomllib.TOMLDecodeError, KeyError, AttributeError, UnicodeDecodeError) as error:
        raise UnusableMapping(reason_nl=f"{path.name}: {error}", reason_en=f"{path.name}: {error}") from None
    for rule in listed:
        if rule not in KNOWN and not rule.startswith("source:"):
            raise UnusableMapping(
                reason_nl=f"{path.name}: onbekende regel {rule!r}", reason_en=f"{path.name}: unknown rule {rule!r}"
            )
    return fields


def survive(records: Sequence[Candidate], rules: Rules) -> dict[str, Survivor]:
    """Give the surviving value of each field that any record has; the order of the records does not matter."""
    found = {field: _survivor(field, records, rules.get(field, ())) for field in FIELDS}
    return {field: survivor for field, survivor in found.items() if survivor is not None}


def _survivor(field: str, records: Sequence[Candidate], rules: Sequence[str]) -> Survivor | None:
    left = [(value, one) for one in sorted(records) if (value := clean(field, one.fields))]
    decided = "only"
    for rule in rules:
        if len({value for value, _ in left}) <= 1:
            break
        left, decided = _keep(rule, left), rule
    if not left:
        return None
    value, one = left[0]
    return Survivor(value, one.record, decided)


def _keep(rule: str, left: list[tuple[str, Candidate]]) -> list[tuple[str, Candidate]]:
    if rule.startswith("source:"):
        return [pair for pair in left if pair[1].source == rule.removeprefix("source:")] or left
    if rule == "majority":
        counts = Counter(value for value, _ in left)
        return [pair for pair in left if counts[pair[0]] == max(counts.values())]
    if rule == "longest":
        return [pair for pair in left if len(pair[0]) == max(len(value) for value, _ in left)]
    days = [day(one.fields.get("changed", "")) for _, one in left]
    latest = max((found for found in days if found), default=None)
    return [pair for pair, found in zip(left, days, strict=True) if latest is None or found == latest]


def clean(field: str, fields: Mapping[str, str]) -> str:
    """Give the value of a field as the registry would hold it; empty when there is none of that shape."""
    text = fields.get(field, "")
    if field == "name":
        return " ".join((text or fields.get("trade_name", "")).split())[:200]
    if field == "kvk":
        return values.kvk(text)
    if field == "rsin":
        return values.rsin(text)
    if field == "email":
        return text.strip().lower() if any(values.mailbox(text)) else ""
    number = values.phone(text)
    return f"+31{number}" if len(number) == 9 else ""  # noqa: PLR2004 - a Dutch number
