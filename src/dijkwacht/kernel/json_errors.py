"""Commands whose `--json` gives JSON whatever happens: a script need not guess what an error looks like."""

import json
from typing import Any, Final

import click

_ASKED: Final = "dijkwacht.json"


class JsonErrors(click.Group):
    """With `--json`, wrong use and failure stand on standard output too, as {"type", "title"}; the exit code stays."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note whether JSON is asked for, by whichever command follows."""
        ctx.meta[_ASKED] = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises click.ClickException as click does."""
        try:
            return super().invoke(ctx)
        except click.ClickException as error:
            if ctx.meta[_ASKED]:
                kind = "wrong-use" if isinstance(error, click.UsageError) else "failure"
                click.echo(json.dumps({"type": kind, "title": error.format_message()}, ensure_ascii=False))
            raise
