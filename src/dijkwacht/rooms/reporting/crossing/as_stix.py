"""A version that was shared as STIX 2.1: what it holds and nothing more, so no victim and no moment of the incident."""

import json

from django.conf import settings

from dijkwacht.rooms.reporting import indicators, stix
from dijkwacht.rooms.reporting.crossing.models import Disclosure


def bundle(row: Disclosure) -> bytes:
    """Return the bundle. Its identifiers come from the number of the version, which does not lead to the incident.

    Facts that STIX has no place for stand in a note, one a line, under their names in the version.
    """
    facts = (row.content or {}).get("facts", {})
    rest = {name: value for name, value in facts.items() if name not in {"title", "description", "indicators"}}
    if unrecognised := [one for one in map(str, facts.get("indicators") or ()) if not indicators.recognise(one)]:
        rest["indicators"] = unrecognised
    made = stix.bundle(
        number=row.number,
        facts=facts,
        centre=settings.CENTRE_NAME,
        whose=None,
        at=row.at,
        indicators=indicators.recognise("\n".join(map(str, facts.get("indicators") or ()))),
        note="\n".join(f"{name}: {_written(value)}" for name, value in rest.items()),
    )
    return json.dumps(made, ensure_ascii=False, indent=1).encode() + b"\n"


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
