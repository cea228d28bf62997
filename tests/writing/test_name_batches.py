"""Many names read at once are read as one by one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taggant.writing.folding import fold, skeleton
from taggant.writing.name_batches import BatchReader, letters_of
from taggant.writing.name_index import NameIndex
from taggant.writing.name_reading import MOST_WORDS, NameReader
from taggant.writing.reading_kernels import FOLDING, fold_letters, skeleton_letters

SIGNS = st.text(alphabet="aeioucshtzkxwyjqdgfnp01589 .-'&АОЩщяюій شركةو王公한", max_size=40)
KNOWN = ["Emma LLC", "to the order of Almaz-Antey JSC", "Общество с ограниченной ответственностью Купол", "", "12345"]


def whole(part: Callable[[int, int], None], n: int) -> None:
    """Do it in one go."""
    part(0, n)


def by_batch(batch: BatchReader, names: list[str]) -> list[list[str]]:
    """The words of each name, as the kernels read them."""
    read = batch.ask(names, whole)
    n_known = batch.reader.n_words
    new = [bytes(96 + c if c < 27 else 21 + c for c in row[:n]).decode() for row, n in zip(
        read.letters.tolist(), read.n_letters.tolist(), strict=True)]  # fmt: skip
    words = [batch.reader.word(c) if c < n_known else new[c - n_known] for c in read.words.tolist()]
    return [words[a:b] for a, b in zip(read.word_from[:-1], read.word_from[1:], strict=True)]


def one_by_one(reader: NameReader, names: list[str]) -> list[list[str]]:
    """The words of each name, as the reader gives them."""
    asking = NameReader(base=reader)
    return [[asking.word(c) for c in asking.codes(name)] for name in names]


@pytest.fixture(scope="module")
def batch() -> BatchReader:
    """A reader that has learned a few names."""
    made = BatchReader(NameReader())
    made.learn(KNOWN)
    return made


@settings(max_examples=300, deadline=None)
@given(names=st.lists(SIGNS | st.sampled_from(KNOWN), max_size=6))
def test_read_at_once_as_one_by_one(batch: BatchReader, names: list[str]) -> None:
    """Letters, folding, legal forms of several words, and numbers of several scripts."""
    assert by_batch(batch, names) == one_by_one(batch.reader, names)


@settings(max_examples=500, deadline=None)
@given(word=st.text(alphabet="abcdefghijklmnopqrstuvwxyz01289", min_size=1, max_size=60))
def test_kernels_fold_as_the_rules_say(word: str) -> None:
    """The compiled fold and skeleton give what the regular expressions give."""
    raw = np.frombuffer(word.encode(), np.uint8)
    raw = np.where(raw >= ord("a"), raw - 96, raw - 21).astype(np.uint8)
    out = np.zeros(24, np.uint8)
    n = fold_letters(raw, len(raw), FOLDING, out)
    letters, n_letters = letters_of([fold(word)])
    assert out[:n].tolist() == letters[0, : n_letters[0]].tolist()
    bones = np.zeros(24, np.uint8)
    m = skeleton_letters(out, n, bones)
    expected, n_expected = letters_of([skeleton(fold(word))])
    assert bones[:m].tolist() == expected[0, : n_expected[0]].tolist()


def test_words_met_first_are_coded_first() -> None:
    """The list's words have one order, however they were read, so that ties are settled alike."""
    names = ["Zavod Kupol", "Kupol Izhevsk", "Emma Kupol " + "word " * 30 + "last"]
    at_once, single = NameReader(), NameReader()
    read = BatchReader(at_once).learn(names)
    codes = [single.codes(name) for name in names]
    assert at_once.words == single.words
    assert read.words.tolist() == [c for some in codes for c in some]
    assert np.diff(read.word_from).tolist() == [2, 2, MOST_WORDS]
    assert "last" not in at_once.words


def test_a_list_learned_in_parts_is_one_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million names are read a part at a time; the index is the same."""
    names = [f"{a} {b} {n}" for n in range(30) for a, b in (("Kupol", "Zavod"), ("Almaz", "Antey"))]
    before = NameIndex(names)
    monkeypatch.setattr("taggant.writing.name_batches._CHUNK", 7)
    after = NameIndex(names)
    assert after.row_of_name.tolist() == before.row_of_name.tolist()
    assert after.search(["Kupol 7"]).rows.tolist() == before.search(["Kupol 7"]).rows.tolist()
