"""What registries said of domains, until when it is believed, and how often they were asked."""

from django.db import models


class DomainAge(models.Model):
    """When a domain was registered, as its registry said; nothing of its holder."""

    row_owner = ""  # the centre's own work
    domain = models.CharField(max_length=253, primary_key=True)
    state = models.CharField(max_length=9)  # asking.Answer: known, unsaid, none, failed; no-server
    day = models.DateField(null=True)
    why = models.CharField(max_length=200, blank=True)  # what went wrong
    asked_at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)  # then it is asked again, when it is needed


class Registry(models.Model):
    """A server of registries: how often it was asked in this minute, and until when it is left alone.

    The row whose site is empty holds IANA's table of servers.
    """

    row_owner = ""
    site = models.CharField(max_length=300, primary_key=True)  # host:port
    minute = models.DateTimeField()
    asked = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    table = models.JSONField(default=dict)
