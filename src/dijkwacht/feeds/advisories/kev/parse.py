"""The KEV catalogue as JSON: one item for each vulnerability. Source: its own schema at cisa.gov."""

from typing import Any

import msgspec

from dijkwacht.data.statements import Notation, ProductStatement, Status
from dijkwacht.feeds.advisories.bounds import (
    CVE_ONLY,
    Unreadable,
    clean,
    cves,
    day,
    listed,
    moment,
    one_line,
    read_json,
    table,
    unpacked,
    web_address,
)
from dijkwacht.feeds.advisories.model import Aside, Item, Link, Named, Parsed, Text


def parse(raw: bytes, place: str) -> Parsed:
    """Give an item for each entry; one that cannot be read is set aside, the others come in."""
    try:
        whole = table(read_json(unpacked(raw)))
    except Unreadable as error:
        return Parsed(aside=[Aside(place=place, findings=[f"{error}"], raw=raw, kind="kev")])
    entries = listed(whole.get("vulnerabilities"))
    if not entries:
        why = '"vulnerabilities" holds nothing; is this the KEV catalogue as JSON?'
        return Parsed(aside=[Aside(place=place, findings=[why], raw=raw, kind="kev")])
    found, released = Parsed(), moment(whole.get("dateReleased"))
    for number, entry in enumerate(entries):
        read = table(entry)
        if not CVE_ONLY.match(str(read.get("cveID", ""))) or day(read.get("dateAdded")) is None:
            why = "cveID is no CVE id, or dateAdded is no day: this entry says nothing about a vulnerability"
            found.aside.append(
                Aside(place=f"{place}, entry {number + 1}", findings=[why], raw=msgspec.json.encode(entry), kind="kev")
            )
            continue
        found.items.append(_item(read, released))
    return found


def _item(entry: dict[str, Any], released: Any) -> Item:
    name, notes = str(entry["cveID"]), clean(entry.get("notes"))
    title, action = one_line(entry.get("vulnerabilityName")), clean(entry.get("requiredAction"))
    known = Named(
        name=name,
        title=title,
        rank=1,
        descriptions=[Text(clean(entry.get("shortDescription")))],
        weaknesses=[one_line(one, 20) for one in listed(entry.get("cwes")) if isinstance(one, str)],
        exploited_since=day(entry.get("dateAdded")),
        ransomware=str(entry.get("knownRansomwareCampaignUse", "")).lower() == "known",
    )
    said = ProductStatement(
        name, one_line(entry.get("vendorProject"), 200), one_line(entry.get("product")), "", Notation.TEXT,
        Status.AFFECTED, remedy=action,
    )  # fmt: skip
    return Item(
        key=name,
        kind="kev",
        title=title or name,
        url=f"https://www.cisa.gov/known-exploited-vulnerabilities-catalog?search_api_fulltext={name}",
        publisher="CISA",
        published=moment(entry.get("dateAdded")),
        updated=moment(entry.get("dateAdded")),
        version=str(released.date()) if released else "",
        vulnerabilities=[known],
        remedies=[action] if action else [],
        references=[Link(url) for one in notes.split(";") if (url := web_address(one.strip())) and not cves(url)][:20],
        statements=[said],
        raw=msgspec.json.encode(entry),
    )
