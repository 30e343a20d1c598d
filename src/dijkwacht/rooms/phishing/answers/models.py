"""Who waits for an answer, and who wants none."""

from typing import Final

from django.db import models
from django.utils import timezone

LANGUAGES: Final = ("nl", "en")


class Answer(models.Model):
    """The answer to one report: where it goes, sealed, until its term ends; and what was said last.

    `address` is empty for a report of the web form: its reporter reads the answer on the page of the link.
    """

    row_owner = ""  # reporters are people: only the centre sees that they reported
    report = models.OneToOneField("phishing.Report", primary_key=True, on_delete=models.CASCADE, related_name="answer")
    address = models.BinaryField(default=bytes)  # sealed
    source = models.CharField(max_length=64)  # as of the report: the bound on answers counts by it
    language = models.CharField(max_length=2, choices=[(one, one) for one in LANGUAGES])
    said = models.CharField(max_length=10, blank=True)  # the verdict that was told last; "looking" is one
    said_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(
        null=True, default=timezone.now
    )  # when to look again whether there is something to say
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("created_at", "report_id")
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="answers_due"),
            models.Index(fields=["source", "said_at"], name="answers_by_source"),
            models.Index(fields=["created_at"], name="answers_by_age"),
        ]


class OptOut(models.Model):
    """A reporter who wants no answers: a pseudonym, nothing else."""

    row_owner = ""
    source = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(default=timezone.now)
