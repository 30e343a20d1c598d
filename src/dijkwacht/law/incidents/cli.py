"""`dijkwacht deadlines` and `dijkwacht significant`: from a file, without Django, without a database."""

import json
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

import click

from dijkwacht.kernel.errors import Language
from dijkwacht.kernel.strict_json import read_json
from dijkwacht.law.incidents.clocks import Due, due
from dijkwacht.law.incidents.conditions import Answer
from dijkwacht.law.incidents.errors import InvalidRegime, RecordNotUsable, UnknownRegime
from dijkwacht.law.incidents.order import out_of_order
from dijkwacht.law.incidents.record import IncidentRecord, json_schema
from dijkwacht.law.incidents.regimes import Regimes, house_regimes, load, regime_schema
from dijkwacht.law.incidents.significance import Fired, Verdict, judge, read_overlay
from dijkwacht.law.tables import InvalidTable

LARGEST: Final = 1 << 24  # bytes
FACTS: Final = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)
language_option = click.option("--language", type=click.Choice(["nl", "en"]), default="en", show_default=True)


@click.command("deadlines")
@click.argument("facts", required=False, type=FACTS)
@click.option("--regime", help="The law: cbw, netcode, avg, dora, wwke, cra, or one of your own folder.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of {stage, due, article}.")
@language_option
@click.option(
    "--schema", is_flag=False, flag_value="facts", type=click.Choice(["facts", "regime"]),
    help="Print the JSON Schema of the input (facts) or of a regime.toml (regime).",
)  # fmt: skip
@click.option("--regimes", "folder", type=FOLDER, help="Read the regimes of this folder instead of ours.")
def deadlines_command(
    facts: Path | None, regime: str | None, language: Language, schema: Literal["facts", "regime"] | None,
    folder: Path | None, *, as_json: bool,
) -> None:  # fmt: skip
    """Say by when each report of an incident is due under one law.

    FACTS is a JSON object of moments in RFC 3339 with offset ("-" reads standard input): occurrence, detection,
    awareness, early_warning, notification, progress, final, handled, all optional. More facts are in --schema. Exit
    code 0: answered; 2: wrong use or facts that cannot be used; 1: failure.
    """
    if schema:
        _print_json(json_schema() if schema == "facts" else regime_schema())
        return
    try:
        known = load(folder) if folder else house_regimes()
    except InvalidRegime as error:
        raise click.ClickException(str(error)) from error
    if regime is None:
        raise click.UsageError(f"say which law: --regime {'|'.join(known)}")
    record = _record(facts)
    clocks = _clocks(known, regime, record, language)
    if as_json:
        _print_json([{"stage": one.stage, "due": one.due.isoformat(), "article": one.article} for one in clocks])
    else:
        click.echo("\n".join(_line(one, known, regime, language) for one in clocks) or NONE[language])


NONE: Final = {"nl": "Geen termijn loopt: het beginmoment is niet bekend.", "en": "No clock runs: no start is known."}
ODD: Final = {"nl": "Let op", "en": "Note"}
OTHER: Final = {"nl": "volgens {because} uiterlijk", "en": "by {because} at the latest"}
INSTEAD: Final = {"nl": "in plaats van {stage}, zolang het voortduurt", "en": "instead of {stage}, while it goes on"}
NOT_IN_FORCE: Final = {
    "nl": "{regime} gold niet op {day}; gerekend alsof, naar de tekst van {since}.",
    "en": "{regime} was not in force on {day}; counted as if, by the text of {since}.",
}
NO_CRITERIA: Final = {
    "nl": "Er zijn geen criteria voor {day}; beoordeeld naar die van {on}.",
    "en": "There are no criteria for {day}; judged by those of {on}.",
}
UNSURE: Final = {"nl": "niet in de bron gelezen", "en": "not read in the source"}


def _clocks(known: Regimes, regime: str, record: IncidentRecord, language: Language) -> list[Due]:
    """Return the clocks; say on standard error what is odd about the moments."""
    try:
        day = record.first_known() or date.today()  # noqa: DTZ011 - no moment: no clock either
        text = known.nearest(regime, day)
    except UnknownRegime as error:
        raise click.UsageError(error.text(language)) from error
    if not text.holds(day):
        _note(NOT_IN_FORCE[language].format(regime=regime, day=day, since=text.valid_from), language)
    for odd in out_of_order(record):
        _note(odd.text_nl if language == "nl" else odd.text_en, language)
    return due(text, record)


