"""Fields of barcodes: examples of the published forms, and what follows none of them."""

from __future__ import annotations

from datetime import date

import pytest

from taggant.writing.label_codes import label_fields

_GS, _RS, _EOT = "\x1d", "\x1e", "\x04"


def test_an_envelope_of_data_identifiers() -> None:
    """ISO/IEC 15434, format 06: every field by its identifier, an unknown one kept and called so."""
    form, fields = label_fields(f"[)>{_RS}06{_GS}1PTH12A{_GS}Q500{_GS}9D2214{_GS}1TL7{_GS}88Zx{_RS}{_EOT}")
    assert form == "MH10.8.2"
    assert [(f.identifier, f.value) for f in fields] == [
        ("1P", "TH12A"), ("Q", "500"), ("9D", "2214"), ("1T", "L7"), ("88Z", "x"),
    ]  # fmt: skip
    assert fields[2].made == (date(2022, 4, 4), date(2022, 4, 11))  # Monday of ISO week 14 of 2022
    assert fields[4].meaning == "not in our table"


@pytest.mark.parametrize(("code", "doubt"), [("9D2254", "week 54"), ("9D2200", "week 0"), ("16D20231301", "month 13")])
def test_an_impossible_date_is_no_date(code: str, doubt: str) -> None:
    """Week 54 and month 13 do not exist: the value stays, the range does not."""
    _, fields = label_fields(f"[)>{_RS}06{_GS}{code}{_RS}{_EOT}")
    assert (fields[0].made, fields[0].doubt) == (None, doubt)


def test_a_date_code_of_other_length_is_left_to_the_makers_rule() -> None:
    """9D is a maker's own code: only four digits that can be year and week are read."""
    _, fields = label_fields(f"[)>{_RS}06{_GS}9D22A{_RS}{_EOT}")
    assert (fields[0].value, fields[0].made, fields[0].doubt) == ("22A", None, None)


def test_gs1_in_brackets() -> None:
    """The example number of the General Specifications, 09506000134352, whose check digit holds."""
    form, fields = label_fields("(01)09506000134352(11)230500(10)AB-7(21)S1")
    assert form == "GS1"
    assert [(f.identifier, f.value) for f in fields] == [
        ("01", "09506000134352"), ("11", "230500"), ("10", "AB-7"), ("21", "S1"),
    ]  # fmt: skip
    assert fields[0].doubt is None
    assert fields[1].made == (date(2023, 5, 1), date(2023, 6, 1))  # day 00: only the month is known


def test_gs1_with_separators() -> None:
    """Fields of open length end at the group separator."""
    form, fields = label_fields(f"{_GS}0109506000134352{'10'}LOT7{_GS}21XY")
    assert form == "GS1"
    assert [(f.identifier, f.value) for f in fields] == [("01", "09506000134352"), ("10", "LOT7"), ("21", "XY")]


def test_a_wrong_check_digit_is_said() -> None:
    """The number stays as read, with the doubt beside it."""
    _, fields = label_fields("(01)09506000134353")
    assert fields[0].doubt == "the check digit does not fit"


@pytest.mark.parametrize(("year", "first"), [("50", 2050), ("77", 1977)])
def test_the_century_of_gs1_dates(year: str, first: int) -> None:
    """Section 7.12: the century that lies within fifty years."""
    _, fields = label_fields(f"(11){year}0101")
    made = fields[0].made
    assert made is not None
    assert made[0].year == first


@pytest.mark.parametrize("text", ["", "hello", "TMS320F28335", "2217", "https://example.org/a(1)", "(99999)x"])
def test_free_text_has_no_fields(text: str) -> None:
    """What follows no form is given back whole by the caller; nothing is guessed."""
    assert label_fields(text) == (None, ())
