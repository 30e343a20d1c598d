"""One CVE record of format 5.x. Source: CVE record format 5.1, cve.org; CISA's ADP container (vulnrichment, CC0)."""

import re
from typing import Any, Final

import msgspec

from dijkwacht.data.statements import Notation, ProductStatement, Status
from dijkwacht.feeds.advisories.bounds import (
    CVE_ONLY,
    Unreadable,
    clean,
    listed,
    moment,
    one_line,
    read_json,
    table,
    web_address,
)
from dijkwacht.feeds.advisories.model import Aside, Item, Link, Named, Parsed, Score, Text
from dijkwacht.feeds.advisories.scoring import score

LARGEST: Final = 16 << 20  # bytes; the largest real record has about one megabyte
MOST: Final = 5_000  # affected entries of one record
LINKS: Final = 40
_CWE: Final = re.compile(r"CWE-\d{1,5}\Z")
_SCORES: Final = ("cvssV4_0", "cvssV3_1", "cvssV3_0", "cvssV2_0")
_PLACEHOLDERS: Final = {"n/a", "unspecified", "unknown", "-", ""}


def parse(raw: bytes, place: str) -> Parsed:
    """Give the record as an item, or set it aside: no JSON, no CVE record, not the CVE that the file is named after."""
    try:
        return Parsed(items=[_item(raw, place)])
    except Unreadable as error:
        return Parsed(aside=[Aside(place=place, findings=[str(error)], raw=raw, kind="cve")])


def _item(raw: bytes, place: str) -> Item:
    record = table(read_json(raw, LARGEST))
    about, containers = table(record.get("cveMetadata")), table(record.get("containers"))
    name, cna = str(about.get("cveId", "")), table(containers.get("cna"))
    if record.get("dataType") != "CVE_RECORD" or not CVE_ONLY.match(name):
        raise Unreadable("it is no CVE record of format 5: dataType or cveMetadata.cveId is missing")
    named = re.search(r"CVE-\d{4}-\d+(?=\.json)", place)
    if named and named[0] != name:
        raise Unreadable(f"the file is named after {named[0]} and says {name}; a record speaks of its own CVE only")
    if about.get("state") not in ("PUBLISHED", "REJECTED"):
        raise Unreadable(f"its state is {str(about.get('state'))[:30]!r}; a record is PUBLISHED or REJECTED")
    adp = [table(one) for one in listed(containers.get("adp"))]
    statements = _statements(name, [cna, *adp])
    known = _named(name, about, cna, adp, statements)
    remedies = [
        clean(table(one).get("value")) for one in [*listed(cna.get("solutions")), *listed(cna.get("workarounds"))]
    ]
    return Item(
        key=name,
        kind="cve",
        title=known.title,
        url=f"https://www.cve.org/CVERecord?id={name}",
        publisher=one_line(about.get("assignerShortName"), 100),
        published=moment(about.get("datePublished")),
        updated=moment(about.get("dateUpdated")) or moment(about.get("datePublished")),
        version=one_line(about.get("dateUpdated"), 40),
        withdrawn=about.get("state") == "REJECTED",
        summary=known.descriptions,
        vulnerabilities=[known],
        remedies=[one for one in dict.fromkeys(remedies) if one][:20],
        references=_links([cna, *adp]),
        statements=statements,
        raw=raw,
    )


def _named(
    name: str, about: dict[str, Any], cna: dict[str, Any], adp: list[dict[str, Any]], said: list[ProductStatement]
) -> Named:
    told = [*listed(cna.get("descriptions")), *listed(cna.get("rejectedReasons"))]
    texts = [Text(clean(one.get("value")), one_line(one.get("lang"), 12) or "en") for one in map(table, told)]
    title, rank = one_line(cna.get("title")), 2
    if not title:
        product = next((one for one in said if one.product.lower() not in _PLACEHOLDERS), None)
        vendor = product.vendor if product and product.vendor.lower() not in _PLACEHOLDERS else ""
        title, rank = (f"{vendor} {product.product}".strip(), 6) if product else (texts[0].text if texts else name, 8)
    return Named(
        name=name,
        title=one_line(title, 160) or name,
        rank=rank,
        descriptions=[one for one in texts if one.text][:5],
        weaknesses=_weaknesses([cna, *adp]),
        scores=_scores([cna, *adp]),
        ssvc=_ssvc(adp),
        published=moment(about.get("datePublished")),
    )


def _who(container: dict[str, Any]) -> str:
    return one_line(table(container.get("providerMetadata")).get("shortName"), 60)


def _weaknesses(containers: list[dict[str, Any]]) -> list[str]:
    found = [
        str(table(one).get("cweId", ""))
        for container in containers
        for kind in listed(container.get("problemTypes"))
        for one in listed(table(kind).get("descriptions"))
    ]
    return [one for one in dict.fromkeys(found) if _CWE.match(one)][:10]


def _scores(containers: list[dict[str, Any]]) -> list[Score]:
    return [
        one
        for container in containers
        for metric in listed(container.get("metrics"))
        for which in _SCORES
        for one in score(table(table(metric).get(which)).get("vectorString"), _who(container))
    ][:20]


def _ssvc(adp: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Give the decision points of the newest SSVC of an ADP container, such as ("Exploitation", "active")."""
    found: list[tuple[str, str]] = []
    for metric in (table(one) for container in adp for one in listed(container.get("metrics"))):
        other = table(metric.get("other"))
        if other.get("type") == "ssvc":
            options = [table(one) for one in listed(table(other.get("content")).get("options"))]
            found = [(one_line(k, 40), one_line(v, 40)) for one in options for k, v in one.items()][:10]
    return found


def _links(containers: list[dict[str, Any]]) -> list[Link]:
    found = {
        url: Link(url, one_line(table(one).get("name"), 200))
        for container in containers
        for one in listed(container.get("references"))
        if (url := web_address(table(one).get("url")))
    }
    return [*found.values()][:LINKS]


def _statements(name: str, containers: list[dict[str, Any]]) -> list[ProductStatement]:
    """One statement for each `affected` entry, its versions as they stand there: `versions` evaluates them."""
    found: list[ProductStatement] = []
    for entry in (table(one) for container in containers for one in listed(container.get("affected"))):
        if len(found) >= MOST:
            raise Unreadable(f"it names more than {MOST:,} products; no real record does")
        found.append(_statement(name, entry))
    return list(dict.fromkeys(found))


def _statement(name: str, entry: dict[str, Any]) -> ProductStatement:
    versions = [table(one) for one in listed(entry.get("versions"))]
    # "unaffected" is the format's word: with a version that is affected, the entry as a whole says affected.
    default = str(entry.get("defaultStatus", "unknown"))
    states = {str(one.get("status")) for one in versions} | ({default} if default != "unknown" else set())
    status = Status.NOT_AFFECTED if states == {"unaffected"} else Status.AFFECTED
    if states <= {"unknown"}:
        status = Status.UNDER_INVESTIGATION
    # `platforms` ("x64-based Systems") are what it runs on, not what it is: they are no model numbers.
    text = msgspec.json.encode({"defaultStatus": default, "versions": versions}).decode()
    cpes = [one for one in listed(entry.get("cpes")) if isinstance(one, str) and one.startswith("cpe:")]
    return ProductStatement(
        vulnerability=name,
        vendor=one_line(entry.get("vendor"), 200),
        product=one_line(entry.get("product")) or one_line(entry.get("packageName")),
        version=clean(text, 200_000),
        notation=Notation.CVE,
        status=status,
        cpe=one_line(cpes[0], 500) if cpes else "",
        purl=one_line(entry.get("packageURL"), 500),
    )
