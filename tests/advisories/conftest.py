"""The scope that the tests of this room look at rows in."""

from collections.abc import Iterator

import pytest
from tests.advisories.said import TAKER

from dijkwacht.platform import tenancy


@pytest.fixture
def as_the_centre(db: None) -> Iterator[None]:
    """Let a test see the rows of the centre, outside the actions too."""
    with tenancy.acting(TAKER):
        yield
