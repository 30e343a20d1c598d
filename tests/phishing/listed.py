"""Entries for the tests, made by the actions themselves."""

import os

from django.db import connection
from tests.conftest import copy_of_template

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.listing import actions

DESK = system("tests")
ANALYST = Actor(kind=Kind.PERSON, id="an analyst", roles=frozenset({CentreRole.ANALYST}))
AUDITOR = Actor(kind=Kind.PERSON, id="an auditor", roles=frozenset({CentreRole.AUDITOR}))
REASON = [
    {"code": "brand-in-host", "family": "infrastructure", "nl": "De naam lijkt.", "en": "The name looks like it."}
]


def block(name, kind="host", **how):
    """Put a name on the list."""
    with tenancy.acting(DESK):
        return actions.block(**{"actor": DESK, "kind": kind, "name": name, "reason": REASON} | how)


def unblock(name, **how):
    """Take it off."""
    with tenancy.acting(DESK):
        return actions.unblock(**{"actor": DESK, "name": name, "reason": "a mistake"} | how)


def own_database(django_db_setup, django_db_blocker):
    """A fixture: a database of its own, in which each action is a transaction of its own, as in real use."""
    before, own = connection.settings_dict["NAME"], f"list_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock():
        connection.close()
        copy_of_template(own)
        connection.settings_dict["NAME"] = own
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before
