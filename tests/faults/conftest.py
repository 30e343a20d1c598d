"""The long runs of the fault tests: `pytest tests/faults --faults-long`."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--faults-long", action="store_true", help="Kill ten thousand times instead of some dozens.")


@pytest.fixture(scope="session")
def long_run(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--faults-long"))
