"""What goes when: counted by the daily job, so that no page has to count millions."""

from django.db import models


class Forecast(models.Model):
    """Of one row of the table of terms: how many values are over, or will be within a month, a quarter, a year."""

    row_owner = ""  # the centre alone
    code = models.CharField(max_length=80, primary_key=True)
    counted_at = models.DateTimeField()
    over = models.BigIntegerField()
    month = models.BigIntegerField()
    quarter = models.BigIntegerField()
    year = models.BigIntegerField()
    later = models.BigIntegerField()
