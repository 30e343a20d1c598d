"""Tables of text → observations: each column typed, each row judged, what is not understood set aside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijkwacht.data.hosts import account_hashes, host_text, hosts
from dijkwacht.data.schema import OBSERVATION, RAW_PREFIX
from dijkwacht.data.setaside import Aside, set_aside
from dijkwacht.data.tables import Table
from dijkwacht.data.values import addresses, plausible, quick_times, times
from dijkwacht.feeds.model import SEVERITIES, HostForm, Report, Text

ACCOUNT: Final = "account"
LONGEST_PROTOCOL: Final = 20  # characters; the column that keeps it holds no more
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something about a file that is no error and yet someone should know. `columns` names what it is about."""

    code: str
    columns: tuple[str, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one file: observations (OBSERVATION and `raw_*`), lines set aside (SET_ASIDE), and announcements."""

    frame: pl.DataFrame
    set_aside: pl.DataFrame
    announcements: tuple[Announcement, ...]


@dataclass(slots=True)
class _Judged:
    """Which rows are bad so far, each for its first reason."""

    bad: Mask
    reasons: list[tuple[int, str, str, str]] = field(default_factory=list)

    def reject(self, wrong: Mask, column: str, reason: str, text: pl.Series | None = None) -> None:
        """Sets the rows aside that are not yet."""
        for row in np.flatnonzero(wrong & ~self.bad):
            shown = "" if text is None else text[int(row)]
            self.reasons.append((int(row), column, reason, shown or ""))
        self.bad |= wrong


@dataclass(frozen=True, slots=True)
class Observer:
    """Makes observations of one report's rows. `kept` maps a source's column to its `raw_` name."""

    report: Report
    kept: Mapping[str, str]
    secret: bytes
    received: datetime  # UTC, naive: the time of rows that carry none

    @property
    def columns(self) -> list[str]:
        """The source's columns that are read."""
        columns = self.report.columns
        named = [columns.time, columns.ip, *columns.hosts, columns.asn, columns.port, columns.protocol,
                 columns.severity, columns.account, columns.name, *self.report.kind.key, *self.kept]  # fmt: skip
        return [name for name in dict.fromkeys(named) if name and name != ACCOUNT]

    def observe(self, table: Table, announcements: Sequence[Announcement] = ()) -> Batch:
        """The rows of one table, in their order."""
        rows = table.frame
        judged = _Judged(np.zeros(rows.height, bool))
        frame, found = self._frame(rows, judged)
        aside = table.aside
        if judged.reasons:
            frame = frame.filter(~judged.bad)
            aside = [*aside, *_rejected(table, judged)]
        return Batch(frame, set_aside(aside), (*announcements, *found))

    def _frame(self, rows: pl.DataFrame, judged: _Judged) -> tuple[pl.DataFrame, list[Announcement]]:
        columns = self.report.columns
        typed = self._typed(rows)
        self._judge_time(rows, typed, judged)
        self._judge_protocol(typed, judged)
        named = _host_column(rows, columns.hosts, columns.host_form)
        address, high, low, valid = self._address(rows, named, judged)
        host = hosts(named)
        self._subject(rows, named, host, valid, judged)
        numbers = {name: _number(rows, typed[name], text, judged) for name, text in self._numbers()}
        found = self._strange_severity(rows, typed)
        parts = {"ip": address, "ip_high": pl.Series(high), "ip_low": pl.Series(low)}
        if not valid.all():
            parts = {name: part.set(pl.Series(~valid), None) for name, part in parts.items()}
        own = {"line": rows["line"], **parts, "host": host, **numbers}
        raw = [_text(rows, name).alias(kept) for name, kept in self.kept.items()]
        if columns.account:
            judged.reject(rows[columns.account].is_null().to_numpy(), columns.account, "no-subject")
            raw.append(typed[ACCOUNT].alias(RAW_PREFIX + ACCOUNT))
        chosen = [own[name] if name in own else typed[name] for name in OBSERVATION.names()]
        return pl.DataFrame([part.alias(name) for name, part in zip(OBSERVATION, chosen, strict=True)] + raw), found

    def _typed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """All that Polars can type by itself, in one query: what it does not understand is null."""
        columns, kind = self.report.columns, self.report.kind

        def text(name: str) -> pl.Expr:
            return pl.col(name) if name in rows.columns else pl.lit(None, pl.String)

        # A conversion to lower case costs as much as parsing the column: it is rarely needed.
        shouted = columns.protocol in rows.columns and _shouted(rows[columns.protocol])
        protocol = text(columns.protocol).str.to_lowercase() if shouted else text(columns.protocol)
        account = pl.lit(None, pl.String)
        if columns.account:
            account = pl.lit(account_hashes(rows[columns.account], self.secret))
        special = {ACCOUNT: account, columns.protocol: protocol}
        key = [special.get(name, text(name)) for name in kind.key]
        level = _level(text(columns.severity))
        return rows.select(
            line="line",
            time=quick_times(text(columns.time)) if columns.time else pl.lit(self.received, pl.Datetime("us")),
            kind=pl.lit(kind.slug),
            asn=text(columns.asn).cast(pl.UInt32, strict=False),
            port=text(columns.port).cast(pl.UInt16, strict=False),
            protocol=protocol,
            level=level,
            severity=level.fill_null(SEVERITIES.index(kind.severity)),
            key=pl.concat_str(key, separator="/", ignore_nulls=True) if key else pl.lit(""),
            account=account,
        )

    def _judge_protocol(self, typed: pl.DataFrame, judged: _Judged) -> None:
        column, longest = self.report.columns.protocol, typed["protocol"].str.len_bytes().max()
        if isinstance(longest, int) and longest > LONGEST_PROTOCOL:
            wrong = (typed["protocol"].str.len_chars() > LONGEST_PROTOCOL).fill_null(value=False)
            judged.reject(wrong.to_numpy(), column, "bad-protocol", typed["protocol"])

    def _numbers(self) -> list[tuple[str, str]]:
        return [("port", self.report.columns.port), ("asn", self.report.columns.asn)]

    def _judge_time(self, rows: pl.DataFrame, typed: pl.DataFrame, judged: _Judged) -> None:
        column = self.report.columns.time
        if not column:
            return
        quick = typed["time"]
        time = plausible(times(rows[column]) if quick.null_count() else quick)
        if time is quick:
            return
        typed.replace_column(typed.columns.index("time"), time.alias("time"))
        judged.reject(time.is_null().to_numpy(), column, "bad-time", rows[column])

    def _address(
        self, rows: pl.DataFrame, named: pl.Series, judged: _Judged
    ) -> tuple[pl.Series, NDArray[np.uint64], NDArray[np.uint64], Mask]:
        column = self.report.columns.ip
        address = _text(rows, column)
        if address.null_count() and self.report.columns.hosts and column not in self.report.required:
            # A URL or list may name an address where others name a host.
            literal = named.str.contains(r"^\d+\.\d+\.\d+\.\d+$|:").fill_null(value=False)
            address = address.zip_with(address.is_not_null() | ~literal, named)
        high, low, valid = addresses(address)
        if not valid.all():
            wrong = ~valid & address.is_not_null().to_numpy()
            judged.reject(wrong, column or self.report.columns.hosts[0], "bad-address", address)
        return address, high, low, valid

    def _subject(self, rows: pl.DataFrame, named: pl.Series, host: pl.Series, valid: Mask, judged: _Judged) -> None:
        """Each row has a subject: the address where the report promises one, else an address, host, name or account."""
        columns = self.report.columns
        if columns.ip in self.report.required:
            judged.reject(~valid, columns.ip, "no-subject")
            return
        there = valid | host.is_not_null().to_numpy()
        if columns.account:
            # Not shown: the text of an account is personal even where it is wrong.
            judged.reject(~there & rows[columns.account].is_not_null().to_numpy(), columns.account, "bad-account")
        elif columns.hosts:
            wrong = ~there & named.is_not_null().to_numpy()
            judged.reject(wrong, columns.hosts[0], "bad-host", named)
        if columns.name:
            there |= _text(rows, columns.name).is_not_null().to_numpy()
        judged.reject(~there, (*columns.hosts, columns.ip)[0], "no-subject")

    def _strange_severity(self, rows: pl.DataFrame, typed: pl.DataFrame) -> list[Announcement]:
        text = _text(rows, self.report.columns.severity)
        if typed["level"].null_count() == text.null_count():
            return []
        strange = text.filter(typed["level"].is_null() & text.is_not_null()).unique().sort().head(5).to_list()
        return [_unknown_severity(self.report, [value[:50] for value in strange])]


def observe_by(
    table: Table, observers: Mapping[str, Observer], column: str, announcements: Sequence[Announcement]
) -> Batch:
    """The rows of a table, each by the observer that the value of `column` names; without a column by the only one."""
    if not column:
        return observers[""].observe(table, announcements)
    names = table.frame[column]
    strange = table.frame.filter(~names.is_in(list(observers)).fill_null(value=False)).unique("line", keep="first")
    raw = table.raw(strange["line"].to_list())
    aside = [
        Aside(line, column, "unknown-kind", f"“{(name or '')[:200]}”", raw[line])
        for line, name in zip(strange["line"], strange[column], strict=True)
    ]
    known = [name for name in observers if name in names]
    parts = [observers[name].observe(Table(table.frame.filter(names == name), table.raw, [])) for name in known]
    rest = Batch(_nothing(), set_aside([*table.aside, *aside]), tuple(announcements))
    whole = joined([*parts, rest])
    return Batch(whole.frame.sort("line", maintain_order=True), whole.set_aside.sort("line"), whole.announcements)


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(schema=OBSERVATION)


def joined(batches: Sequence[Batch]) -> Batch:
    """Batches of one file as one, each column in one piece, so that gathering from it is quick."""
    announcements = dict.fromkeys(found for batch in batches for found in batch.announcements)
    same = len({tuple(batch.frame.columns) for batch in batches}) == 1
    frame = pl.concat([batch.frame for batch in batches], rechunk=True, how="vertical" if same else "diagonal")
    return Batch(frame, pl.concat([batch.set_aside for batch in batches]), tuple(announcements))


def _rejected(table: Table, judged: _Judged) -> list[Aside]:
    """The rows that were judged bad as lines to set aside; a line that gave several rows, only once."""
    numbers = table.frame["line"]
    first = {int(numbers[row]): (column, reason, shown) for row, column, reason, shown in reversed(judged.reasons)}
    raw = table.raw(list(first))
    return [
        Aside(line, column, reason, f"“{shown[:200]}”" if shown else "", raw[line])
        for line, (column, reason, shown) in first.items()
    ]


def _shouted(text: pl.Series) -> bool:
    """Whether any value has a capital; a column of few values is judged by these."""
    distinct = text.unique()
    return bool(distinct.str.contains("[A-Z]").any())


def _level(text: pl.Expr) -> pl.Expr:
    """The number of each severity, null for what is none: comparing five words costs a quarter of a join with them."""
    level = pl.lit(None, pl.UInt8)
    for number, name in reversed(list(enumerate(SEVERITIES))):
        level = pl.when(text == name).then(pl.lit(number, pl.UInt8)).otherwise(level)
    return level


def _text(rows: pl.DataFrame, name: str) -> pl.Series:
    """A column; all null when the source has none of that name."""
    return rows[name] if name in rows.columns else pl.repeat(None, rows.height, dtype=pl.String, eager=True)


def _host_column(rows: pl.DataFrame, names: Sequence[str], form: HostForm) -> pl.Series:
    """The first host of each row, as text."""
    found = [host_text(_text(rows, name), form) for name in names]
    if len(found) > 1:
        return pl.select(pl.coalesce(found)).to_series()
    return found[0] if found else _text(rows, "")


def _number(rows: pl.DataFrame, number: pl.Series, name: str, judged: _Judged) -> pl.Series:
    """The number as typed, or as typed without the letters of an AS number; the rest is judged bad."""
    text = _text(rows, name)
    if number.null_count() > text.null_count():
        number = text.str.strip_chars().str.strip_prefix("AS").cast(number.dtype, strict=False)
        reason = "bad-port" if number.dtype == pl.UInt16 else "bad-asn"
        judged.reject((number.is_null() & text.is_not_null()).to_numpy(), name, reason, text)
    return number


def _unknown_severity(report: Report, values: Sequence[str]) -> Announcement:
    listed = ", ".join(values)
    return Announcement(
        "unknown-severity",
        (report.columns.severity,),
        Text(
            nl=f"Onbekende ernst: {listed}. Gebruikt is {report.kind.severity}.",
            en=f"Unknown severity: {listed}. Used instead: {report.kind.severity}.",
        ),
    )
