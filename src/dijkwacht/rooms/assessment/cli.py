"""`dijkwacht assess`: the self-assessment from a file. Without Django, without a database."""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

import click

from dijkwacht.kernel.clock import legal_date
from dijkwacht.kernel.strict_json import read_json
from dijkwacht.law.applicability import Assessment, FactsNotUsable, Fault, Rulebook, assess, house_rulebook, read_whole
from dijkwacht.law.applicability.schema import MOST_ORGANISATIONS, json_schema
from dijkwacht.law.applicability.search import search
from dijkwacht.law.tables import InvalidTable

FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)
Language = Literal["nl", "en"]


@click.command("assess")
@click.argument("facts", required=False, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON.")
@click.option("--language", type=click.Choice(["nl", "en"]), default="en", show_default=True)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Answer for this day, unless the facts name one.")
@click.option(
    "--schema", is_flag=False, flag_value="facts", type=click.Choice(["facts", "assessment"]),
    help="Print the JSON Schema of the input (facts) or the output (assessment).",
)  # fmt: skip
@click.option(
    "--types",
    "types",
    is_flag=False,
    flag_value="",
    metavar="[WORDS]",
    help="List the types of entity, or find them by plain words.",
)
@click.option("--tables", type=FOLDER, help="Decide by the tables in this folder instead of ours.")
def assess_command(
    facts: Path | None, language: Language, as_of: Any, schema: Literal["facts", "assessment"] | None,
    types: str | None, tables: Path | None, *, as_json: bool,
) -> None:  # fmt: skip
    """Say what the Cyberbeveiligingswet makes of the organisations in FACTS, and why.

    FACTS is JSON: one organisation or a list of them ("-" reads standard input). Amounts are in euro. Exit code 0:
    answered; 2: the facts cannot be used, with the path of each fault; 1: failure.
    """
    try:
        book = Rulebook.load(tables) if tables else house_rulebook()
    except InvalidTable as error:
        raise click.ClickException(str(error)) from error
    today = as_of.date() if as_of else None
    if schema:
        click.echo(json.dumps(json_schema(schema, book, today or date.today()), indent=2, ensure_ascii=False))  # noqa: DTZ011
    elif types is not None:
        _list(book, types, today or date.today(), language, as_json=as_json)  # noqa: DTZ011
    elif facts is None:
        raise click.UsageError("give a file with facts, or --schema, or --types; see --help")
    else:
        _answer(facts, book, today, language, as_json=as_json)


def _answer(file: Path, book: Rulebook, today: date | None, language: Language, *, as_json: bool) -> None:
    given = _read(file, as_json=as_json)
    many = isinstance(given, list)
    answers, faults = _assess(given if many else [given], book, today, many=many)
    if faults:
        _refuse(faults, as_json=as_json)
    if not as_json:
        click.echo("\n\n".join(_told(answer, language) for answer in answers))
        return
    shown = [answer.model_dump(mode="json", by_alias=True) for answer in answers]
    click.echo(json.dumps(shown if isinstance(given, list) else shown[0], indent=2, ensure_ascii=False))


def _read(file: Path, *, as_json: bool) -> Any:
    """Read JSON. What is not JSON ends with exit code 2 and the place where it goes wrong."""
    try:
        given = read_json(file)
    except ValueError as error:
        _refuse([Fault(path="(file)", message=f"{error}.", do="Correct it there.")], as_json=as_json)
    if isinstance(given, list) and not 0 < len(given) <= MOST_ORGANISATIONS:
        give = f"Give 1 to {MOST_ORGANISATIONS} organisations."
        _refuse([Fault(path="(file)", message=f"{file} is a list of {len(given)}.", do=give)], as_json=as_json)
    return given


def _assess(
    given: list[Any], book: Rulebook, today: date | None, *, many: bool
) -> tuple[list[Assessment], list[Fault]]:
    """Assess all; with every fault of every organisation."""
    answers: list[Assessment] = []
    faults: list[Fault] = []
    for number, one in enumerate(given):
        try:
            facts = read_whole(one, book, today or legal_date(datetime.now(UTC)))
            answers.append(assess(facts, book, today))
        except FactsNotUsable as error:
            faults += [_of(number if many else None, fault) for fault in error.faults]
    return answers, faults


def _of(number: int | None, fault: Fault) -> Fault:
    """Say of which organisation of a list a fault is."""
    if number is None:
        return fault.model_copy(update={"path": fault.path or "(top)"})
    path = f"[{number}].{fault.path}" if fault.path else f"[{number}]"
    return fault.model_copy(update={"path": path, "pointer": f"/{number}{fault.pointer}"})


def _refuse(faults: list[Fault], *, as_json: bool) -> NoReturn:
    """Say every fault on the standard error, and end with exit code 2; nothing is answered."""
    if as_json:
        told = {"valid": False, "errors": [fault.model_dump() for fault in faults]}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False), err=True)
        sys.exit(2)
    lines = "\n".join(f"  {fault}" for fault in faults)
    raise click.UsageError(f"the facts cannot be used:\n{lines}\n`dijkwacht assess --schema` shows the form.")


def _told(found: Assessment, language: Language) -> str:
    """Tell an answer in plain text."""
    lines = [f"{found.name}: {found.klass.value}" if found.name else found.klass.value]
    lines.append(getattr(found.headline, language))
    if len(found.possible_classes) > 1:
        lines.append(f"  possible: {', '.join(found.possible_classes)}")
    lines += [f"  rule {rule.code} ({rule.article}): {getattr(rule.sentence, language)}" for rule in found.rules]
    for point in found.contact_points:
        sure = "" if point.mark != "unverified" else f" [{_NOT_SETTLED[language]}: {point.source}]"
        lines.append(
            f"  authority {point.authority.code}, supervisor {point.supervisor.code}, CSIRT {point.csirt.code}{sure}"
        )
    for duty in found.duties:
        by = f", {duty.by}" if duty.by else ""
        lines.append(f"  {duty.kind} {duty.article} ({duty.applies.value}{by}): {getattr(duty.name, language)}")
    lines += [f"  ? {question.fact}: {getattr(question.question, language)}" for question in found.open_questions]
    lines += [f"  ! {getattr(remark.text, language)}" for remark in found.assumptions]
    return "\n".join(lines)


_NOT_SETTLED: Final = {"nl": "nog niet vastgesteld", "en": "not yet settled"}


def _list(book: Rulebook, words: str, on: date, language: Language, *, as_json: bool) -> None:
    """List the types of entity of a day, or those that words lead to."""
    found = search(book, words, on) if words else None
    rows = found.types if found else book.types.as_of(on)
    if as_json:
        shown = [
            {"code": row["code"], "nl": row["name_nl"], "en": row["name_en"], "needs_any": row["needs_any"]}
            for row in rows
        ]
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    for note in found.notes if found else ():
        click.echo(note[f"text_{language}"])
    for row in rows:
        click.echo(f"{row['code']:<24} {row[f'name_{language}']}")
    if found and found.nothing:
        nothing = {"nl": "Niets in de wet past hierbij.", "en": "Nothing in the law fits these words."}
        click.echo(nothing[language])
