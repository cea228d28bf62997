"""Telling the maker, choosing the code, and saying why not."""

from __future__ import annotations

from datetime import date

from taggant.identification.decode import Decoded, decode

KNOWN = date(2023, 9, 30)


def _decode(text: str, brand: str | None = None, maker: str | None = None, known_by: date = KNOWN) -> Decoded:
    return decode(text, known_by=known_by, brand=brand, maker=maker)


def test_the_part_family_tells_the_maker_without_any_statement() -> None:
    """The example of the design: TMS320… is Texas Instruments, 22AXTXW is February 2012 or 2022."""
    best = _decode("TMS320F28335PGFA G4A-22AXTXW").best
    assert best is not None
    assert best.cue is not None
    assert best.reading is not None
    assert (best.cue.maker.name, best.cue.basis) == ("Texas Instruments", "part family")
    assert best.reading.token.text == "22AXTXW"
    assert [r.iso()[0] for r in best.reading.code.ranges] == ["2002-02-01", "2012-02-01", "2022-02-01"]
    # The part was announced in 2007: what lies before is ruled out, and named.
    assert [r.iso()[0] for r in best.reading.ranges] == ["2012-02-01", "2022-02-01"]
    assert best.reading.closed_by == ("launch",)


def test_the_family_speaks_before_a_listed_brand_and_says_so() -> None:
    """M214's VP230 is listed as Microchip; the family is Texas Instruments, and the disagreement is a reason."""
    best = _decode("VP230 18M A 77R", brand="Microchip Technology Inc.", known_by=date(2022, 9, 13)).best
    assert best is not None
    assert best.reading is not None
    assert best.reading.token.text == "18M"
    assert "listed as Microchip Technology; VP230 is a part of Texas Instruments" in best.reasons


def test_a_stated_maker_speaks_before_the_family() -> None:
    """A person who knows the maker is not overruled by a prefix."""
    decoded = _decode("VP230 18M", maker="Microchip Technology")
    assert decoded.candidates[0].cue is not None
    assert {c.cue.basis for c in decoded.candidates if c.cue} == {"stated maker", "part family"}


def test_no_rule_is_borrowed_from_another_maker() -> None:
    """A week-like number on a part of a maker without a rule stays undated, with the reason."""
    decoded = _decode("2386 MBR30150PT", brand="PANJIT International, Inc")
    assert decoded.best is None
    assert [kind for kind, _ in decoded.refusals] == ["no rule"]


def test_an_impossible_week_of_a_known_maker_is_named() -> None:
    """Winbond prints YYWW; 2386 would be week 86."""
    decoded = _decode("25Q16JVIQ 2386 6004", brand="Winbond Electronics Corporation")
    assert decoded.best is None
    assert any(kind == "impossible" and "week 86" in words for kind, words in decoded.refusals)


def test_a_code_later_than_the_find_is_named() -> None:
    """Nothing was made after it was recovered."""
    decoded = _decode("URB2405S-6SWR3 2337", brand="MORNSUN", known_by=date(2023, 1, 1))
    assert decoded.best is None
    assert any(kind == "after known" for kind, _ in decoded.refusals)


def test_an_unknown_brand_and_no_brand_at_all_are_told_apart() -> None:
    """Both abstain; the reason names what is missing."""
    assert _decode("AB12 2217", brand="Nobody & Sons").refusals[0] == (
        "no maker",
        "no maker is known by the name 'Nobody & Sons'",
    )
    assert _decode("AB12 2217").refusals[0][0] == "no maker"
    assert _decode("").best is None


def test_part_numbers_are_no_dates() -> None:
    """RS-232 is an interface, 63 V a quantity, a family number a part."""
    assert _decode("STM32F030K6T6 RS-232", brand="STMicroelectronics").best is None
    assert _decode("TLP2361 309 V", brand="Toshiba").best is None


def test_json_is_as_the_design_has_it() -> None:
    """Appendix B: candidates with maker, part, date code and reasons; weights are null until validated."""
    plain = _decode("TMS320F28335PGFA G4A-22AXTXW").as_json()
    assert isinstance(plain, dict)
    candidates = plain["candidates"]
    assert isinstance(candidates, list)
    first = candidates[0]
    assert isinstance(first, dict)
    assert {"maker", "maker_basis", "part_number", "part_basis", "date_code", "weight_llr10", "reasons"} <= set(first)
    assert first["weight_llr10"] is None
    assert isinstance(first["date_code"], dict)
    assert {"token", "rule", "ranges", "ambiguity"} <= set(first["date_code"])


def test_a_line_of_a_house_is_read_by_its_own_rule() -> None:
    """i.MX parts carry the former Freescale's code, not that of Philips' logic, though both have its form."""
    best = _decode("MCIMX6L2EVN10AC XAA2101 TAIW QAAAXU", brand="NXP Semiconductors").best
    assert best is not None
    assert best.reading is not None
    assert best.reading.rule.maker == "freescale"
