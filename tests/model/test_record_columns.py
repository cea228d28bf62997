"""Records written by the column are the records written one by one: the same bytes, the same refusals."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taggant.errors import InputError
from taggant.model.record import Record
from taggant.model.record_columns import write_columns

_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_value = st.none() | _text | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.lists(_text, max_size=3)
_names = st.sampled_from(["zeta", "alpha", "key", "origin", "note", "a_b", "B", "salt"])
_column = st.one_of(st.just(_value), st.just(_text), st.just(st.none() | _text))


@st.composite
def _sheets(draw: st.DrawFn) -> tuple[list[str], dict[str, list[Any]], list[tuple[str, ...]]]:
    n = draw(st.integers(0, 6))
    keys = draw(st.lists(_text.filter(bool), min_size=n, max_size=n))
    columns = {name: draw(st.lists(draw(_column), min_size=n, max_size=n)) for name in draw(st.sets(_names))}
    ids = st.sets(st.sampled_from(["aa" * 32, "0b" * 32, "ff" * 32]), max_size=2)
    return keys, columns, [tuple(sorted(draw(ids))) for _ in range(n)]


@given(sheet=_sheets(), origin=_text)
@settings(max_examples=300, deadline=None)
def test_bytes_are_those_of_the_record(
    sheet: tuple[list[str], dict[str, list[Any]], list[tuple[str, ...]]], origin: str
) -> None:
    """Any text, any gaps, columns named like fields, rows that supersede: byte for byte."""
    keys, columns, supersedes = sheet
    salts = [f"{n:032x}" for n in range(len(keys))]
    numbers = list(range(2, 2 + len(keys)))
    made = list(
        write_columns("source", 3, keys, columns, supersedes=supersedes, salts=salts, origin=origin, numbers=numbers)
    )
    one_by_one = [
        Record(
            table="source", key=key, schema=3, supersedes=supersedes[n], salt=salts[n], origin=f"{origin}{numbers[n]}",
            body={name: values[n] for name, values in columns.items() if values[n] is not None},
        )
        for n, key in enumerate(keys)
    ]  # fmt: skip
    assert [m.canonical for m in made] == [r.canonical() for r in one_by_one]
    assert [(m.table, m.key, m.supersedes, m.is_withdrawal) for m in made] == [
        ("source", r.key, r.supersedes, False) for r in one_by_one
    ]


@pytest.mark.parametrize("value", [1.5, 2**53, -(2**53), "\ud800", ["\ud800"], [1], {"a": "b"}, b"x"])
def test_what_a_record_refuses_is_refused(value: Any) -> None:
    """Floats, large integers, lone surrogates, lists of anything but text."""
    with pytest.raises(InputError):
        list(
            write_columns(
                "source", 1, ["a", "b"], {"title": ["fine", value]},
                supersedes=[(), ()], salts=["00" * 16] * 2, origin="o", numbers=[1, 2],
            )
        )  # fmt: skip


def test_true_and_one_are_not_confused() -> None:
    """Equal in Python, different in JSON."""
    made = write_columns(
        "source", 1, ["a", "b", "c"], {"v": [True, 1, False]},
        supersedes=[()] * 3, salts=["00" * 16] * 3, origin="o", numbers=[1, 2, 3],
    )  # fmt: skip
    assert [m.canonical[:17] for m in made] == [b'{"body":{"v":true', b'{"body":{"v":1},"', b'{"body":{"v":fals']
