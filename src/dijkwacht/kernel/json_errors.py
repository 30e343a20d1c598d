"""A command whose `--json` gives JSON whatever happens: a script need not guess what an error looks like."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click


class JsonErrors(click.Command):
    """With `--json`, wrong use and failure stand on standard output as {"type", "title"} too; the exit code stays."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the arguments. Raises click.ClickException as click does."""
        with _told(as_json="--json" in args):
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises click.ClickException as click does."""
        with _told(as_json=bool(ctx.params.get("as_json"))):
            return super().invoke(ctx)


@contextmanager
def _told(*, as_json: bool) -> Iterator[None]:
    try:
        yield
    except click.ClickException as error:
        if as_json:
            kind = "wrong-use" if isinstance(error, click.UsageError) else "failure"
            click.echo(json.dumps({"type": kind, "title": error.format_message()}))
        raise
