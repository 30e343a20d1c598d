"""Who reports in the bench of a crisis, and what became of it. Runs in the home of the system under test.

`people COUNT`: makes the accounts, sessions and tokens of COUNT reporters and prints them as JSON lines.
`told`: prints the title of every incident and the numbers of its reports as JSON lines.
"""

import json
import os
import sys
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dijkwacht.settings")
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from dijkwacht.kernel.actor import OrganisationRole, system  # noqa: E402
from dijkwacht.platform import tenancy  # noqa: E402
from dijkwacht.platform.accounts import tokens  # noqa: E402
from dijkwacht.platform.accounts.models import OrganisationMembership, User  # noqa: E402
from dijkwacht.rooms.registry.models import Organisation  # noqa: E402
from dijkwacht.rooms.reporting.models import Incident, Report  # noqa: E402

BENCH = system("bench")
KINDS = ("page", "guest", "api")


def people(count: int) -> None:
    with tenancy.acting(BENCH):
        organisations = list(Organisation.objects.filter(source="bench").order_by("id").values_list("id", flat=True))
        for number in range(count):
            kind = KINDS[number % len(KINDS)]
            organisation = organisations[number % len(organisations)]
            row = {"number": number, "kind": kind, "organisation": str(organisation)}
            if kind != "guest":
                user = User.objects.create_user(f"reporter{number}@o.example", None, language="nl")
                OrganisationMembership.objects.create(
                    user=user, organisation_id=organisation, role=OrganisationRole.REPORTER
                )
                row |= {"session": session(user)} if kind == "page" else {"token": token(user, organisation)}
            print(json.dumps(row))


def session(user: User) -> str:
    """Somebody who is signed in already: signing in is not reporting."""
    made = SessionStore()
    made[SESSION_KEY] = str(user.pk)
    made[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    made[HASH_SESSION_KEY] = user.get_session_auth_hash()
    made.save()
    return str(made.session_key)


def token(user: User, organisation) -> str:  # noqa: ANN001 - a UUID of the registry
    how = {"scopes": ["reports:write"], "lifetime": timedelta(days=1), "organisation": organisation}
    return tokens.create(actor=BENCH, name="bench", created_by=user.id, **how)[1]


def told() -> None:
    with tenancy.acting(BENCH):
        numbers: dict[object, list[str]] = {}
        for incident, number in Report.objects.values_list("incident_id", "number"):
            numbers.setdefault(incident, []).append(number)
        for row in Incident.objects.iterator():
            print(json.dumps({"title": row.title, "reports": numbers.get(row.id, [])}))


if __name__ == "__main__":
    people(int(sys.argv[2])) if sys.argv[1] == "people" else told()
