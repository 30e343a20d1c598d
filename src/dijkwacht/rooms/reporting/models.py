"""The tables of reporting. What somebody wrote stands encrypted; what the queue and the clocks need stands in the open.

`organisation_id` may be empty: somebody without an account reported. Then only the centre sees the rows.
"""

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from dijkwacht.platform.attachments import SealedFile
from dijkwacht.platform.belonging import FOLLOWS, MOVES
from dijkwacht.platform.crypto.sealed import Sealed
from dijkwacht.rooms.reporting.indicators import Found
from dijkwacht.rooms.reporting.rules import Channel, Matter, Stage, State
from dijkwacht.rooms.reporting.seen_by import OF_REGIME, SHARED, WITH_INCIDENT


def _choices(names: Any) -> list[tuple[str, str]]:
    return [(name.value, name.value) for name in names]


class Draft(models.Model):
    """What somebody has filled in of one stage so far; of one account, seen by nobody else."""

    row_owner = "account"
    when_joined = {"organisation_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.UUIDField()
    organisation_id = models.UUIDField(null=True)  # for whom; empty: an officer's, of somebody not registered
    incident_id = models.UUIDField(null=True)  # empty: a new one
    stage = models.CharField(max_length=20, choices=_choices(Stage))
    channel = models.CharField(max_length=16, choices=_choices(Channel), default=Channel.PORTAL)
    answers_sealed = models.BinaryField(default=b"", editable=False)
    answers = Sealed()
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["account", "updated_at"], name="drafts_of_an_account")]


class Incident(models.Model):
    """One record of facts, whatever the number of laws it falls under."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": MOVES}
    row_also_read = SHARED
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)  # said on the phone; cannot be guessed
    organisation_id = models.UUIDField(null=True)
    matter = models.CharField(max_length=10, choices=_choices(Matter), default=Matter.INCIDENT)
    regimes = ArrayField(models.CharField(max_length=20), default=list)  # the laws it was reported under
    classification = models.CharField(max_length=12, blank=True)  # of the entity, on the day of its first report
    entity_types = ArrayField(models.CharField(max_length=40), default=list)
    shared_sectors = ArrayField(models.CharField(max_length=10), default=list)  # whose authorities read it
    readers = ArrayField(models.UUIDField(), default=list)  # to whom it was handed over
    state = models.CharField(max_length=7, choices=_choices(State), default=State.OPEN)
    significant = models.BooleanField(null=True)  # the latest judgement
    cross_border = models.BooleanField(default=False)
    facts_sealed = models.BinaryField(default=b"", editable=False)
    facts = Sealed()
    title_sealed = models.BinaryField(default=b"", editable=False)
    title = Sealed()
    language = models.CharField(max_length=2, default="nl")
    # The moments. `awareness_by` is a person's name, so it stands with the facts.
    occurrence_at = models.DateTimeField(null=True)
    detection_at = models.DateTimeField(null=True)
    awareness_at = models.DateTimeField(null=True)
    determination_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(default=timezone.now)  # the first report, by our clock
    first_answer_at = models.DateTimeField(null=True)  # by a person of the centre
    closed_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)  # of its clocks that run; kept by scheduling
    next_stage = models.CharField(max_length=40, blank=True)
    network = models.CharField(max_length=50, blank=True)  # of somebody without account, as a /24 or /48: a bound
    left_at = models.DateTimeField(null=True)  # when the reporter left the register; see leaving.rules
    verified_at = models.DateTimeField(null=True)  # when somebody without account showed that the address is theirs
    erased = ArrayField(models.CharField(max_length=10), default=list)  # parts of the facts whose term is over

    class Meta:
        ordering = ("-received_at", "id")
        indexes = [
            models.Index(fields=["organisation_id", "received_at"], name="incidents_of_an_organisation"),
            models.Index(fields=["state", "next_due_at"], name="incidents_by_urgency"),
            models.Index(fields=["network", "received_at"], name="incidents_of_a_network"),
        ]


class Report(models.Model):
    """One version of one stage under one law, exactly as it was submitted, with its receipt."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": FOLLOWS + "incident"}
    row_also_read = f"{WITH_INCIDENT} or {OF_REGIME}"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="reports")
    organisation_id = models.UUIDField(null=True)
    number = models.CharField(max_length=24, unique=True)
    regime = models.CharField(max_length=20)
    stage = models.CharField(max_length=20, choices=_choices(Stage))
    version = models.PositiveSmallIntegerField(default=1)  # the first counts for the clock
    channel = models.CharField(max_length=16, choices=_choices(Channel), default=Channel.PORTAL)
    content_sealed = models.BinaryField(default=b"", editable=False)
    content = Sealed()
    sha256 = models.CharField(max_length=64)  # of the content, in receipts.canonical
    receipt = models.TextField()  # the signed JSON, to the byte; holds no content
    submitted_at = models.DateTimeField(default=timezone.now)
    submitted_by = models.CharField(max_length=100)  # the actor's id
    # Of the register, on that day: figures of a past quarter do not change with the register.
    sectors = ArrayField(models.CharField(max_length=10), default=list)
    erased = ArrayField(models.CharField(max_length=10), default=list)  # parts of the content whose term is over

    class Meta:
        ordering = ("submitted_at", "regime", "version")
        constraints = [
            models.UniqueConstraint(fields=["incident", "regime", "stage", "version"], name="a_version_once"),
        ]


