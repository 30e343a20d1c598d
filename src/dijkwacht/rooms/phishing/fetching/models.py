"""Tables of looks at pages."""

import uuid
from typing import Any, Final

import msgspec
from django.db import models

from .looking import Look as Seen

TABLE: Final = "phishing_look"


class Look(models.Model):
    """A URL that is looked at, what was seen last, and what the look before that saw."""

    row_owner = ""  # the centre's own work
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    url = models.CharField(max_length=8192)  # clean: without what says who reported it
    url_sha256 = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)  # of the last look; null: there was none yet
    state = models.CharField(max_length=12, blank=True)
    kit = models.CharField(max_length=32, blank=True)
    seen = models.JSONField(default=dict)  # looking.Look
    before = models.JSONField(default=dict)  # the one before, the same form
    campaigns = models.ManyToManyField("phishing.Campaign", through="LookOfCampaign", related_name="looks")

    class Meta:
        ordering = ("-asked_at", "id")
        indexes = [models.Index(fields=["kit"], condition=~models.Q(kit=""), name="looks_by_kit")]

    @property
    def last(self) -> Seen | None:
        """Give the last look."""
        return _read(self.seen)

    @property
    def previous(self) -> Seen | None:
        """Give the look before the last."""
        return _read(self.before)


class LookOfCampaign(models.Model):
    """A URL that stands in mails of a campaign."""

    row_owner = ""
    look = models.ForeignKey(Look, on_delete=models.CASCADE)
    campaign = models.ForeignKey("phishing.Campaign", on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "look"], name="one_look_a_campaign")]


class RawPage(models.Model):
    """The bytes of a page, or a picture of it, sealed, until its term."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    look = models.ForeignKey(Look, on_delete=models.CASCADE, related_name="raw")
    kind = models.CharField(max_length=10)  # html, dom, picture
    sealed = models.BinaryField()
    at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)

    @property
    def place(self) -> dict[str, Any]:
        """Give where the sealed bytes belong, for platform.crypto."""
        return {"table": "phishing_rawpage", "row": self.id, "column": "sealed"}


def _read(held: dict[str, Any]) -> Seen | None:
    return msgspec.convert(held, type=Seen) if held else None
