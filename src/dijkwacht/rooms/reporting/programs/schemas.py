"""What programs give and get around an incident."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from dijkwacht.rooms.reporting.actions.conversing import LONGEST

Reason = Annotated[str, Field(min_length=1, max_length=500)]


class Given(Schema):
    """A body that names nothing we do not know."""

    model_config = ConfigDict(extra="forbid")


class MessageIn(Given):
    """What is said to the other side."""

    text: str = Field(min_length=1, max_length=LONGEST)


class MessageOut(Schema):
    """A question or an answer."""

    id: UUID
    from_centre: bool
    automatic: bool = Field(description="The first answer, which the system gives by itself.")
    text: str
    at: datetime


class AttachmentOut(Schema):
    """A file, without its content."""

    id: UUID
    name: str
    size: int = Field(description="Bytes.")
    sha256: str
    at: datetime


class JudgementIn(Given):
    """Whether an incident is significant, and why a person says so."""

    significant: bool
    reason: Reason


class JudgementOut(Schema):
    """A person's judgement, with its day."""

    id: UUID
    significant: bool | None
    reason: str
    at: datetime


class TestsIn(Given):
    """The four tests of Cbw 66(1): why each holds. One that is empty does not hold."""

    necessary: str = Field("", max_length=500)
    proportionate: str = Field("", max_length=500)
    confidentiality_guaranteed: str = Field("", max_length=500)
    interests_protected: str = Field("", max_length=500)


class HandoverIn(Given):
    """To whom an incident goes, and why the law lets it."""

    reader: UUID = Field(description="The organisation that receives: an authority or a CSIRT.")
    tests: TestsIn


class HandoverOut(Schema):
    """An incident given to an authority or CSIRT."""

    id: UUID
    incident: UUID = Field(alias="incident_id")
    reader: UUID = Field(alias="reader_id")
    ground: str
    at: datetime
    acknowledged_at: datetime | None


class ClosingIn(Given):
    """Why an incident is closed."""

    reason: Reason


class LikenessOut(Schema):
    """Two incidents that may be one."""

    id: UUID
    first: UUID = Field(alias="first_id")
    second: UUID = Field(alias="second_id")
    reasons: list[str]
    linked: bool | None = Field(description="Null: nobody judged it yet.")


class LikenessIn(Given):
    """Whether two incidents are one, and why a person says so."""

    linked: bool
    reason: Reason
