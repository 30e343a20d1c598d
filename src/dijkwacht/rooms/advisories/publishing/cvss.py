"""A CVSS vector as a CSAF document holds it, its base score computed anew. No Django."""

from typing import Any

from dijkwacht.rooms.advisories.writing.content import Scored


def as_json(score: Scored) -> dict[str, Any] | None:
    """Give the fields that the schemas of FIRST demand; None for a vector that is none.

    The base score is computed from the vector: a source that gives another one is not repeated (test 6.1.9).
    """
    from cvss import CVSS2, CVSS3, CVSS4
    from cvss.exceptions import CVSSError

    vector = score.vector.strip()
    try:
        if vector.startswith("CVSS:4.0/"):
            four = CVSS4(vector)
            return _made("4.0", vector, float(four.base_score), str(four.severity))
        if vector.startswith("CVSS:3."):
            three = CVSS3(vector)
            return _made(vector[5:8], vector, float(three.base_score), three.severities()[0])
        two = CVSS2(vector.strip("()"))
        return {"baseScore": float(two.base_score), "vectorString": vector.strip("()"), "version": "2.0"}
    except (CVSSError, ValueError, KeyError, IndexError):
        return None


def _made(version: str, vector: str, base: float, severity: str) -> dict[str, Any]:
    return {"baseScore": base, "baseSeverity": severity.upper(), "vectorString": vector, "version": version}
