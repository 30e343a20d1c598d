"""One SMTP session with our relay for many messages, that knows whether a message may have been accepted."""

import smtplib
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import unquote, urlsplit

from dijkwacht.platform.outbox.outcome import (
    Accepted,
    Later,
    NoSuchRecipient,
    Outcome,
    Refused,
    RelayTrouble,
    Unanswered,
)

CONNECT_SECONDS: Final = 15.0
OK, START_MAIL = 250, 354
CLOSING = 421
# At RCPT these speak about us and not about the recipient (RFC 4954 section 6).
AUTHENTICATION: Final = frozenset({530, 534, 535, 538})


class RelayUnavailable(Exception):
    """Our relay cannot be reached, or does not let us in."""


@dataclass(frozen=True, slots=True)
class Relay:
    """Where our relay is, from its URL: smtp://user:password@host:port, or smtps:// for TLS from the first byte."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: bool = False

    @classmethod
    def of_url(cls, url: str) -> Self:
        """Read an SMTP URL. Raises ValueError for another scheme or a missing host."""
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("DIJKWACHT_SMTP_URL must look like smtp://user:password@host:port")
        tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if tls else 25),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=tls,
        )

    @property
    def local(self) -> bool:
        return self.host in {"127.0.0.1", "::1", "localhost"}


class Session:
    """A connection to the relay. `hand_over` never raises; after trouble the connection is closed."""

    def __init__(self, relay: Relay, *, seconds: float) -> None:
        """`seconds`: the longest that one hand-over may take, whatever the relay does."""
        self.relay = relay
        self.seconds = seconds
        self._client: smtplib.SMTP | None = None

    @property
    def open(self) -> bool:
        return self._client is not None

    def connect(self) -> None:
        """Connect, encrypt, sign in. Raises RelayUnavailable."""
        if self.open:
            return
        try:
            self._client = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            raise RelayUnavailable(f"{self.relay.host}:{self.relay.port}: {error}") from error

    def _connected(self) -> smtplib.SMTP:
        timeout = min(CONNECT_SECONDS, self.seconds)
        context = ssl.create_default_context()
        client: smtplib.SMTP
        if self.relay.tls:
            client = smtplib.SMTP_SSL(self.relay.host, self.relay.port, timeout=timeout, context=context)
        else:
            client = smtplib.SMTP(self.relay.host, self.relay.port, timeout=timeout)
        try:
            client.ehlo_or_helo_if_needed()
            if not self.relay.tls and client.has_extn("starttls"):
                client.starttls(context=context)
                client.ehlo()
            if self.relay.user:
                self._refuse_clear_text(client)
                client.login(self.relay.user, self.relay.password)
        except BaseException:
            client.close()
            raise
        return client

    def _refuse_clear_text(self, client: smtplib.SMTP) -> None:
        """Raise SMTPException when a password would travel in clear over a network."""
        if not isinstance(client.sock, ssl.SSLSocket) and not self.relay.local:
            raise smtplib.SMTPException("it offers no STARTTLS; the password is not sent in clear")

    def close(self) -> None:
        """End the session politely if it is still there."""
        client, self._client = self._client, None
        if client is not None:
            try:
                client.quit()
            except (OSError, smtplib.SMTPException):
                client.close()

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def hand_over(self, *, sender: str, recipient: str, body: bytes, deadline: float) -> Outcome:
        """Give the relay one message. `deadline`: time.monotonic() at which the connection is cut, answered or not."""
        client = self._client
        if client is None or client.sock is None:
            return RelayTrouble("no connection")
        guard = threading.Timer(max(0.0, deadline - time.monotonic()), _cut, [client.sock])
        guard.daemon = True
        guard.start()
        handed = False
        try:
            client.sock.settimeout(self.seconds)
            refusal = self._envelope(client, sender, recipient, len(body))
            if refusal is not None:
                return refusal
            handed = True
            client.send(dot_stuffed(body))
            return self._verdict(*client.getreply(), handed=True)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Unanswered(str(error)) if handed else RelayTrouble(str(error))
        finally:
            guard.cancel()

    def _envelope(self, client: smtplib.SMTP, sender: str, recipient: str, size: int) -> Outcome | None:
        """MAIL, RCPT and DATA; None when the relay waits for the message."""
        options = [f"size={size}"] if client.has_extn("size") else []
        code, text = client.mail(sender, options)
        if code != OK:
            self._reset(client, code)
            too_large = code in {552, 554} and b"5.3.4" in text
            return Refused(said(code, text)) if too_large or code == 552 else RelayTrouble(said(code, text))  # noqa: PLR2004
        code, text = client.rcpt(recipient)
        if code not in {OK, 251}:
            self._reset(client, code)
            if code in AUTHENTICATION:
                return RelayTrouble(said(code, text))
            refused = code // 100 == 5  # noqa: PLR2004 - 5xx
            return NoSuchRecipient(said(code, text)) if refused else self._verdict(code, text, handed=False)
        code, text = client.docmd("data")
        if code != START_MAIL:
            self._reset(client, code)
            return self._verdict(code, text, handed=False)
        return None

    def _reset(self, client: smtplib.SMTP, code: int) -> None:
        """Forget the envelope, or the whole connection when the relay says that it closes."""
        if code == CLOSING or code < 0:
            self._drop()
        elif client.sock is not None:
            client.rset()

    def _verdict(self, code: int, text: bytes, *, handed: bool) -> Outcome:
        """What a complete answer means. One that was cut off, or is none, leaves a doubt once all was handed over."""
        answer = said(code, text)
        match code // 100:
            case 2 if code == OK and handed:
                return Accepted()
            case 4 if code != CLOSING:
                return Later(answer)
            case 5:
                return Refused(answer)
        self._drop()
        return RelayTrouble(answer) if code == CLOSING or not handed else Unanswered(answer)


def said(code: int, text: bytes) -> str:
    """What a relay answered, fit for a page: one line, at most 500 characters."""
    words = text.decode("ascii", "replace").split()
    return f"{code} {' '.join(words)}"[:500]


def dot_stuffed(body: bytes) -> bytes:
    """Encode a message for DATA: CRLF line ends, leading dots doubled, the final dot (RFC 5321 section 4.5.2)."""
    lines = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"


def _cut(sock: socket.socket) -> None:
    """End a connection from another thread; the thread that waits for it gets an error at once."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
