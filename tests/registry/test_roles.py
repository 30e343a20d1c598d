"""The pure rules of the registry name the same roles as the table of permissions."""

import pytest

from dijkwacht.platform.accounts.permissions import OF_ROLE, PERMISSIONS
from dijkwacht.rooms.registry import rules


@pytest.mark.parametrize("permission", rules.BY)
def test_a_rule_and_the_table_name_the_same_roles(permission):
    held = {role for role, audience in OF_ROLE.items() if audience in PERMISSIONS[permission].audiences}
    assert held == rules.BY[permission]
