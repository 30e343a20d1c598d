"""`dijkwacht report submit --to ADDRESS`: whatever answers there, a person and a script read what happened."""

import http.server
import json
import threading

import pytest
from click.testing import CliRunner

from dijkwacht.rooms.reporting.cli import report as command

from .story import early_warning

MADE = {"number": "DW-1", "reports": [{"regime": "cbw", "stage": "early-warning", "number": "DW-2", "receipt": {}}]}


class Answering(http.server.BaseHTTPRequestHandler):
    """Gives what a test wants, and keeps what it was asked with."""

    status, content = 201, b""
    seen: list = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, self.headers["Authorization"], self.headers["Idempotency-Key"], body))
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *_):
        pass


@pytest.fixture
def address():
    at = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=at.serve_forever)
    thread.start()
    Answering.seen.clear()
    yield f"http://127.0.0.1:{at.server_port}"
    at.shutdown()
    thread.join()
    at.server_close()


@pytest.fixture
def submit(tmp_path, monkeypatch):
    file = tmp_path / "report.json"
    file.write_text(json.dumps({"stage": "early-warning", "facts": early_warning()}))
    monkeypatch.setenv("DIJKWACHT_TOKEN", "a-token")
    return lambda *more: CliRunner().invoke(command, ["submit", str(file), *more], catch_exceptions=False)


def answers(monkeypatch, status, content):
    monkeypatch.setattr(Answering, "status", status)
    monkeypatch.setattr(Answering, "content", content)


def test_the_same_file_goes_with_the_same_key(submit, address, monkeypatch):
    answers(monkeypatch, 201, json.dumps(MADE).encode())
    assert json.loads(submit("--to", address, "--json").stdout) == MADE
    assert submit("--to", f"{address}/").stdout == "cbw early-warning: DW-2\n"
    first, second = Answering.seen
    assert first == second
    assert first[:2] == ("/api/v1/incidents/reports", "Bearer a-token")


@pytest.mark.parametrize(
    ("status", "content", "named"),
    [
        (403, b'{"title": "You may not report for it."}', "You may not report for it."),
        (500, b"<h1>Oops</h1>", "no answer that can be read"),
        (502, b"[]", "not as a Dijkwacht does"),
        (200, b'{"welcome": true}', "not as a Dijkwacht does"),
        (200, b"\xff\xfe", "no answer that can be read"),
    ],
)
def test_what_is_no_receipt_is_told_and_ends_in_1(submit, address, monkeypatch, status, content, named):
    answers(monkeypatch, status, content)
    done = submit("--to", address, "--json")
    assert done.exit_code == 1
    assert named in json.dumps(json.loads(done.stdout)["errors"])
    assert named in submit("--to", address).stderr


@pytest.mark.parametrize("to", ["foo://x", "http://", "nonsense", "http://127.0.0.1:1"])
def test_an_address_that_does_not_answer_is_told(submit, to):
    done = submit("--to", to, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["errors"][to].startswith("no answer that can be read")


@pytest.mark.parametrize("token", ["", " \n"])
def test_without_a_token_nothing_is_sent(submit, address, monkeypatch, token):
    monkeypatch.setenv("DIJKWACHT_TOKEN", token)
    done = submit("--to", address)
    assert (done.exit_code, Answering.seen) == (1, [])
    assert done.stderr.startswith("DIJKWACHT_TOKEN: ")
