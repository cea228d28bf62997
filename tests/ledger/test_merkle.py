"""The tree of RFC 6962: roots and proofs against the published test vectors, and laws."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taggant.ledger.merkle import EMPTY, inclusion_path, is_included, tree_root

# Certificate Transparency, merkletree test data (leaf inputs, and roots for the first 1 to 8 of them):
# https://github.com/google/certificate-transparency/blob/master/cpp/merkletree/merkle_tree_test.cc
_INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
_LEAVES = [hashlib.sha256(b"\x00" + bytes.fromhex(text)).digest() for text in _INPUTS]
_leaves = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40)


def test_root_of_nothing() -> None:
    """The root of no leaves is the digest of no bytes (RFC 6962 §2.1)."""
    assert tree_root([]) == EMPTY == hashlib.sha256().digest()


@pytest.mark.parametrize("n", range(1, 9))
def test_roots_of_the_published_vectors(n: int) -> None:
    """One to eight leaves give the published roots."""
    assert tree_root(_LEAVES[:n]).hex() == _ROOTS[n - 1]


def test_path_of_the_published_vector() -> None:
    """The first of eight leaves has the published path."""
    assert [h.hex()[:16] for h in inclusion_path(_LEAVES, 0)] == [
        "96a296d224f285c6",
        "5f083f0a1a33ca07",
        "6b47aaf29ee3c2af",
    ]


@given(_leaves, st.data())
def test_every_leaf_can_be_proven_and_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    """A path proves its leaf at its place; a changed leaf, root, place or path proves nothing."""
    index = data.draw(st.integers(0, len(leaves) - 1))
    root, path = tree_root(leaves), inclusion_path(leaves, index)
    assert is_included(leaves[index], index, len(leaves), path, root)
    assert not is_included(hashlib.sha256(leaves[index]).digest(), index, len(leaves), path, root)
    assert not is_included(leaves[index], index, len(leaves), path, hashlib.sha256(root).digest())
    assert not is_included(leaves[index], index, len(leaves), [*path, bytes(32)], root)
    assert not is_included(leaves[index], len(leaves), len(leaves), path, root)
    if path:
        assert not is_included(leaves[index], index, len(leaves), path[:-1], root)


def test_no_path_for_a_leaf_that_is_not_there() -> None:
    """Asking for leaf 1 of one leaf is an error, not a path."""
    with pytest.raises(IndexError):
        inclusion_path(_LEAVES[:1], 1)
