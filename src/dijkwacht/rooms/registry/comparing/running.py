"""Lay a snapshot beside the register, some thousand rows at a time: memory does not grow with the snapshot."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, Final

from django.db import connection

from dijkwacht.rooms.registry.cleaners import Refused
from dijkwacht.rooms.registry.comparing.layout import Listed, listed, number
from dijkwacht.rooms.registry.comparing.models import Comparison, Difference
from dijkwacht.rooms.registry.comparing.rules import Effect, Field, Held, differences
from dijkwacht.rooms.registry.exchange.report import Refusal
from dijkwacht.rooms.registry.models import Organisation

BATCH: Final = 5000  # rows of the snapshot looked up by one query
SHOWN: Final = 50  # refused rows that are told
NUMBERS: Final = 10**8  # a KvK number has eight digits: one bit for each that was seen, 12.5 MB
COLUMNS: Final = ("id", "kvk", "name", "addresses", "legal_form", "activities", "staff", "classification", "sectors")
MORE: Final = ("entity_types", "identified_by")
FACTS: Final = ("legal_form", "activities", "staff")  # what only a business register knows

NOTHING: Final[tuple[Any, ...]] = ("", [], None)
_FILL: Final = """
update registry_organisation o set legal_form = n.legal_form, activities = n.activities,
       staff = n.staff, updated_at = now()
  from jsonb_to_recordset(%s) as n(id uuid, legal_form text, activities jsonb, staff int) where n.id = o.id
"""

Row = tuple[int, Mapping[str, Any]]


@dataclass(kw_only=True)
class Run:
    """One comparison while it runs. `fill`: write down what the register does not know yet."""

    comparison: Comparison
    on: date
    fill: bool
    whole: bool
    counts: Counter[str] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)
    seen: bytearray = field(default_factory=lambda: bytearray(NUMBERS // 8 + 1))

    def compare(self, rows: Iterator[Row]) -> None:
        """Go through the snapshot, then through the numbers of ours that it did not have."""
        while batch := list(islice(rows, BATCH)):
            self._batch(batch)
        if self.whole:
            self._missing()

    def _batch(self, batch: list[Row]) -> None:
        by_number: dict[str, Row] = {}
        for line, row in batch:
            self.counts["rows"] += 1
            try:
                kvk = number(row)
            except Refused as problem:
                self._refuse(line, "kvk", row, problem)
                continue
            if self._mark(int(kvk)):
                self._refuse(line, "kvk", row, Refused("dit nummer stond er al", "this number was there already"))
                continue
            by_number[kvk] = (line, row)
        held = Organisation.objects.filter(kvk__in=list(by_number), active=True).values_list(*COLUMNS, *MORE)
        found: list[Difference] = []
        filled: list[dict[str, Any]] = []
        for values in held:
            line, row = by_number[values[1]]
            try:
                theirs = listed(row)
            except Refused as problem:
                self._refuse(line, "", row, problem)
                continue
            self.counts["known"] += 1
            found += self._differences(values, theirs)
            filled += self._unknown(values, theirs)
        Difference.objects.bulk_create(found, batch_size=1000)
        if self.fill and filled:
            with connection.cursor() as cursor:
                cursor.execute(_FILL, [json.dumps(filled)])

    def _differences(self, values: tuple[Any, ...], theirs: Listed) -> Iterable[Difference]:
        held = Held(
            name=values[2],
            addresses=values[3],
            legal_form=values[4],
            activities=tuple(values[5]),
            staff=values[6],
            classification=values[7],
            sectors=values[8],
            entity_types=tuple(values[9]),
            identified_by=tuple(values[10]),
        )
        for found in differences(held, theirs, self.on):
            self.counts[f"field:{found.field}"] += 1
            if found.effect:
                self.counts[f"effect:{found.effect}"] += 1
            yield Difference(
                comparison=self.comparison,
                organisation_id=values[0],
                field=found.field,
                ours=found.ours,
                theirs=found.theirs,
                effect=found.effect,
                would_be=found.would_be[:200],
            )

    def _unknown(self, values: tuple[Any, ...], theirs: Listed) -> Iterable[dict[str, Any]]:
        """What the business register knows and ours does not: no difference, but filled in where that is asked."""
        ours = dict(zip(FACTS, values[4:7], strict=True))
        known = {"legal_form": theirs.legal_form, "activities": list(theirs.activities), "staff": theirs.staff}
        new = {name: known[name] for name in FACTS if ours[name] in NOTHING and known[name] not in NOTHING}
        if new and theirs.active:
            self.counts["unknown"] += 1
            yield {"id": str(values[0]), **ours, **new}

    def _missing(self) -> None:
        rows = Organisation.objects.filter(kvk__isnull=False, active=True, country="NL").order_by()
        missing = (
            Difference(
                comparison=self.comparison,
                organisation_id=identifier,
                field=Field.MISSING,
                ours=kvk,
                theirs=None,
                effect=Effect.LEAVES,
            )
            for identifier, kvk in rows.values_list("id", "kvk").iterator(chunk_size=BATCH)
            if kvk and not self._has(int(kvk))
        )
        while batch := list(islice(missing, 1000)):
            self.counts["field:missing"] += len(batch)
            self.counts["effect:leaves"] += len(batch)
            Difference.objects.bulk_create(batch)

    def _mark(self, kvk: int) -> bool:
        """Note that a number was seen; True when it was before."""
        before = self._has(kvk)
        self.seen[kvk >> 3] |= 1 << (kvk & 7)
        return before

    def _has(self, kvk: int) -> bool:
        return bool(self.seen[kvk >> 3] & 1 << (kvk & 7))

    def _refuse(self, line: int, column: str, row: Mapping[str, Any], problem: Refused) -> None:
        self.counts["refused"] += 1
        if len(self.refusals) < SHOWN:
            value = str(row.get(column, "") if column else "")[:100]
            self.refusals.append(Refusal(line, "snapshot", column, value, problem.reason_nl, problem.reason_en))
