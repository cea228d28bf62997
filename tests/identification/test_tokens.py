"""Cutting a marking into pieces changes no letter and finds codes where people print them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taggant.identification.tokens import tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("   | |", []),
        ("TMS320 F28335PGFA G4A-22AXTXW G4", ["TMS320", "F28335PGFA", "G4A-22AXTXW", "22AXTXW", "G4"]),
        ("VP230 (18M)  A 77R", ["VP230", "18M", "A", "77R"]),
        ("EUE +116", ["EUE", "+116"]),
        ("ACPZ|#1748|67812", ["ACPZ", "#1748", "67812"]),
        ("GD32F105/CE93266/AJ1919", ["GD32F105/CE93266/AJ1919", "AJ1919"]),
        ("a- -b -", ["a-", "-b", "-"]),
        ("Ы-391", ["Ы-391", "391"]),
    ],
)
def test_pieces(text: str, expected: list[str]) -> None:
    """White space and bars part pieces; brackets fall away; what stands behind a hyphen is offered too."""
    assert [t.text for t in tokens(text)] == expected


@pytest.mark.parametrize("text", ["63 V", "250 Hz", "1200 mkF", "100 Ω", "50 MHz"])
def test_a_number_before_its_unit_is_a_quantity(text: str) -> None:
    """250 Hz is no week of 2022."""
    assert tokens(text)[0].is_quantity


def test_a_number_before_a_word_is_no_quantity() -> None:
    """The over-correction: a code before a lot stays a code."""
    assert not any(t.is_quantity for t in tokens("2217 6203 DL900ZZ"))


@given(st.text(max_size=60))
def test_every_token_is_a_slice_of_the_text(text: str) -> None:
    """Law: letters are never changed, spans tell where they stand."""
    for token in tokens(text):
        assert text[token.start : token.end] == token.text
        assert token.text
