"""Webhooks, against a real HTTPS server with a certificate of its own authority."""

import base64
import hashlib
import hmac
import http.server
import json
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.outbox.conftest import ACTOR
from tests.outbox.test_delivery import now

from dijkwacht.platform import network
from dijkwacht.platform.outbox import actions, webhook
from dijkwacht.platform.outbox.errors import InvalidRecipient
from dijkwacht.platform.outbox.models import State
from dijkwacht.platform.outbox.outcome import Accepted, Later, Refused

ORGANISATION = uuid4()


class Receiver(http.server.BaseHTTPRequestHandler):
    """Answers what the path says: /200, /302, /slow, /large."""

    seen: list[tuple[str, dict[str, str], bytes]] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, dict(self.headers), body))
        what = self.path.strip("/").partition("?")[0]
        if what == "slow":
            self.drip()
            return
        if what == "slow-body":
            self.drip(b"HTTP/1.1 200 OK\r\n\r\n")
            return
        self.send_response(int(what) if what.isdigit() else 200)
        self.send_header("Location", "https://127.0.0.1:1/elsewhere")
        self.send_header("Retry-After", "120")
        self.end_headers()
        if what == "large":
            self.wfile.write(b"x" * 10_000_000)

    def drip(self, first=b"HTTP/1.1 200 OK\r\n"):
        self.wfile.write(first)
        try:
            for _ in range(100):
                self.wfile.write(b"X-Drip: 1\r\n"[:1])
                self.wfile.flush()
                time.sleep(0.1)
        except OSError:
            self.close_connection = True

    def log_message(self, *_):
        pass


class QuietServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate for 127.0.0.1 that is its own authority, in one file with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def receiver(authority, settings, monkeypatch) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority)
    server = QuietServer(("127.0.0.1", 0), Receiver)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Receiver.seen.clear()
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    settings.WEBHOOK_ALLOW = [f"localhost:{server.server_port}", f"127.0.0.1:{server.server_port}"]
    yield f"https://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def post(url: str, *, body: bytes = b"{}", seconds: float = 5.0):
    return webhook.hand_over(
        url=url, identifier="msg_1", body=body, organisation=ORGANISATION, deadline=time.monotonic() + seconds
    )


def test_a_webhook_carries_a_signature_its_receiver_can_check(receiver):
    assert post(f"{receiver}/200?a=b", body=b'{"finding": 1}') == Accepted()
    [(path, headers, body)] = Receiver.seen
    assert (path, json.loads(body), headers["webhook-id"]) == ("/200?a=b", {"finding": 1}, "msg_1")
    secret = base64.b64decode(webhook.signing_secret(ORGANISATION).removeprefix("whsec_"))
    signed = f"msg_1.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 5


def test_the_signature_agrees_with_the_published_example():
    # standard-webhooks/standard-webhooks, spec: the example of the signature scheme.
    found = webhook.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        identifier="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_organisations_have_secrets_of_their_own():
    assert webhook.signing_secret(ORGANISATION) != webhook.signing_secret(uuid4())


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/204", Accepted()),
        ("/large", Accepted()),
        ("/302", Later("HTTP 302: redirects are not followed")),
        ("/404", Later("HTTP 404", 120.0)),
        ("/429", Later("HTTP 429", 120.0)),
        ("/503", Later("HTTP 503", 120.0)),
        ("/410", Refused("HTTP 410")),
    ],
)
def test_what_the_receiver_answers_decides(receiver, path, expected):
    assert post(receiver + path) == expected
    assert len(Receiver.seen) == 1


def test_a_receiver_whose_body_drips_is_cut_off(receiver):
    before = time.monotonic()
    assert isinstance(post(f"{receiver}/slow-body", seconds=1.0), Later)
    assert time.monotonic() - before < 4


def test_a_receiver_that_drips_is_cut_off(receiver):
    began = time.monotonic()
    assert isinstance(post(f"{receiver}/slow", seconds=1.0), Later)
    assert time.monotonic() - began < 3


def test_an_address_that_is_not_allowed_is_refused_when_we_connect(receiver, settings):
    settings.WEBHOOK_ALLOW = []
    assert isinstance(post(f"{receiver}/200"), Refused)
    assert Receiver.seen == []


def test_a_certificate_of_an_unknown_authority_is_refused(receiver, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    outcome = post(f"{receiver}/200")
    assert isinstance(outcome, Later)
    assert "certificate" in outcome.reason.lower()
    assert Receiver.seen == []


def test_a_certificate_for_another_name_is_refused(receiver):
    assert isinstance(post(receiver.replace("localhost", "127.0.0.1") + "/200"), Later)
    assert Receiver.seen == []


def test_the_name_is_resolved_once_and_the_judged_address_is_used(receiver, monkeypatch):
    calls: list[str] = []
    real = network.addresses

    def counted(host, port, **kwargs):
        calls.append(host)
        return real(host, port, **kwargs)

    monkeypatch.setattr(network, "addresses", counted)
    assert post(f"{receiver}/200") == Accepted()
    assert calls == ["localhost"]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://",
        "ftp://x/",
        "https://user:pass@x/",
        "https://x/\r\nHost: y",
        "https://[::1/",
        "https://x:0/",
        "https://x:99999/",
        "javascript:alert(1)",
        "",
        "https://x/" + "a" * 2000,
    ],
)
@pytest.mark.django_db
def test_only_a_plain_https_url_can_receive(url):
    with pytest.raises(InvalidRecipient):
        enqueue(url)


@pytest.mark.django_db
def test_a_webhook_leaves_through_the_outbox_even_while_the_relay_for_mail_is_dead(receiver):
    from tests.outbox.conftest import sender_to

    message = enqueue(f"{receiver}/200")
    sender_to(1).drain()
    assert now(message).state == State.SENT
    assert Receiver.seen[0][1]["webhook-id"] == message.message_id


def enqueue(url: str):
    return actions.enqueue(
        actor=ACTOR,
        channel="webhook",
        organisation=ORGANISATION,
        recipient=url,
        payload=b"{}",
        dedupe_key="w",
        reference="notice 1",
    )
