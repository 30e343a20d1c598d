"""Every page and every route of the API says who may use it."""

from pathlib import Path

import pytest
from tests.attacks.routes import doors
from tests.attacks.test_matrix import OURS

import dijkwacht
from dijkwacht.platform.accounts.permissions import PERMISSIONS


@pytest.mark.parametrize("door", OURS, ids=lambda door: door.key)
def test_a_door_declares_its_permission(door):
    assert door.permission, f"add @page(...), @public_page(...) or auth=requires(...) to a view of {door.module}"
    reason = door.permission.removeprefix("public: ")
    assert door.permission in PERMISSIONS or (reason != door.permission and len(reason) > 5)


def test_the_doors_are_found_and_not_listed():
    routes = {door.route for door in doors()}
    assert {"/day", "/mine/findings", "/api/v1/findings", "/f/<str:token>", "/account/login/"} <= routes


def test_every_permission_is_asked_for_somewhere():
    """One that nothing asks for is a promise to whoever holds it that nobody keeps."""
    home = Path(dijkwacht.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in home.rglob("*.py") if path.name != "permissions.py")
    assert [name for name in PERMISSIONS if f'"{name}"' not in source] == []
