"""Mails read in a process that may be killed: a mail that a parser chokes on costs nobody else anything."""

import gc
import os
import resource
import secrets
import select
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import IO, Any, ClassVar, Final, NamedTuple, Self, TypeVar

import msgspec

from dijkwacht.kernel import npm

from .pictures import LETTERS
from .reading import Mail, as_text, read_mail
from .showing import Part, parts_of

SECONDS: Final = 10.0  # for one mail
SECONDS_TOGETHER: Final = 3.0  # for a group, which takes a hundredth of it: for no longer do the others wait for one
MEMORY: Final = 1 << 30  # bytes of address space of the process
# All that a child is given of our environment, in which stand the secrets of the installation.
KEPT: Final = ("PATH", "LANG", "LC_ALL", "SSL_CERT_FILE", "SSL_CERT_DIR", "PYTHONPATH", "VIRTUAL_ENV", "TZ")
# One thread is enough, and more would each take of the bounded address space; memory of a mail serves the next one too,
# where the allocator of glibc would give it back and ask for it anew: an eighth of the time.
GIVEN: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(64 << 20),
}
_PIECE: Final = 64 << 10  # bytes that a pipe holds
_LENGTH: Final = 8  # bytes of the number before each message, and of the mark that the answer to it bears
MOST_TOGETHER: Final = 25  # mails of one question
BYTES_TOGETHER: Final = 1 << 20  # of one question, but for a mail that is larger by itself
Kind = TypeVar("Kind")
Take = Callable[[int], bytes]


class Question(NamedTuple):
    """A mail to be read; the words are those of `read_mail`."""

    raw: bytes
    reporter: Sequence[str] = ()
    uploaded: bool = False


class _Asked(msgspec.Struct):
    size: int  # of the mail, whose bytes follow
    reporter: list[str]
    as_text: bool
    show: bool = False
    uploaded: bool = False


