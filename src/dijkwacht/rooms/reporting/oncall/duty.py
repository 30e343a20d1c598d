"""Whom another room writes to when its own work must not wait: whoever is on duty by the schedule."""

from datetime import datetime

from django.conf import settings

from dijkwacht.platform.outbox.models import Channel
from dijkwacht.rooms.reporting.oncall.models import Shift
from dijkwacht.rooms.reporting.oncall.rules import Step, called


def mail_addresses(now: datetime) -> list[str]:
    """Give the mail addresses of who is on duty; DIJKWACHT_DUTY_MAIL where nobody is, or nobody with mail.

    Needs the scope of the centre.
    """
    shifts = list(Shift.objects.filter(starts_at__lte=now, ends_at__gt=now))
    found = [shift.ways[Channel.MAIL] for shift in called(Step.ON_DUTY, shifts, now) if Channel.MAIL in shift.ways]
    return list(dict.fromkeys(found)) or list(settings.DUTY_MAIL)
