"""Sealed values open in their own place, with their own key, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijkwacht.platform.crypto.fields import FieldError, FileKeys, seal, unseal

PLACE = {"table": "audit_personal", "row": 7, "column": "sealed"}
ELSEWHERE = [PLACE | {"table": "other"}, PLACE | {"row": 8}, PLACE | {"column": "other"}]


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return FileKeys(tmp_path_factory.mktemp("home"))


@given(value=st.binary(max_size=500))
def test_a_sealed_value_opens_in_its_place(keys, value):
    sealed = seal(keys, value, **PLACE)
    assert unseal(keys, sealed, **PLACE) == value
    assert len(value) < 4 or value not in sealed


@pytest.mark.parametrize("place", ELSEWHERE, ids=str)
def test_a_sealed_value_does_not_open_elsewhere(keys, place):
    with pytest.raises(FieldError):
        unseal(keys, seal(keys, b"value", **PLACE), **place)


def test_places_that_read_alike_are_kept_apart(keys):
    with pytest.raises(FieldError):
        unseal(keys, seal(keys, b"v", table="ab", row="c", column="d"), table="a", row="bc", column="d")


def test_no_changed_or_cut_byte_opens(keys):
    sealed = seal(keys, b"value", **PLACE)
    for place in range(len(sealed)):
        for changed in (sealed[:place], sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]):
            with pytest.raises(FieldError):
                unseal(keys, changed, **PLACE)


@given(sealed=st.binary(max_size=60))
def test_no_bytes_make_it_fail_in_another_way(keys, sealed):
    with pytest.raises(FieldError):
        unseal(keys, b"\x01" + sealed, **PLACE)


def test_a_new_key_is_used_from_then_on_and_the_old_one_still_opens(tmp_path):
    old = seal(FileKeys(tmp_path), b"old", **PLACE)
    (tmp_path / "secrets" / "field-key-2").write_bytes(bytes(32))
    keys = FileKeys(tmp_path)
    new = seal(keys, b"new", **PLACE)
    assert keys.current() == "field-key-2"
    assert (unseal(keys, old, **PLACE), unseal(keys, new, **PLACE)) == (b"old", b"new")


@pytest.mark.parametrize("name", ["../../etc/passwd", "audit-signing-key", "field-key-9", ""])
def test_only_keys_for_fields_are_read(keys, name):
    with pytest.raises(FieldError, match="is not here"):
        keys.key(name)
