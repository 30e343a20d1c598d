"""`dijkwacht phishing train`, `benchmark`, `confirmed`: the model of the text of URLs."""

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
import msgspec

MODEL: Final = click.Path(dir_okay=False, path_type=Path)


@click.command(name="train")
@click.argument("datasets", metavar="LABEL:LICENCE:SOURCE...", nargs=-1, required=True)
@click.option("--out", type=MODEL, required=True, help="The model's file; its card (.md) stands beside it.")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
def train(datasets: tuple[str, ...], out: Path, *, as_json: bool) -> None:
    """Learn from files or https addresses, measure, and write the model with its card.

    A model that stands at --out is the installed one: it is measured with the same rows, and a new one that is worse at
    anything is refused (exit code 1) with what it is worse at. The same data give the same model, but for its date.
    """
    from . import measuring, model
    from .card import card

    if not out.parent.is_dir():  # before the work of learning
        raise click.ClickException(f"{out.parent}: there is no such folder")
    rows, sources = _rows(datasets)
    parts = _split(rows)
    made = model.trained(
        [row.url for row in parts.learn],
        _column([row.phishing for row in parts.learn], bool),
        _column([row.weight for row in parts.learn], float),
        {},
    )
    found = measuring.figures(made, parts.measure, measuring.threshold_of(made, parts.choose))
    facts = {
        "made": datetime.now(UTC).date().isoformat(),
        "sources": msgspec.to_builtins(sources),
        "learned": len(parts.learn),
        "day": parts.day,
        "figures": measuring.as_facts(found),
    }
    made = msgspec.structs.replace(made, facts=facts)
    if out.exists() and (reasons := _worse(out, found, parts.measure)):
        raise click.ClickException(
            "Refused, the installed model is better:\n" + "\n".join(f"  {one}" for one in reasons)
        )
    try:
        model.save(made, out)
        out.with_suffix(".md").write_text(card(made), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror or error}") from error
    click.echo(msgspec.json.encode(facts) if as_json else card(made))


@click.command(name="benchmark")
@click.argument("model_file", metavar="MODEL", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("datasets", metavar="LABEL:LICENCE:SOURCE...", nargs=-1, required=True)
@click.option("--beside", type=MODEL, help="Another model, with the same rows; exit code 1 where MODEL is worse.")
@click.option("--json", "as_json", is_flag=True, help="JSON.")
def benchmark(model_file: Path, datasets: tuple[str, ...], beside: Path | None, *, as_json: bool) -> None:
    """Measure a model on the part of these data that is later than the rest, on domains that the rest does not hold.

    Only honest with data that the model did not learn from: give it those of its own training, or newer ones.
    """
    from . import measuring

    rows, _ = _rows(datasets)
    parts, held = _split(rows), _loaded(model_file)
    found = measuring.figures(held, parts.measure, _threshold(held))
    reasons = _worse(beside, found, parts.measure) if beside else []
    told = {"model": held.sha256, "day": parts.day, **measuring.as_facts(found), "worse": reasons}
    click.echo(msgspec.json.encode(told) if as_json else _table(told))
    if reasons:
        raise click.ClickException("\n  ".join(["Worse:", *reasons]))


@click.command(name="confirmed")
def confirmed() -> None:
    """Write what people here confirmed as CSV (url, day, label), the first data to learn from (label `own`)."""
    from dijkwacht.__main__ import set_up_django

    set_up_django()
    from .reads import confirmed_by_people

    out = csv.writer(sys.stdout)
    out.writerow(["url", "day", "label"])
    out.writerows(confirmed_by_people())


def _rows(datasets: tuple[str, ...]) -> tuple[list[Any], list[Any]]:
    from .datasets import UnusableDataError, read, together

    try:
        parts = [read(named) for named in datasets]
    except UnusableDataError as error:
        raise click.ClickException(str(error)) from error
    return together(parts), [source for _, source in parts]


def _split(rows: list[Any]) -> Any:
    from .measuring import split

    try:
        return split(rows)
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _loaded(path: Path) -> Any:
    from .model import UnreadableModelError, load

    try:
        return load(path)
    except (UnreadableModelError, OSError) as error:
        raise click.ClickException(str(error)) from error


def _threshold(held: Any) -> float:
    return float(held.facts.get("figures", {}).get("threshold", 0.5))


def _worse(installed: Path, found: Any, rows: list[Any]) -> list[str]:
    from . import measuring

    held = _loaded(installed)
    return measuring.worse(found, measuring.figures(held, rows, _threshold(held)))


def _column(values: list[Any], kind: type) -> Any:
    import numpy as np

    return np.array(values, dtype=kind)


def _table(told: dict[str, Any]) -> str:
    lines = [f"{told['model'][:16]}…: recall {told['caught']} at its threshold, phishing of {told['day']} and later"]
    for kind, recall in told["recall"].items():
        values = "  ".join(
            f"{float(rate):.2%}: {'too few' if value is None else value}" for rate, value in recall.items()
        )
        wrong = "too few" if told["wrong"][kind] is None else told["wrong"][kind]
        lines.append(f"  {kind:<10} {told['rows'][kind]:>8,} rows  {values}  wrong per million: {wrong}")
    return "\n".join(lines)
