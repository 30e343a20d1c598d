"""Hand a text to the gateway that sends it to a telephone. Which gateway is a setting; without one nothing is sent."""

import json
from dataclasses import dataclass
from typing import Protocol

import structlog
from django.conf import settings

from dijkwacht.platform.outbox import webhook
from dijkwacht.platform.outbox.outcome import Outcome, Refused

log = structlog.get_logger()


class Gateway(Protocol):
    """Whatever can send a text to a telephone."""

    def hand_over(self, *, number: str, text: str, identifier: str, deadline: float) -> Outcome:
        """Send `text` to `number` (E.164). `identifier`: the same in each attempt. Never raises."""


@dataclass(frozen=True, slots=True)
class HttpGateway:
    """A gateway that takes a POST of JSON: to, from, text, reference; and a bearer token. 2xx means that it took it.

    The address is judged as that of a webhook is: public, or among DIJKWACHT_WEBHOOK_ALLOW, where http is allowed too.
    """

    url: str
    token: str
    sender: str

    def hand_over(self, *, number: str, text: str, identifier: str, deadline: float) -> Outcome:
        """POST one text; a gateway that was given it before knows it by the header Idempotency-Key."""
        told = {"to": number, "from": self.sender, "text": text, "reference": identifier}
        fields = {
            "Content-Type": "application/json",
            "User-Agent": "Dijkwacht",
            "Connection": "close",
            "Idempotency-Key": identifier,
            **({"Authorization": f"Bearer {self.token}"} if self.token else {}),
        }
        plain = any(self.url.startswith(f"http://{known}/") for known in settings.WEBHOOK_ALLOW)
        return webhook.post(url=self.url, fields=fields, body=json.dumps(told).encode(), deadline=deadline, plain=plain)


class NullGateway:
    """Stands where no gateway is configured: it sends nothing and says so, in the log and in the outbox."""

    def hand_over(self, *, number: str, text: str, identifier: str, deadline: float) -> Outcome:  # noqa: ARG002
        """Refuse: a text that nobody sends must not look sent."""
        log.warning("sms: no gateway is configured (DIJKWACHT_SMS_URL); nothing was sent", message=identifier)
        return Refused("no SMS gateway is configured (DIJKWACHT_SMS_URL); nothing was sent")


def house_gateway() -> Gateway:
    """Return the gateway of this installation, as its settings say."""
    if not settings.SMS_URL:
        return NullGateway()
    return HttpGateway(settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_FROM)
