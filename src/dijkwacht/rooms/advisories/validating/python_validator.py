"""The first validator: the package `csaf` (MIT), in this process."""

import copy
from importlib import import_module
from typing import Any, Final

from .verdict import NOT_RUN, Finding, NotThere, Opinion

NAME: Final = "csaf (Python)"
REMARK: Final = "informative"
MODULES: Final = {"2.0": "csaf.csaf.v20._validator", "2.1": "csaf.csaf.v21._validator"}


def judge(document: dict[str, Any], version: str, *, remarks: bool = True) -> Opinion:
    """Give what it finds in a document of a version; without `remarks` only what can refuse.

    Raises NotThere when the package is not installed.
    """
    try:
        module = import_module(MODULES[version])
    except ImportError as error:
        raise NotThere("The Python package `csaf` is not installed: run `make setup`.") from error
    # It is given a copy: no validator may change what the other sees.
    report = module.validate(
        copy.deepcopy(document), preset="full" if remarks else "basic", skip_rules=frozenset(NOT_RUN[version])
    )
    found = [
        Finding(result.id, group, _place(one.instance_path), one.message)
        for result in report.results
        if not result.skipped
        # What a test only warns of, or tells, is no failure of it.
        for group, said in ((result.group, result.errors), (REMARK, result.warnings), (REMARK, result.infos))
        for one in said
    ]
    silent = [
        Finding(result.id, result.group, "", result.title)
        for result in report.results
        if not result.passed and not result.skipped and not (result.errors or result.warnings or result.infos)
    ]
    return Opinion(NAME, tuple(found + silent))


def _place(path: str) -> str:
    return "" if path == "/" else path
