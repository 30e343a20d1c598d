"""The command `dijkwacht law`. Organisations stand in the registry, so the caller hands in how to look one up."""

import json
import sys
from collections.abc import Callable
from typing import cast

import click

from dijkwacht.kernel.errors import Language, Problem
from dijkwacht.law.explain import explain_facts
from dijkwacht.law.facts import Facts
from dijkwacht.law.policies import PolicySet

FactsFor = Callable[[str, str, str], Facts]


def law_command(facts_for: FactsFor, policies: Callable[[], PolicySet] = PolicySet.load) -> click.Group:
    """Return the command group `law`, which explains by the set that `policies()` returns.

    `facts_for(organisation, feed, kind)` returns the facts of one disclosure today; it raises a Problem when one of the
    three is unknown, and the command then ends with exit code 1.
    """

    @click.group(name="law", help="What the law says of a disclosure.")
    def law() -> None:
        """Group the commands about the law."""

    @law.command(name="explain", help="Say who would be told of a finding, by which route and on which ground.")
    @click.option("--organisation", required=True, help="The organisation the finding is about: its id.")
    @click.option("--feed", required=True, help="The feed the finding comes from: its slug.")
    @click.option("--kind", required=True, help="The kind of finding, such as scan-http.")
    @click.option("--language", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language.")
    @click.option("--json", "as_json", is_flag=True, help="Print the whole decision as JSON.")
    def explain(organisation: str, feed: str, kind: str, language: str, as_json: bool) -> None:
        """Explain one decision."""
        chosen = cast("Language", language)
        try:
            explained = explain_facts(facts_for(organisation, feed, kind), policies())
        except Problem as problem:
            message = json.dumps(problem.as_problem(chosen)) if as_json else problem.text(chosen)
            click.echo(message, err=True)
            sys.exit(1)
        click.echo(json.dumps(explained, ensure_ascii=False) if as_json else _text(explained, language))

    return law


def _text(explained: dict[str, object], language: str) -> str:
    """Return the sentence, then a line for each possible route."""
    rulings = cast("dict[str, str]", explained[f"rulings_{language}"])
    return "\n".join([str(explained[f"sentence_{language}"]), *(f"- {text}" for text in rulings.values())])
