"""Tables of the upkeep of the register."""

import uuid

from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import MOVES
from dijkwacht.rooms.registry.vocabulary import NoticeState


class ChangeNotice(models.Model):
    """A change that an organisation told, or that the centre learned of elsewhere and asks about."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.CASCADE, related_name="change_notices")
    state = models.CharField(max_length=9, choices=[(state.value, state.value) for state in NoticeState])
    fields = models.JSONField(default=list)  # names of the fields it is about
    proposed = models.JSONField(default=dict)  # field: value as the source has it; empty for what was told
    source = models.CharField(max_length=100, blank=True)  # where the centre learned of it
    effective_on = models.DateField(null=True)  # when the change took effect, as the organisation says
    due_on = models.DateField()  # last day of the term
    ground = models.CharField(max_length=40)
    late = models.BooleanField(default=False)
    asked_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)  # why nothing had to change
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("due_on", "id")
        indexes = [
            models.Index(fields=["due_on", "id"], condition=models.Q(state="asked"), name="asked_changes"),
            models.Index(fields=["organisation", "-created_at"], name="change_notice_by_owner"),
        ]


class ReviewCampaign(models.Model):
    """A review of registrations, every two years (Cbw 43): who was asked, and by when."""

    row_owner = ""  # the centre alone
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    classification = models.CharField(max_length=12, blank=True)  # empty: essential and important
    sector = models.CharField(max_length=10, blank=True)  # empty: all
    due_on = models.DateField()
    started_by = models.CharField(max_length=100)
    started_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-started_at", "id")


class Review(models.Model):
    """One organisation in a campaign: which groups of fields it said are still right."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(ReviewCampaign, on_delete=models.CASCADE, related_name="reviews")
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.CASCADE, related_name="reviews")
    due_on = models.DateField()
    confirmed = models.JSONField(default=dict)  # group: moment (ISO 8601)
    confirmed_at = models.DateTimeField(null=True)  # when the last group was
    mailed_at = models.DateTimeField(null=True)  # the latest mail
    mails = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("due_on", "id")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "organisation"], name="an_organisation_once_a_campaign")
        ]
        indexes = [models.Index(fields=["mailed_at"], condition=models.Q(confirmed_at=None), name="open_reviews")]
