"""Field keys that only a keeper can open: here a program with a key of its own, as a token is."""

import sys
from pathlib import Path

import pytest

from dijkwacht.platform.crypto.fields import FieldError, FileKeys, seal, unseal
from dijkwacht.platform.crypto.wrapped import CommandKeeper, WrappedKeys, keys

PLACE = {"table": "reporting_report", "row": 7, "column": "sealed"}
KEEPER = """
import sys
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap
kept, what, given = bytes.fromhex(sys.argv[1]), sys.argv[2], sys.stdin.buffer.read()
sys.stdout.buffer.write(aes_key_wrap(kept, given) if what == "wrap" else aes_key_unwrap(kept, given))
"""


def keeper(tmp_path: Path, kept: str = "11" * 32) -> tuple[str, ...]:
    program = tmp_path / "keeper.py"
    program.write_text(KEEPER)
    return (sys.executable, str(program), kept)


def test_a_key_stands_on_disk_only_wrapped_and_opens_in_another_process(tmp_path):
    first = WrappedKeys(tmp_path, CommandKeeper(keeper(tmp_path)))
    sealed = seal(first, b"value", **PLACE)
    on_disk = (tmp_path / "secrets" / "wrapped-key-1").read_bytes()
    assert first.key("wrapped-key-1") not in on_disk
    again = WrappedKeys(tmp_path, CommandKeeper(keeper(tmp_path)))
    assert unseal(again, sealed, **PLACE) == b"value"


def test_another_keeper_opens_nothing(tmp_path):
    sealed = seal(WrappedKeys(tmp_path, CommandKeeper(keeper(tmp_path))), b"value", **PLACE)
    other = WrappedKeys(tmp_path, CommandKeeper(keeper(tmp_path, "22" * 32)))
    with pytest.raises(FieldError, match="did not unwrap"):
        unseal(other, sealed, **PLACE)


def test_what_plain_files_sealed_before_stays_readable(tmp_path):
    sealed = seal(FileKeys(tmp_path), b"value", **PLACE)
    assert unseal(keys(tmp_path, keeper(tmp_path)), sealed, **PLACE) == b"value"


@pytest.mark.parametrize("command", [("/no/such/program",), ("false",), ("true",)], ids=lambda it: it[0])
def test_a_keeper_that_does_not_answer_is_an_error_and_no_key(tmp_path, command):
    with pytest.raises(FieldError):
        seal(WrappedKeys(tmp_path, CommandKeeper(command)), b"value", **PLACE)
    assert not list(tmp_path.glob("secrets/wrapped-key-*"))
