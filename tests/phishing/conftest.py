"""A database of its own for a test in which other threads and processes write what all see."""

import os
from collections.abc import Iterator

import pytest
from tests.conftest import copy_of_template


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """Give the test a fresh copy of the migrated database, in which what is committed stays until its end."""
    from django.db import connection

    from dijkwacht.rooms.phishing.intake import reading

    before = connection.settings_dict["NAME"]
    name = f"phishing_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    copy_of_template(name)
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            yield name
        finally:
            reading.close_readers()
            connection.close()
            connection.settings_dict["NAME"] = before
