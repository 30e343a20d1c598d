"""A group of commands whose `--json` always answers in JSON, also when it refuses."""

import json
from typing import Any, Final

import click

_ASKED: Final = "dijkwacht.json"


class AnswersInJson(click.Group):
    """Print what is wrong as `{"problem": …}` where JSON was asked; the text goes to standard error as ever."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[_ASKED] = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.ClickException as error:
            if ctx.meta[_ASKED]:
                click.echo(json.dumps({"problem": error.format_message()}, ensure_ascii=False))
            raise