class Reader:
    """Reads mails one after the other in a child process. Not to be shared between threads.

    A child that takes too long, too much memory, or dies, is replaced; a new one reads the mail as text, with a
    problem. Where that fails too, the mail has no links and a problem: nothing of it is ever read in this process.
    """

    module: ClassVar[str] = "dijkwacht.mails.isolated"  # what the child runs; other things are read so too

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self.seconds = seconds
        self.memory = memory
        self.environment = {name: os.environ[name] for name in KEPT if name in os.environ} | GIVEN
        self.environment["TESSDATA_PREFIX"] = str(npm.packages() / LETTERS)
        self._child: subprocess.Popen[bytes] | None = None

    def read(self, raw: bytes, reporter: Iterable[str] = (), *, uploaded: bool = False) -> Mail:
        """Read a mail, as `read_mail` does."""
        problems: list[str] = []
        for plainly in (False, True):
            try:
                mail = self._ask(_Asked(len(raw), [*reporter], plainly, uploaded=uploaded), Mail, raw)
            except (OSError, EOFError, TimeoutError) as error:
                self.close()
                problems.append(f"the reading was stopped: {error or type(error).__name__}")
            else:
                mail.problems = [*problems, *mail.problems]
                return mail
        return Mail("nothing", problems=problems)

    def read_many(self, questions: Iterable[Question]) -> list[Mail]:
        """Read mails as `read` does each; some are handed over together, which costs less.

        All of these have less time than one; where that is not enough, or their child dies, each is read by itself.
        """
        found: list[Mail] = []
        for group in _together(questions):
            found += self._read_group(group) or [self.read(raw, who, uploaded=up) for raw, who, up in group]
        return found

    def _read_group(self, group: Sequence[Question]) -> list[Mail]:
        """Read some in one go; nothing where there is one only, or where it did not succeed."""
        if len(group) < 2:  # noqa: PLR2004
            return []
        asked = [_Asked(len(raw), [*who], as_text=False, uploaded=up) for raw, who, up in group]
        try:
            seconds = min(self.seconds, SECONDS_TOGETHER)
            found = self._ask(asked, list[Mail], *(one.raw for one in group), seconds=seconds)
        except (OSError, EOFError, TimeoutError):
            self.close()
            return []
        return found if len(found) == len(group) else []

    def parts(self, raw: bytes) -> list[Part]:
        """Give the parts of a mail as text, as `parts_of` does; nothing where its process dies of it."""
        try:
            return self._ask(_Asked(len(raw), [], False, True), list[Part], raw)
        except (OSError, EOFError, TimeoutError):
            self.close()
            return []

    def close(self) -> None:
        """Kill the child."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, asked: Any, kind: type[Kind], *bodies: bytes, seconds: float = 0) -> Kind:
        """Give the answer to one question, behind which go the bytes that it is about, copied by nobody.

        It has `seconds`, or the reader's. Raises OSError, EOFError, TimeoutError: then the child is to be closed.
        """
        seconds = seconds or self.seconds
        if self._child is None or self._child.poll() is not None:
            self.close()
            words = [sys.executable, "-m", self.module, str(self.memory)]
            self._child = subprocess.Popen(  # noqa: S603
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=self.environment
            )
        entry, answers = self._child.stdin, self._child.stdout
        assert entry is not None and answers is not None  # noqa: S101, PT018 - both are pipes
        mark = secrets.token_bytes(_LENGTH)
        question = msgspec.msgpack.encode(asked)
        for piece in (len(question).to_bytes(_LENGTH) + mark + question, *bodies):
            _send(entry, piece, seconds)
        came = _at_least(answers.fileno(), 2 * _LENGTH, seconds)
        size = int.from_bytes(came[:_LENGTH])
        if came[_LENGTH : 2 * _LENGTH] != mark:
            raise EOFError("its process answered another question")
        whole = _at_least(answers.fileno(), 2 * _LENGTH + size, seconds, came)
        if len(whole) > 2 * _LENGTH + size:
            raise EOFError("its process answered more than was asked")
        try:
            return msgspec.msgpack.decode(memoryview(whole)[2 * _LENGTH :], type=kind)
        except msgspec.DecodeError as error:
            raise EOFError("its process answered what is no answer") from error


def _together(questions: Iterable[Question]) -> Iterator[list[Question]]:
    """Part mails into groups that are handed over together."""
    group: list[Question] = []
    size = 0
    for one in questions:
        size += len(one.raw)
        if group and (len(group) >= MOST_TOGETHER or size > BYTES_TOGETHER):
            yield group
            group, size = [], len(one.raw)
        group.append(one)
    if group:
        yield group


def _send(pipe: IO[bytes], message: bytes, seconds: float) -> None:
    """Write bytes. Raises TimeoutError when nobody takes of them for `seconds`."""
    left, file = memoryview(message), pipe.fileno()
    os.set_blocking(file, False)
    while left:
        try:
            left = left[os.write(file, left) :]
        except BlockingIOError:
            if not select.select([], [file], [], seconds)[1]:
                raise TimeoutError(f"more than {seconds:g} seconds") from None


def _at_least(file: int, size: int, seconds: float, found: bytearray | None = None) -> bytearray:
    """Read until so many bytes are there, with what came already, and what comes with them.

    Raises TimeoutError when none come for `seconds`, EOFError at the end.
    """
    found = bytearray() if found is None else found
    while len(found) < size:
        if not select.select([file], [], [], seconds)[0]:
            raise TimeoutError(f"more than {seconds:g} seconds")
        got = os.read(file, min(max(size - len(found), _PIECE), 1 << 20))
        if not got:
            raise EOFError("its process died")
        found += got
    return found


def serve(memory: int, answer_to: Callable[[bytes, Take], Any] | None = None) -> None:
    """Be the child: answer what comes on standard input until it ends; without `answer_to`, read mails.

    `answer_to` is given a question and what takes so many of the bytes behind it; it is to take all of them.
    Questions and answers pass by descriptors of our own, which no program that a library starts inherits: what such
    a one reads and writes is nothing.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with os.fdopen(os.dup(0), "rb") as questions, os.fdopen(os.dup(1), "wb") as answers:
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        gc.freeze()  # what was imported lives as long as the process
        while head := questions.read(2 * _LENGTH):
            size, mark = int.from_bytes(head[:_LENGTH]), head[_LENGTH:]
            answer = msgspec.msgpack.encode((answer_to or _read)(questions.read(size), questions.read))
            answers.write(len(answer).to_bytes(_LENGTH) + mark)
            answers.write(answer)
            answers.flush()


def _read(message: bytes, take: Take) -> Mail | list[Mail] | list[Part]:
    asked = msgspec.msgpack.decode(message, type=_Asked | list[_Asked])
    if isinstance(asked, list):
        raws = [take(one.size) for one in asked]  # all, before any is read: they have their time together
        return [read_mail(raw, one.reporter, uploaded=one.uploaded) for one, raw in zip(asked, raws, strict=True)]
    raw = take(asked.size)
    if asked.show:
        return parts_of(raw)
    if asked.as_text:
        return as_text(raw, asked.reporter)
    return read_mail(raw, asked.reporter, uploaded=asked.uploaded)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
