"""Which facts leave, to whom, and why not: read from `treatments.toml`. What stands nowhere does not leave."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from dijkwacht.law.incidents.record import IncidentRecord
from dijkwacht.law.tables import InvalidTable

FILE: Final = Path(__file__).parent / "treatments.toml"
Audience = Literal["state", "netcode-state", "netcode-entity"]
AUDIENCES: Final[tuple[Audience, ...]] = get_args(Audience)


class Treatment(BaseModel):
    """Why a group of facts is kept, and for whom."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(min_length=1)
    facts: tuple[str, ...] = Field(min_length=1)
    keeps: tuple[Audience, ...]
    text: bool  # written by a person: names are looked for in it
    article: str = Field(min_length=1)
    why_nl: str = Field(min_length=1)
    why_en: str = Field(min_length=1)


@dataclass(frozen=True, eq=False)
class Treatments:
    """The treatment of each fact."""

    by_fact: dict[str, Treatment]

    @classmethod
    def load(cls, file: Path = FILE) -> Self:
        """Read and check the table. Raises InvalidTable, naming the fact."""
        try:
            kinds = TypeAdapter(list[Treatment]).validate_python(tomllib.loads(file.read_text("utf-8")).get("kind"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
            raise InvalidTable(str(error), table=file.stem) from error
        by_fact: dict[str, Treatment] = {}
        for kind in kinds:
            for fact in kind.facts:
                if fact in by_fact or fact not in IncidentRecord.model_fields:
                    raise InvalidTable(f"{kind.code}: {fact} stands there twice or is no fact.", table=file.stem)
                by_fact[fact] = kind
        return cls(by_fact)


@cache
def house_treatments() -> Treatments:
    """Return the treatments that come with the system. Read once. Raises InvalidTable."""
    return Treatments.load()
