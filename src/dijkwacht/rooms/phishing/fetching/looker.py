"""The process that asks strangers' servers: without our secrets, and without a way to anywhere that was not judged.

It is given no environment but what programs need to run, so it holds no address of the database and no key. Below
the judgement of each name (`getting`) a hook of the interpreter looks at every connection that it makes, by whatever
library: to the resolvers, the proxy, or a judged address, and else to nothing.
"""

import ipaddress
import sys
from typing import Any, ClassVar, Final

import msgspec

from dijkwacht.mails.isolated import Reader, Take, serve

from .getting import Got, get
from .way import Way

MARGIN_SECONDS: Final = 10.0  # beyond the time of a hop: then the process is killed
LOOPBACK: Final = ipaddress.ip_address("127.0.0.1")


class _Asked(msgspec.Struct):
    url: str
    way: Way
    accept: str = ""


class Looker(Reader):
    """Asks for pages in a child process, which is killed when it takes too long. Not to be shared between threads."""

    module: ClassVar[str] = "dijkwacht.rooms.phishing.fetching.looker"

    def __init__(self, way: Way) -> None:
        super().__init__(seconds=way.seconds + MARGIN_SECONDS)
        self.way = way

    def get(self, url: str, accept: str = "") -> Got:
        """Ask for one canonical URL, as `getting.get` does; never raises."""
        try:
            return self._ask(_Asked(url, self.way, accept), Got)
        except (OSError, EOFError, TimeoutError):
            self.close()
            return Got(url, "stopped")


class Guard:
    """The hook: refuses what `way` does not know. `way` is that of the question being answered."""

    def __init__(self) -> None:
        self.way = Way([])

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Look at one event of the interpreter. Raises PermissionError."""
        if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
            self.judge(arguments[1])
        elif event in {"socket.getaddrinfo", "socket.gethostbyname"} and not _is_address(arguments[0]):
            raise PermissionError("names are asked of our resolvers only")
        elif event in {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "socket.bind"}:
            raise PermissionError(f"{event} has no place here")

    def judge(self, place: object) -> None:
        """Judge where a connection goes. Raises PermissionError."""
        if not isinstance(place, tuple) or len(place) < 2:  # noqa: PLR2004 - a path of a Unix socket
            raise PermissionError("only the network")
        host, port = str(place[0]), int(place[1])
        known = {(address, number) for address, number in self.way.resolvers}
        proxy = self.way.proxy.rpartition(":")
        if (host, port) in known or (host, str(port)) == (proxy[0].strip("[]"), proxy[2]):
            return
        address = ipaddress.ip_address(host)
        # What a test allowed by name is known here by its address only: loopback, at that port.
        if address == LOOPBACK and any(one.endswith(f":{port}") for one in self.way.allowed):
            return
        if not self.way.judges(address):
            raise PermissionError(f"{host} is not to be reached")


def _is_address(host: object) -> bool:
    try:
        ipaddress.ip_address(str(host))
    except ValueError:
        return False
    return True


def _serve(memory: int) -> None:
    guard = Guard()
    sys.addaudithook(guard)

    def answer(message: bytes, _: Take) -> Got:
        asked = msgspec.msgpack.decode(message, type=_Asked)
        guard.way = asked.way
        return get(asked.url, asked.way, asked.accept)

    serve(memory, answer)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
