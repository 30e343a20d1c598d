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
from dijkwacht.data.values import addresses, times
from dijkwacht.feeds.model import SEVERITIES, HostForm, Report, Text

ACCOUNT: Final = "account"
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
        rows = table.frame.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)).name.keep())
        judged = _Judged(np.zeros(rows.height, bool))
        frame, found = self._frame(rows, judged)
        aside = table.aside
        if judged.reasons:
            frame = frame.filter(~judged.bad)
            aside = [*aside, *_rejected(table, judged)]
        return Batch(frame, set_aside(aside), (*announcements, *found))

    def _frame(self, rows: pl.DataFrame, judged: _Judged) -> tuple[pl.DataFrame, list[Announcement]]:
        columns, found = self.report.columns, list[Announcement]()
        time = self._time(rows, judged)
        named = _host_column(rows, columns.hosts, columns.host_form)
        address, high, low, valid = self._address(rows, named, judged)
        host = hosts(named)
        self._subject(rows, named, host, valid, judged)
        numbers = {
            "port": _number(rows, columns.port, pl.UInt16, "bad-port", judged),
            "asn": _number(rows, columns.asn, pl.UInt32, "bad-asn", judged),
        }
        account = self._account(rows, judged)
        none = np.zeros(rows.height, bool) if valid.all() else ~valid
        result = pl.DataFrame(
            {
                "line": rows["line"], "time": time, "ip": address, "ip_high": high, "ip_low": low,
                "host": host, **numbers, "protocol": _text(rows, columns.protocol).str.to_lowercase(),
                "severity": self._severity(rows, found),
            }
        )  # fmt: skip
        if none.any():
            result = result.with_columns(
                pl.when(~pl.Series(none)).then(pl.col(name)).alias(name) for name in ("ip", "ip_high", "ip_low")
            )
        parts = [account if name == ACCOUNT else _text(rows, name) for name in self.report.kind.key]
        key = pl.select(pl.concat_str(parts, separator="/", ignore_nulls=True)).to_series() if parts else None
        result = result.with_columns(kind=pl.lit(self.report.kind.slug), key=key if key is not None else pl.lit(""))
        raw = [_text(rows, name).alias(kept) for name, kept in self.kept.items()]
        if columns.account:
            raw.append(account.alias(RAW_PREFIX + ACCOUNT))
        return result.select(OBSERVATION.names()).with_columns(raw), found

    def _time(self, rows: pl.DataFrame, judged: _Judged) -> pl.Series:
        if not self.report.columns.time:
            return pl.repeat(self.received, rows.height, dtype=pl.Datetime("us"), eager=True)
        text = rows[self.report.columns.time]
        time = times(text)
        judged.reject(time.is_null().to_numpy(), self.report.columns.time, "bad-time", text)
        return time

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

    def _account(self, rows: pl.DataFrame, judged: _Judged) -> pl.Series:
        name = self.report.columns.account
        if not name:
            return pl.repeat(None, rows.height, dtype=pl.String, eager=True)
        judged.reject(rows[name].is_null().to_numpy(), name, "no-subject")
        return account_hashes(rows[name], self.secret)

    def _severity(self, rows: pl.DataFrame, found: list[Announcement]) -> pl.Series:
        default = SEVERITIES.index(self.report.kind.severity)
        text = _text(rows, self.report.columns.severity)
        level = text.replace_strict(SEVERITIES, range(5), default=None, return_dtype=pl.UInt8)
        if level.null_count() > text.null_count():
            strange = text.filter(level.is_null() & text.is_not_null()).unique().sort().head(5).to_list()
            found.append(_unknown_severity(self.report, [value[:50] for value in strange]))
        return level.fill_null(default)


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


def _text(rows: pl.DataFrame, name: str) -> pl.Series:
    """A column; all null when the source has none of that name."""
    return rows[name] if name in rows.columns else pl.repeat(None, rows.height, dtype=pl.String, eager=True)


def _host_column(rows: pl.DataFrame, names: Sequence[str], form: HostForm) -> pl.Series:
    """The first host of each row, as text."""
    found = [host_text(_text(rows, name), form) for name in names]
    if len(found) > 1:
        return pl.select(pl.coalesce(found)).to_series()
    return found[0] if found else _text(rows, "")


def _number(rows: pl.DataFrame, name: str, dtype: type[pl.DataType], reason: str, judged: _Judged) -> pl.Series:
    text = _text(rows, name)
    number = text.cast(dtype, strict=False)
    if number.null_count() > text.null_count():
        number = text.str.strip_chars().str.strip_prefix("AS").cast(dtype, strict=False)
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
