import pytest
from tests.delivery.shelf import Shelf

from dijkwacht.rooms.advisories.delivery import published


@pytest.fixture
def shelf():
    """The only library that is asked."""
    before = list(published._libraries)
    made = Shelf()
    published.register(made)
    yield made
    published._libraries[:] = before
