"""An incident as a STIX 2.1 bundle (OASIS, 10 June 2021): the incident, whose it is, its indicators. Pure."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from dijkwacht.rooms.reporting.indicators import Found

SPACE: Final = uuid.UUID("6b3f3c5a-5a55-4f0e-9a54-4d2d8a3f7c11")  # of our identifiers: the same object, the same one
SINCE: Final = datetime(2026, 8, 15, tzinfo=UTC)  # the Cbw
TLP_AMBER: Final = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"  # STIX 2.1, 7.2.1.4
_HASHES: Final = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha512": "SHA-512"}
_PATTERNS: Final[Mapping[str, str]] = {
    "ipv4": "ipv4-addr:value",
    "ipv6": "ipv6-addr:value",
    "domain": "domain-name:value",
    "url": "url:value",
    "mail": "email-addr:value",
    **{kind: f"file:hashes.'{name}'" for kind, name in _HASHES.items()},
}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def bundle(
    *,
    number: str,
    facts: Mapping[str, Any],
    centre: str,
    whose: str | None,
    at: datetime,
    indicators: Iterable[Found],
    note: str = "",
    changed: datetime | None = None,
) -> dict[str, Any]:
    """Return the bundle. `number`: of the incident; `at`: when it was received; labelled TLP:AMBER.

    `changed`: when the facts were told last, later than `at`: a reader takes the newer `modified` of one object.

    `whose`: the name of the entity, empty where it is not known; None: the bundle has no victim, not even an unknown
    one. `note`: what is told besides, in words.
    """

    def made(kind: str, key: str, **members: Any) -> dict[str, Any]:
        identifier = f"{kind}--{uuid.uuid5(SPACE, f'{kind} {key}')}"
        common = {"spec_version": "2.1", "created": _moment(at), "modified": _moment(at)}
        return {"type": kind, "id": identifier, **common, "object_marking_refs": [TLP_AMBER], **members}

    last = {"modified": _moment(changed or at)}
    ours = {"created": _moment(SINCE), "modified": _moment(SINCE)}  # one object in every bundle, so of one moment
    author = made("identity", centre, name=centre, identity_class="organization", **ours)
    incident = made("incident", number, name=str(facts.get("title") or number), created_by_ref=author["id"], **last)
    if facts.get("description"):
        incident["description"] = str(facts["description"])
    incident["external_references"] = [{"source_name": centre, "external_id": number}]
    objects = [author, incident]
    if whose is not None:
        victim = made("identity", f"{number} {whose}", name=whose or "unknown", identity_class="organization")
        objects += [victim, _related(made, incident, victim, "targets")]
    if note:
        refs = {"object_refs": [incident["id"]], "created_by_ref": author["id"], **last}
        objects.append(made("note", f"{number} note", content=note, **refs))
    for found in indicators:
        one = _indicator(made, number, found, at)
        objects += [one, _related(made, one, incident, "related-to")]
    return {"type": "bundle", "id": f"bundle--{uuid.uuid5(SPACE, number)}", "objects": objects}


Made = Callable[..., dict[str, Any]]


def _indicator(made: Made, number: str, found: Found, at: datetime) -> dict[str, Any]:
    """Return an indicator; a CVE is a vulnerability."""
    key = f"{number} {found.kind} {found.value}"
    if found.kind == "cve":
        reference = [{"source_name": "cve", "external_id": found.value}]
        return made("vulnerability", key, name=found.value, external_references=reference)
    value = found.value.replace("\\", "\\\\").replace("'", "\\'")
    pattern = f"[{_PATTERNS[found.kind]} = '{value}']"
    return made("indicator", key, pattern=pattern, pattern_type="stix", valid_from=_moment(at))


def _related(made: Made, source: dict[str, Any], target: dict[str, Any], how: str) -> dict[str, Any]:
    key = f"{source['id']} {how} {target['id']}"
    refs = {"source_ref": source["id"], "target_ref": target["id"]}
    return made("relationship", key, relationship_type=how, **refs)
