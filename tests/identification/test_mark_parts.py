"""Whole marks: the number joined, its maker told, the rest named; and nothing guessed."""

from __future__ import annotations

from datetime import date

import pytest

from taggant.identification.decode import decode
from taggant.identification.mark_parts import family_in, other_pieces, part_numbers
from taggant.identification.tokens import tokens

KNOWN = date(2026, 6, 30)
PROSE = "A 32-bit real-time microcontroller with a core, TMS320 F28335PGFA G4A-22AXTXW G4"


def test_a_number_printed_in_two_pieces_is_joined_and_its_span_is_in_the_text() -> None:
    """The example of the issue, prose included."""
    number = part_numbers(tokens(PROSE))[0]
    assert number.text == "TMS320F28335PGFA"
    assert PROSE[number.start : number.end] == "TMS320 F28335PGFA"
    best = decode(PROSE, known_by=KNOWN).best
    assert best is not None
    assert best.reading is not None
    assert (best.part_number, best.reading.token.text) == ("TMS320F28335PGFA", "22AXTXW")


@pytest.mark.parametrize(
    ("mark", "maker_id"),
    [
        ("К1986ВЕ92QI 2215", "milandr"),
        ("K1986BE92QI", "milandr"),
        ("5576ХС4Т", "voronezh-ktc"),
        ("1887ВЕ4У 2109", "niiet"),
        ("К5600ВГ1У", "milandr"),
        ("1892ВМ14Я", "elvees"),
        ("XC7Z020-1CLG400I", "xilinx"),
        ("10M08SAU169C8G", "altera"),
        ("MT41K256M16TW-107:P", "micron"),
        ("K4B4G1646E-BYMA", "samsung"),
        ("H5TQ4G63EFR-RDC", "sk-hynix"),
        ("GRM32ER71H106KA12L", "murata"),
        ("B41888C7478M", "epcos"),
        ("G6K-2F-Y DC5", "omron"),
        ("V23079-A1001-B301", "te-connectivity"),
        ("DF13-6P-1.25DSA", "hirose"),
        ("ZED-F9P-02B", "u-blox"),
        ("OEM719", "novatel"),
        ("ADIS16470AMLZ", "analog-devices"),
        ("HMC1118LP3DE", "hittite"),
        ("STIM300", "sensonor"),
        ("TMR 3-2411WI", None),
        ("2Т3130А9", None),
    ],
)
def test_families_of_many_makers_are_told(mark: str, maker_id: str | None) -> None:
    """Russian, Western and Asian lines; `None`: several houses, or too little printed."""
    candidate = decode(mark, known_by=KNOWN).candidates[0]
    if maker_id is not None:
        assert candidate.cue is not None
        assert candidate.cue.maker.maker_id == maker_id


def test_a_code_style_tells_a_maker_only_beside_a_number_such_as_its() -> None:
    """#YYWW beside 8231 ACPZ is Analog Devices; alone, or beside another house's part, it is not."""
    first = decode("8231 ACPZ #1748 67812", known_by=KNOWN).candidates[0]
    assert first.cue is not None
    assert (first.cue.maker.maker_id, first.cue.basis, first.part_number) == (
        "analog-devices",
        "code style",
        "8231ACPZ",
    )
    assert decode("#1748 67812", known_by=KNOWN).candidates == ()


def test_where_no_maker_can_be_told_the_number_is_still_read() -> None:
    """By its form, and the candidate says so; no date is read."""
    first = decode("TGTX5050A 2024C045", known_by=KNOWN).candidates[0]
    assert (first.cue, first.part_number, first.part_basis, first.reading) == (None, "TGTX5050A", "form", None)


@pytest.mark.parametrize("text", ["", "Oil seal", "63 V", "RS-232", "CHN", "10Hz RTK board"])
def test_words_quantities_and_interfaces_are_no_part_numbers(text: str) -> None:
    """Nothing is given rather than something."""
    assert part_numbers(tokens(text)) == ()


def test_countries_and_lots_are_named_with_their_places() -> None:
    """CHN is where it was put together as marked; ZYD7 stands behind the date code."""
    text = "STM32G071 CBT6 GQ24V 149R CHN GQ 110"
    pieces = other_pieces(tokens(text), part_numbers(tokens(text))[0], None)
    assert [(p.text, p.means, text[p.start : p.end]) for p in pieces if p.kind == "country marked"] == [
        ("CHN", "CN", "CHN")
    ]
    behind = decode("LM5176 26T A6Z8", known_by=KNOWN).pieces
    assert [(p.kind, p.text) for p in behind] == [("lot", "A6Z8")]


def test_a_stated_maker_that_the_number_contradicts_is_said() -> None:
    """The stated maker stays first; the reason names the other house."""
    first = decode("VP230 18M A 77R", known_by=KNOWN, maker="Microchip").candidates[0]
    assert first.reasons[1] == "listed as Microchip Technology; VP230 is a part of Texas Instruments"


def test_letters_of_another_alphabet_and_small_letters_fit_the_same_family() -> None:
    """Typed by people of many keyboards; short words fit nothing."""
    assert family_in("М8030-КТ") is family_in("M8030-KT") is not None
    assert family_in("stm32f405") is not None
    assert family_in("st") is None
