"""One CSAF document to an item. Whether it is valid was decided before: a document comes in only through the check."""

from collections.abc import Mapping
from typing import Any, Final

from dijkwacht.data.statements import Notation, ProductStatement, Status
from dijkwacht.feeds.advisories.bounds import CVE_ONLY, clean, listed, moment, one_line, table, web_address
from dijkwacht.feeds.advisories.csaf.products import Product, groups, products
from dijkwacht.feeds.advisories.model import Item, Link, Named, Score, Text
from dijkwacht.feeds.advisories.scoring import score

# Group of product_status → what we say. recommended says which version to take, not whether another is affected.
STATUSES: Final = {
    "known_affected": Status.AFFECTED,
    "first_affected": Status.AFFECTED,
    "last_affected": Status.AFFECTED,
    "known_not_affected": Status.NOT_AFFECTED,
    "fixed": Status.FIXED,
    "first_fixed": Status.FIXED,
    "under_investigation": Status.UNDER_INVESTIGATION,
}
BEST: Final = (
    "vendor_fix",
    "optional_patch",
    "fix_planned",
    "workaround",
    "mitigation",
    "no_fix_planned",
    "none_available",
)
LINKS: Final = 60
TLPS: Final = {"WHITE": "CLEAR"}


def item(document: Mapping[str, Any], raw: bytes) -> Item:
    """Give the item of a document that passed the check. `raw`: its bytes."""
    head, about = table(document.get("document")), table(table(document.get("document")).get("tracking"))
    publisher, key = table(head.get("publisher")), one_line(about.get("id"), 200)
    tree = products(table(document.get("product_tree")))
    members = groups(table(document.get("product_tree")))
    title, language = one_line(head.get("title")), one_line(head.get("lang"), 20) or "en"
    vulnerabilities = [table(one) for one in listed(document.get("vulnerabilities"))]
    names = [_name(one, key, number) for number, one in enumerate(vulnerabilities)]
    said = [_named(*pair, title, language) for pair in zip(vulnerabilities, names, strict=True)]
    label = str(table(table(head.get("distribution")).get("tlp")).get("label", "CLEAR"))
    return Item(
        key=f"{one_line(publisher.get('namespace'), 200)} {key}",
        kind="csaf",
        title=title,
        language=language,
        url=_own_page(head),
        publisher=one_line(publisher.get("name"), 200),
        tlp=TLPS.get(label, one_line(label, 20)),
        version=one_line(about.get("version"), 40),
        published=moment(about.get("initial_release_date")),
        updated=moment(about.get("current_release_date")),
        withdrawn=one_line(head.get("category"), 60) in ("csaf_withdrawn", "csaf_superseded"),
        bundles=True,
        summary=_notes(head.get("notes"), language),
        vulnerabilities=said or [Named(name=key, title=title, rank=3)],
        remedies=_remedies(vulnerabilities),
        references=_links(head, vulnerabilities),
        statements=[
            one
            for entry, name in zip(vulnerabilities, names, strict=True)
            for one in _statements(entry, name, tree, members)
        ],
        raw=raw,
    )


def _name(entry: dict[str, Any], key: str, number: int) -> str:
    """Name a vulnerability: its CVE, else the publisher's own id of it, else the advisory's."""
    cve = str(entry.get("cve", ""))
    if CVE_ONLY.match(cve):
        return cve
    own = [one_line(table(one).get("text"), 100) for one in listed(entry.get("ids"))]
    return next((one for one in own if one), f"{key}#{number + 1}" if number else key)[:200]


def _named(entry: dict[str, Any], name: str, title: str, language: str) -> Named:
    weaknesses = [table(entry.get("cwe")), *(table(one) for one in listed(entry.get("cwes")))]
    own = one_line(entry.get("title"))
    own = "" if CVE_ONLY.match(own) else own
    return Named(
        name=name,
        title=own or title,
        rank=3 if own else 5,
        descriptions=_notes(entry.get("notes"), language),
        weaknesses=list(dict.fromkeys(one_line(one.get("id"), 20) for one in weaknesses if one.get("id")))[:10],
        scores=_scores(entry),
        published=moment(entry.get("release_date")) or moment(entry.get("disclosure_date")),
    )


def _scores(entry: dict[str, Any]) -> list[Score]:
    found = [table(one) for one in listed(entry.get("scores"))]
    found += [table(table(one).get("content")) for one in listed(entry.get("metrics"))]
    vectors = [
        table(one.get(which)).get("vectorString") for one in found for which in ("cvss_v4", "cvss_v3", "cvss_v2")
    ]
    return [one for vector in dict.fromkeys(filter(None, vectors)) for one in score(vector, "")][:20]


def _notes(notes: Any, language: str) -> list[Text]:
    wanted = ("summary", "description", "general")
    found = [table(one) for one in listed(notes)]
    texts = [Text(clean(one.get("text")), language) for kind in wanted for one in found if one.get("category") == kind]
    return [one for one in texts if one.text][:8]


def _remedies(vulnerabilities: list[dict[str, Any]]) -> list[str]:
    found = [clean(table(one).get("details")) for entry in vulnerabilities for one in listed(entry.get("remediations"))]
    return [one for one in dict.fromkeys(found) if one][:200]


def _links(head: dict[str, Any], vulnerabilities: list[dict[str, Any]]) -> list[Link]:
    every = [
        *listed(head.get("references")),
        *(one for entry in vulnerabilities for one in listed(entry.get("references"))),
    ]
    found = {
        url: Link(url, one_line(table(one).get("summary"), 200))
        for one in every
        if (url := web_address(table(one).get("url")))
    }
    return [*found.values()][:LINKS]


def _own_page(head: dict[str, Any]) -> str:
    own = [
        web_address(table(one).get("url"))
        for one in listed(head.get("references"))
        if table(one).get("category") == "self"
    ]
    return next((one for one in own if one and not one.endswith(".json")), next(filter(None, own), ""))


def _statements(
    entry: dict[str, Any], name: str, tree: dict[str, Product], members: dict[str, list[str]]
) -> list[ProductStatement]:
    remedies = _remedy_of(entry, members)
    found = []
    for group, status in STATUSES.items():
        for key in listed(table(entry.get("product_status")).get(group)):
            product = tree.get(str(key))
            if product is not None:
                found.append(_statement(name, product, status, remedies.get(str(key), "")))
    return list(dict.fromkeys(found))


def _statement(name: str, product: Product, status: Status, remedy: str) -> ProductStatement:
    return ProductStatement(
        vulnerability=name,
        vendor=product.vendor,
        product=product.name,
        version=product.version,
        notation=Notation.VERS if product.version.startswith("vers:") else Notation.TEXT,
        status=status,
        cpe=product.cpe,
        purl=product.purl,
        models=product.models,
        remedy=remedy,
    )


def _remedy_of(entry: dict[str, Any], members: dict[str, list[str]]) -> dict[str, str]:
    """Give for each product the remedy that helps it most, in the words of the source."""
    found: dict[str, tuple[int, str]] = {}
    for one in map(table, listed(entry.get("remediations"))):
        kind, text = str(one.get("category")), clean(one.get("details"))
        rank = BEST.index(kind) if kind in BEST else len(BEST)
        named = [str(key) for key in listed(one.get("product_ids"))]
        named += [key for group in listed(one.get("group_ids")) for key in members.get(str(group), [])]
        for key in named:
            if text and (key not in found or rank < found[key][0]):
                found[key] = (rank, text)
    return {key: text for key, (_, text) in found.items()}
