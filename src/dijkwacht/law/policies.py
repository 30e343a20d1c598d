"""The policies of the law as text that is read, checked and dated; a set that is not in order is refused."""

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self

import cedarpy

from dijkwacht.kernel.errors import Problem
from dijkwacht.law.facts import Route
from dijkwacht.law.tables import Row, Tables

HOUSE: Final = Path(__file__).parent
STATUSES: Final = ("seen", "known", "agreed", "unverified")
REQUIRED: Final = ("id", "law", "valid_from", "valid_to", "status", "sentence_nl", "sentence_en")
ROUTES: Final = tuple(route.value for route in Route if route is not Route.NOBODY)


class InvalidPolicies(Problem, ValueError):
    """The policies of the law are not in order, so nothing can be decided."""

    nl = "Het juridisch kader is niet in orde, dus er kan niets worden besloten."
    status = 500


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy with its annotations. `valid_to` is the last day on which it holds; None is open."""

    id: str
    law: str  # a ground in tables/grounds.toml
    valid_from: date
    valid_to: date | None
    status: str  # seen, known, agreed or unverified
    sentence_nl: str
    sentence_en: str
    obligation: str | None  # slug of what it adds to a disclosure; None where it allows or forbids one
    effect: str  # permit or forbid
    routes: frozenset[str]  # the routes it can speak about
    body: str  # canonical JSON of the policy, annotations included

    def holds(self, on: date) -> bool:
        """Tell whether the policy is in force on a date."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class PolicySet:
    """A checked set of policies with the schema and tables they were checked against."""

    policies: tuple[Policy, ...]
    schema: str
    tables: Tables

    @classmethod
    def load(cls, folder: Path | None = None, overrides: Mapping[str, str] | None = None) -> Self:
        """Read `policies/*.cedar`, `schema.cedarschema` and `tables/*.toml` below `folder` (default: this package).

        `overrides` maps a policy's id to the text that takes its place, empty to leave it out: for a what-if.
        Raises InvalidPolicies when anything is wrong.
        """
        house = folder or HOUSE
        try:
            schema = (house / "schema.cedarschema").read_text("utf-8")
            files = sorted((house / "policies").glob("*.cedar"))
            texts = {file.name: file.read_text("utf-8") for file in files}
            tables = Tables.load(house / "tables")
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidPolicies(str(error)) from error
        loaded = cls.from_texts(texts, schema=schema, tables=tables)
        return loaded.with_overrides(overrides) if overrides else loaded

    @classmethod
    def from_texts(cls, texts: Mapping[str, str], *, schema: str | None = None, tables: Tables | None = None) -> Self:
        """Read policies from texts by file name. Raises InvalidPolicies."""
        schema = (HOUSE / "schema.cedarschema").read_text("utf-8") if schema is None else schema
        policies = [policy for name, text in texts.items() for policy in _read(name, text)]
        checked = cls(tuple(policies), schema, tables or Tables.load(HOUSE / "tables"))
        checked.check()
        return checked

    def with_overrides(self, overrides: Mapping[str, str]) -> Self:
        """Return the set with some policies replaced by other text, or left out where the text is empty.

        Raises InvalidPolicies when an id is unknown or the result is not in order.
        """
        unknown = overrides.keys() - {policy.id for policy in self.policies}
        if unknown:
            raise InvalidPolicies(f"There is no policy {', '.join(sorted(unknown))}.")
        kept = [policy for policy in self.policies if policy.id not in overrides]
        added = [policy for name, text in overrides.items() for policy in _read(name, text)]
        changed = replace(self, policies=tuple(kept + added))
        changed.check()
        return changed

    @cached_property
    def hash(self) -> str:
        """Return the SHA-256 of all that can change a decision or its wording; layout and comments do not count."""
        schema = " ".join(re.sub(r"//[^\n]*", "", self.schema).split())
        bodies = sorted(policy.body for policy in self.policies)
        canonical = json.dumps([bodies, schema, self.tables.canonical("eu-members", "grounds")], ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def by_id(self, identifier: str) -> Policy:
        """Return one policy. Raises KeyError."""
        return self._by_id[identifier]

    def in_force(self, on: date) -> tuple[Policy, ...]:
        """Return the policies that hold on a date."""
        return tuple(policy for policy in self.policies if policy.holds(on))

    def period(self, on: date) -> int:
        """Return the number of the stretch of time around a date within which the same policies and grounds hold."""
        return bisect_right(self._borders, on)

    @cached_property
    def _by_id(self) -> dict[str, Policy]:
        return {policy.id: policy for policy in self.policies}

    @cached_property
    def _borders(self) -> list[date]:
        day = timedelta(days=1)
        dated: list[Policy | Row] = [*self.policies, *self.tables["grounds"].rows]
        ends = {one.valid_to + day for one in dated if one.valid_to}
        return sorted({one.valid_from for one in dated} | ends)

    def check(self) -> None:
        """Raise InvalidPolicies for doubled ids, grounds outside the table, and whatever Cedar finds wrong."""
        identifiers = [policy.id for policy in self.policies]
        doubled = {identifier for identifier in identifiers if identifiers.count(identifier) > 1}
        if doubled:
            raise InvalidPolicies(f"Policy {', '.join(sorted(doubled))} occurs more than once.")
        for policy in self.policies:
            if not self.tables.ground_covers(policy.law, policy.valid_from, policy.valid_to):
                raise InvalidPolicies(f"Policy {policy.id}: {policy.law} is not a known ground over all its dates.")
        text = cedarpy.policies_from_json_str(as_cedar_json(self.policies))
        result = cedarpy.validate_policies(text, self.schema)
        if not result.validation_passed:
            raise InvalidPolicies("; ".join(str(error) for error in result.errors))


def as_cedar_json(policies: Iterable[Policy]) -> str:
    """Return policies in Cedar's JSON form, each under its own id so that reasons come back as ids."""
    static = {policy.id: json.loads(policy.body) for policy in policies}
    return json.dumps({"staticPolicies": static, "templates": {}, "templateLinks": []})


def _read(name: str, text: str) -> list[Policy]:
    """Read the policies of one file."""
    try:
        parsed = json.loads(cedarpy.policies_to_json_str(text))
    except ValueError as error:
        raise InvalidPolicies(f"{name}: {error}.") from error
    if parsed["templates"] or parsed["templateLinks"]:
        raise InvalidPolicies(f"{name}: a policy with a slot is not a rule of law.")
    return [_policy(name, body) for body in parsed["staticPolicies"].values()]


def _policy(name: str, body: dict[str, Any]) -> Policy:
    """Read one policy from Cedar's JSON form. Raises InvalidPolicies when an annotation is missing or strange."""
    notes: dict[str, str] = {key: value or "" for key, value in body.get("annotations", {}).items()}
    where = f"{name}, policy {notes.get('id', '?')}"
    missing = [key for key in REQUIRED if key not in notes or (key != "valid_to" and not notes[key].strip())]
    strange = notes.keys() - {*REQUIRED, "obligation"}
    if missing or strange:
        raise InvalidPolicies(f"{where}: annotations missing {missing}, unknown {sorted(strange)}.")
    if notes["status"] not in STATUSES:
        raise InvalidPolicies(f"{where}: status is one of {', '.join(STATUSES)}.")
    question = body["resource"].get("entity_type") if body["resource"]["op"] == "is" else None
    if question != ("Obligation" if "obligation" in notes else "Disclosure"):
        raise InvalidPolicies(f"{where}: it must say `resource is Obligation` with @obligation, else `is Disclosure`.")
    if question == "Obligation" and body["effect"] != "permit":
        raise InvalidPolicies(f"{where}: an obligation is added by a permit policy.")
    valid_from, valid_to = _dates(where, notes)
    return Policy(
        id=notes["id"], law=notes["law"], valid_from=valid_from, valid_to=valid_to, status=notes["status"],
        sentence_nl=notes["sentence_nl"], sentence_en=notes["sentence_en"], obligation=notes.get("obligation"),
        effect=body["effect"], routes=_routes(body["action"]),
        body=json.dumps(body, sort_keys=True, ensure_ascii=False),
    )  # fmt: skip


def _dates(where: str, notes: Mapping[str, str]) -> tuple[date, date | None]:
    """Read the first and last day. Raises InvalidPolicies."""
    try:
        first = date.fromisoformat(notes["valid_from"])
        last = date.fromisoformat(notes["valid_to"]) if notes["valid_to"] else None
    except ValueError as error:
        raise InvalidPolicies(f"{where}: {error}.") from error
    if last is not None and last < first:
        raise InvalidPolicies(f"{where}: it ends before it begins.")
    return first, last


def _routes(action: Mapping[str, Any]) -> frozenset[str]:
    """Return the routes in the head of a policy; Cedar's schema has checked their names."""
    if action["op"] == "All":
        return frozenset(ROUTES)
    entities = action.get("entities") or [action["entity"]]
    return frozenset(entity["id"] for entity in entities)
