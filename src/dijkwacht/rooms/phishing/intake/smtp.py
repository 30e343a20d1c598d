"""The doors for mail: SMTP (RFC 5321) and LMTP (RFC 2033). No relay: only our own report addresses are taken."""

import asyncio
import ssl
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, cast

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope
from django.conf import settings

from dijkwacht.kernel.actor import system
from dijkwacht.rooms.phishing.intake import rules
from dijkwacht.rooms.phishing.intake.actions import Handed
from dijkwacht.rooms.phishing.intake.committing import Committer, Full
from dijkwacht.rooms.phishing.intake.limits import Crowd

RECEIVER: Final = system("phishing:receiver")
CHUNK: Final = 256 << 10
END: Final = b"\r\n.\r\n"
SECONDS: Final = 60.0  # without a command, or without anything of a mail
WAIT: Final = "452 4.3.1 The mail cannot be kept at this moment; please try again later"
BUSY: Final = "421 4.7.0 Too many connections or mails from your network; please try again later"
UNKNOWN: Final = "550 5.7.1 <{address}> is no report address of ours; we relay nothing"


@dataclass(frozen=True)
class Desk:
    """What the doors need: which addresses are ours, where mails go, who is let in."""

    addresses: frozenset[str]
    committer: Committer
    crowd: Crowd
    hostname: str

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's
        self, _server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take a recipient only when it is one of our own report addresses."""
        if not rules.ours(address, self.addresses):
            return UNKNOWN.format(address=address[:100] if address.isascii() and address.isprintable() else "")
        if len(envelope.rcpt_tos) >= rules.MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's
        """Say yes to a mail when it is on disk and in the queue."""
        if rules.header_too_large(envelope.content):
            return rules.HEADER_TOO_LARGE.format(limit=rules.HEADER_BYTES)
        peer = str(session.peer[0]) if session.peer else ""
        local = isinstance(server, LMTP)
        if not local and not self.crowd.take(rules.network_of(peer)):
            return "452 4.7.0 Too many mails from your network in a minute; please try again later"
        handed = Handed(
            raw=envelope.content,
            door="lmtp" if local else "smtp",
            sender=envelope.mail_from or "",
            address="" if local else peer,
            report=uuid.uuid4(),  # known before it is tried: tried again, it is the same report
        )
        try:
            await self.committer.accept(handed)
        except Full:
            return WAIT
        return "250 2.0.0 Received; it is on disk"


class Door(SMTP):
    """aiosmtpd's server, which reads a mail in large pieces: line by line it costs more than all that follows."""

    line_length_limit = 1 << 16  # of commands; mails have no bound on lines here, they may break the rule of 998

    def __init__(self, desk: Desk, **how: Any) -> None:
        super().__init__(
            desk,
            hostname=desk.hostname,
            ident="Dijkwacht",
            data_size_limit=rules.LARGEST,
            enable_SMTPUTF8=True,
            timeout=SECONDS,
            command_call_limit={"*": 1000, "RCPT": 200, "NOOP": 50, "VRFY": 10},
            **how,
        )
        self.desk = desk
        self._counted = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let a connection in, unless its network has too many open."""
        peer = transport.get_extra_info("peername")
        network = rules.network_of(str(peer[0])) if peer else ""
        if transport.get_extra_info("sslcontext") is None and network:  # STARTTLS makes the connection anew
            if not self.desk.crowd.enter(network):
                cast("asyncio.Transport", transport).write(BUSY.encode() + b"\r\n")
                transport.close()
                return
            self._counted = network
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Count a connection out; aiosmtpd never heard of one that was refused."""
        if self._counted:
            self.desk.crowd.leave(self._counted)
            self._counted = ""
        if self.transport is not None:
            super().connection_lost(error)

    async def smtp_VRFY(self, arg: str) -> None:  # noqa: ARG002, N802 - tells nobody which addresses there are
        await self.push("252 2.5.0 Send some mail and see")

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's
        """Read one mail and answer for it."""
        if await self.check_helo_needed():
            return
        envelope = cast("Envelope", self.envelope)
        if not envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        content = await self._content()
        recipients = len(envelope.rcpt_tos)
        if content is None:
            answer = rules.TOO_LARGE.format(limit=self.data_size_limit)
        else:
            envelope.content = envelope.original_content = content
            answer = await self.desk.handle_DATA(self, self.session, envelope)
        self.envelope = self._create_envelope()
        for _ in range(recipients if isinstance(self, LMTP) else 1):  # RFC 2033 section 4.2
            await self.push(answer)

    async def _content(self) -> bytes | None:
        """Give what comes before the lone dot, or None when it is too large: then it is read and thrown away."""
        reader, found, thrown = self._reader, bytearray(b"\r\n"), False
        while True:
            self._reset_timeout()
            start = max(0, len(found) - len(END))
            piece = await reader.read(CHUNK)
            if not piece:
                raise ConnectionResetError
            found += piece
            end = found.find(END, start)
            if end >= 0:
                break
            if thrown or len(found) > rules.LARGEST + CHUNK:
                thrown = True
                del found[: -len(END)]
        left = bytes(found[end + len(END) :])
        if left:  # commands that came with the mail (RFC 2920)
            cast("Any", reader)._buffer[:0] = left  # noqa: SLF001 - a StreamReader takes nothing back
        content = bytes(found[: end + 2]).replace(b"\r\n.", b"\r\n")[2:]
        return None if thrown or len(content) > rules.LARGEST else content


class LocalDoor(Door, LMTP):
    """The same for a mail server on this machine, which hears of each recipient."""


def desk() -> Desk:
    """Give the desk of this installation, as the settings say."""
    return Desk(
        addresses=settings.PHISHING_ADDRESSES,
        committer=Committer(actor=RECEIVER),
        crowd=Crowd(trusted=tuple(settings.PHISHING_TRUSTED)),
        hostname=settings.MAIL_FROM.rpartition("@")[2],
    )


async def serve(
    desk: Desk,
    *,
    host: str,
    port: int,
    lmtp_port: int,
    tls: ssl.SSLContext | None,
    stop: asyncio.Event,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until `stop`. `lmtp_port`: 0 for none; it listens on loopback only. Raises OSError for a taken address."""
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(lambda: Door(desk, tls_context=tls, loop=loop), host=host, port=port)]
    if lmtp_port:
        servers.append(await loop.create_server(lambda: LocalDoor(desk, loop=loop), host="127.0.0.1", port=lmtp_port))
    ready()
    try:
        await stop.wait()
    finally:
        for server in servers:
            server.close()
        await desk.committer.close()