class DueMoment(models.Model):
    """Something that must happen at a moment: a row, claimed once, whatever the scheduler did meanwhile."""

    row_owner = ""  # the centre's own work
    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="moments")
    purpose = models.CharField(max_length=12)  # of rules.Purpose
    regime = models.CharField(max_length=20, blank=True)
    stage = models.CharField(max_length=20, blank=True)
    due_at = models.DateTimeField()  # the term itself
    act_at = models.DateTimeField()  # when this row is to be acted on
    article = models.CharField(max_length=60, blank=True)
    claimed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)  # what it reminds of was done before

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "purpose", "regime", "stage"], name="a_moment_once"),
        ]
        indexes = [
            models.Index(
                fields=["act_at"],
                condition=models.Q(claimed_at__isnull=True, withdrawn_at__isnull=True),
                name="moments_to_act_on",
            )
        ]


class Message(models.Model):
    """A question or an answer between reporter and centre."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": FOLLOWS + "incident"}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="messages")
    organisation_id = models.UUIDField(null=True)
    from_centre = models.BooleanField()
    automatic = models.BooleanField(default=False)
    by = models.CharField(max_length=100)  # the actor's id
    text_sealed = models.BinaryField(default=b"", editable=False)
    text = Sealed()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")


class Attachment(SealedFile):
    """A file of the reporter: kept encrypted, hashed, never shown as anything but a download.

    `shared`: a provider reported for many at once; the bytes stand there, once, and this row holds none.
    """

    row_owner = "organisation_id"
    when_joined = {"organisation_id": FOLLOWS + "incident"}
    row_also_read = WITH_INCIDENT
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="attachments")
    organisation_id = models.UUIDField(null=True)
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)
    shared = models.ForeignKey("reporting.SharedFile", on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        ordering = ("at", "id")

    def content(self) -> bytes:
        """Return the file as it came. Raises FieldError when it does not open."""
        return super().content() if self.shared is None else self.shared.content()


class Indicator(models.Model):
    """What was recognised in the facts. The keyed digest finds the same one elsewhere without opening anything."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": FOLLOWS + "incident"}
    row_also_read = WITH_INCIDENT
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="indicators")
    organisation_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=12)
    value_sealed = models.BinaryField(default=b"", editable=False)
    value = Sealed()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("kind", "digest")
        constraints = [models.UniqueConstraint(fields=["incident", "digest"], name="an_indicator_once")]
        indexes = [models.Index(fields=["digest"], name="indicator_by_digest")]

    @property
    def defanged(self) -> str:
        """As it is shown: nobody can follow it by accident."""
        return Found(self.kind, self.value).defanged


# Django looks for models here; these stand with their own part of the room.
import dijkwacht.rooms.reporting.confidential.models  # noqa: E402
import dijkwacht.rooms.reporting.crossing.models  # noqa: E402
import dijkwacht.rooms.reporting.customers.models  # noqa: E402
import dijkwacht.rooms.reporting.delivering.models  # noqa: E402
import dijkwacht.rooms.reporting.enclosing.models  # noqa: E402
import dijkwacht.rooms.reporting.judging.models  # noqa: E402
import dijkwacht.rooms.reporting.leaving.models  # noqa: E402
import dijkwacht.rooms.reporting.netcode.models  # noqa: E402
import dijkwacht.rooms.reporting.oncall.models  # noqa: E402
import dijkwacht.rooms.reporting.phoning.models  # noqa: E402
import dijkwacht.rooms.reporting.sending.models  # noqa: E402
import dijkwacht.rooms.reporting.wbni.models  # noqa: E402, F401
