"""A group of child processes that live and stop together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

STOP_SECONDS = 20.0
SLOWEST_RESTART_SECONDS = 30.0


@dataclass
class Child:
    """One process to keep alive. `starts` counts how often it was started, which slows the next restart."""

    name: str
    arguments: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    not_before: float = 0.0
    started_at: float = 0.0

    def start(self, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            [sys.executable, "-m", "dijkwacht", *self.arguments],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.starts += 1
        self.started_at = time.monotonic()

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Signal the child and whatever it started."""
        if self.process is not None and self.running():
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return


@dataclass
class ProcessGroup:
    """Keeps children alive until it is told to stop."""

    children: Sequence[Child]
    environment: Mapping[str, str]
    look_after: Callable[[], None] = lambda: None  # called all the time, for what is no child: the database
    stopping: bool = field(default=False, init=False)

    def begin(self) -> None:
        """Start the first child before the others, which `run` starts."""
        self._listen()
        self.children[0].start(self.environment)

    def run(self) -> None:
        """Start all and start again what dies, until SIGINT or SIGTERM."""
        self._listen()
        while not self.stopping:
            self.look_after()
            for child in self.children:
                self._keep(child)
            time.sleep(0.2)

    def _listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _keep(self, child: Child) -> None:
        if child.running() or time.monotonic() < child.not_before:
            return
        if child.process is not None:
            if time.monotonic() - child.started_at > SLOWEST_RESTART_SECONDS:
                child.starts = 0
            delay = min(SLOWEST_RESTART_SECONDS, 0.25 * 2**child.starts)
            sys.stderr.write(
                f"{child.name} stopped with exit code {child.process.returncode}; starting it again in {delay:g} s\n"
            )
            child.process = None
            child.not_before = time.monotonic() + delay
            return
        child.start(self.environment)

    def stop_all(self) -> None:
        """Stop what runs: asked first, killed after 20 seconds."""
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.running() for child in self.children) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in self.children:
            child.signal(signal.SIGKILL)
