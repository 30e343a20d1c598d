"""Hand a JSON message, signed (Standard Webhooks 1.0), to an organisation's server at an address that was judged."""

import base64
import hashlib
import hmac
import http.client
import socket
import ssl
import threading
import time
from typing import Final
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from django.conf import settings

from dijkwacht.platform import network
from dijkwacht.platform.crypto import secrets
from dijkwacht.platform.outbox.outcome import Accepted, Later, Outcome, Refused

LARGEST_ANSWER: Final = 64 * 1024
GONE: Final = 410  # the receiver wants no more (Standard Webhooks)
LONGEST_WAIT_SECONDS: Final = 86_400.0


def signing_secret(organisation: UUID | None) -> str:
    """The secret with which `organisation` checks our webhooks, as it is shown to its administrators."""
    key = secrets.load(settings.HOME, "webhook-key")
    whose = organisation.bytes if organisation else b"centre"
    return "whsec_" + base64.b64encode(hmac.digest(key, b"webhook:" + whose, hashlib.sha256)).decode()


def signature(secret: str, *, identifier: str, timestamp: int, body: bytes) -> str:
    """The value of the header webhook-signature. `timestamp`: seconds since 1970."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{identifier}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


class PlainConnection(http.client.HTTPConnection):
    """HTTP to a judged address, for a gateway on the centre's own network."""

    wire: socket.socket | None = None  # `sock` is given away as soon as a body is to come

    def __init__(self, host: str, port: int, address: network.Address, *, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self.address = address

    def connect(self) -> None:
        """Connect to the address that was judged; the name is not resolved again."""
        self.wire = self.sock = socket.create_connection((str(self.address), self.port), self.timeout)


class PinnedConnection(http.client.HTTPSConnection):
    """HTTPS to a judged address, with the name of the URL in SNI, certificate check and Host."""

    wire: socket.socket | None = None

    def __init__(self, host: str, port: int, address: network.Address, *, seconds: float) -> None:
        self.tls = ssl.create_default_context()
        super().__init__(host, port, timeout=seconds, context=self.tls)
        self.address = address

    def connect(self) -> None:
        """Connect to the address that was judged; the name is not resolved again."""
        plain = socket.create_connection((str(self.address), self.port), self.timeout)
        # Known before the handshake, so that the guard can cut a handshake that drips.
        secured = self.tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.wire = self.sock = secured
        secured.do_handshake()


Connection = PlainConnection | PinnedConnection


def hand_over(*, url: str, identifier: str, body: bytes, organisation: UUID | None, deadline: float) -> Outcome:
    """POST one message. `deadline`: time.monotonic() at which the connection is cut. Never raises."""
    return post(url=url, fields=headers(identifier, body, organisation), body=body, deadline=deadline)


def post(*, url: str, fields: dict[str, str], body: bytes, deadline: float, plain: bool = False) -> Outcome:
    """POST a body with header fields to an address that is judged first; what a receiver answers is the outcome.

    `deadline`: time.monotonic() at which the connection is cut. `plain`: the URL may be http. Never raises.
    """
    parts = urlsplit(url)
    secure = not plain or parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    try:
        address = network.addresses(host, port, allowed=settings.WEBHOOK_ALLOW)[0]
    except network.NotPublic as problem:
        return Refused(str(problem))
    except network.NotFoundByName as problem:
        return Later(str(problem))
    left = deadline - time.monotonic()
    if left <= 0:
        return Later("finding the address took too long")
    connection = (PinnedConnection if secure else PlainConnection)(host, port, address, seconds=left)
    cut = threading.Event()
    guard = threading.Timer(left, _cut, [connection, cut])
    guard.daemon = True
    guard.start()
    try:
        outcome = _post(connection, parts, fields, body)
        return Later("no complete answer in time") if cut.is_set() else outcome
    except (OSError, http.client.HTTPException, ValueError) as error:
        # The receiver may have it: it knows by the webhook-id that the next one is the same.
        return Later(f"{type(error).__name__}: {error}"[:500])
    finally:
        guard.cancel()
        connection.close()


def headers(identifier: str, body: bytes, organisation: UUID | None) -> dict[str, str]:
    """The headers of one attempt; the identifier is the same in each, the time is not."""
    timestamp = int(time.time())
    secret = signing_secret(organisation)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Dijkwacht",
        "Connection": "close",
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, identifier=identifier, timestamp=timestamp, body=body),
    }


def _post(connection: Connection, parts: SplitResult, fields: dict[str, str], body: bytes) -> Outcome:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("POST", target, body, fields)
    answer = connection.getresponse()
    answer.read(LARGEST_ANSWER)
    said = f"HTTP {answer.status}"
    if 200 <= answer.status < 300:  # noqa: PLR2004 - 2xx
        return Accepted()
    if answer.status == GONE:
        return Refused(said)
    if 300 <= answer.status < 400:  # noqa: PLR2004 - 3xx
        return Later(f"{said}: redirects are not followed")
    return Later(said, after=_retry_after(answer.getheader("Retry-After", "")))


def _retry_after(value: str) -> float:
    """Seconds the other side asks us to wait, at most a day; its form with a date counts as nothing."""
    return min(float(value), LONGEST_WAIT_SECONDS) if value.isascii() and value.isdigit() and len(value) < 10 else 0.0  # noqa: PLR2004


def _cut(connection: Connection, cut: threading.Event) -> None:
    """End the connection from another thread, whatever it waits for."""
    cut.set()
    sock = connection.wire
    if sock is not None:
        try:
            socket.socket.shutdown(sock, socket.SHUT_RDWR)
        except OSError:
            return
