"""A real door for mails, on loopback, in a thread of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.ports import free_port

from dijkwacht.rooms.phishing.intake import smtp


@contextmanager
def open_doors(*, lmtp: bool = False, **changed: object) -> Iterator[tuple[int, int]]:
    """Serve SMTP, and LMTP when asked for; give both ports."""
    port, local = free_port(), free_port() if lmtp else 0
    ready, box = threading.Event(), {}

    def run() -> None:
        async def main() -> None:
            box["stop"], box["loop"] = asyncio.Event(), asyncio.get_running_loop()
            desk = smtp.desk()
            for name, value in changed.items():
                object.__setattr__(desk, name, value)
            await smtp.serve(
                desk, host="127.0.0.1", port=port, lmtp_port=local, tls=None, stop=box["stop"], ready=ready.set
            )

        asyncio.run(main())

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert ready.wait(10)
        yield port, local
    finally:
        box["loop"].call_soon_threadsafe(box["stop"].set)
        thread.join(20)
