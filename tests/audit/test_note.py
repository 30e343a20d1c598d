"""Checkpoints: what we sign opens, nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijkwacht.platform.audit.note import NoteError, Signer, Verifier

ROOT = bytes(range(32))


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    return Signer.of(tmp_path_factory.mktemp("home"))


def test_a_checkpoint_opens_with_the_verifier_key(signer):
    note = signer.sign(70_000, ROOT)
    opened = Verifier.from_text(signer.verifier.text()).open(note)
    assert (opened.size, opened.root) == (70_000, ROOT)
    assert note.startswith(f"{signer.verifier.name}\n70000\n")


def test_the_published_example_of_a_verifier_key_is_read():
    """The key of sum.golang.org, as the Go checksum database publishes it."""
    text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    assert Verifier.from_text(text).text() == text


def test_no_single_changed_byte_opens(signer):
    note = signer.sign(3, ROOT).encode()
    for place in range(len(note)):
        for bit in range(8):
            changed = note[:place] + bytes([note[place] ^ 1 << bit]) + note[place + 1 :]
            with pytest.raises(NoteError):
                signer.verifier.open(changed.decode(errors="replace"))


def test_a_cosignature_of_a_witness_may_stand_beside_ours(signer, tmp_path):
    note = signer.sign(3, ROOT) + Signer.of(tmp_path).sign(3, ROOT).split("\n\n")[1]
    assert signer.verifier.open(note).size == 3


def test_a_checkpoint_of_another_log_does_not_open(signer, tmp_path):
    with pytest.raises(NoteError, match="no signature"):
        signer.verifier.open(Signer.of(tmp_path).sign(3, ROOT))


@pytest.mark.parametrize(
    "body", ["x\n1\n", "{name}\n01\n{root}\n", "{name}\n-1\n{root}\n", "{name}\n1\nAAAA\n", "{name}\n"]
)
def test_a_signed_text_that_is_no_checkpoint_does_not_open(signer, body):
    from dijkwacht.platform.audit.note import DASH, encode

    name = signer.verifier.name
    text = body.format(name=name, root=encode(ROOT))
    signature = encode(signer.verifier.key_id + signer.private.sign(text.encode()))
    with pytest.raises(NoteError):
        signer.verifier.open(f"{text}\n{DASH}{name} {signature}\n")


@given(text=st.text(max_size=300))
def test_no_text_makes_the_reader_fail_in_another_way(signer, text):
    for read in (signer.verifier.open, Verifier.from_text):
        with pytest.raises(NoteError):
            read(text)
