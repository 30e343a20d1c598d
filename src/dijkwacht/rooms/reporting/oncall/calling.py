"""The messages of an alarm: by the ways of whoever is called. They hold a link, and nothing of what it is about."""

import json
from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from dijkwacht.kernel.actor import system
from dijkwacht.platform.outbox import compose
from dijkwacht.platform.outbox.actions import Post, enqueue_many
from dijkwacht.platform.outbox.models import Channel
from dijkwacht.rooms.reporting.oncall import reads
from dijkwacht.rooms.reporting.oncall.models import Alarm, Call, Shift
from dijkwacht.rooms.reporting.oncall.rules import Step

CALLER: Final = system("reporting:duty")
TYPE: Final = "duty.alarm"


def call(alarm: Alarm, step: Step, shifts: Iterable[Shift]) -> list[Call]:
    """Call each of these for an alarm, once a person. Needs the scope of the centre."""
    made = []
    for shift in shifts:
        row, new = Call.objects.get_or_create(
            alarm=alarm, name=shift.name, defaults={"step": step, "channels": " ".join(sorted(shift.ways))}
        )
        if new:
            _send(row, [(Channel(channel), address) for channel, address in sorted(shift.ways.items())])
            made.append(row)
    return made


def call_last_resort(alarm: Alarm, step: Step) -> list[Call]:
    """Write to DIJKWACHT_DUTY_MAIL, once for an alarm. Needs the scope of the centre."""
    if not settings.DUTY_MAIL:
        return []
    row, new = Call.objects.get_or_create(alarm=alarm, name="", defaults={"step": step, "channels": Channel.MAIL})
    if not new:
        return []
    _send(row, [(Channel.MAIL, address) for address in settings.DUTY_MAIL])
    return [row]


def _send(row: Call, ways: Iterable[tuple[Channel, str]]) -> None:
    link = f"{settings.BASE_URL}{reverse('reporting:duty-link', args=[reads.link(row)])}"
    with translation.override(settings.LANGUAGE_CODE):
        posts = [_post(row, channel, address, link) for channel, address in ways]
    enqueue_many(actor=CALLER, posts=posts)


def _post(row: Call, channel: Channel, address: str, link: str) -> Post:
    key = f"duty:{row.id}:{channel}:{address}"[:200]
    making = {Channel.MAIL: _mail, Channel.SMS: _sms, Channel.WEBHOOK: _webhook}
    return Post(
        channel=channel,
        organisation=None,
        recipient=address,
        payload=making[channel](key, address, link),
        dedupe_key=key,
        reference=f"duty:{row.alarm_id}",
        priority=0,
    )


def _mail(key: str, address: str, link: str) -> bytes:
    context = {"link": link, "centre_name": settings.CENTRE_NAME}
    subject, _blank, text = render_to_string("reporting/oncall/letter.txt", context).strip().partition("\n\n")
    return compose.mail(
        sender=settings.DEFAULT_FROM_EMAIL,
        recipient=address,
        subject=subject,
        text=text,
        message_id=compose.new_message_id(key),
        language=settings.LANGUAGE_CODE,
    )


def _said() -> str:
    return _("%(centre)s: there is something to look at.") % {"centre": settings.CENTRE_NAME}


def _sms(key: str, address: str, link: str) -> bytes:  # noqa: ARG001 - each way makes its message of the same facts
    return f"{_said()} {link}".encode()


def _webhook(key: str, address: str, link: str) -> bytes:  # noqa: ARG001
    return json.dumps({"type": TYPE, "text": _said(), "link": link}, ensure_ascii=False).encode()
