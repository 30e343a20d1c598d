"""Bounces: strangers report that a mail of ours did not arrive (RFC 3464), at a return path only we can make.

A report is hostile until proven otherwise: it is capped, read line by line in one pass, and nothing of it is
interpreted but the few fields of its delivery status. An automatic reply to the same address is not a report and
changes nothing.
"""

import asyncio
import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP
from django.db import DatabaseError, connection

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.outbox import verp, wake
from dijkwacht.platform.outbox.models import Message, State

log = structlog.get_logger()
INTAKE: Final = system("outbox:bounces")
LARGEST: Final = 1024 * 1024
LONGEST_LINE: Final = 2000
LONGEST_FIELD: Final = 500
FIELD: Final = re.compile(r"([A-Za-z-]{1,40}):[ \t]*(.*)")
STATUS: Final = re.compile(r"([245]\.\d{1,3}\.\d{1,3})")


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a report says of the first recipient that it declares undeliverable."""

    recipient: str
    status: str  # enhanced code such as 5.1.1, empty when it gives none
    diagnostic: str

    @property
    def reason(self) -> str:
        return " ".join(filter(None, (self.status, self.diagnostic)))[:LONGEST_FIELD]


def read(content: bytes) -> Bounce | None:
    """Read a delivery status notification; None when it is none, or reports no failure. Never raises."""
    if len(content) > LARGEST:
        return None
    lines = (line[:LONGEST_LINE].decode("utf-8", "replace") for line in content.splitlines())
    head = " ".join(_until_blank(lines)).lower()
    if not re.search(r"content-type:\s*multipart/report\b", head) or "delivery-status" not in head:
        return None
    for line in lines:
        if re.match(r"content-type:\s*message/(global-)?delivery-status\b", line, re.IGNORECASE):
            break
    for _ in _until_blank(lines):
        pass
    for _ in range(200):  # blocks: one about the message, then one for each recipient
        block = _fields(lines)
        if block is None:
            return None
        if block.get("action", "").lower() == "failed":
            return _bounce(block)
    return None


def _until_blank(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if not line.strip():
            return
        yield line


def _fields(lines: Iterator[str]) -> dict[str, str] | None:
    """The next block of fields, continued lines joined; None at the end of the part."""
    block: dict[str, str] = {}
    name, seen = "", False
    for line in _until_blank(lines):
        seen = True
        if line.startswith("--"):
            return block or None
        match = FIELD.match(line)
        if match:
            name = match[1].lower()
            block.setdefault(name, match[2].strip()[:LONGEST_FIELD])
        elif name and line[0] in " \t":
            block[name] = f"{block[name]} {line.strip()}"[:LONGEST_FIELD]
    return block if seen else None


def _bounce(block: dict[str, str]) -> Bounce:
    status = STATUS.search(block.get("status", ""))
    return Bounce(
        recipient=block.get("final-recipient", "").partition(";")[2].strip(),
        status=status[1] if status else "",
        diagnostic=printable(block.get("diagnostic-code", "").partition(";")[2].strip()),
    )


def printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def take(recipient: str, content: bytes) -> UUID | None:
    """Record a bounce that was sent to `recipient`; give the message it is about, None when it counts for nothing."""
    identifier, found = verp.message_of(recipient), read(content)
    if identifier is None or found is None:
        return None
    with tenancy.acting(INTAKE):
        rows = Message.objects.select_for_update().filter(id=identifier)
        message = rows.filter(state__in=[State.SENT, State.DOUBT, State.BOUNCED]).first()
        if message is None:
            return None
        if message.state != State.BOUNCED:
            _mark(message, found)
    return identifier


def _mark(message: Message, found: Bounce) -> None:
    message.state, message.announce, message.last_error = State.BOUNCED, True, found.reason or "bounced"
    message.save(update_fields=["state", "announce", "last_error"])
    record(
        actor=INTAKE,
        action="outbox:message:bounced",
        target=("message", message.id),
        organisation=message.organisation_id,
        result="failed",
        detail={"status": found.status, "reference": message.reference},
    )
    wake.after_commit()


class Intake:
    """What the LMTP server does: only addresses of our own making, one a time, on disk before it answers."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self,
        server: SMTP,  # noqa: ARG002
        session: Any,  # noqa: ARG002
        envelope: Any,
        address: str,
        options: list[str],  # noqa: ARG002
    ) -> str:
        """Take one recipient, and only one that we made."""
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time"
        if verp.message_of(address) is None:
            return "550 5.1.1 Not a return path of ours"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: ARG002, N802
        """Record the bounce, then answer."""
        try:
            taken = await asyncio.to_thread(_take_in_thread, envelope.rcpt_tos[0], envelope.content)
        except DatabaseError as error:
            log.warning("outbox: a bounce could not be recorded; its sender will try again", error=str(error))
            return "451 4.3.0 Try again later"
        return "250 2.0.0 Recorded" if taken else "250 2.0.0 Not a failure report; ignored"


def _take_in_thread(recipient: str, content: bytes) -> UUID | None:
    try:
        return take(recipient, content)
    finally:
        connection.close()


async def serve(*, host: str, port: int) -> None:
    """Serve LMTP until SIGINT or SIGTERM. Raises OSError when the address is taken."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)

    def protocol() -> LMTP:
        return LMTP(Intake(), hostname="bounces.localhost", data_size_limit=LARGEST, loop=loop)

    async with await loop.create_server(protocol, host=host, port=port):
        await stop.wait()
