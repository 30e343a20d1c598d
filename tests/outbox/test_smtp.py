"""The SMTP session by itself: encryption, sign-in, and answers that are rare."""

import socket
import ssl
import threading
import time

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from tests.outbox.conftest import Server
from tests.outbox.test_webhook import authority  # noqa: F401 - a fixture
from tests.ports import free_port

from dijkwacht.platform.outbox.outcome import Accepted, Later, NoSuchRecipient, Refused, RelayTrouble, Unanswered
from dijkwacht.platform.outbox.smtp import Relay, RelayUnavailable, Session, dot_stuffed


def hand_over(session: Session, *, body: bytes = b"Subject: x\r\n\r\nx"):
    return session.hand_over(sender="a@b", recipient="c@d", body=body, deadline=time.monotonic() + 5)


@pytest.mark.parametrize("password", ["secret", "wrong"])
def test_a_relay_with_starttls_and_a_password_is_used_as_its_url_says(authority, monkeypatch, password):  # noqa: F811
    handler, port = Server(), free_port()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority)

    def check(server, session, envelope, mechanism, data):
        return AuthResult(success=data.password == b"secret")

    controller = Controller(
        handler,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
        authenticator=check,
        auth_required=True,
    )
    controller.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    session = Session(Relay("localhost", port, "user", password), seconds=5)
    try:
        if password == "wrong":
            with pytest.raises(RelayUnavailable):
                session.connect()
        else:
            session.connect()
            assert hand_over(session) == Accepted()
            assert handler.accepted[0].content == b"Subject: x\r\n\r\nx\r\n"
    finally:
        session.close()
        controller.stop()


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"MAIL": "552 5.3.4 too large"}, Refused),
        ({"MAIL": "550 5.7.1 sender refused"}, RelayTrouble),
        ({"MAIL": "421 closing"}, RelayTrouble),
        ({"RCPT": "421 closing"}, RelayTrouble),
        ({"RCPT": "550 no"}, NoSuchRecipient),
        ({"RCPT": "251 will forward"}, Accepted),
        ({"RCPT": "nonsense"}, RelayTrouble),
        ({"DATA": "250 what"}, RelayTrouble),
        ({"DATA": "451 later"}, Later),
        ({"DATA": "554 no"}, Refused),
        ({".": "25"}, Unanswered),
        ({".": ""}, Unanswered),
        ({".": "421 closing"}, RelayTrouble),
        ({".": "354 what"}, Unanswered),
        ({".": "250-ok\r\n250 ok"}, Accepted),
    ],
)
def test_each_answer_has_one_meaning(answers, expected):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=speak, args=[listener, answers], daemon=True).start()
        session = Session(Relay("127.0.0.1", listener.getsockname()[1]), seconds=3)
        session.connect()
        assert isinstance(hand_over(session), expected)
        session.close()


def speak(listener: socket.socket, answers: dict[str, str]) -> None:
    """A relay with the given answers; it closes after one that is no complete answer."""
    peer, _ = listener.accept()
    with peer, peer.makefile("rwb", buffering=0) as stream:
        stream.write(b"220 hello\r\n")
        in_data = False
        for line in stream:
            if in_data and line != b".\r\n":
                continue
            verb = "." if in_data else line[:4].decode().upper()
            in_data = False
            answer = answers.get(verb, "354 go" if verb == "DATA" else "250 ok")
            in_data = verb == "DATA" and answer.startswith("354")
            complete = answer[:3].isdigit()
            stream.write(answer.encode() + (b"\r\n" if complete else b""))
            if not complete:
                return


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (b"", b"\r\n.\r\n"),
        (b"a", b"a\r\n.\r\n"),
        (b"a\n", b"a\r\n.\r\n"),
        (b".\r\n", b"..\r\n.\r\n"),
        (b"a\r\n.\r\nMAIL FROM:<x>\r\n", b"a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n"),
        (b"a\n.\nb", b"a\r\n..\r\nb\r\n.\r\n"),
        (b"a\r.\rb", b"a\r\n..\r\nb\r\n.\r\n"),
        (b"a\n.\r\nb", b"a\r\n..\r\nb\r\n.\r\n"),
    ],
)
def test_no_body_can_end_its_message_early(body, sent):
    assert dot_stuffed(body) == sent


def test_a_relay_that_is_not_there_is_unavailable():
    with pytest.raises(RelayUnavailable):
        Session(Relay("127.0.0.1", free_port()), seconds=2).connect()
