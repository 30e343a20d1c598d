"""What is known when registers come in: earlier source records, the registry, and what people answered."""

import hashlib
import json
from collections.abc import Iterator, Sequence

import polars as pl

from dijkwacht.rooms.linkage.linking.clusters import Known
from dijkwacht.rooms.linkage.linking.mapping import FIELDS, Layout
from dijkwacht.rooms.linkage.linking.normal import SCHEMA, cell, normal_row, with_finders
from dijkwacht.rooms.linkage.linking.reading import Register
from dijkwacht.rooms.linkage.models import Merge, Pair, SourceRecord, Verdict
from dijkwacht.rooms.registry.models import Organisation

REGISTRY = "registry"  # the source of an organisation that no register brought
OWN = {field: (field,) for field in FIELDS}


def fingerprint(source: str, fields: dict[str, str]) -> str:
    """Give the digest by which the same record of the same source is known again."""
    return hashlib.sha256(json.dumps([source, fields], sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def fresh_records(merge: Merge, register: Register) -> Iterator[SourceRecord]:
    """Give the records of a register that was read, not yet stored."""
    layout = register.layout
    for at, row in enumerate(register.rows, start=1):
        fields = {field: text for field in FIELDS if (text := cell(row, layout, field))}
        fields |= {"branches": layout.branches} if layout.branches != "one" else {}
        yield SourceRecord(
            merge=merge,
            source=layout.source,
            row=at,
            raw=row,
            fields=fields,
            fingerprint=fingerprint(layout.source, fields),
            imported_by=merge.created_by,
        )


def old_records() -> list[SourceRecord]:
    """Give what the registry holds as source records: those applied, and for an organisation without any a picture of
    it as it stands, not yet stored.
    """
    applied = list(SourceRecord.objects.exclude(organisation=None).order_by("id"))
    brought = {record.organisation_id for record in applied if record.organisation_id}
    rest = Organisation.objects.filter(active=True).exclude(id__in=brought).order_by("id")
    return applied + [picture(organisation) for organisation in rest.prefetch_related("contacts", "assets")]


def picture(organisation: Organisation) -> SourceRecord:
    """Give an organisation as it stands as a source record, not yet stored."""
    contact = next(iter(organisation.contacts.all()), None)
    domain = next((asset.value for asset in organisation.assets.all() if asset.kind == "domain"), "")
    told = {
        "name": organisation.name,
        "kvk": organisation.kvk,
        "rsin": organisation.rsin,
        "email": contact.email if contact else "",
        "phone": contact.phone if contact else "",
        "website": domain,
    }
    return SourceRecord(
        source=REGISTRY,
        row=0,
        raw={},
        fields={field: text for field, text in told.items() if text},
        fingerprint=fingerprint(REGISTRY, {"id": str(organisation.id)}),
        organisation=organisation,
        imported_by="registry",
    )


def frame_of(records: Sequence[SourceRecord]) -> pl.DataFrame:
    """Give records in normal form, numbered by their place."""
    rows = [
        {"unique_id": at, "source": one.source, "row": one.row}
        | normal_row(one.fields, Layout(one.source, OWN, branches=one.fields.get("branches", "one")))
        for at, one in enumerate(records)
    ]
    return with_finders(pl.DataFrame(rows, schema=SCHEMA))


def what_is_known(records: Sequence[SourceRecord]) -> Known:
    """Give which of these records are one organisation, which are not, and which pairs were answered."""
    together: list[tuple[int, int]] = []
    seen: dict[str, int] = {}
    places: dict[str, list[int]] = {}
    for at, one in enumerate(records):
        places.setdefault(one.fingerprint, []).append(at)
        marks = [f"record {one.fingerprint}", *([f"organisation {one.organisation_id}"] if one.organisation_id else [])]
        for mark in marks:
            first = seen.setdefault(mark, at)
            if first != at and _may_join(records[first], one):
                together.append((first, at))
    answered: dict[str, set[tuple[int, int]]] = {answer: set() for answer in Pair.Answer.values}
    for low, high, answer in Verdict.objects.values_list("low", "high", "answer"):
        pairs = {(min(one, other), max(one, other)) for one in places.get(low, ()) for other in places.get(high, ())}
        answered[answer] |= pairs
    owners = {at: str(one.organisation_id) for at, one in enumerate(records) if one.organisation_id}
    return Known(
        together=together,
        answered=set().union(*answered.values()),
        apart=answered[Pair.Answer.DIFFERENT],
        owner=owners,
    )


def _may_join(one: SourceRecord, other: SourceRecord) -> bool:
    """A record that a person took apart stays apart, even from one that reads the same."""
    return not (one.organisation_id and other.organisation_id) or one.organisation_id == other.organisation_id


def named(asked: pl.DataFrame, records: Sequence[SourceRecord]) -> list[SourceRecord]:
    """Give each record that a pair names, once."""
    places = sorted(set(asked["unique_id_l"]) | set(asked["unique_id_r"]))
    return [records[at] for at in places]
