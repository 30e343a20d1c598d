"""The demo mailbox: a real SMTP server on this machine that keeps every mail and sends nothing on.

It stands in where no relay is configured, and says so. A mail is on disk, and in the accept log, before it is
answered 250.
"""

import asyncio
import json
import os
import secrets
import signal
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import structlog
from aiosmtpd.smtp import SMTP

log = structlog.get_logger()
AGAIN: Final = 5  # tries to keep a mail when its folder is thrown away meanwhile
ACCEPT_LOG: Final = "accepted.jsonl"
LARGEST: Final = 32 * 1024 * 1024
HEADER_BYTES: Final = 64 * 1024


@dataclass
class Mailbox:
    """Keeps mails in `folder`, one .eml file each."""

    folder: Path

    def __post_init__(self) -> None:
        self._prepare()

    def _prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.folder / ACCEPT_LOG).touch(mode=0o600)

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: ARG002, N802 - aiosmtpd
        """Keep one mail; the name and arguments are aiosmtpd's."""
        try:
            name = self.keep(envelope.content, envelope.mail_from or "", envelope.rcpt_tos)
        except OSError as error:
            log.exception("demo mailbox: a mail could not be kept", error=str(error))
            return "452 4.3.1 The demo mailbox could not write to its disk"
        return f"250 2.0.0 Kept as {name}; nothing leaves this machine"

    def keep(self, content: bytes, sender: str, recipients: list[str]) -> str:
        """Put a mail on disk, then into the accept log. Raises OSError when that fails.

        `demo reset` throws the folder away, perhaps under our hands: then the mail is kept in a new one.
        """
        for _ in range(AGAIN):
            try:
                return self._keep(content, sender, recipients)
            except FileNotFoundError:
                self._prepare()
        return self._keep(content, sender, recipients)

    def _keep(self, content: bytes, sender: str, recipients: list[str]) -> str:
        at = datetime.now(UTC)
        name = f"{at:%Y%m%dT%H%M%S}-{secrets.token_hex(6)}.eml"
        draft = self.folder / f".{name}"
        durable(draft, content, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        draft.rename(self.folder / name)
        sync_folder(self.folder)
        entry = {
            "at": at.isoformat(),
            "message_id": message_id(content),
            "sender": sender,
            "recipients": recipients,
            "file": name,
        }
        line = json.dumps(entry).encode() + b"\n"
        durable(self.folder / ACCEPT_LOG, line, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        return name


def durable(path: Path, content: bytes, flags: int) -> None:
    """Write and wait until the disk has it."""
    descriptor = os.open(path, flags, 0o600)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def message_id(content: bytes) -> str:
    """The Message-ID of a mail, empty when it has none; looks at the first 64 KiB only."""
    for line in content[:HEADER_BYTES].splitlines():
        if not line:
            break
        name, _, value = line.partition(b":")
        if name.lower() == b"message-id":
            return value.strip().decode("ascii", "replace")
    return ""


async def serve(mailbox: Mailbox, *, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM. Raises OSError when the address is taken."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)

    def protocol() -> SMTP:
        return SMTP(mailbox, hostname="mailbox.localhost", data_size_limit=LARGEST, enable_SMTPUTF8=True, loop=loop)

    server = await loop.create_server(protocol, host=host, port=port)
    log.warning("demo mailbox: every mail is kept here; nothing leaves this machine", folder=str(mailbox.folder))
    async with server:
        await stop.wait()
