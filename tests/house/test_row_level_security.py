"""Every table that holds rows of an organisation is closed by PostgreSQL itself."""

import pytest
from django.apps import apps
from django.db import connection

from dijkwacht.platform import tenancy

# Models without rows of an organisation, each with the reason it may stand open to the application role.
SHARED = {
    "accounts.User": "people are not an organisation's rows; reads go through accounts",
    "accounts.CentreMembership": "roles at the centre",
    "registry.RegistryVersion": "one counter, which tells nothing about anybody",
    "registry.ChangedAsset": "numbers of assets that changed, until an index is made; no fact about one",
    "audit.Event": "append-only; only the centre's auditors reach it through reads",
    "audit.Personal": "closed by policies of its own: whoever acts may add, only the centre reads and erases",
    "audit.Pending": "identifiers of events only",
    "audit.Leaf": "append-only; hashes only",
    "audit.Checkpoint": "append-only; meant to be public",
}
OURS = [model for model in apps.get_models() if model.__module__.startswith("dijkwacht.")]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_model_names_its_owner_or_says_why_it_has_none(model):
    assert hasattr(model, "row_owner") != (model._meta.label in SHARED)


@pytest.mark.django_db
@pytest.mark.parametrize("model", tenancy.owned_models(), ids=lambda model: model._meta.label)
def test_an_owned_table_is_closed_without_a_scope(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "select relrowsecurity, relforcerowsecurity from pg_class where oid = %s::regclass",
            [f'"{model._meta.db_table}"'],
        )
        assert cursor.fetchone() == (True, True)
        cursor.execute("select count(*) from pg_policies where tablename = %s", [model._meta.db_table])
        assert cursor.fetchone()[0] >= 1


@pytest.mark.django_db
def test_the_application_role_cannot_bypass_row_level_security():
    with connection.cursor() as cursor:
        cursor.execute("select current_user, rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        assert cursor.fetchone() == ("dijkwacht_app", False)
