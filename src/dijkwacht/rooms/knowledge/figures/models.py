"""Figures that were made for a month, and stay as they are for that month. Only what may be told is ever stored."""

from django.db import models
from django.utils import timezone


class Snapshot(models.Model):
    """That the figures of a month were made; they are made once."""

    row_owner = ""
    month = models.DateField(primary_key=True)  # its first day
    made_at = models.DateTimeField(default=timezone.now)
    cells = models.PositiveIntegerField(default=0)


class Cell(models.Model):
    """One published figure of one group of organisations: rounded, noised, never of fewer than ten."""

    row_owner = ""
    row_also_read = "true"  # what stands here may be told to everybody: see privacy
    month = models.DateField()
    table = models.CharField(max_length=60)  # "scan:quick", "happens"
    group = models.CharField(max_length=20)  # a sector, "rest" or "all"
    key = models.CharField(max_length=60)  # a statement, a measure, or "n"
    value = models.PositiveIntegerField()  # a share in per cent (steps of 5), a level, or about how many (steps of 5)

    class Meta:
        ordering = ("month", "table", "group", "key")
        constraints = [models.UniqueConstraint(fields=["month", "table", "group", "key"], name="one_cell_per_month")]
