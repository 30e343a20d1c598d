"""Both validators about one document: what is not accepted by both is not published."""

import json
from pathlib import Path
from typing import Any, Final

from dijkwacht.kernel import npm, strict_json

from . import node_validator, python_validator
from .verdict import NOT_RUN, NotCsaf, Verdict, version_of

LARGEST: Final = 32 << 20  # bytes of a document


def judge(document: dict[str, Any], *, modules: Path | None = None, remarks: bool = True) -> Verdict:
    """Ask both validators about a document, by the version that it says it is of.

    Without `remarks` only the tests that can refuse are run. Raises NotCsaf, NotThere.
    """
    version = version_of(document)
    second = node_validator.shared(modules or npm.packages())
    try:
        opinions = (
            python_validator.judge(document, version, remarks=remarks),
            second.judge(document, version, remarks=remarks),
        )
    except RecursionError:
        raise NotCsaf("it is nested too deeply") from None
    return Verdict(version, opinions, NOT_RUN[version])


def read(content: bytes) -> dict[str, Any]:
    """Read a document: JSON in UTF-8, of at most LARGEST bytes, no key twice. Raises NotCsaf."""
    if len(content) > LARGEST:
        raise NotCsaf(f"it is larger than {LARGEST >> 20} MiB")
    try:
        document = strict_json.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise NotCsaf(f"it is not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise NotCsaf(f"it is not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except ValueError as error:
        raise NotCsaf(str(error)) from None
    except RecursionError:
        raise NotCsaf("it is nested too deeply") from None
    version_of(document)
    return dict(document)
