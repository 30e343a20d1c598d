"""The Reference Security Incident Taxonomy (RSIT): which classes and types exist. The table is `rsit.toml`, CC0-1.0."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def taxonomy() -> Mapping[str, Mapping[str, str]]:
    """Every class with its types and their English names, such as taxonomy()["vulnerable"]["weak-crypto"]."""
    table = tomllib.loads(files("dijkwacht.kernel").joinpath("rsit.toml").read_text(encoding="utf-8"))
    return MappingProxyType({name: MappingProxyType(entry["type"]) for name, entry in table["class"].items()})


def is_known(rsit_class: str, rsit_type: str) -> bool:
    """Whether the class exists and the type belongs to it."""
    return rsit_type in taxonomy().get(rsit_class, {})
