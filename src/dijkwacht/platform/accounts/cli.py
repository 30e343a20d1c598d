"""`dijkwacht accounts`: the first administrator, and whoever cannot be invited by a page."""

import json
from uuid import UUID

import click

from dijkwacht.kernel.actor import CentreRole, OrganisationRole, system
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import actions, invitations
from dijkwacht.platform.accounts.models import User
from dijkwacht.platform.accounts.rules import Role

OPERATOR = system("cli:accounts")
ROLES = sorted({role.value for role in CentreRole} | {role.value for role in OrganisationRole})


def role_of(name: str, organisation: UUID | None) -> Role:
    """The role called `name` at the centre, or for `organisation`. Raises click.UsageError when there is none."""
    kind = CentreRole if organisation is None else OrganisationRole
    if name not in {role.value for role in kind}:
        place = "at the centre" if organisation is None else "for an organisation"
        raise click.UsageError(f"There is no role {name} {place}.")
    return Role(kind(name), organisation)


@click.group()
def accounts() -> None:
    """People who can sign in."""


@accounts.command()
@click.option("--email", required=True)
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--organisation", type=click.UUID, help="The organisation's id; without it the role is at the centre.")
@click.option("--name", default="")
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def create(*, email: str, role: str, organisation: UUID | None, name: str, language: str, as_json: bool) -> None:
    """Make an account, or add a role to one, and print a link to choose a password once."""
    wanted = role_of(role, organisation)
    try:
        with tenancy.acting(OPERATOR):
            user = actions.invite(actor=OPERATOR, email=email, role=wanted, name=name, language=language, mail=False)
            link = invitations.link(user)
    except Problem as problem:
        raise click.ClickException(problem.text()) from problem
    told = {"id": str(user.id), "email": user.email, "role": role, "link": link}
    click.echo(json.dumps(told) if as_json else f"{user.email} is {role}. Choose a password at:\n{link}")


@accounts.command()
@click.option("--email", required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def deactivate(*, email: str, as_json: bool) -> None:
    """Close an account at once."""
    try:
        with tenancy.acting(OPERATOR):
            user = User.objects.filter(email=email.strip().lower()).first()
            if user is None:
                raise click.ClickException("There is no such account.")
            actions.deactivate(actor=OPERATOR, user=user.id)
    except Problem as problem:
        raise click.ClickException(problem.text()) from problem
    click.echo(json.dumps({"id": str(user.id), "active": False}) if as_json else f"{user.email} is closed.")
