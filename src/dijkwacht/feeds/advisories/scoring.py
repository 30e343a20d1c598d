"""CVSS vectors, verified: the score follows from the vector. A vector that is none is not kept."""

from functools import lru_cache
from typing import Any

import cvss

from dijkwacht.feeds.advisories.model import Score


@lru_cache(maxsize=20_000)
def verified(vector: str) -> tuple[str, float] | None:
    """Give version and base score of a vector of CVSS 2.0 to 4.0; None for what is none. Source: FIRST, CVSS."""
    try:
        if vector.startswith("CVSS:4.0/"):
            return "4.0", float(cvss.CVSS4(vector).base_score)
        if vector.startswith("CVSS:3."):
            return vector[5:8], float(cvss.CVSS3(vector).scores()[0])
        return "2.0", float(cvss.CVSS2(vector).scores()[0])
    except (cvss.exceptions.CVSSError, ValueError, KeyError, ArithmeticError):
        return None


def score(vector: Any, source: str) -> list[Score]:
    """Give a verified score as a list, empty where the vector is none."""
    if not isinstance(vector, str) or not 10 < len(vector) < 300:  # noqa: PLR2004 - the shortest, the longest
        return []
    found = verified(vector.strip())
    return [Score(vector.strip(), found[0], found[1], source)] if found else []
