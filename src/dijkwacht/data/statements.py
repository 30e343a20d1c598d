"""What a source says of one product: the shape that feeds, advisories and matching share. No Django."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Of the product in the versions named. CSAF 2.0 3.2.3.9, CVE record format 5.1 `versions[].status`."""

    AFFECTED = "affected"
    NOT_AFFECTED = "not_affected"
    FIXED = "fixed"
    UNDER_INVESTIGATION = "under_investigation"


class Notation(StrEnum):
    """How the versions are written. Each is evaluated by `versions`; nothing is rewritten when it is kept."""

    TEXT = "text"  # as a person writes: "All versions < V13 SP2", "< V3.15 P018", "1.2.3", ""
    VERS = "vers"  # a version range specifier: "vers:npm/>=1.0.0|<1.2.3"
    CVE = "cve"  # JSON: {"defaultStatus": …, "versions": [ … ]} of an `affected` entry of a CVE record 5.x
    CPE = "cpe"  # JSON: a list of cpeMatch entries (criteria, vulnerable, versionStartIncluding …)


@dataclass(frozen=True, slots=True)
class ProductStatement:
    """One source says of one product, in versions, that it has this status for one vulnerability.

    `vulnerability`: the CVE id, or the source's own id where there is none. `version`: in its `notation`; the empty
    text says nothing about versions, and is *unknown* for each. `models`: model numbers and SKUs. `remedy`: in the
    words of the source, "" where it names none.
    """

    vulnerability: str
    vendor: str
    product: str
    version: str
    notation: Notation
    status: Status
    cpe: str = ""
    purl: str = ""
    models: tuple[str, ...] = ()
    remedy: str = ""


# The same as columns of a frame, for `matching`. `source` and `item`: who said it, and in which item (its key there).
COLUMNS: Final = (
    "source",
    "item",
    "vulnerability",
    "vendor",
    "product",
    "version",
    "notation",
    "status",
    "cpe",
    "purl",
    "models",
    "remedy",
)
