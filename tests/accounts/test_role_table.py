"""The table of roles in the README is the one that the system keeps."""

import importlib
import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from tests.accounts.people import ADMINISTRATOR, READER, REPORTER, SECURITY, TESTER, person, token

import dijkwacht
from dijkwacht.kernel.actor import Actor, Kind, OrganisationRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import actors, permissions
from dijkwacht.platform.accounts.models import OrganisationMembership, Token
from dijkwacht.platform.accounts.permissions import OWN, PERMISSIONS

README = Path(dijkwacht.__file__).parent / "platform/accounts/README.md"
ROW = re.compile(r"^\| `([\w:]+)` \|(.+)\|$", re.MULTILINE)
HERE, THERE = uuid4(), uuid4()


def written():
    text = README.read_text(encoding="utf-8")
    heads = re.search(r"^\| permission \|(.+)\|$", text, re.MULTILINE)[1]
    roles = [OrganisationRole(cell.strip()) for cell in heads.split("|")]
    return {
        name: {role for role, cell in zip(roles, cells.split("|"), strict=True) if cell.strip() == "x"}
        for name, cells in ROW.findall(text)
    }


def test_the_table_of_the_readme_is_the_one_of_the_code():
    kept = {
        name: {role for role in OrganisationRole if permissions.OF_ROLE[role] in known.audiences}
        for name, known in PERMISSIONS.items()
        if known.audiences & OWN
    }
    assert written() == kept


@pytest.mark.parametrize("role", OrganisationRole)
def test_a_role_counts_for_its_own_organisation_only(role):
    """Somebody who may everything elsewhere may here what the role here gives, and no more."""
    actor = Actor(kind=Kind.PERSON, id=str(uuid4()), memberships={HERE: role, THERE: ADMINISTRATOR})
    for name, roles in written().items():
        assert permissions.allows_for(actor, name, HERE) == (role in roles), name
        assert permissions.allows_for(actor, name, THERE) == (ADMINISTRATOR in roles), name
        assert (HERE in permissions.where(actor, name)) == (role in roles), name
        assert not permissions.allows_for(actor, name, uuid4())


def test_a_token_may_not_what_is_not_its_scope_though_its_role_could():
    actor = Actor(kind=Kind.TOKEN, id="token:x", memberships={HERE: SECURITY}, scopes=frozenset({"findings:read"}))
    assert permissions.allows_for(actor, "findings:read", HERE)
    assert not permissions.allows_for(actor, "findings:write", HERE)
    assert permissions.where(actor, "findings:write") == frozenset()


def test_a_reader_changes_no_row_even_where_the_application_forgets_to_ask():
    actor = Actor(kind=Kind.PERSON, id=str(uuid4()), memberships={HERE: READER, THERE: REPORTER})
    assert actor.readable == {HERE, THERE}
    assert actor.writable == {THERE}


@pytest.mark.django_db
def test_rows_of_the_two_old_roles_become_the_nearest_new_ones():
    """A member read and answered findings; a token that could keep contacts, claim and tell still can."""
    migration = importlib.import_module("dijkwacht.platform.accounts.migrations.0004_roles")
    member, head = person("m@a.example"), person("h@a.example", organisations={HERE: ADMINISTRATOR})
    text = token(head, "organisations:write", organisation=HERE)
    with tenancy.acting(TESTER):
        OrganisationMembership.objects.create(user=member, organisation_id=HERE, role="member")
    with connection.schema_editor() as editor:
        migration.divide(apps, editor)
    assert actors.of_user(member).memberships == {HERE: SECURITY}
    assert actors.of_user(head).memberships == {HERE: ADMINISTRATOR}
    with tenancy.acting(TESTER):
        assert Token.objects.get(prefix=text.split("_")[1]).scopes == [
            "assets:write",
            "changes:write",
            "organisations:write",
        ]
        assert OrganisationMembership.objects.get(user=member).since == member.date_joined
    with connection.schema_editor() as editor:
        migration.unite(apps, editor)
    with tenancy.acting(TESTER):
        assert OrganisationMembership.objects.get(user=member).role == "member"
        assert Token.objects.get(prefix=text.split("_")[1]).scopes == ["organisations:write"]
