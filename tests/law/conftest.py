"""The golden cases and the policies, read once."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dijkwacht.law import Facts, PolicySet, Route

TABLE = tomllib.loads((Path(__file__).parent / "cases.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Case:
    """One golden case."""

    name: str
    article: str
    facts: Facts
    routes: tuple[Route, ...]
    policies: dict[str, list[str]]
    obligations: list[str] | None


def _case(row: dict[str, Any]) -> Case:
    facts = {**TABLE["base"], **row["facts"]}
    if "relay" in facts:
        facts["relay"] = {**TABLE["relay"], **facts["relay"]}
    routes = tuple(Route(route) for route in row["routes"])
    obligations = row.get("obligations")
    return Case(row["name"], row["article"], Facts.from_record(facts), routes, row["policies"], obligations)


CASES = [_case(row) for row in TABLE["case"]]


@pytest.fixture(scope="session")
def policies() -> PolicySet:
    return PolicySet.load()


@pytest.fixture(scope="session")
def cases() -> list[Case]:
    return CASES


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each golden case to every test that asks for `case`."""
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", CASES, ids=[case.name for case in CASES])
