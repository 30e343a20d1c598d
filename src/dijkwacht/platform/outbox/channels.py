"""The ways out: which are open now, and handing one message to the right one."""

from dataclasses import dataclass
from pathlib import Path

import structlog
from django.conf import settings

from dijkwacht.platform.outbox import dkim_signing, sms, verp, webhook
from dijkwacht.platform.outbox.mailbox import ACCEPT_LOG
from dijkwacht.platform.outbox.models import Channel, Message
from dijkwacht.platform.outbox.outcome import Outcome, RelayTrouble
from dijkwacht.platform.outbox.postfix_log import PostfixLog
from dijkwacht.platform.outbox.relay_log import MailboxLog, NullLog, RelayLog
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
        """The channels that work now; a webhook or a gateway has no connection of ours to lose."""
        others = {Channel.WEBHOOK, Channel.SMS}
        return frozenset(others | {Channel.MAIL} if self.session.open else others)

    def close(self) -> None:
        self.session.close()

    def hand_over(self, message: Message, deadline: float) -> Outcome:
        """Hand over one message. `deadline`: time.monotonic() at which the connection is cut."""
        body = bytes(message.body)
        if message.channel == Channel.WEBHOOK:
            return webhook.hand_over(
                url=message.recipient,
                identifier=message.message_id,
                body=body,
                organisation=message.organisation_id,
                deadline=deadline,
            )
        if message.channel == Channel.SMS:
            return sms.house_gateway().hand_over(
                number=message.recipient, text=body.decode(), identifier=message.message_id, deadline=deadline
            )
        if settings.DKIM_SELECTOR:
            body = dkim_signing.signed(body)
        sender = verp.return_path(message.id)
        outcome = self.session.hand_over(sender=sender, recipient=message.recipient, body=body, deadline=deadline)
        if isinstance(outcome, RelayTrouble):
            self.session.close()  # nothing more is claimed for a relay that does not work
        return outcome


def relay() -> Relay:
    """The configured relay; without one, the demo mailbox of this machine."""
    return Relay.of_url(settings.SMTP_URL or f"smtp://127.0.0.1:{settings.MAILBOX_PORT}")


def carriers() -> Carriers:
    return Carriers(session=Session(relay(), seconds=settings.HAND_OVER_SECONDS))


def relay_log() -> RelayLog:
    """The log of our own relay, as DIJKWACHT_RELAY_LOG says. Raises ValueError for a kind we do not know."""
    kind, _, path = settings.RELAY_LOG.partition(":")
    if kind == "postfix":
        return PostfixLog(Path(path))
    if kind == "mailbox" or (not kind and not settings.SMTP_URL):
        return MailboxLog(Path(path) if path else settings.HOME / "mailbox" / ACCEPT_LOG)
    if kind:
        raise ValueError("DIJKWACHT_RELAY_LOG must look like postfix:/var/log/mail.log")
    return NullLog()
