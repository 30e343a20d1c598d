"""An inventory and statements give matches. Frames in, frames out: no Django, no input or output."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import unquote

import msgspec
import polars as pl

from dijkwacht.rooms.advisories.catalogue.naming import cpe_key, model_key, product_key, purl_key, vendor_key
from dijkwacht.rooms.advisories.matching.evidence import MOST_ALSO, SURE, TEXT_LONGEST, Evidence, How, pack
from dijkwacht.rooms.advisories.matching.subjects import Names, Subject, subject_of
from dijkwacht.rooms.advisories.statements import COLUMNS, Status
from dijkwacht.rooms.advisories.versions.answers import EXPLICIT, SILENT, Answer, Rule, Verdict
from dijkwacht.rooms.advisories.versions.cpe import cpe_version
from dijkwacht.rooms.advisories.versions.evaluate import judge

INVENTORY: Final = ("organisation", "line", "vendor", "product", "version", "cpe", "purl")
# One row says that a name, CPE, purl or model number (`kind`, `vendor`, `value`) is (`same`) or is not that product;
# `judged`: a person said so, else a source.
ALIASES: Final = {
    "product": pl.String,
    "kind": pl.String,
    "vendor": pl.String,
    "value": pl.String,
    "same": pl.Boolean,
    "judged": pl.Boolean,
}
RESULT: Final = {
    "organisation": pl.String,
    "line": pl.String,
    "source": pl.String,
    "item": pl.String,
    "vulnerability": pl.String,
    "verdict": pl.String,
    "evidence": pl.String,
    "confidence": pl.Float64,
    "sure": pl.Boolean,
    "remedy": pl.String,
}
PAIRS: Final = {
    "ours": pl.UInt32,
    "theirs": pl.UInt32,
    "how": pl.String,
    "confidence": pl.Float64,
    "met": pl.String,
}
IDENTIFIERS: Final = frozenset((How.PURL, How.CPE, How.MODEL))
_NAME: Final = ["vendor", "product", "cpe", "purl"]


@dataclass(frozen=True, slots=True)
class Known:
    """What analysts and sources said of names: by key, the products that it is, and those that it is not."""

    same: dict[str, frozenset[str]]
    linked: dict[str, frozenset[str]]
    other: dict[str, frozenset[str]]

    def tell(self, subject: Subject) -> Subject:
        """The subject, knowing which products it is called and is not called. What a person says goes before."""
        keys = [key for _, key in subject.keys]
        same, other = (_of(table, keys) for table in (self.same, self.other))
        # A source's model number says nothing of a name in which it happens to stand: "RS-232/RS-485".
        linked = _of(self.linked, [key for key in keys if key not in subject.within])
        if not (same or linked or other):
            return subject
        return replace(subject, called=same - other, linked=linked - other, not_called=other)

    def keys_of(self, products: frozenset[str]) -> set[str]:
        """By what any of these products is known."""
        tables = (self.same, self.linked)
        return {key for table in tables for key, known in table.items() if products & known}


def _of(table: dict[str, frozenset[str]], keys: list[str]) -> frozenset[str]:
    return frozenset[str]().union(*(table.get(key, frozenset()) for key in keys))


@dataclass(frozen=True, slots=True)
class Prepared:
    """Statements made ready: kept and used again as long as statements and aliases stay the same."""

    names: Names
    rows: pl.DataFrame  # a row for each statement: `theirs` (a place in `names`), and the columns of a statement
    known: Known
    met: dict[tuple[str, str, str, str], list[tuple[int, str, float, str]]] = field(
        default_factory=dict
    )  # of names before


def prepare(statements: pl.DataFrame, aliases: pl.DataFrame) -> Prepared:
    """Read the names of statements (`statements.COLUMNS`; `models` a list, or lines of text) and of aliases."""
    known = _known(aliases)
    models = pl.col("models").list.join("\n") if statements.schema["models"] == pl.List(pl.String) else pl.col("models")
    rows = statements.select(COLUMNS).with_columns(models.fill_null("")).with_columns(pl.col(pl.String).fill_null(""))
    keys = [*_NAME, "models"]
    distinct = rows.select(keys).unique(maintain_order=True).with_row_index("theirs")
    subjects = [
        known.tell(subject_of(vendor, product, cpe, purl, numbers.split("\n")))
        for _, vendor, product, cpe, purl, numbers in distinct.iter_rows()
    ]
    return Prepared(Names.of(subjects), rows.join(distinct, on=keys, how="left"), known)


def _known(aliases: pl.DataFrame) -> Known:
    same, linked, other = (defaultdict[str, set[str]](set) for _ in range(3))
    for product, kind, vendor, value, is_same, judged in aliases.select(list(ALIASES)).iter_rows():
        if key := alias_key(kind, vendor, value):
            table = other if not is_same else same if judged else linked
            table[key].add(product)
    for key in [key for key, products in linked.items() if key.startswith("m ") and len(products) > 1]:
        del linked[key]  # a source that gives one model number to several products means something else by it
    return Known(*({key: frozenset(known) for key, known in table.items()} for table in (same, linked, other)))


def alias_key(kind: str, vendor: str, value: str) -> str:
    """The key of an alias, as subjects are found by; "" where the value holds nothing to go by."""
    if kind == "cpe":
        key = cpe_key(value)
        return f"c {key}" if key else ""
    if kind == "purl":
        key = purl_key(value)
        return f"p {key}" if key else ""
    if kind == "model":
        key = model_key(value)
        return f"m {key}" if key else ""
    key = product_key(vendor, value)
    return f"n {vendor_key(vendor)}|{key}" if key else ""


def match(statements: pl.DataFrame, inventory: pl.DataFrame, aliases: pl.DataFrame) -> pl.DataFrame:
    """Which lines of an inventory each item means, with what verdict and why: the columns of RESULT.

    One row for a line, item and vulnerability. Where an item says several things of one product, affected counts before
    unknown, and not affected only counts where nothing else is said.
    """
    return match_prepared(prepare(statements, aliases), inventory)


def match_prepared(prepared: Prepared, inventory: pl.DataFrame) -> pl.DataFrame:
    """The same against statements that were made ready before."""
    lines = inventory.select(INVENTORY).with_columns(pl.col(pl.String).fill_null(""))
    asked = lines.select(*_NAME, "version").unique(maintain_order=True).with_row_index("ask")
    found = answer(prepared, asked)
    joined = lines.join(asked, on=[*_NAME, "version"], how="inner").join(found, on="ask", how="inner")
    return joined.select(list(RESULT))


def answer(prepared: Prepared, asked: pl.DataFrame) -> pl.DataFrame:
    """Verdicts for names with versions, whoever runs them. `asked`: `ask`, the columns of a name, `version`.

    Gives `ask` with the columns of RESULT from `source` on.
    """
    ours = asked.select(_NAME).unique(maintain_order=True).with_row_index("ours")
    pairs, met = meet(prepared, ours)
    if not pairs.height:
        return pl.DataFrame(schema={"ask": asked.schema["ask"], **dict(list(RESULT.items())[2:])})
    versions = _versions(asked.join(ours, on=_NAME, how="inner", nulls_equal=True))
    columns = ["theirs", "source", "item", "vulnerability", "version", "notation", "status", "remedy"]
    rows = prepared.rows.select(columns).rename({"version": "text"})
    crossed = pairs.join(versions, on="ours").join(rows, on="theirs")
    judged = crossed.join(_judged(crossed), on=["text", "notation", "status", "asked"], how="left")
    order = [(pl.col("confidence") >= SURE).not_(), pl.col("rank"), -pl.col("confidence"), pl.col("remedy") == ""]
    keys = ["ask", "source", "item", "vulnerability"]
    best = judged.sort(*keys, *order).unique(keys, keep="first", maintain_order=True)
    best = best.join(_also(judged, keys), on=keys, how="left").with_columns(pl.col("also").fill_null(""))
    return _worded(best, met, ours, prepared.names.subjects)


def meet(prepared: Prepared, ours: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs (`ours`, `theirs`, `how`, `confidence`), and by what they met (`ours`, `theirs`, `met`)."""
    rows = [(place, *one) for place, *name in ours.iter_rows() for one in _met_by(prepared, *name)]
    pairs = pl.DataFrame(rows, schema=PAIRS, orient="row")
    return pairs.drop("met"), pairs.select("ours", "theirs", "met")


