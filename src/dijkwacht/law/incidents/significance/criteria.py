"""The criteria, as rows; and the confidential ones of an entity, in the same form."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from dijkwacht.law.incidents.conditions import Condition


class Criterion(BaseModel):
    """One criterion: when all of `all` hold and not all of `unless`, the incident is significant."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    code: Annotated[str, Field(pattern=r"^[a-z0-9]+([.\-][a-z0-9]+)*$", max_length=60)]
    article: Annotated[str, Field(min_length=2, max_length=120)]
    source: Annotated[str, Field(min_length=2, max_length=300)]
    mark: Literal["seen", "known", "unverified"] = "seen"
    all: Annotated[tuple[Condition, ...], Field(min_length=1)]
    unless: tuple[Condition, ...] = ()
    sentence_nl: Annotated[str, Field(min_length=1)]
    sentence_en: Annotated[str, Field(min_length=1)]
