"""Observed data refers to the objects that were seen: each address, name or URL among them is a row.

Source: STIX 2.1, 4.14 (observed data) and 6 (cyber-observable objects). Where network traffic is among them, its source
is the subject: the host that called. Its source port is no service, so it is no port of the observation.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from dijkwacht.feeds.parsing import Item, Parser, Row

ADDRESS = ("ipv4-addr", "ipv6-addr")
NAMED = ("domain-name", "url")
MAX_REFERENCES = 1_000  # objects of one observation that are looked at


def rows(item: Item, others: Mapping[str, Any]) -> list[Row]:
    """The rows of one observed-data object; none when nothing it refers to has an address or name."""
    seen = [others[ref] for ref in _references(item) if ref in others]
    traffic = [one for one in seen if one.get("type") == "network-traffic"]
    base = {"time": item.get("last_observed"), "labels": item.get("labels"), "count": item.get("number_observed")}
    if traffic:
        return [{**base, **row} for one in traffic for row in _of_traffic(one, others)]
    found = [{**base, "ip": one.get("value")} for one in seen if one.get("type") in ADDRESS]
    return found + [{**base, "host": one.get("value")} for one in seen if one.get("type") in NAMED]


def _of_traffic(traffic: Item, others: Mapping[str, Any]) -> Iterator[Row]:
    source, protocols = others.get(str(traffic.get("src_ref"))), traffic.get("protocols")
    if not isinstance(source, dict):
        return
    protocol = protocols[-1] if isinstance(protocols, list) and protocols else None
    subject = "ip" if source.get("type") in ADDRESS else "host"
    yield {subject: source.get("value"), "protocol": protocol}


def _references(item: Item) -> list[str]:
    references = item.get("object_refs")
    return [ref for ref in references[:MAX_REFERENCES] if isinstance(ref, str)] if isinstance(references, list) else []


def alone(item: Item, others: Mapping[str, Any]) -> bytes:
    """A bundle of this observation and what it refers to: what is needed to replay it."""
    needed = [others[ref] for ref in _references(item) if ref in others]
    sources = [others[ref] for one in needed if isinstance(ref := one.get("src_ref"), str) and ref in others]
    return msgspec.json.encode({"type": "bundle", "objects": [item, *needed, *sources]})


PARSER = Parser(rows=rows, is_row=lambda item: item.get("type") == "observed-data", alone=alone)
