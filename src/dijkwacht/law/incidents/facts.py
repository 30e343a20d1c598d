"""The facts that any report has: when, who, what. Each docstring is the description in the published JSON Schema."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    WithJsonSchema,
)

from dijkwacht.kernel.rsit import taxonomy
from dijkwacht.law.applicability.facts import Day
from dijkwacht.law.incidents.moments import EXAMPLE, read_moment

MOST: Final = 1e13  # people, minutes or euro: more is a typing error
Moment = Annotated[
    datetime,
    BeforeValidator(read_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": [EXAMPLE]}),
]
Count = Annotated[float, Field(strict=True, ge=0, le=MOST, allow_inf_nan=False)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Code = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9.\-]+$")]
Codes = Annotated[tuple[Code, ...], Field(max_length=40)]
# The Member States of the Union, ISO 3166-1 alpha-2 (so GR): https://european-union.europa.eu/principles-countries-history
MEMBER_STATES: Final = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905 - read at a glance
)


# What a record of before may hold; what comes in is held to the list (`rooms.reporting.cleaning`).
State = Annotated[str, Field(pattern=r"^[A-Z]{2}$", json_schema_extra={"enum": [*sorted(MEMBER_STATES)]})]
TYPES: Final = [*taxonomy(), *(f"{name}/{kind}" for name, kinds in taxonomy().items() for kind in kinds)]


IncidentType = Annotated[
    str, Field(max_length=80, pattern=r"^[a-z0-9\-]+(/[a-z0-9\-]+)?$", json_schema_extra={"enum": [*TYPES]})
]


class Model(BaseModel):
    """Closed and immutable: what is not known here is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class When(Model):
    """Moments: RFC 3339 with offset."""

    occurrence: Moment | None = None
    """When the incident began, or is presumed to have begun."""
    detection: Moment | None = None
    """When it was first noticed."""
    awareness: Moment | None = None
    """When the entity became aware that it is an incident that must be reported; most clocks start here."""
    awareness_declared_by: Line | None = None
    """Who declared that moment: function or name."""
    determination: Moment | None = None
    """When it was classified (DORA: as major)."""
    early_warning: Moment | None = None
    """When the early warning (DORA: the initial notification) was first submitted."""
    notification: Moment | None = None
    """When the notification (DORA: the intermediate report) was first submitted."""
    progress: Moment | None = None
    """When the progress report was first submitted (DORA: the last updated intermediate report)."""
    final: Moment | None = None
    """When the final report was first submitted."""
    handled: Moment | None = None
    """When the incident had been handled: it no longer goes on."""
    receipt: Moment | None = None
    """When the authority received the first report; the clocks of the centre start here."""
    fix_available: Moment | None = None
    """When a corrective or mitigating measure was available (CRA)."""


class Who(Model):
    """The entity, what it is in law, and its officer."""

    entity_name: Line | None = None
    """Name of the entity."""
    entity_kvk: Annotated[str, Field(pattern=r"^[0-9]{8}$")] | None = None
    """KvK number, 8 digits."""
    entity_lei: Annotated[str, Field(pattern=r"^[A-Z0-9]{20}$")] | None = None
    """Legal entity identifier (ISO 17442)."""
    entity_class: Literal["essential", "important", "register-only", "outside"] | None = None
    """What the Cbw makes of the entity; `dijkwacht assess` answers it."""
    entity_types: Codes | None = None
    """Types of entity, such as 1.9-msp; `dijkwacht assess --types` lists them."""
    designations: Codes | None = None
    """Decisions of a minister that the entity has received, such as critical-entity; [] is none."""
    critical_since: Day | None = None
    """The day of its designation as critical entity (Wwke 6)."""
    netcode_entity: Literal["high-impact", "critical-impact", "none"] | None = None
    """What it is, also provisionally, under the electricity network code on cybersecurity."""
    financial_entity: StrictBool | None = None
    """Whether DORA holds for it."""
    manufacturer: StrictBool | None = None
    """Whether it makes the product with digital elements that the incident is about (CRA)."""
    data_role: Literal["controller", "processor", "none"] | None = None
    """Its role for the personal data concerned (AVG)."""
    contact_name: Line | None = None
    """The officer responsible for the report."""
    contact_function: Line | None = None
    """The officer's function."""
    contact_email: Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    """The officer's e-mail address."""
    contact_phone: Annotated[str, StringConstraints(max_length=40, pattern=r"^[0-9+() .\-]+$")] | None = None
    """The officer's telephone number."""
    contact_hours: Line | None = None
    """When the officer can be reached."""


class What(Model):
    """The incident itself."""

    kind: Literal["incident", "near-miss", "threat", "vulnerability"] | None = None
    """What is reported."""
    significant: StrictBool | None = None
    """Whether the entity holds it to be significant; `dijkwacht significant` helps to decide."""
    ongoing: StrictBool | None = None
    """Whether it still goes on."""
    title: Line | None = None
    """In one line what happened."""
    description: Words | None = None
    """What happened, and what is affected: the nature of the incident."""
    effects: Words | None = None
    """What is noticed of it: severity and impact."""
    severity: Literal["low", "medium", "high", "critical"] | None = None
    """The entity's own assessment of its severity."""
    recovery_prognosis: Words | None = None
    """When and how the entity expects to recover."""
    measures_taken: Words | None = None
    """What has been done."""
    measures_planned: Words | None = None
    """What is going on or will be done."""
    suspected_malicious: StrictBool | None = None
    """Whether unlawful or malicious acts are suspected to have caused it."""
    suspected_crime: StrictBool | None = None
    """Whether a crime is suspected: guidance on going to the police comes with the answer (Cbw 36(3))."""
    cross_border: StrictBool | None = None
    """Whether it has, or may have, effect in another Member State."""
    member_states: Annotated[tuple[State, ...], Field(max_length=40)] | None = None
    """The other Member States affected, ISO 3166-1 alpha-2."""
    cross_border_effect: Words | None = None
    """What the effect there is."""
    incident_type: IncidentType | None = None
    """Class, or class/type, of the Reference Security Incident Taxonomy, such as availability/ddos."""
    cause: (
        Literal["system-failure", "human-error", "natural-event", "malicious-act", "third-party", "unknown"] | None
    ) = None
    """The root cause, in one word."""
    root_cause: Words | None = None
    """The kind of threat or the root cause that is likely to have led to it."""
    root_cause_key: Line | None = None
    """The apparent root cause as the entity's own short name: equal to an earlier incident's if it is the same."""
    indicators: Annotated[tuple[Line, ...], Field(max_length=10_000)] | None = None
    """Indicators of compromise."""
    late_because: Words | None = None
    """Why the report is late, where it is."""
    users_affected: Count | None = None
    """How many users are affected."""
    duration_minutes: Count | None = None
    """How long the service was disturbed, in minutes."""
    area: Words | None = None
    """The geographical area affected."""
