"""A real SMTP server in a thread, that does what its test asks, and messages to hand to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from tests.ports import free_port

from dijkwacht.kernel.actor import system
from dijkwacht.platform.outbox import actions, channels, delivery, smtp
from dijkwacht.platform.outbox.models import Message
from dijkwacht.platform.outbox.relay_log import NullLog, RelayLog

ACTOR = system("test")


@dataclass
class Server:
    """What a test's relay answers, and what it accepted. Answers are taken by recipient."""

    port: int = 0
    at_rcpt: dict[str, str] = field(default_factory=dict)
    at_data: dict[str, str] = field(default_factory=dict)
    accepted: list[Envelope] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    after_data: Callable[[SMTP], None] = lambda _: None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.sessions.append(session)
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.at_rcpt.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        answer = self.at_data.get(envelope.rcpt_tos[0], "250 OK")
        if answer.startswith("250"):
            self.accepted.append(envelope)
        self.after_data(server)
        return answer


@pytest.fixture
def server() -> Iterator[Server]:
    handler = Server()
    handler.port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def sender(server: Server) -> delivery.Sender:
    return sender_to(server.port)


def sender_to(port: int, *, seconds: float = 5.0, relay_log: RelayLog | None = None) -> delivery.Sender:
    session = smtp.Session(smtp.Relay("127.0.0.1", port), seconds=seconds)
    carriers = channels.Carriers(session=session)
    return delivery.Sender(carriers=carriers, relay_log=relay_log or NullLog(), seconds=seconds)


def mail(name: str, *, recipient: str = "it@bakker.example", **fields) -> Message:
    payload = (
        f"From: {settings.MAIL_FROM}\r\nMessage-ID: <{name}@dijkwacht.example>\r\nSubject: x\r\n\r\nHello {name}\r\n"
    )
    return actions.enqueue(
        actor=ACTOR,
        channel="mail",
        organisation=None,
        recipient=recipient,
        payload=payload.encode(),
        dedupe_key=name,
        **fields,
    )
