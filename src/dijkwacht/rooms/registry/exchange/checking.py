"""From facts to clean rows: every cell is cleaned, every refusal reported. Pure: no Django."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from dijkwacht.rooms.registry import cleaners, fields
from dijkwacht.rooms.registry.assets import normalise
from dijkwacht.rooms.registry.errors import InvalidAsset, InvalidField
from dijkwacht.rooms.registry.exchange import layout
from dijkwacht.rooms.registry.exchange.reading import Fact, Unread
from dijkwacht.rooms.registry.exchange.report import Refusal, Report
from dijkwacht.rooms.registry.vocabulary import AssetStatus

KEYS: Final = uuid5(NAMESPACE_URL, "https://dijkwacht.example/registry/import")
NUMBERS: Final = ("kvk", "rsin", "oin", "roo", "lei")


class Row(NamedTuple):
    """One clean record. `organisation`: the identifier it will have, or "kvk:12345678" to be looked up."""

    line: int
    record: str
    key: str
    organisation: str
    values: dict[str, Any]


def identify(key: str) -> str:
    """Return the identifier that a key of a file stands for.

    A UUID is itself; "kvk:…", "rsin:…", "oin:…", "roo:…" and "lei:…" name a known organisation by its number; any other
    key makes the same identifier each time, so that a file imported twice changes nothing. Raises Refused.
    """
    if not key or len(key) > layout.KEY_LENGTH or cleaners.CONTROL.search(key):
        raise cleaners.Refused("noem de organisatie", "name the organisation")
    scheme, colon, number = key.partition(":")
    if colon and scheme.lower() in NUMBERS:
        return f"{scheme.lower()}:{cleaners.identifier(scheme.lower())(number)}"
    try:
        return str(UUID(key))
    except ValueError:
        return str(uuid5(KEYS, key))


def _mandate_as_a_whole(fact: Fact, values: Mapping[str, Any]) -> Iterator[InvalidField]:
    try:
        identify(values.get("member", ""))
    except cleaners.Refused as refused:
        yield fields.invalid("member", fact.values.get("member"), refused.reason_nl, refused.reason_en)
    first, last = values.get("valid_from"), values.get("valid_to")
    if first is not None and last is not None and last < first:
        yield fields.invalid("valid_to", last, "ligt voor het begin", "lies before the start")


class Checker:
    """Checks one file. `bad` gathers the organisations of which something was refused: nothing of them is stored."""

    def __init__(self, report: Report, *, reserved: bool, on: date, evidence: str) -> None:
        self.report, self.reserved, self.on, self.evidence = report, reserved, on, evidence
        self.bad: set[str] = set()
        self.defined: set[str] = set()
        self._identified: dict[str, str] = {}

    def rows(self, facts: Iterator[Fact | Unread]) -> Iterator[Row]:
        """Yield the clean rows."""
        for fact in facts:
            self.report.rows += 1
            if isinstance(fact, Unread):
                self.report.refuse(
                    Refusal(fact.line, "", "", fact.key[: cleaners.SHOWN], fact.reason_nl, fact.reason_en)
                )
                with suppress(cleaners.Refused):
                    self.bad.add(identify(fact.key))
                continue
            yield from self._row(fact)

    def _row(self, fact: Fact) -> Iterator[Row]:
        try:
            if fact.key not in self._identified:
                self._identified[fact.key] = identify(fact.key)
        except cleaners.Refused as refused:
            self._refuse(fact, "organisation", fact.key, refused.reason_nl, refused.reason_en)
            return
        organisation = self._identified[fact.key]
        cleaned = fields.clean(layout.COLUMNS[fact.record], fact.values)
        problems = [*cleaned.problems, *self._as_a_whole(fact, organisation, cleaned.values)]
        for problem in problems:
            said = problem.fields
            self._refuse(fact, said["field"], said["value"], said["reason_nl"], said["reason_en"])
        if problems and fact.record != "mandate":
            self.bad.add(organisation)
        if problems:
            return
        for values in self._spread(fact, organisation, cleaned.values):
            yield Row(fact.line, fact.record, fact.key, organisation, values)

    def _refuse(self, fact: Fact, column: str, value: Any, nl: str, en: str) -> None:
        shown = str(value)[: cleaners.SHOWN]
        self.report.refuse(Refusal(fact.line, fact.record, f"{fact.path}{column}", shown, nl, en))

    def _as_a_whole(self, fact: Fact, organisation: str, values: Mapping[str, Any]) -> Iterator[InvalidField]:
        if fact.record == "organisation":
            if organisation in self.defined:
                yield fields.invalid(
                    "organisation", fact.key, "staat twee keer in dit bestand", "stands twice in this file"
                )
            self.defined.add(organisation)
        elif fact.record == "contact":
            yield from fields.contact_as_a_whole({"channel": "mail", **values})
        elif fact.record == "asset":
            for name in ("kind", "value"):
                if name not in fact.values:
                    yield fields.invalid(name, "", "dit veld is verplicht", "this field is required")
            if values.get("status") == AssetStatus.VERIFIED and not (values.get("evidence") or self.evidence):
                yield fields.invalid("evidence", "", "nodig bij verified", "needed with verified")
        else:
            yield from _mandate_as_a_whole(fact, values)

    def _spread(self, fact: Fact, organisation: str, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the row's values; an asset in its normal form, once for each prefix of a range."""
        if fact.record == "mandate":
            yield {**values, "member_id": identify(values["member"])}
            return
        if fact.record != "asset":
            yield values
            return
        try:
            normal = normalise(values["kind"], values["value"], reserved=self.reserved, on=self.on)
        except InvalidAsset as problem:
            self._refuse(fact, "value", values["value"], problem.fields["reason_nl"], problem.fields["reason_en"])
            self.bad.add(organisation)
            return
        if normal.note_en:
            self.report.note(
                Refusal(fact.line, "asset", f"{fact.path}value", values["value"], normal.note_nl, normal.note_en)
            )
        for value in normal.values:
            yield {**values, "value": value, "evidence": values.get("evidence") or self.evidence}
