"""How the versions of a statement are named in a product tree, in CSAF 2.0 and 2.1. No Django.

`product_version` may hold no range (test 6.1.31); in 2.1 `product_version_range` holds `vers:` or bare constraints
without spaces (test 6.1.50), and more than one version (6.1.59). What cannot be written so is said in the name of a
product outside the branches, in the words of the source: nothing is lost, nothing guessed.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import quote, unquote

from dijkwacht.rooms.advisories.statements import Notation, Status

Where = Literal["product", "version", "range", "words"]
# Wider than test 6.1.31: what looks like more than one version is never called one.
RANGE: Final = re.compile(
    r"[<>*|,;]|\.x\b|\b(after|all|and|any|before|earlier|every|later|newer|older|or|prior|since|than|through|to|until|up|"
    r"versions?|t/m|vanaf|voor|tot|alle|lager|eerder|ouder|en)\b|\s[-\u2013]\s",
    re.IGNORECASE,
)
CONSTRAINT: Final = re.compile(r"(<=|>=|!=|<|>)?\s*(\S.*)")
SPLIT: Final = re.compile(r"\s*[,|]\s*|\s+(?:and|en)\s+|\s+(?=[<>])", re.IGNORECASE)
ALL: Final = re.compile(r"\s*(?:all versions?|alle versies?|\*|-)\s*", re.IGNORECASE)
LEADING: Final = re.compile(r"\s*(?:all )?versions?\s*(?=[<>])", re.IGNORECASE)
SINGLE: Final = re.compile(r"vers:[a-z][a-z0-9+.-]*/=?([^<>=!|*]+)")
SCHEMES: Final = {"semver": "semver", "npm": "npm", "python": "pypi", "maven": "maven", "rpm": "rpm"}


@dataclass(frozen=True, slots=True)
class Named:
    """A leaf: under the product itself, a version, a range, or in words beside the branches."""

    where: Where
    name: str
    status: Status


def names(version: str, notation: Notation, status: Status, csaf: str) -> tuple[Named, ...]:
    """Give the leaves of one statement for a CSAF version ("2.0", "2.1"). An unreadable notation is words."""
    try:
        found = tuple(_names(version.strip(), notation, status))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        found = (Named("words", _shown(version), status),)
    return tuple(_fitting(one, csaf) for one in found or (Named("product", "", status),))


def _names(version: str, notation: Notation, status: Status) -> Iterator[Named]:
    if notation is Notation.CVE:
        yield from _of_cve(json.loads(version), status)
    elif notation is Notation.CPE:
        yield from (_of_constraints("generic", _cpe_bounds(one), status) for one in json.loads(version))
    elif not version:
        yield Named("product", "", status)
    elif notation is Notation.VERS:
        yield _of_vers(version, status)
    else:
        yield Named("range" if RANGE.search(version) else "version", version, status)


def _of_vers(version: str, status: Status) -> Named:
    if single := SINGLE.fullmatch(version):
        return Named("version", unquote(single[1]), status)
    return Named("range", version, status)


STATUSES: Final = {"affected": Status.AFFECTED, "unaffected": Status.NOT_AFFECTED}


def _of_cve(entry: Mapping[str, Any], status: Status) -> Iterator[Named]:
    """The versions of an `affected` entry, each with the status it has itself; CVE record format 5.1."""
    for one in entry.get("versions") or ():
        said = STATUSES.get(one.get("status", ""))
        if said is None:  # unknown: nothing is said
            continue
        lower = str(one["version"])
        scheme = SCHEMES.get(str(one.get("versionType", "")).lower(), "generic")
        upper = [(sign, str(one[key])) for sign, key in (("<", "lessThan"), ("<=", "lessThanOrEqual")) if one.get(key)]
        if not upper and lower not in {"*", "unspecified", "n/a"}:
            yield Named("range" if RANGE.search(lower) else "version", lower, said)
        else:
            yield _of_constraints(scheme, [(">=", lower), *upper], said)
    if not entry.get("versions") and entry.get("defaultStatus") in STATUSES:
        yield Named("range", "vers:all/*", status)


def _cpe_bounds(match: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The bounds of a cpeMatch entry. The version in its name counts where there is none: `*` there says all."""
    keys = {
        "versionStartIncluding": ">=",
        "versionStartExcluding": ">",
        "versionEndIncluding": "<=",
        "versionEndExcluding": "<",
    }
    found = [(sign, str(match[key])) for key, sign in keys.items() if match.get(key)]
    own = match["criteria"].split(":")[5]
    return found or ([("=", own)] if own not in {"*", "-"} else [])


def _of_constraints(scheme: str, bounds: list[tuple[str, str]], status: Status) -> Named:
    """Bounds as a `vers`; an upper bound `*` and a lower one 0 are none."""
    told = [(s, v) for s, v in bounds if v not in {"*", "unspecified", "n/a", ""} and not (s == ">=" and v == "0")]
    if not told:
        return Named("range", "vers:all/*", status)
    if len(told) == 1 and told[0][0] == "=":
        return Named("version", told[0][1], status)
    return Named("range", f"vers:{scheme}/" + "|".join(s + quote(v, safe=".+-_~:") for s, v in told), status)


def _fitting(named: Named, csaf: str) -> Named:
    """A leaf as a CSAF version can hold it."""
    if named.where == "version" and RANGE.search(named.name):
        return Named("range", named.name, named.status)
    if named.where != "range" or csaf == "2.0":
        return named
    written = named.name if named.name.startswith("vers:") else _bare(named.name)
    if written and " " not in written:
        return Named("range", written, named.status)
    return Named("words", named.name, named.status)


def _bare(text: str) -> str:
    """Operator strings as bare constraints (vls): "< V3.15 P018" is "<V3.15%20P018". Empty when it is other words."""
    if ALL.fullmatch(text):
        return "vers:all/*"
    made = []
    for piece in SPLIT.split(LEADING.sub("", text)):
        found = CONSTRAINT.fullmatch(piece.strip())
        if found is None or not found[1] or RANGE.search(found[2]):
            return ""
        made.append(found[1] + quote(found[2], safe=".+-_~:()/"))
    return "|".join(made)


def _shown(version: str) -> str:
    return " ".join(version.split())[:500]


def shown(version: str, notation: Notation, status: Status) -> str:
    """Versions as a person reads them, in the words of the source where it used words."""
    if notation is Notation.TEXT:
        return version
    told = (one.name for one in names(version, notation, status, "2.0"))
    return ", ".join(_readable(one) for one in told if one)


def _readable(name: str) -> str:
    if name == "vers:all/*":
        return "*"
    return ", ".join(unquote(one) for one in name.partition("/")[2].split("|")) if name.startswith("vers:") else name
