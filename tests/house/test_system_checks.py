"""Django's own system checks find nothing: addresses, models, templates, the database."""

import pytest
from django.core.checks import run_checks


@pytest.mark.django_db
def test_the_system_checks_of_django_find_nothing():
    found = run_checks(databases=["default"])
    assert [f"{one.id} {one.obj}: {one.msg}" for one in found] == []
