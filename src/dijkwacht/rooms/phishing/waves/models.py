"""The marks by which campaigns are seen to belong together."""

from django.db import models
from django.utils import timezone


class CampaignMark(models.Model):
    """One mark of one campaign: waves.rules.Mark."""

    row_owner = ""  # the centre's own work
    campaign = models.ForeignKey("phishing.Campaign", on_delete=models.CASCADE, related_name="wave_marks")
    kind = models.CharField(max_length=11)
    value = models.CharField(max_length=32)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "kind", "value"], name="one_mark_a_campaign")]
        indexes = [models.Index(fields=["value", "kind"], name="marks_by_value")]