def _met_by(prepared: Prepared, vendor: str, product: str, cpe: str, purl: str) -> list[tuple[int, str, float, str]]:
    """Which names of sources a name meets: place, how, confidence, and by what."""
    found = prepared.met.get((vendor, product, cpe, purl))
    if found is None:
        names = prepared.names
        subject = prepared.known.tell(subject_of(vendor, product, cpe, purl, (), names.makers))
        found = [
            (one.subject, one.how.value, one.confidence, _met(subject, names.subjects[one.subject], one.how))
            for one in names.meet(subject)
        ]
        prepared.met[vendor, product, cpe, purl] = found
    return found


def _met(ours: Subject, theirs: Subject, how: How) -> str:
    """The identifier that both carry."""
    shared = {key for kind, key in theirs.keys if kind is how}
    return next((key[2:] for kind, key in ours.keys if kind is how and key in shared), "") if how in IDENTIFIERS else ""


def _versions(asked: pl.DataFrame) -> pl.DataFrame:
    """The version that a line has: its own, or that of its CPE or purl."""
    distinct = asked.select("version", "cpe", "purl").unique()
    values = [_own(version, cpe, purl) for version, cpe, purl in distinct.iter_rows()]
    table = distinct.with_columns(pl.Series("asked", values, dtype=pl.String))
    return asked.join(table, on=["version", "cpe", "purl"]).select("ask", "ours", "asked")


