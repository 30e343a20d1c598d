"""A file comes in, or the registry goes out."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import Fact, record, record_many
from dijkwacht.rooms.registry import cleaners, events, fields, reads, rules
from dijkwacht.rooms.registry.errors import UnreadableFile
from dijkwacht.rooms.registry.exchange import reading, staging, storing, writing
from dijkwacht.rooms.registry.exchange.checking import Checker
from dijkwacht.rooms.registry.exchange.copying import IN_MEMORY, keep
from dijkwacht.rooms.registry.exchange.report import Refusal, Report
from dijkwacht.rooms.registry.history import provenance
from dijkwacht.rooms.registry.models import Organisation

RECORDED_AT_ONCE: Final = 5000  # entries of the audit log written by one statement


def import_file(
    *, actor: Actor, file: IO[bytes], name: str, evidence: str = "", try_only: bool = False, demo: bool = False
) -> Report:
    """Store what is right in a CSV or JSON file and report what is not, row by row.

    An organisation of which one row is refused is left out as a whole. `evidence` counts for rows that say verified
    without their own. `try_only`: report, change nothing. Raises NotAllowed unless an officer asks, UnreadableFile.
    """
    rules.require(rules.may_manage(actor))
    words = fields.single("evidence", cleaners.text(5000, lines=True), evidence)
    report = Report(tried_only=try_only)
    with transaction.atomic(), SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        report.sha256 = keep(file, copy)
        _run(report, actor, copy, name, words, demo=demo)
        transaction.set_rollback(try_only)
    return report


def _run(report: Report, actor: Actor, file: IO[bytes], name: str, evidence: str, *, demo: bool) -> None:
    checker = Checker(report, reserved=settings.DEMO, on=reads.today(), evidence=evidence)
    staging.fill(checker.rows(reading.read(file, json=reading.is_json(name))))
    staging.resolve()
    bad = checker.bad
    for (line, kind, column, value, organisation), nl, en in staging.refused(staging.REFUSALS):
        report.refuse(Refusal(line, kind, column, value, nl, en))
        bad.add(organisation)
    staging.leave_out(bad)
    report.organisations_left_out = len(bad)
    source = f"import:{report.sha256[:12]}"
    with provenance(source):
        changed = {"organisation": storing.organisations(source=source, demo=demo), "contact": storing.contacts()}
        changed["asset"], report.conflicts, verified = storing.assets()
        report.stored = {kind: len(owners) for kind, owners in changed.items()}
        report.stored["mandate"] = _mandates(report)
    _record(actor, report, changed, name)
    if changed["contact"]:
        events.contacts_imported.send(sender=Organisation, organisations=sorted(set(changed["contact"])), actor=actor)
    if verified:
        events.assets_imported.send(sender=Organisation, organisations=verified, actor=actor)


def _mandates(report: Report) -> int:
    lines = []
    for (line, kind, column, value, _), nl, en in staging.refused(staging.MANDATE_REFUSALS):
        report.refuse(Refusal(line, kind, column, value, nl, en))
        lines.append(line)
    staging.execute("delete from stage where record = 'mandate' and line = any(%(lines)s)", {"lines": lines})
    return storing.mandates()


def _record(actor: Actor, report: Report, changed: Mapping[str, list[UUID]], name: str) -> None:
    """One entry for the import, and one for each organisation of which something changed."""
    facts = {"file": name, "sha256": report.sha256, "stored": report.stored, "refused": report.refused}
    record(actor=actor, action="registry:import:store", target=("file", report.sha256), detail=facts)
    counts = {kind: Counter(owners) for kind, owners in changed.items()}
    touched = iter(sorted(set().union(*counts.values()), key=str))
    while batch := list(islice(touched, RECORDED_AT_ONCE)):
        record_many(
            Fact(
                actor=actor,
                action="registry:organisation:import",
                target=("organisation", organisation),
                organisation=organisation,
                detail={"sha256": report.sha256, **{kind: count[organisation] for kind, count in counts.items()}},
            )
            for organisation in batch
        )


def export_file(*, actor: Actor, name: str) -> Iterator[bytes]:
    """Return the registry as CSV or JSON, by the ending of `name`, piece by piece; what is exported can be imported.

    Who watches over sectors gets their entities alone, without mandates. Raises NotAllowed unless such a reader, an
    officer or an analyst asks, UnreadableFile for another ending.
    """
    rules.require(rules.may_export(actor))
    if not name.lower().endswith((".csv", ".json")):
        raise UnreadableFile(reason_nl="noem het .csv of .json", reason_en="call it .csv or .json")
    record(actor=actor, action="registry:export:read", target=("file", name), detail={"format": name[-4:]})
    return writing.as_json(actor) if reading.is_json(name) else writing.as_csv(actor)
