"""`dijkwacht advisories affected` and `match`: what was ingested, against one product or a file of what is run."""

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy

if TYPE_CHECKING:
    import polars as pl

OPERATOR: Final = system("advisories:match")
HEADER: Final = ("organisation", "vendor", "product", "version")
LENGTHS: Final = {"organisation": 200, "vendor": 200, "product": 300, "version": 200}
FILE: Final = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
WORST: Final = {"affected": 0, "unknown": 1, "not_affected": 2}


@click.command(name="affected")
@click.argument("product")
@click.argument("version")
@click.option(
    "--vendor", default="", help="Who makes it; without it, a product of that name of any vendor may be meant."
)
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
def affected(product: str, version: str, vendor: str, *, as_json: bool) -> None:
    """Say of a product in a version what each advisory that was taken in says: affected, not affected or unknown.

    Exit code 0: an answer was given, whatever it is; 2: wrong use.
    """
    if not product.strip():
        raise click.UsageError("PRODUCT is empty")
    line = {"organisation": "", "vendor": vendor, "product": product, "version": version}
    found = _found([line])
    if as_json:
        said = {
            "product": product,
            "vendor": vendor,
            "version": version,
            "verdict": _whole(found, vendor),
            "advisories": [_advisory(row) for row in found],
        }
        click.echo(msgspec.json.encode(said).decode())
    else:
        click.echo(f"{vendor} {product} {version}: {_whole(found, vendor)}".strip())
        for row in found:
            click.echo(_text(row))


@click.command(name="match")
@click.option("--inventory", required=True, type=FILE, help="CSV with the header organisation,vendor,product,version.")
@click.option("--json", "as_json", is_flag=True, help="JSON, a line for each match.")
def match(inventory: Path, *, as_json: bool) -> None:
    """Match a file of what organisations run with every advisory that was taken in.

    Exit code 0: done; 1: the file cannot be read (says the line and the column); 2: wrong use.
    """
    lines = read_inventory(inventory)
    found = _found(lines)
    for row in found:
        place = int(row["line"])
        line = lines[place]
        if as_json:
            whole = {"line": line["place"], **{name: line[name] for name in HEADER}, **_advisory(row)}
            click.echo(msgspec.json.encode(whole).decode())
        else:
            click.echo(
                f"line {line['place']}: {line['organisation']}: {line['product']} {line['version']}\n{_text(row)}"
            )
    if not as_json:
        counts = {verdict: sum(row["verdict"] == verdict for row in found) for verdict in WORST}
        click.echo(f"{len(lines):,} lines: " + ", ".join(f"{count:,} {verdict}" for verdict, count in counts.items()))


def read_inventory(path: Path) -> list[dict[str, Any]]:
    """Read a file of lines, all or nothing; each with `place`, its line number. Raises click.ClickException."""
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise click.ClickException(f"{path}: line {line}, byte {column}: this is not UTF-8") from error
    return list(_lines(path, text))


def _lines(path: Path, text: str) -> "list[dict[str, Any]]":
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    rows: list[dict[str, Any]] = []
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        if tuple(header) != HEADER:
            raise click.ClickException(f"{path}: line 1: the header must be {','.join(HEADER)}")
        rows.extend(_line(path, reader.line_num, row) for row in reader if row)
    except csv.Error as error:
        raise click.ClickException(f"{path}: line {reader.line_num}: {error}") from error
    return rows


def _line(path: Path, number: int, row: list[str]) -> dict[str, Any]:
    if len(row) != len(HEADER):
        raise click.ClickException(f"{path}: line {number}: {len(row)} columns, and not {len(HEADER)}")
    cells = {name: cell.strip() for name, cell in zip(HEADER, row, strict=True)}
    for column, (name, cell) in enumerate(cells.items(), 1):
        if len(cell) > LENGTHS[name] or "\x00" in cell:
            raise click.ClickException(
                f"{path}: line {number}, column {column} ({name}): at most {LENGTHS[name]} characters of text"
            )
    for column, name in ((1, "organisation"), (3, "product")):
        if not cells[name]:
            raise click.ClickException(f"{path}: line {number}, column {column} ({name}): is empty")
    return {"place": number, **cells}


def _found(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Matches of these lines, the worst first; `line` is the place of a line in the list, as text."""
    import polars as pl

    from dijkwacht.rooms.advisories.matching.rules import INVENTORY

    texts = [{**dict.fromkeys(INVENTORY, ""), **line, "line": str(place)} for place, line in enumerate(lines)]
    inventory = pl.DataFrame(texts, schema=dict.fromkeys(INVENTORY, pl.String))
    found = _matched(inventory)
    worst = pl.col("verdict").replace_strict(WORST, return_dtype=pl.Int8)
    ordered = found.sort(pl.col("line").cast(pl.Int64), worst, -pl.col("confidence"), "vulnerability", "item")
    return list(ordered.iter_rows(named=True))


def _matched(inventory: "pl.DataFrame") -> "pl.DataFrame":
    from dijkwacht.rooms.advisories.catalogue import reads as catalogue
    from dijkwacht.rooms.advisories.matching import rules
    from dijkwacht.rooms.advisories.sourcing import reads as sourcing

    with tenancy.acting(OPERATOR) as actor:
        statements = sourcing.statement_frame(actor, every=True)
        return rules.match(statements, inventory, catalogue.aliases())


def _whole(found: list[dict[str, Any]], vendor: str) -> str:
    """The verdict over all advisories: the worst that is sure; unknown where nothing sure is said.

    Who names no vendor means the product of that name, if only one vendor has one.
    """
    from dijkwacht.rooms.advisories.catalogue.naming import vendor_key
    from dijkwacht.rooms.advisories.matching.evidence import How, unpack

    counted = [row["verdict"] for row in found if row["sure"]]
    if not vendor:
        named = [(row["verdict"], unpack(row["evidence"])) for row in found if not row["sure"]]
        same = [(verdict, vendor_key(said.their_name[0])) for verdict, said in named if said.how == How.PRODUCT]
        counted += [verdict for verdict, _ in same] if len({maker for _, maker in same}) == 1 else []
    return min(counted, key=lambda verdict: WORST[verdict], default="unknown")


def _advisory(row: dict[str, Any]) -> dict[str, Any]:
    from dijkwacht.rooms.advisories.matching.evidence import unpack

    kept = ("source", "item", "vulnerability", "verdict", "confidence", "sure", "remedy")
    return {**{name: row[name] for name in kept}, "evidence": msgspec.to_builtins(unpack(row["evidence"]))}


def _text(row: dict[str, Any]) -> str:
    from dijkwacht.rooms.advisories.matching.evidence import unpack

    said = unpack(row["evidence"])
    sure = "" if row["sure"] else ", not sure that it is this product"
    named = f'{row["source"]} {row["item"]} says of "{said.theirs}" ({said.status}): {said.text}'
    return f"  {row['verdict']:<12} {row['vulnerability']}: {named} ({said.how}; {said.rule}{sure})"