def _own(version: str, cpe: str, purl: str) -> str:
    if version.strip():
        return version
    if named := cpe_version(cpe):
        return named
    return unquote(purl.split("#", 1)[0].split("?", 1)[0].rpartition("/")[2].partition("@")[2])


_RANKS: Final = {"affected": 0, "loud": 1, "explicit": 2, "silent": 3, "implied": 4, "beside": 5}


def rank(found: Answer, status: str) -> int:
    """Which of several answers of one item counts, the lowest first. Never lets "not affected" hide a doubt."""
    if found.verdict is Verdict.AFFECTED:
        return _RANKS["affected"]
    if found.verdict is Verdict.NOT_AFFECTED:
        return _RANKS["explicit" if found.rule in EXPLICIT else "implied"]
    if found.rule is Rule.COMMIT or (status in {Status.FIXED, Status.NOT_AFFECTED} and found.rule in SILENT):
        return _RANKS["beside"]
    return _RANKS["silent" if found.rule in SILENT else "loud"]


def _judged(crossed: pl.DataFrame) -> pl.DataFrame:
    distinct = crossed.select("text", "notation", "status", "asked").unique()
    answers = [(judge(*row), row[2]) for row in distinct.iter_rows()]
    return distinct.with_columns(
        pl.Series("verdict", [a.verdict.value for a, _ in answers], dtype=pl.String),
        pl.Series("rule", [a.rule.value for a, _ in answers], dtype=pl.String),
        pl.Series("plain", [a.plain for a, _ in answers], dtype=pl.Boolean),
        pl.Series("rank", [rank(a, status) for a, status in answers], dtype=pl.Int8),
    )


def _also(judged: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """All that an item says of one vulnerability of one product for sure and by which it is affected, where it is
    several: `theirs`, text and notation of each, as JSON. Versions of one statement may be safe by it alone."""
    said = ["theirs", "text", "notation"]
    hits = judged.filter((pl.col("rank") == _RANKS["affected"]) & (pl.col("confidence") >= SURE))
    several = hits.select(*keys, *said).unique(maintain_order=True).group_by(keys).agg(said)
    several = several.filter(pl.col("theirs").list.len() > 1)
    packed = [msgspec.json.encode(sorted(zip(*row, strict=True))).decode() for row in several.select(said).iter_rows()]
    return several.select(keys).with_columns(pl.Series("also", packed, dtype=pl.String))


def _others(also: str, own: tuple[int, str, str], theirs: list[Subject]) -> tuple[tuple[str, str, str], ...]:
    said = msgspec.json.decode(also, type=list[tuple[int, str, str]]) if also else []
    others = [
        (theirs[it].name, text[:TEXT_LONGEST], notation) for it, text, notation in said if (it, text, notation) != own
    ]
    return tuple(dict.fromkeys(others))[:MOST_ALSO]


def _worded(best: pl.DataFrame, met: pl.DataFrame, ours: pl.DataFrame, theirs: list[Subject]) -> pl.DataFrame:
    """With the evidence as data, and the confidence of the whole."""
    best = best.join(met, on=["ours", "theirs"], how="left")
    keys = ["how", "ours", "theirs", "met", "rule", "text", "notation", "status", "asked", "plain", "also"]
    distinct = best.select(keys).unique()
    names = dict(zip(ours["ours"], ours.select("vendor", "product").iter_rows(), strict=True))
    packed = [
        pack(
            Evidence(
                how, " ".join(names[us]).strip(), theirs[it].name, rule, text[:TEXT_LONGEST], notation, status, asked,
                plain, names[us], (theirs[it].vendor, theirs[it].product), by,
                _others(also, (it, text, notation), theirs),
            )
        )
        for how, us, it, by, rule, text, notation, status, asked, plain, also in distinct.iter_rows()
    ]  # fmt: skip
    evidence = distinct.with_columns(pl.Series("evidence", packed, dtype=pl.String))
    certainty = (
        pl.when(pl.col("rule") == Rule.PAST_THE_LAST)
        .then(0.2)
        .when(pl.col("verdict") == Verdict.UNKNOWN)
        .then(0.5)
        .otherwise(pl.when("plain").then(1.0).otherwise(0.8))
    )
    sure = (pl.col("confidence") >= SURE).alias("sure")
    found = best.join(evidence, on=keys, how="left")
    found = found.with_columns(sure, (pl.col("confidence") * certainty).round(3).alias("confidence"))
    return found.select("ask", *list(RESULT)[2:])
