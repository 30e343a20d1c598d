"""`dijkwacht receipt verify` refuses what was changed in any place, and whatever is no receipt, in a clear line."""

import base64
import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dijkwacht.__main__ import main
from dijkwacht.platform.receipts import LARGEST, ReceiptNotValid, Signer, verify

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
BODY = {
    "subject": "incident report", "number": "Q7W2-XK4P-9HTR-M3VD", "organisation": {"name": "Café Zuid"}, "version": 1,
    "incident": "A", "regime": "cbw", "stage": "early-warning", "content_sha256": "0" * 64,
}  # fmt: skip


@pytest.fixture(scope="module")
def signer():
    return Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def still_right(text, signer):
    try:
        verify(text, signer.verifier)
    except ReceiptNotValid:
        return False
    return True


def test_every_bit_of_a_receipt_that_is_turned_over_is_seen(signer):
    whole = signer.sign(BODY, NOON).encode()
    assert still_right(whole.decode(), signer)
    passed = []
    for place in range(len(whole) * 8):
        changed = bytearray(whole)
        changed[place // 8] ^= 1 << place % 8
        if still_right(changed.decode("utf-8", "replace"), signer):
            passed.append((place // 8, bytes(changed[place // 8 - 10 : place // 8 + 10])))
    # The line end after the last brace is outside the JSON: as a space, it changes nothing of what the receipt says.
    assert passed == []


def test_a_receipt_that_is_cut_off_anywhere_is_refused(signer):
    whole = signer.sign(BODY, NOON).strip()
    assert not any(still_right(whole[:length], signer) for length in range(len(whole)))


def test_another_letter_at_the_end_of_the_signature_says_the_same_bytes_and_is_refused(signer):
    made = json.loads(signer.sign(BODY, NOON))
    known = base64.b64decode(made["signature"])
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    same = [made["signature"][:-3] + one + "==" for one in alphabet]
    same = [one for one in same if base64.b64decode(one) == known and one != made["signature"]]
    assert same
    assert not any(still_right(json.dumps({**made, "signature": one}), signer) for one in same)


def test_a_receipt_that_names_another_key_is_refused(signer):
    made = json.loads(signer.sign(BODY, NOON))
    for key in ("", 1, None, made["key"] + " ", Signer(Ed25519PrivateKey.generate()).verifier.text()):
        assert not still_right(json.dumps({**made, "key": key}), signer)


def run(*arguments):
    return CliRunner().invoke(main, ["receipt", "verify", *map(str, arguments)], catch_exceptions=False)


@pytest.mark.parametrize(
    "body", [{}, {"organisation": "A"}, {"organisation": None, "number": None}, {"number": ["\x1b[2J"]}]
)
def test_whatever_another_signed_is_told_in_a_line(tmp_path, signer, body):
    file = tmp_path / "receipt.json"
    file.write_text(signer.sign({"subject": "x\x1b[31m", **body}, NOON), "utf-8")
    for more in ((), ("--json",)):
        done = run(file, "--key", signer.verifier.text(), *more)
        assert done.exit_code == 0, done.output
        assert "\x1b" not in done.output


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\0", b"{", b"[]", b"null", b"{}", b"[" * 100_000, b'{"key":1,"key":2}', b"x" * (LARGEST + 1)],
    ids=["empty", "binary", "cut off", "list", "null", "object", "deep", "twice", "huge"],
)  # fmt: skip
def test_what_is_no_receipt_ends_in_1_and_in_json_when_that_is_asked(tmp_path, content):
    file = tmp_path / "receipt.json"
    file.write_bytes(content)
    plain, told = run(file), run(file, "--json")
    assert (plain.exit_code, told.exit_code) == (1, 1)
    assert plain.stderr.startswith("This is not a receipt of ours")
    assert json.loads(told.stdout)["type"] == "receipt-not-valid"


def test_wrong_use_with_json_is_told_in_json_too(tmp_path):
    for arguments in ((tmp_path,), (tmp_path / "nowhere",), ()):
        done = run(*arguments, "--json")
        assert done.exit_code == 2
        assert json.loads(done.stdout)["type"] == "wrong-use"
    done = run(tmp_path / "nowhere")
    assert (done.exit_code, done.stdout) == (2, "")
