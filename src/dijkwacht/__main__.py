"""The command line. Each command stands in a module of its own and is imported when it is asked for."""

import importlib
import os
import sys
from typing import Any, Final

import click

from dijkwacht.kernel.json_errors import JsonErrors

# name -> module:attribute
COMMANDS: Final = {
    "up": "dijkwacht.platform.supervisor.cli:up",
    "web": "dijkwacht.platform.supervisor.cli:web",
    "worker": "dijkwacht.platform.supervisor.cli:worker",
    "scheduler": "dijkwacht.platform.supervisor.cli:scheduler",
    "migrate": "dijkwacht.platform.supervisor.cli:migrate",
    "assets": "dijkwacht.platform.supervisor.assets:assets",
    "assess": "dijkwacht.rooms.assessment.cli:assess_command",
    "advisories": "dijkwacht.rooms.advisories.cli:advisories",
    "audit": "dijkwacht.platform.audit.cli:audit",
    "deadlines": "dijkwacht.law.incidents.cli:deadlines_command",
    "significant": "dijkwacht.law.incidents.cli:significant_command",
    "attribute": "dijkwacht.data.cli:attribute_command",
    "look-back": "dijkwacht.data.look_back:look_back_command",
    "ingest": "dijkwacht.rooms.notification.cli:ingest",
    "law": "dijkwacht.rooms.notification.cli:law",
    "registry": "dijkwacht.rooms.registry.cli:registry",
    "receipt": "dijkwacht.rooms.enrolment.cli:receipt",
    "phishing": "dijkwacht.rooms.phishing.cli:phishing",
    "csaf": "dijkwacht.rooms.advisories.cli_csaf:csaf",
    "report": "dijkwacht.rooms.reporting.cli:report",
    "knowledge": "dijkwacht.rooms.knowledge.cli:knowledge",
    "spoc": "dijkwacht.rooms.reporting.cli_spoc:spoc",
    "mailbox": "dijkwacht.platform.outbox.cli:mailbox",
    "bounces": "dijkwacht.platform.outbox.cli:bounces",
    "outbox": "dijkwacht.platform.outbox.cli:outbox",
    "accounts": "dijkwacht.platform.accounts.cli:accounts",
    "demo": "dijkwacht.portal.demo.cli:demo",
}
# Commands that a room adds to the group of another: the rooms do not know each other, the shell joins them.
JOINED: Final = {
    "registry": (
        "dijkwacht.rooms.proof.cli:verify",
        "dijkwacht.rooms.proof.cli:whois",
        "dijkwacht.rooms.linkage.cli:link_command",
        "dijkwacht.rooms.linkage.cli_merge:merge_command",
        "dijkwacht.rooms.linkage.cli:generate_command",
    ),
    "phishing": (
        "dijkwacht.rooms.phishing.intake.cli:receive",
        "dijkwacht.rooms.phishing.intake.cli:requeue_command",
        "dijkwacht.rooms.phishing.listing.cli:block_command",
        "dijkwacht.rooms.phishing.listing.cli:unblock_command",
        "dijkwacht.rooms.phishing.listing.cli:list_command",
        "dijkwacht.rooms.phishing.listing.cli_serving:zones_command",
        "dijkwacht.rooms.phishing.listing.cli_serving:consumer_command",
        "dijkwacht.rooms.phishing.listing.cli_serving:warning_command",
        "dijkwacht.rooms.phishing.deciding.cli:import_command",
        "dijkwacht.rooms.phishing.deciding.cli:replay_command",
    ),
}
NOT_MIGRATED: Final = {"42P01", "42703"}  # SQLSTATE: no such table, no such column
# These run without Django: the data path alone, the self-assessment, the law on incidents, suspicious mails.
WITHOUT_DJANGO: Final = {
    "assess",
    "assets",
    "attribute",
    "csaf",
    "deadlines",
    "knowledge",
    "look-back",
    "phishing",
    "significant",
}
ONLY_SETTINGS: Final = {"up"}  # it starts the others, each of which makes its own Django ready


class Loading(click.Group):
    """A group that knows its commands by name and loads one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in WITHOUT_DJANGO:
            if cmd_name in ONLY_SETTINGS:
                os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dijkwacht.settings")
            else:
                set_up_django(as_owner=cmd_name == "migrate")
        command = loaded(COMMANDS[cmd_name])
        if isinstance(command, click.Group):
            for place in JOINED.get(cmd_name, ()):
                command.add_command(loaded(place))
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            from django.db.utils import OperationalError, ProgrammingError

            if isinstance(error, ProgrammingError) and getattr(error.__cause__, "sqlstate", "") in NOT_MIGRATED:
                raise click.ClickException("The database is of another version: run dijkwacht migrate.") from error
            if not isinstance(error, OperationalError):
                raise
            reason = " ".join(str(error).split())
            raise click.ClickException(f"The database does not answer; is Dijkwacht running? {reason}") from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, "") for name in sorted(COMMANDS)])


def loaded(place: str) -> click.Command:
    """Return the command at "module:attribute". Raises TypeError when it is none."""
    module, _, attribute = place.partition(":")
    command = getattr(importlib.import_module(module), attribute)
    if not isinstance(command, click.Command):
        raise TypeError(f"{place} is not a command")
    return command


def set_up_django(*, as_owner: bool = False) -> None:
    """Make Django ready; a command of a group that runs without it calls this first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dijkwacht.settings")
    if as_owner:
        os.environ["DIJKWACHT_AS_OWNER"] = "1"
    import django

    django.setup()


class Commands(JsonErrors, Loading):
    """All of them: around what one raises, so that an error of the database is told as JSON too."""


@click.command(cls=Commands)
@click.version_option(package_name="dijkwacht")
def main() -> None:
    """Dijkwacht: the system of a national cybersecurity organisation."""


if __name__ == "__main__":
    sys.exit(main())
