"""What two people decide together: campaigns, and changes tried on yesterday's data."""

import uuid

from django.db import models
from django.utils import timezone


class Trial(models.Model):
    """Something that a job tries before people decide. While it is tried nobody can."""

    asked_at = models.DateTimeField(null=True)  # a job tries it since; null: nothing is being tried
    problem = models.JSONField(default=dict, blank=True)  # why the last trial failed: nl and en; empty when it did not

    class Meta:
        abstract = True


class Campaign(Trial):
    """A researcher's list: uploaded, previewed, approved by two, sent, followed up."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PREVIEWED = "previewed"
        APPROVED = "approved"
        SENT = "sent"
        REJECTED = "rejected"

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=200)  # who found it
    feed = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    severity = models.SmallIntegerField(default=2)
    text_nl = models.TextField()  # Markdown, shown above the course of action
    text_en = models.TextField()
    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    preview = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.CharField(max_length=100)
    sent_at = models.DateTimeField(null=True)


class Proposal(Trial):
    """A changed policy, register or text, run on yesterday's data before a second person lets it in."""

    class State(models.TextChoices):
        DRAFT = "draft"
        TRIED = "tried"
        ACCEPTED = "accepted"
        REJECTED = "rejected"

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=10)  # policy, register, text
    name = models.CharField(max_length=200)  # the policy file, course of action, or a title
    content = models.TextField()
    reason = models.TextField()
    difference = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.CharField(max_length=100)
    decided_at = models.DateTimeField(null=True)


class Approval(models.Model):
    """One person's yes or no to a campaign or a proposal; the one who made it cannot give it."""

    row_owner = ""
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.CASCADE, related_name="approvals")
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.CASCADE, related_name="approvals")
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)
    yes = models.BooleanField()
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "by"], name="one_voice_per_campaign"),
            models.UniqueConstraint(fields=["proposal", "by"], name="one_voice_per_proposal"),
        ]
