"""The ways out: which are open now, and handing one message to the right one."""

from dataclasses import dataclass

import structlog
from django.conf import settings

from dijkwacht.platform.outbox import verp
from dijkwacht.platform.outbox.models import Channel, Message
from dijkwacht.platform.outbox.outcome import Outcome
from dijkwacht.platform.outbox.relay_log import NullLog, RelayLog
from dijkwacht.platform.outbox.smtp import Relay, RelayUnavailable, Session

log = structlog.get_logger()


@dataclass
class Carriers:
    """What can carry a message now. Connecting comes before claiming: a dead relay costs no message an attempt."""

    session: Session

    def connect(self) -> frozenset[Channel]:
        """Open what can be opened and tell which channels work."""
        try:
            self.session.connect()
        except RelayUnavailable as trouble:
            log.warning("outbox: our relay does not answer; mails wait", relay=str(trouble))
        return self.ready()

    def ready(self) -> frozenset[Channel]:
        return frozenset({Channel.MAIL} if self.session.open else set())

    def close(self) -> None:
        self.session.close()

    def hand_over(self, message: Message, deadline: float) -> Outcome:
        return self.session.hand_over(
            sender=verp.return_path(message.id),
            recipient=message.recipient,
            body=bytes(message.body),
            deadline=deadline,
        )


def relay() -> Relay:
    """The configured relay; without one, the demo mailbox of this machine."""
    return Relay.of_url(settings.SMTP_URL or f"smtp://127.0.0.1:{settings.MAILBOX_PORT}")


def carriers() -> Carriers:
    return Carriers(session=Session(relay(), seconds=settings.HAND_OVER_SECONDS))


def relay_log() -> RelayLog:
    return NullLog()
