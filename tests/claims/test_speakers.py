"""Sentences as press writes them, in eight languages: whose words, through whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from taggant.claims.cues import cues_of
from taggant.claims.whose_words import words_of_parts
from taggant.writing.language_words import folded

SENTENCES = tuple(
    tuple(line.split("|"))
    for line in (Path(__file__).parent / "speakers.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)


@pytest.mark.parametrize(("code", "text", "wanted"), SENTENCES, ids=[f"{c}: {t[:40]}" for c, t, _ in SENTENCES])
def test_one_sentence(code: str, text: str, wanted: str) -> None:
    """The chain is cut out of the sentence; the speaker is its last link."""
    parts = words_of_parts(text, folded(text), cues_of(code))
    words = next((p for p in parts if p.via), parts[0])
    assert [link.strip('«»„“”"') for link in words.via] == wanted.split(";")
    assert words.speaker is None or words.speaker == words.via[-1]


def test_two_voices_in_one_sentence_keep_their_own_parts() -> None:
    """The denial belongs to who denies, not to who asserts."""
    text = "The ministry said 300 were made, but the director of the plant denied it."
    said = words_of_parts(text, text.lower(), cues_of("en"))
    assert [(w.speaker, w.stance) for w in said] == [("The ministry", "assert"), ("the director of the plant", "deny")]


def test_a_drone_with_a_name_in_quotation_marks_is_no_voice() -> None:
    """In «Зарник-2» nobody speaks; the accident: the name of a thing was taken for a paper."""
    text = "У безпілотнику «Зарник-2» нарахували 72 компоненти."
    assert words_of_parts(text, text.lower(), cues_of("uk"))[0].speaker is None
