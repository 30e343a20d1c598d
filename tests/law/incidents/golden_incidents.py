"""The golden cases of significance, read once. Judged by hand from the articles; both sides of every threshold."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dijkwacht.law.incidents import IncidentRecord

RAW = tomllib.loads((Path(__file__).parent / "significance_cases.toml").read_text("utf-8"))
ON = date(2026, 11, 25)


@dataclass(frozen=True)
class Golden:
    name: str
    record: IncidentRecord
    expected: dict[str, Any]


def _golden(raw: dict[str, Any]) -> Golden:
    base = {} if raw.get("bare") else {**RAW["base"], **RAW.get(raw.get("base", ""), {})}
    facts = {**base, **raw["facts"]}
    if "type" in raw:
        facts["entity_types"] = [raw["type"]]
    record = IncidentRecord.read({key: None if value == "unknown" else value for key, value in facts.items()})
    return Golden(f"{raw.get('type', '')} {raw['name']}".strip(), record, raw)


GOLDEN = [_golden(raw) for raw in RAW["case"]]
