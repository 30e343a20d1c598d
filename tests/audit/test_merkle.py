"""The tree against a slow one written down from RFC 6962, section 2.1, word for word."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dijkwacht.platform.audit import merkle
from dijkwacht.platform.audit.tiles import MissingTile, Tiles, path_of


def naive_root(leaves):
    """MTH: the definition of the RFC over leaf hashes."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m, leaves):
    """PATH(m, D[n]) of section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = merkle.split(len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_proof(m, leaves, complete=True):
    """PROOF(m, D[n]) of section 2.1.2."""
    if m == len(leaves):
        return [] if complete else [naive_root(leaves)]
    k = merkle.split(len(leaves))
    if m <= k:
        return [*naive_proof(m, leaves[:k], complete), naive_root(leaves[k:])]
    return [*naive_proof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def leaves_of(size):
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


def ranges(leaves):
    return lambda start, end: naive_root(leaves[start:end])


@st.composite
def trees(draw):
    size = draw(st.integers(1, 70))
    return leaves_of(size), draw(st.integers(0, size - 1)), draw(st.integers(1, size))


# The test vectors of the reference implementation (certificate-transparency): these inputs, these roots.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize(("size", "expected"), ROOTS.items())
def test_the_published_test_vectors_hold(size, expected):
    assert merkle.root([merkle.leaf_hash(bytes.fromhex(text)) for text in INPUTS[:size]]).hex() == expected


def test_the_empty_tree_has_the_hash_of_nothing():
    assert merkle.root([]) == sha256(b"").digest()


@given(trees())
def test_roots_and_paths_are_those_of_the_definition(tree):
    leaves, index, old = tree
    size, root = len(leaves), naive_root(leaves)
    assert merkle.root(leaves) == root
    path = merkle.inclusion_path(index, size, ranges(leaves))
    assert path == naive_path(index, leaves)
    assert merkle.root_from_path(leaves[index], index, size, path) == root
    proof = merkle.consistency_path(old, size, ranges(leaves))
    assert proof == naive_proof(old, leaves)
    assert merkle.is_consistent(old, naive_root(leaves[:old]), size, root, proof)


@given(trees(), st.data())
def test_a_changed_proof_does_not_hold(tree, data):
    leaves, index, old = tree
    size, root, old_root = len(leaves), naive_root(leaves), naive_root(leaves[:old])
    path, proof = naive_path(index, leaves), naive_proof(old, leaves)
    wrong = sha256(b"wrong").digest()
    for list_, holds in (
        (path, lambda changed: _root(leaves[index], index, size, changed) == root),
        (proof, lambda changed: merkle.is_consistent(old, old_root, size, root, changed)),
    ):
        assert not holds([*list_, wrong])
        if list_:
            place = data.draw(st.integers(0, len(list_) - 1))
            assert not holds([*list_[:place], wrong, *list_[place + 1 :]])
            assert not holds(list_[:place] + list_[place + 1 :])
    assert not merkle.is_consistent(old, wrong, size, root, proof)
    assert not merkle.is_consistent(old, old_root, size, wrong, proof)
    assert _root(wrong, index, size, path) != root


def _root(leaf, index, size, path):
    try:
        return merkle.root_from_path(leaf, index, size, path)
    except ValueError:
        return None


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 5), (5, 5)])
def test_a_tree_has_no_proof_for_a_leaf_it_has_not(index, size):
    with pytest.raises(IndexError):
        merkle.inclusion_path(index, size, ranges([]))
    with pytest.raises(ValueError, match="no leaf"):
        merkle.root_from_path(b"", index, size, [])


@pytest.mark.parametrize(("old", "size"), [(0, 1), (2, 1), (-1, 1)])
def test_a_tree_has_no_proof_for_a_beginning_it_has_not(old, size):
    with pytest.raises(IndexError):
        merkle.consistency_path(old, size, ranges([]))
    assert not merkle.is_consistent(old, b"", size, b"", [])


@settings(max_examples=12, deadline=None)
@given(steps=st.lists(st.integers(1, 400), min_size=1, max_size=4), data=st.data())
def test_tiles_give_the_proofs_of_the_definition(tmp_path_factory, steps, data):
    tiles = Tiles(tmp_path_factory.mktemp("tiles"))
    entries = [str(number).encode() for number in range(sum(steps))]
    size = 0
    for step in steps:
        tiles.append(size, entries[size : size + step])
        size += step
    leaves = leaves_of(size)
    assert tiles.root(size) == naive_root(leaves)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert merkle.inclusion_path(index, size, tiles.range_hash(size)) == naive_path(index, leaves)
    assert merkle.consistency_path(old, size, tiles.range_hash(size)) == naive_proof(old, leaves)


def test_three_levels_of_tiles_give_the_root(tmp_path):
    size = 256 * 256 + 300
    tiles = Tiles(tmp_path)
    entries = [number.to_bytes(4) for number in range(size)]
    tiles.append(0, entries[:65_000])
    tiles.append(65_000, entries[65_000:])
    assert tiles.root(size) == merkle.root([merkle.leaf_hash(entry) for entry in entries])
    assert (tmp_path / "tile/2/000.p/1").exists()
    assert (tmp_path / "tile/1/001.p/1").exists()
    assert (tmp_path / "tile/1/000").exists()
    assert not (tmp_path / "tile/1/000.p").exists()


def test_a_tree_that_lacks_its_beginning_is_not_extended(tmp_path):
    with pytest.raises(MissingTile, match=r"tile/entries/000\.p/5"):
        Tiles(tmp_path).append(5, [b"entry"])


PATHS = [
    ((0, 0, 256), "tile/0/000"),
    ((0, 273, 112), "tile/0/273.p/112"),
    ((1, 1_234_067, 256), "tile/1/x001/x234/067"),
    (("entries", 1000, 1), "tile/entries/x001/000.p/1"),
]


@pytest.mark.parametrize(("arguments", "expected"), PATHS)
def test_a_path_is_spelled_as_the_specification_says(arguments, expected):
    assert path_of(*arguments) == expected
