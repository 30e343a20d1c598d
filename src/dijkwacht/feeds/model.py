"""What the centre knows of a feed: who publishes it, on which terms, and what each kind of row means."""

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Final, Literal

import msgspec

TermsValue = Literal["any-recipient", "constituency", "named-recipients", "no-redistribution"]
Tlp = Literal["RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"]
Pap = Literal["RED", "AMBER", "GREEN", "CLEAR"]
Format = Literal["shadowserver", "csv", "jsonl", "list", "prefixes", "mixed", "n6", "stix"]
Information = Literal["victim", "target", "vulnerability", "information"]
HostForm = Literal["name", "url", "email"]
LISTS: Final = frozenset({"list", "prefixes", "mixed"})  # formats of one value a line
SEVERITIES = ("info", "low", "medium", "high", "critical")  # position = value in the column `severity`
Severity = Literal["info", "low", "medium", "high", "critical"]


class _Frozen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A table of a feed's file: unknown fields are refused, so that a typing error is never a silent default."""


class Text(_Frozen, frozen=True, kw_only=True):
    """A sentence or title for users, in both languages."""

    nl: str
    en: str


class Terms(_Frozen, frozen=True, kw_only=True):
    """What the publisher allows: in words, and as the value the policies read."""

    text: str
    value: TermsValue


class Columns(_Frozen, frozen=True, kw_only=True):
    """The source's columns that fill an observation. An empty name means: this source has none.

    `hosts` is tried in order: the first column that holds a host gives it. `account` holds an e-mail address or user
    name: it leaves the reader only as a keyed hash. `name` is the name of a victim without any address.
    """

    time: str = "timestamp"
    ip: str = ""
    hosts: tuple[str, ...] = ()
    host_form: HostForm = "name"
    asn: str = ""
    port: str = ""
    protocol: str = ""
    severity: str = ""
    account: str = ""
    name: str = ""
    required: tuple[str, ...] = ()  # besides the time; default: the address, else the first host column


class Kind(_Frozen, frozen=True, kw_only=True):
    """One kind of finding. `key` tells two findings of this kind on one asset apart; `evidence` is all a receiver may
    see of the row; `secret` columns are never read into a frame (see `Columns.account` for the one exception)."""

    slug: str
    title: Text
    rsit_class: str
    rsit_type: str
    information: Information
    personal_data: bool
    severity: Severity
    urgent: bool
    key: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    gone_after_days: int = 14


class Report(_Frozen, frozen=True, kw_only=True):
    """One type of file: its kind, where its columns go, and the columns it is known to have (none: not declared)."""

    name: str
    kind: Kind
    columns: Columns
    known: tuple[str, ...] = ()

    @property
    def required(self) -> tuple[str, ...]:
        """The columns without which a file of this type says nothing: the time and the subject."""
        columns = self.columns
        subject = columns.required or ((columns.ip,) if columns.ip else columns.hosts[:1] or (columns.account,))
        return (*((columns.time,) if columns.time else ()), *subject)


class Feed(_Frozen, frozen=True, kw_only=True, dict=True):
    """One source of files. `expected_rows` is the least and most rows of a normal day; hours and days are whole."""

    slug: str
    title: Text
    publisher: str
    homepage: str
    terms: Terms
    tlp: Tlp
    pap: Pap
    legal_qualification: str
    licence_note: str
    expected_rows: tuple[int, int]
    schedule: str
    silence_alarm_hours: int
    format: Format
    retention_days: int
    separator: str = ","
    filename: str = ""  # regular expression of the names of its files; empty: only by choosing the feed
    path: str = ""  # where the records are in a JSON document, such as "objects"; empty: the document itself
    report_column: str = ""  # the column whose value names the report of each row; empty: one report a file
    reports: Mapping[str, Report] = MappingProxyType({})

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds this feed can give, by slug."""
        return MappingProxyType({report.kind.slug: report.kind for report in self.reports.values()})


class Recognised(msgspec.Struct, frozen=True):
    """A file whose feed and type are known."""

    feed: Feed
    report: Report


class Unknown(msgspec.Struct, frozen=True):
    """A file that no feed declares: the caller quarantines it and raises an alarm with this reason."""

    filename: str
    reason: Literal["unknown-report-type", "unknown-feed"]
    detail: Text
    feed: Feed | None = None
    report_type: str = ""
