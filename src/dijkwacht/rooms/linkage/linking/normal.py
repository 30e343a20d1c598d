"""Registers as one frame in normal form: what is compared, and by what pairs are found."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import polars as pl

from dijkwacht.rooms.linkage.linking import values
from dijkwacht.rooms.linkage.linking.mapping import Layout
from dijkwacht.rooms.linkage.linking.names import Name, fold, form_code, take_apart
from dijkwacht.rooms.linkage.linking.reading import Register, Row

MOST_SHARED: Final = (
    100  # records with one value; more than that and it finds no pairs, or every record meets every other
)
MOST_NAMES: Final = 8  # differently named organisations under one domain; more: a chain, a host, a provider
SCHEMA: Final[dict[str, Any]] = {
    "unique_id": pl.Int64,
    "source": pl.String,
    "row": pl.Int64,
    **dict.fromkeys(
        (
            "kvk", "rsin", "establishment", "name_key", "name_text", "name_base", "form", "qualifiers", "numbers",
            "place",            "postcode", "area", "domain", "mail", "phone",
        ),
        pl.String,
    ),
    "names": pl.List(pl.String),
    "words": pl.List(pl.String),
    "domains": pl.List(pl.String),
}  # fmt: skip
FOUND_BY: Final = ("kvk", "rsin", "name_key", "domain", "mail", "phone", "place", "sound")


def cell(row: Row, layout: Layout, field: str) -> str:
    """Give the value of a field: the first column of its mapping that is not empty."""
    return next((row[name] for name in layout.columns.get(field, ()) if row.get(name)), "")


def normal_row(row: Row, layout: Layout) -> dict[str, Any]:
    """Give one record in normal form; None for what is not there or has no shape."""
    names = [take_apart(text) for field in ("name", "trade_name") if (text := cell(row, layout, field))]
    first = names[0] if names else Name()
    site = values.domain(cell(row, layout, "website"))
    mail_domain, mail = values.mailbox(cell(row, layout, "email"))
    street, number = values.house(cell(row, layout, "street"), cell(row, layout, "house_number"))
    code = values.postcode(cell(row, layout, "postcode"))
    city = fold(cell(row, layout, "city")).strip()
    apart = layout.branches == "apart"
    told = {
        "kvk": values.kvk(cell(row, layout, "kvk")),
        "rsin": values.rsin(cell(row, layout, "rsin")),
        "establishment": values.establishment(cell(row, layout, "establishment")) if apart else "",
        "name_key": first.key,
        "name_text": first.text,
        "name_base": first.base,
        "form": form_code(cell(row, layout, "legal_form")) or first.form,
        "qualifiers": " ".join(first.qualifiers) if names else "",
        "numbers": " ".join(first.numbers),
        "place": f"{code or city} {number or street}" if (code or city) and (number or street) else "",
        "postcode": code,
        "area": code[:4] or city,
        "domain": site or mail_domain,
        "mail": mail,
        "phone": values.phone(cell(row, layout, "phone")),
    }
    lists = {
        "names": sorted({name.key for name in names if name.key}),
        "words": sorted(set(first.words)),
        "domains": sorted({one for one in (site, mail_domain) if one}),
    }
    keep_empty = {"qualifiers", "numbers"}
    return {name: value or (value if name in keep_empty and names else None) for name, value in (told | lists).items()}


def normal_frame(registers: Sequence[Register]) -> pl.DataFrame:
    """Give all records in normal form, numbered through, with the columns by which pairs are found (`by_…`)."""
    rows: list[dict[str, Any]] = []
    for register in registers:
        for at, row in enumerate(register.rows, start=1):
            head = {"unique_id": len(rows), "source": register.layout.source, "row": at}
            rows.append(head | normal_row(row, register.layout))
    return with_finders(pl.DataFrame(rows, schema=SCHEMA))


def with_finders(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the columns by which pairs are found; a value that too many records share finds none.

    A domain under which many differently named organisations stand is of a chain or a provider, and says nothing.
    """
    common = (
        frame.group_by("domain").agg(pl.col("name_base").n_unique()).filter(pl.col("name_base") > MOST_NAMES)["domain"]
    )
    own = pl.col("domain").is_in(common.implode()).not_()
    frame = frame.with_columns(
        domain=pl.when(own).then("domain"),
        domains=pl.when(own).then("domains"),
        sound=_sound(),
    )
    return frame.with_columns(
        pl.when(pl.len().over(name) <= MOST_SHARED).then(pl.col(name)).alias(f"by_{name}") for name in FOUND_BY
    )


def _sound() -> pl.Expr:
    """The start of a name with the area, and so little of each that a typing error rarely hits it."""
    return pl.col("name_text").str.slice(0, 4) + " " + pl.col("area")


def frequencies(frame: pl.DataFrame, column: str, least: int) -> pl.DataFrame:
    """Give how often each value occurs, as a share; of at least `least` records, so that few records do not
    make every value look common.
    """
    total = max(frame.height, least)
    counted = frame.select(column).drop_nulls().group_by(column).len()
    return counted.select(column, (pl.col("len") / total).alias(f"tf_{column}")).sort(column)


def sources(registers: Iterable[Register]) -> list[str]:
    """Give the sources, in order."""
    return [register.layout.source for register in registers]
