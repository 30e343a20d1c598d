"""The command line. Each command stands in a module of its own and is imported when it is asked for."""

import importlib
import os
import sys
from typing import Any, Final

import click

# name -> module:attribute
COMMANDS: Final = {
    "up": "dijkwacht.platform.supervisor.cli:up",
    "web": "dijkwacht.platform.supervisor.cli:web",
    "worker": "dijkwacht.platform.supervisor.cli:worker",
    "scheduler": "dijkwacht.platform.supervisor.cli:scheduler",
    "migrate": "dijkwacht.platform.supervisor.cli:migrate",
    "assets": "dijkwacht.platform.supervisor.assets:assets",
    "audit": "dijkwacht.platform.audit.cli:audit",
    "attribute": "dijkwacht.data.cli:attribute_command",
    "ingest": "dijkwacht.rooms.notification.cli:ingest",
    "law": "dijkwacht.rooms.notification.cli:law",
    "registry": "dijkwacht.rooms.registry.cli:registry",
    "mailbox": "dijkwacht.platform.outbox.cli:mailbox",
    "bounces": "dijkwacht.platform.outbox.cli:bounces",
    "outbox": "dijkwacht.platform.outbox.cli:outbox",
    "accounts": "dijkwacht.platform.accounts.cli:accounts",
    "demo": "dijkwacht.portal.demo.cli:demo",
}
# Commands of a room that hang under another room's: group -> name -> module:attribute
UNDER: Final = {
    "registry": {
        "link": "dijkwacht.rooms.linkage.cli:link_command",
        "merge": "dijkwacht.rooms.linkage.cli_merge:merge_command",
        "generate-registers": "dijkwacht.rooms.linkage.cli:generate_command",
    },
}
# These run without Django: the data path alone.
WITHOUT_DJANGO: Final = {"attribute", "assets"}


class Commands(click.Group):
    """A group that knows its commands by name and loads one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in WITHOUT_DJANGO:
            set_up_django(as_owner=cmd_name == "migrate")
        command = load(COMMANDS[cmd_name])
        if isinstance(command, click.Group):
            for name, place in UNDER.get(cmd_name, {}).items():
                command.add_command(load(place), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            from django.db.utils import OperationalError

            if not isinstance(error, OperationalError):
                raise
            reason = " ".join(str(error).split())
            raise click.ClickException(f"The database does not answer; is Dijkwacht running? {reason}") from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, "") for name in sorted(COMMANDS)])


def load(place: str) -> click.Command:
    """Import the command that stands at `module:attribute`."""
    module, _, attribute = place.partition(":")
    command = getattr(importlib.import_module(module), attribute)
    if not isinstance(command, click.Command):
        raise TypeError(f"{place} is not a command")
    return command


def set_up_django(*, as_owner: bool = False) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dijkwacht.settings")
    if as_owner:
        os.environ["DIJKWACHT_AS_OWNER"] = "1"
    import django

    django.setup()


@click.command(cls=Commands)
@click.version_option(package_name="dijkwacht")
def main() -> None:
    """Dijkwacht: the system of a national cybersecurity organisation."""


if __name__ == "__main__":
    sys.exit(main())
