"""Keys near a key: nothing within one edit is missed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from taggant.writing.near_keys import NearKeys

KEY = st.text("AB01", min_size=1, max_size=6)


@given(st.lists(KEY, max_size=30), KEY)
def test_all_within_one_edit_are_offered(keys: list[str], asked: str) -> None:
    """A letter put in, left out or exchanged, anywhere; doubles too."""
    near = set(NearKeys(keys).one_edit(asked))
    assert {n for n, k in enumerate(keys) if Levenshtein.distance(k, asked) <= 1} <= near


@given(st.lists(KEY, max_size=30), KEY)
def test_beginnings_and_ends(keys: list[str], asked: str) -> None:
    """Both ways: the key inside a row, and a row inside the key."""
    near = NearKeys(keys)
    begins, ends = near.within(asked, shorter_by=2, least=1)
    shorter = {n: len(asked) - len(k) for n, k in enumerate(keys) if 0 < len(asked) - len(k) <= 2}
    assert set(begins) == {n for n in shorter if asked.startswith(keys[n])}
    assert set(ends) == {n for n in shorter if asked.endswith(keys[n])}
    longer = {n for n, k in enumerate(keys) if 0 < len(k) - len(asked) <= 2}
    assert set(near.beginning_with(asked, longer_by=2, most=99)) == {n for n in longer if keys[n].startswith(asked)}
    assert set(near.ending_with(asked, longer_by=2, most=99)) == {n for n in longer if keys[n].endswith(asked)}


@pytest.mark.parametrize("n", [0, 1, 2])
def test_lists_of_none_one_and_two(n: int) -> None:
    """Nothing is near in nothing; runs find what is far."""
    near = NearKeys(["LM5176PWP", "MAX3221EA"][:n])
    assert near.one_edit("LM5175PWP") == [0][:n]
    assert near.rich_in_runs("LM517", most=1) == [0][:n]
    assert near.one_edit("") == []


def test_letters_beyond_ascii_are_letters() -> None:
    """A key with a letter of another alphabet is found by its other letters."""
    assert NearKeys(["К1986ВЕ92"]).one_edit("К1986ВЕ93") == [0]
