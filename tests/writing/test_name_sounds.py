"""Foreign names in Chinese signs, met by sound."""

from __future__ import annotations

import pytest

from taggant.writing.name_alignment import align
from taggant.writing.name_index import NameIndex
from taggant.writing.name_sounds import SoundBook, han_runs, sound_of_folded, sound_of_han

LISTED = ("Barack OBAMA", "Vladimir PUTIN", "HUAWEI TECHNOLOGIES CO., LTD.", "LI Ming", "John SMITH", "Zavod Kupol")


@pytest.fixture(scope="module")
def index() -> NameIndex:
    """A small list in Latin letters."""
    return NameIndex(LISTED)


@pytest.mark.parametrize(
    ("signs", "listed"), [("贝拉克·奥巴马", 0), ("弗拉基米尔·普京", 1), ("奥巴马", 0), ("约翰·史密斯", 4)]
)
def test_a_foreign_name_in_chinese_signs_is_found_by_its_sound(index: NameIndex, signs: str, listed: int) -> None:
    """Syllable by syllable it shares no word with the name in Latin letters."""
    found = index.search([signs], most=1, by_sound=True)
    assert int(found.rows[0, 0]) == listed
    assert float(found.scores[0, 0]) > float(index.search([signs], most=1).scores[0, 0])


def test_one_word_by_sound_stays_weak_and_chinese_names_are_read_as_before(index: NameIndex) -> None:
    """The over-correction: many words sound alike; a Chinese firm or person is found by its syllables."""
    assert float(index.search(["奥巴马"], most=1, by_sound=True).scores[0, 0]) < 0.65
    for signs, listed in (("华为技术有限公司", 2), ("李明", 3)):
        plain, heard = (index.search([signs], most=1, by_sound=s) for s in (False, True))
        assert int(heard.rows[0, 0]) == int(plain.rows[0, 0]) == listed
        assert float(heard.scores[0, 0]) == float(plain.scores[0, 0])


def test_the_alignment_says_that_it_is_by_sound(index: NameIndex) -> None:
    """The pairs shown are those it was found by."""
    shown = align(index, "贝拉克·奥巴马", LISTED[0])
    assert {(w.listed, w.how) for w in shown.words} == {("barack", "by sound"), ("obama", "by sound")}
    assert 0.5 < shown.both < 0.85
    assert all(w.how != "by sound" for w in align(index, "Barack Obama", LISTED[0]).words)


def test_none_one_and_mixed() -> None:
    """No words, no signs, other letters beside: nothing is read by sound."""
    assert SoundBook([]).readings("奥巴马", most=3) == []
    assert SoundBook(["obama"]).readings("", most=3) == []
    assert han_runs("Obama 奥巴马") == han_runs("") == han_runs("王") == []
    assert sound_of_han(["pa", "la", "de"]) == "palad"
    assert sound_of_folded("") == ""
