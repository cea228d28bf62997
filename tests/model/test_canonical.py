"""Canonical JSON is RFC 8785 for the values we allow, and everything else is refused."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from taggant.errors import InputError
from taggant.model.canonical import canonical, digest
from taggant.model.record import Record, fresh_salt, record_id

_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_names = st.text(st.characters(max_codepoint=127), max_size=8)
_plain: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_names, inner, max_size=4),
    max_leaves=12,
)


@given(_plain)
def test_canonical_is_rfc_8785(value: Any) -> None:
    """For every value we allow, our bytes are those of the reference package."""
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", ["", "\x00", "\u2028", "Ы", "😀", "\ud7ff", [], {}, None, 0, True, 2**53 - 1])
def test_edge_values_are_rfc_8785(value: Any) -> None:
    """Control characters, separators, letters outside the basic plane, empties and the largest integer."""
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), 2**53, -(2**53), {"Ы": 1}, [1.5], {"a": {"b": 0.1}}, b"x", (1,), "\ud800", ["\udfff"]]
)
def test_what_another_reader_could_misread_is_refused(value: Any) -> None:
    """Floats, large integers, names outside ASCII, bytes, tuples and lone surrogates raise an InputError."""
    with pytest.raises(InputError):
        canonical(value)


def test_order_of_columns_does_not_matter() -> None:
    """The same mapping written in another order has the same digest; another value has another."""
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest({"a": 1}) != digest({"a": True})


def test_record_id_is_the_rfc_6962_leaf_hash() -> None:
    """The id is sha256 over 0x00 and the canonical bytes, and every field of the record is in them."""
    record = Record(table="item", key="a", schema=1, body={"item_id": "a"}, salt="00" * 16, origin="sha256:x#row=2")
    assert record.record_id == hashlib.sha256(b"\x00" + record.canonical()).hexdigest()
    assert record.record_id == record_id(record.canonical())
    for field in (b"item", b'"a"', b'"schema":1', b"item_id", b"0000", b"#row=2", b"supersedes"):
        assert field in record.canonical()


def test_salt_hides_equal_bodies() -> None:
    """Two records of equal content have different ids, so content cannot be confirmed by hashing guesses."""
    one, two = (Record(table="item", key="a", schema=1, body={}, salt=fresh_salt()) for _ in range(2))
    assert one.record_id != two.record_id