def _line(one: Due, known: Regimes, regime: str, language: Language) -> str:
    name = known.text(regime, language).of("stage", one.stage, "name")
    more = [INSTEAD[language].format(stage=one.instead_of)] if one.instead_of else []
    if one.lenient:
        more.append(f"{OTHER[language].format(because=one.lenient_because)} {one.lenient:%Y-%m-%d %H:%M:%S %Z}")
    if one.mark != "seen":
        more.append(UNSURE[language])
    told = f" ({'; '.join(more)})" if more else ""
    return f"{one.due:%Y-%m-%d %H:%M:%S %Z}  {one.stage}: {name}, {one.article}{told}"


@click.command("significant")
@click.argument("facts", required=False, type=FACTS)
@click.option("--json", "as_json", is_flag=True, help="Print the whole verdict as JSON.")
@language_option
@click.option("--law", type=click.Choice(["cbw", "wwke"]), default="cbw", show_default=True)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Judge by the criteria of this day.")
@click.option("--criteria", type=FACTS, help="Confidential criteria of the entity: a JSON list. Nothing keeps them.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the input.")
def significant_command(
    facts: Path | None, language: Language, law: Literal["cbw", "wwke"], as_of: Any, criteria: Path | None,
    *, as_json: bool, schema: bool,
) -> None:  # fmt: skip
    """Say whether an incident is significant, and by which criterion.

    FACTS is a JSON object ("-" reads standard input); --schema shows its keys. `significant` is true, false, or null
    when what is `missing` decides. Exit code 0: answered; 2: wrong use or facts that cannot be used; 1: failure.
    """
    if schema:
        _print_json(json_schema())
        return
    record = _record(facts)
    day = as_of.date() if as_of else record.first_known() or date.today()  # noqa: DTZ011 - the operator's day
    try:
        overlay = read_overlay(_json(criteria)) if criteria else ()
        verdict = judge(record, day, overlay=overlay, law=law)
    except RecordNotUsable as error:
        _refuse(error)
    except InvalidTable as error:
        raise click.ClickException(str(error)) from error
    if not verdict.in_force:
        _note(NO_CRITERIA[language].format(day=day, on=verdict.on), language)
    if as_json:
        _print_json(_as_json(verdict))
    else:
        click.echo(_told(verdict, language))


def _as_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "significant": {Answer.YES: True, Answer.NO: False, Answer.UNKNOWN: None}[verdict.significant],
        "on": verdict.on.isoformat(),
        "fired": [_fired(one) for one in verdict.fired],
        "excluded": [_fired(one) for one in verdict.excluded],
        "missing": list(verdict.missing),
        "provisional": [_fired(one) for one in verdict.provisional],
        "tried": list(verdict.tried),
    }


def _fired(one: Fired) -> dict[str, Any]:
    return {
        "code": one.code,
        "article": one.article,
        "source": one.source,
        "mark": one.mark,
        "sentence": {"nl": one.sentence_nl, "en": one.sentence_en},
        "confidential": one.confidential,
        "with_earlier": list(one.with_earlier),
    }


WORDS: Final[dict[Language, dict[Answer, str]]] = {
    "nl": {Answer.YES: "significant", Answer.NO: "niet significant", Answer.UNKNOWN: "niet te zeggen"},
    "en": {Answer.YES: "significant", Answer.NO: "not significant", Answer.UNKNOWN: "cannot be told"},
}


def _told(verdict: Verdict, language: Language) -> str:
    lines = [WORDS[language][verdict.significant]]
    shown = (("", verdict.fired), ("- ", verdict.excluded), ("? ", verdict.provisional))
    for sign, found in shown:
        lines += [f"  {sign}{one.article}: {one.sentence_nl if language == 'nl' else one.sentence_en}" for one in found]
    if verdict.missing:
        lines.append(f"  ? {', '.join(verdict.missing)}")
    return "\n".join(lines)


def _record(file: Path | None) -> IncidentRecord:
    if file is None:
        raise click.UsageError("give a file with facts, or --schema; see --help")
    try:
        return IncidentRecord.read(_json(file))
    except RecordNotUsable as error:
        _refuse(error)


def _refuse(error: RecordNotUsable) -> NoReturn:
    told = _printable("\n".join(f"  {fault}" for fault in error.faults))
    raise click.UsageError(f"the facts cannot be used:\n{told}\n`--schema` shows the form.") from error


def _json(file: Path) -> Any:
    try:
        return read_json(file, LARGEST)
    except ValueError as error:
        raise click.UsageError(_printable(f"{error}. Correct it there; `--schema` shows the form.")) from error


def _printable(text: str) -> str:
    """Half a surrogate pair can stand in JSON, but on no screen."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _print_json(found: Any) -> None:
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


def _note(text: str, language: Language) -> None:
    """Say it beside the answer, which stands alone on standard output."""
    click.echo(f"{ODD[language]}: {text}", err=True)
