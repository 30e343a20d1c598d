"""People and tokens for the tests: made by the actions themselves, in the scope that the test is in."""

from datetime import timedelta
from uuid import UUID

from dijkwacht.kernel.actor import CentreRole, OrganisationRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import tokens
from dijkwacht.platform.accounts.models import CentreMembership, OrganisationMembership, User

TESTER = system("tests")


def person(email, *, centre=(), organisations=None, password="a long enough phrase", **fields):  # noqa: S107 - a test
    """A user with roles at the centre, and a role per organisation."""
    with tenancy.acting(TESTER):
        user = User.objects.create_user(email, password, **fields)
        for role in centre:
            CentreMembership.objects.create(user=user, role=role)
        for organisation, role in (organisations or {}).items():
            OrganisationMembership.objects.create(user=user, organisation_id=organisation, role=role)
    return user


def token(
    creator: User,
    *scopes: str,
    organisation: UUID | None = None,
    centre_role: CentreRole | None = None,
    days: int = 30,
) -> str:
    """The text of a new token."""
    with tenancy.acting(TESTER):
        return tokens.create(
            actor=TESTER,
            name="a program",
            scopes=scopes,
            lifetime=timedelta(days=days),
            created_by=creator.id,
            organisation=organisation,
            centre_role=centre_role,
        )[1]


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


ADMINISTRATOR = OrganisationRole.ADMINISTRATOR
SECURITY = OrganisationRole.SECURITY
REPORTER = OrganisationRole.REPORTER
READER = OrganisationRole.READER
MEMBER = SECURITY  # somebody of an organisation who is not its administrator
