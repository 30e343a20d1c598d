"""From the raw file of a batch to the rows that are folded: the data path, with its report."""

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import polars as pl
from django.conf import settings

from dijkwacht import feeds
from dijkwacht.data import reading as data
from dijkwacht.data.grouping import Grouper
from dijkwacht.data.index import Index
from dijkwacht.data.partitions import Partitions
from dijkwacht.data.schema import HOW, RAW_PREFIX
from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.crypto import secrets
from dijkwacht.rooms.notification import intake, registry_index
from dijkwacht.rooms.notification.fold import FOLD
from dijkwacht.rooms.notification.models import Batch, Campaign, SetAsideLine

ACCOUNT: Final = "account"  # the keyed hash that stands for a leaked account
READER: Final = system("notification:read")
SET_ASIDE_KEPT: Final = 100_000  # lines of one batch that can be corrected by hand; all are counted
HEADER_LIMIT: Final = 1 << 20
READ_AGAIN: Final = 4 << 20  # bytes of a file that is sooner read twice than kept waiting


class Unreadable(Exception):
    """The file as a whole was not used; `state` says whether it is refused or waits in quarantine."""

    def __init__(self, state: Batch.State, text: str) -> None:
        super().__init__(text)
        self.state = state


@dataclass
class Tally:
    """What is counted while a file is read."""

    read: int = 0
    set_aside: int = 0
    attributed: int = 0
    oldest: Any = None
    announcements: list[dict[str, str]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    reports: dict[str, tuple[feeds.Feed, feeds.Report]] = field(default_factory=dict)  # by source
    unknown: list[int] = field(default_factory=list)  # members of an archive


@dataclass(frozen=True)
class Result:
    """A batch as it was read: the rows to fold (schema FOLD), what to keep on the batch, the lines set aside."""

    findings: pl.DataFrame
    counts: dict[str, Any]
    lines: list[dict[str, Any]]

    def counts_record(self) -> dict[str, Any]:
        """The counts as JSON values."""
        record: dict[str, Any] = json.loads(json.dumps(self.counts, default=str))
        return record


def secret() -> bytes:
    """What keys the ids of findings and the hashes of accounts in this installation."""
    return secrets.load(settings.HOME, "finding-salt")


def observations() -> Partitions:
    return Partitions(Path(settings.HOME) / "observations")


def read(batch: Batch) -> Result:
    """Read, attribute and group the file of a batch; its observations are in Parquet when this returns.

    A small file does not wait for the index of a register that just changed, unless the change matters to it: then it
    is read once more. Raises Unreadable when the file as a whole cannot be used.
    """
    with tenancy.acting(READER):
        small = intake.raw_store().path(batch.sha256).stat().st_size <= READ_AGAIN
        near = registry_index.near() if small else registry_index.Near(registry_index.current())
    try:
        return _read(batch, near)
    except registry_index.BehindError:
        with tenancy.acting(READER):
            near = registry_index.Near(registry_index.current())
        return _read(batch, near)


def _read(batch: Batch, near: registry_index.Near) -> Result:
    grouper, tally = Grouper(near.index, secret()), Tally()
    try:
        for number, member in enumerate(data.open_report(intake.raw_store().path(batch.sha256), name=batch.filename)):
            _read_member(batch, number, member, near, grouper, tally)
    except data.ReportRefused as refused:
        raise Unreadable(Batch.State.REFUSED, str(refused)) from refused
    if not tally.reports:
        unknown = " ".join(one["en"] for one in tally.announcements) or "The archive is empty."
        raise Unreadable(Batch.State.QUARANTINED, unknown)
    _hand_in_unknown(batch, tally.unknown)
    feed, _ = next(iter(tally.reports.values()))
    counts = {
        "feed": feed.slug,
        "report": _report_name(tally),
        "read": tally.read,
        "set_aside": tally.set_aside,
        "attributed": tally.attributed,
        "announcements": tally.announcements,
        "oldest_observation": tally.oldest.replace(tzinfo=UTC) if tally.oldest else None,
        "lines_done": tally.read,
    }
    return Result(
        rows_to_fold(
            grouper.findings(),
            near.index,
            {source: feed for source, (feed, _) in tally.reports.items()},
            batch.received_at,
        ),
        counts,
        tally.lines,
    )


def _report_name(tally: Tally) -> str:
    """The type of report a file is; empty where each of its rows has a type of its own."""
    names = {"" if feed.report_column else report.name for feed, report in tally.reports.values()}
    return names.pop() if len(names) == 1 else "several"


def _hand_in_unknown(batch: Batch, numbers: Sequence[int]) -> None:
    """Hand each file of an archive that we do not know in by itself: there it waits in quarantine, with its alarm."""
    for number in numbers:
        member = member_of(batch, number)
        chunks = iter(partial(member.stream.read, 1 << 20), b"")
        with tenancy.acting(READER):
            intake.accept(actor=READER, chunks=chunks, filename=member.name, channel=batch.channel, feed=batch.feed)


def _read_member(
    batch: Batch, number: int, member: data.Member, near: registry_index.Near, grouper: Grouper, tally: Tally
) -> None:
    source = f"{batch.sha256}-{number}"
    header = data.header_of(member.stream)
    known = feeds.recognise(member.name, header, feed=batch.feed, start=data.start_of(member.stream))
    if isinstance(known, feeds.Unknown):
        tally.announcements.append({"code": known.reason, "nl": known.detail.nl, "en": known.detail.en})
        tally.unknown.append(number)
        return
    tally.reports[source] = (known.feed, known.report)
    with observations().writer(known.feed.slug, source, batch.received_at.date()) as writer:
        for part in data.read_batches(
            member.stream, known.feed, known.report, secret=secret(), received=batch.received_at
        ):
            frame = of_campaign(part.frame, batch.campaign)
            pairs = near.attribute(frame)
            grouper.add(frame, pairs, source)
            writer.write(frame)
            _count(part, pairs, number, tally)
            with tenancy.acting(READER):
                Batch.objects.filter(pk=batch.pk).update(lines_done=tally.read)


def of_campaign(frame: pl.DataFrame, campaign: Campaign | None) -> pl.DataFrame:
    """The same matter in another campaign is another finding, and the campaign says how severe it is."""
    if campaign is None:
        return frame
    parts = [pl.col("key").replace("", None), pl.lit(f"campaign {campaign.id}")]
    return frame.with_columns(
        key=pl.concat_str(parts, separator=" ", ignore_nulls=True), severity=pl.lit(campaign.severity, dtype=pl.UInt8)
    )


def _count(part: data.Batch, pairs: pl.DataFrame, member: int, tally: Tally) -> None:
    tally.read += part.frame.height + part.set_aside.height
    tally.set_aside += part.set_aside.height
    tally.attributed += pairs["row"].n_unique()
    kept = part.set_aside.head(SET_ASIDE_KEPT - len(tally.lines))
    tally.lines += kept.with_columns(member=pl.lit(member)).to_dicts()
    tally.announcements += [{"code": one.code, "nl": one.text.nl, "en": one.text.en} for one in part.announcements]
    if oldest := part.frame["time"].min():
        tally.oldest = min(filter(None, (tally.oldest, oldest)))


def rows_to_fold(
    findings: pl.DataFrame, index: Index, sources: dict[str, feeds.Feed], received: datetime
) -> pl.DataFrame:
    """Join to each finding its asset and one of its observations, whose kept columns are the evidence.

    `sources` gives the feed of each source; `received` stands in where an observation has no time of its own.
    """
    if findings.is_empty():
        return pl.DataFrame(schema=FOLD)
    assets = index.registry.with_row_index("row").select(
        pl.col("row").alias("asset"), "organisation_id", pl.col("asset").alias("asset_id"), "value"
    )
    joined = findings.join(assets, on="asset")
    of_source = {source: joined.filter(pl.col("sample_source") == source) for source in sources}
    parts = [_with_sample(own, source, sources[source]) for source, own in of_source.items() if own.height]
    moment = received.replace(tzinfo=None)
    return (
        pl.concat(parts)
        .with_columns(
            id=_uuid(),
            how=pl.col("how").replace_strict(dict(enumerate(HOW)), return_dtype=pl.String),
            first_seen=pl.col("first_seen").fill_null(moment),
            last_seen=pl.col("last_seen").fill_null(moment),
        )
        .select(FOLD.names())
        .cast(FOLD)
    )


def _with_sample(findings: pl.DataFrame, source: str, feed: feeds.Feed) -> pl.DataFrame:
    samples = observations().lines(source, findings["sample_line"]).unique("line", keep="first")
    shown = samples.select(
        pl.col("line").alias("sample_line"), pl.col("ip").alias("address"), "host", "port", "protocol"
    )
    joined = findings.join(shown, on="sample_line", how="left").with_columns(feed=pl.lit(feed.slug), asset="value")
    parts = [_with_evidence(part, samples, feed.kinds[kind]) for (kind,), part in joined.group_by("kind")]
    return pl.concat(parts) if parts else joined.with_columns(evidence=pl.lit("{}"))


def _with_evidence(findings: pl.DataFrame, samples: pl.DataFrame, kind: feeds.Kind) -> pl.DataFrame:
    """Add what a receiver may see of the sample: the evidence columns of the kind, whatever else the source sent."""
    allowed = [*kind.evidence, ACCOUNT]
    names = [
        name for name in samples.columns if name.removeprefix(RAW_PREFIX) in allowed and name.startswith(RAW_PREFIX)
    ]
    if not names:
        return findings.with_columns(evidence=pl.lit("{}"))
    fields = pl.struct(pl.col(name).alias(name.removeprefix(RAW_PREFIX)) for name in names)
    evidence = samples.select(pl.col("line").alias("sample_line"), evidence=fields.struct.json_encode())
    return findings.join(evidence, on="sample_line", how="left").with_columns(pl.col("evidence").fill_null("{}"))


def _uuid() -> pl.Expr:
    """The two words of a finding's id as 32 hexadecimal digits, which PostgreSQL reads as a UUID."""
    return pl.format("{}{}", *(_hex(name) for name in ("id_high", "id_low")))


def _hex(name: str) -> pl.Expr:
    return pl.col(name).reinterpret(signed=False).map_batches(_hex_digits, return_dtype=pl.String)


def _hex_digits(words: pl.Series) -> pl.Series:
    big = words.to_numpy().astype(">u8").tobytes().hex()
    return pl.Series([big[at : at + 16] for at in range(0, len(big), 16)], dtype=pl.String)


def keep_set_aside(batch: Batch, result: Result) -> None:
    """Store the lines that were not understood. Runs in the transaction of the fold."""
    SetAsideLine.objects.bulk_create((_set_aside(batch, row) for row in result.lines), batch_size=5_000)


def _set_aside(batch: Batch, row: dict[str, Any]) -> SetAsideLine:
    made = SetAsideLine(
        batch=batch, member=row["member"], line=row["line"], column=row["column"] or "", reason=row["reason"]
    )
    made.seal(row["detail"] or "", row["raw"] or b"")
    return made


def member_of(batch: Batch, number: int) -> data.Member:
    """One file of what was handed in: that itself, or a member of the archive, by its place from 0."""
    members = data.open_report(intake.raw_store().path(batch.sha256), name=batch.filename)
    return next(itertools.islice(members, number, None))


def corrected(batch: Batch, member: data.Member, lines: Sequence[str]) -> Iterator[bytes]:
    """The bytes of a new file: the header of the file that the lines came in, then the corrected lines."""
    header = member.stream.readline(HEADER_LIMIT)
    if feeds.catalogue()[batch.feed].format in {"shadowserver", "csv"}:
        yield header.rstrip(b"\r\n") + b"\n"
    for line in lines:
        yield line.replace("\r", " ").replace("\n", " ").encode() + b"\n"
