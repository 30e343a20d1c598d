"""Group commit: what arrives within some milliseconds goes to disk and into the queue together.

One transaction for each mail would cost more than all else; at 200 mails in a second each batch holds some five.
"""

import asyncio
import errno
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

import structlog
from django.db import close_old_connections, connection, connections

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.phishing.intake import actions
from dijkwacht.rooms.phishing.intake.actions import Handed

log = structlog.get_logger()
TOGETHER: Final = 0.02  # seconds that the first of a batch waits for others
MOST: Final = 200  # mails of a batch
MOST_BYTES: Final = 64 << 20  # of a batch; and of all that waits, four times as much


class Full(Exception):
    """It cannot be taken in now: the disk is full, the database does not answer, or too much waits."""


@dataclass
class Committer:
    """Takes in what the doors hand it, in batches, in a thread of its own. Belongs to one event loop."""

    actor: Actor
    _waiting: list[tuple[Handed, "asyncio.Future[None]"]] = field(default_factory=list)
    _bytes: int = 0
    _task: "asyncio.Task[None] | None" = None
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "committer"))

    async def accept(self, handed: Handed) -> None:
        """Return when it is on disk and in the queue. Raises Full."""
        if self._bytes + len(handed.raw) > 4 * MOST_BYTES:
            raise Full
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((handed, done))
        self._bytes += len(handed.raw)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        await done

    async def close(self) -> None:
        """Take in what waits, then stop."""
        if self._task is not None:
            await self._task
        await asyncio.get_running_loop().run_in_executor(self._thread, connections.close_all)
        self._thread.shutdown()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            await asyncio.sleep(TOGETHER)
            batch = self._next()
            try:
                await loop.run_in_executor(self._thread, self._commit, [handed for handed, _ in batch])
            except Exception as error:  # noqa: BLE001 - whatever it is, the sender keeps the mail and tries again
                self._tell(batch, error)
            else:
                self._tell(batch, None)

    def _next(self) -> "list[tuple[Handed, asyncio.Future[None]]]":
        size, number = 0, 0
        for handed, _ in self._waiting[:MOST]:
            size += len(handed.raw)
            if number and size > MOST_BYTES:
                break
            number += 1
        batch, self._waiting = self._waiting[:number], self._waiting[number:]
        self._bytes -= sum(len(handed.raw) for handed, _ in batch)
        return batch

    def _tell(self, batch: "list[tuple[Handed, asyncio.Future[None]]]", error: Exception | None) -> None:
        if error is not None:
            reason = errno.errorcode.get(error.errno or 0, "") if isinstance(error, OSError) else type(error).__name__
            log.error("phishing: mails could not be taken in; their senders try again", mails=len(batch), why=reason)
        for _, done in batch:
            if not done.done():  # the connection may have been lost meanwhile
                done.set_exception(Full()) if error is not None else done.set_result(None)

    def _commit(self, batch: list[Handed]) -> None:
        """Take a batch in; a lost connection to the database is tried once more."""
        close_old_connections()
        try:
            actions.accept_many(actor=self.actor, handed=batch)
        except OSError:
            raise
        except Exception:  # noqa: BLE001 - the server may have been started again meanwhile
            connection.close()
            time.sleep(0.5)
            actions.accept_many(actor=self.actor, handed=batch, again=True)
