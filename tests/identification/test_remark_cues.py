"""Cues that a part was marked anew: what gives one, what must not, and that each has a harmless reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taggant.identification.date_codes import read_code
from taggant.identification.decode import Decoded, decode
from taggant.identification.remark_cues import remark_cues
from taggant.reference import load_date_code_rules

KNOWN = date(2023, 9, 30)


def read(text: str) -> Decoded:
    """Read with nothing stated."""
    return decode(text, known_by=KNOWN)


@pytest.mark.parametrize(
    ("top", "bottom", "kinds"),
    [
        ("TMS320F28335PGFA", "STM32F405RGT6", ["sides name two makers", "sides name two parts"]),
        ("STM32F405RGT6", "STM32F407VGT6", ["sides name two parts"]),
        ("STM32F405RGT6", "STM32F4O5RGT6", []),
        ("STM32F405RGT6", "STM32F405", []),
        ("TMS320F28335PGFA 17C76FW", "TMS320F28335PGFA 19C76FW", ["sides are of two dates"]),
        ("TMS320F28335PGFA 17C76FW", "TMS320F28335PGFA 17C99FW", []),
        ("TMS320F28335PGFA", "", []),
        ("", "", []),
        ("TMS320F28335PGFA", "Oil seal", []),
    ],
)
def test_two_sides(top: str, bottom: str, kinds: list[str]) -> None:
    """Other makers, parts or dates are cues; a shorter or misread twin, or an empty side, is not."""
    cues = remark_cues(read(top), below=read(bottom))
    assert [c.kind for c in cues] == kinds
    assert all(c.harmless for c in cues)


def test_a_date_before_the_launch_of_its_family_is_a_cue() -> None:
    """The refusal of the decoder is handed on, with what else it may be."""
    decoded = replace(
        read("TMS320F28335PGFA"),
        refusals=(("impossible", "'9512' by rule x is before its family was launched"), ("no code", "none")),
    )
    (cue,) = remark_cues(decoded)
    assert cue.kind == "before launch"
    assert "samples are made before a launch" in cue.harmless


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("TMS320F28335PGFA FBBGAU2231A", 1),
        ("STM32F405RGT6 #1748 67812", 1),
        ("8231 ACPZ #1748 67812", 0),
        ("TMS320F28335PGFA 17C76FW", 0),
        ("#1748 67812", 0),
    ],
)
def test_a_code_in_the_form_of_another_maker(text: str, n: int) -> None:
    """Altera's eleven characters, Analog Devices' #YYWW: a cue on another house's part, none on their own."""
    assert [c.kind for c in remark_cues(read(text))] == ["format of another maker"] * n


@given(text=st.text(alphabet="0123456789ABCDEFGHJKLMNPRSTUVWXYZ#+ ", min_size=1, max_size=12))
@settings(max_examples=150, deadline=None)
def test_no_rule_gives_an_impossible_date(text: str) -> None:
    """Whatever stands there: every range has its days in order, begins by the day it was known, and after 1970."""
    for rule in load_date_code_rules():
        if not rule.readable:
            continue
        code = read_code(text, rule, known_by=KNOWN)
        for r in code.ranges if code is not None else ():
            assert r.from_on is not None
            assert r.until_on is not None
            assert date(1970, 1, 1) < r.from_on < r.until_on
            assert r.from_on <= KNOWN


@given(week=st.integers(0, 99), year=st.integers(0, 99))
def test_a_week_that_no_year_has_is_refused(week: int, year: int) -> None:
    """YYWW of Microchip: weeks 1 to 53 only, whatever the year."""
    rule = next(r for r in load_date_code_rules() if r.id == "microchip-yywwnnn")
    code = read_code(f"{year:02}{week:02}256", rule, known_by=KNOWN)
    assert code is not None
    if not 1 <= week <= 53:
        assert (code.ranges, code.impossible is not None) == ((), True)
