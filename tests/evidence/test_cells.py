"""One cell: what is taken as typed, what is refused and with which next step, and the round trip of lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taggant.evidence.cells import PLACEHOLDERS, Refusal, join_list, read_cell, read_plain, split_list, write_cell
from taggant.model.record import Value
from taggant.model.tables import Column, Kind


def _column(kind: Kind, levels: tuple[str, ...] = ()) -> Column:
    return Column("x", kind, "X.", levels=levels)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Kind.TEXT, "", None),
        (Kind.TEXT, "  \u00a0 ", None),
        (Kind.TEXT, " 1E5 ", "1E5"),
        (Kind.TEXT, "007", "007"),
        (Kind.TEXT, "unknown", "unknown"),
        (Kind.TEXT, "ЬІ-1", "ЬІ-1"),
        (Kind.TEXT, "e\u0301", "e\u0301"),  # not made one letter: what was typed stays
        (Kind.ID, "a|b", "a|b"),
        (Kind.INTEGER, "-3", -3),
        (Kind.INTEGER, "0", 0),
        (Kind.DECIMAL, "1.50", "1.50"),
        (Kind.DECIMAL, "-.5e-3", "-.5e-3"),
        (Kind.YESNO, "No", False),
        (Kind.YESNO, "yes", True),
        (Kind.COUNTRY, "XA", "XA"),
        (Kind.COUNTRY, "NA", "NA"),
        (Kind.LANGUAGE, "zh-Hant", "zh-Hant"),
        (Kind.DATE, "2023-07~", "2023-07~"),
        (Kind.URL, "https://example.org/a?b=c", "https://example.org/a?b=c"),
        (Kind.LIST, ";;", [";"]),
        (Kind.LIST, " ; ; ", None),
        (Kind.LOCATOR, "page=3&row=2", "page=3&row=2"),
        (Kind.LOCATOR, "the last table", "the last table"),
    ],
)
def test_taken_as_typed(kind: Kind, raw: str, value: Value) -> None:
    """Only the spaces around a cell are dropped."""
    assert read_cell(_column(kind), raw) == value


@pytest.mark.parametrize(
    ("kind", "raw", "next_step"),
    [
        (Kind.DECIMAL, "1,5", "Write 1.5 with a point"),
        (Kind.DECIMAL, "1,500", "Write 1.500 with a point, or 1500 if the comma parted thousands"),
        (Kind.DECIMAL, "1 000", "Write 1000 without separators"),
        (Kind.DECIMAL, "1,000.5", "Write 1000.5 without separators"),
        (Kind.DECIMAL, "inf", "Write digits with a decimal point and no unit, or leave the cell empty"),
        (Kind.DECIMAL, "٣", "Write digits with a decimal point and no unit, or leave the cell empty"),
        (Kind.DECIMAL, "NaN", "Leave the cell empty"),
        (Kind.INTEGER, "3.0", "Write digits only, without spaces, separators or unit: 1000"),
        (Kind.INTEGER, "9007199254740992", "Check the number"),
        (Kind.INTEGER, "9" * 5000, "Check the number"),
        (Kind.YESNO, "true", "Write yes or no"),
        (Kind.COUNTRY, "de", "Write DE"),
        (Kind.COUNTRY, "UK", "Write the ISO 3166 alpha-2 code: DE, IR, US; XA-XZ for invented ones"),
        (Kind.COUNTRY, "Germany", "Write the ISO 3166 alpha-2 code: DE, IR, US; XA-XZ for invented ones"),
        (Kind.LANGUAGE, "English", "Write the ISO 639 code: en, uk"),
        (Kind.URL, "www.example.org", "Write the whole address, starting with https://, without spaces"),
        (Kind.URL, "javascript:alert(1)", "Write the whole address, starting with https://, without spaces"),
        (Kind.ID, "a\nb", "Write the name on one line"),
        (Kind.LEVEL, "sur", "Write 'sure'"),
        (Kind.LEVEL, "Unknown", "Leave the cell empty"),
        (Kind.DATE, "?", "Leave the cell empty"),
        (Kind.TEXT, "x" * (1024 * 1024 + 1), "Put long text into a file under documents/ and name it in the locator"),
    ],
)
def test_refused_with_a_next_step(kind: Kind, raw: str, next_step: str) -> None:
    """What would have to be guessed is refused, and the way out is named."""
    refusal = read_cell(_column(kind, ("sure", "likely")), raw)
    assert isinstance(refusal, Refusal)
    assert refusal.next == next_step
    assert len(refusal.what) < 200


@pytest.mark.parametrize("raw", ["2023-02-30", "2023-W86", "2023-13", "14.07.2023", "7/14/23"])
def test_dates_that_do_not_exist_or_can_be_read_two_ways(raw: str) -> None:
    """The refusal names the date."""
    refusal = read_cell(_column(Kind.DATE), raw)
    assert isinstance(refusal, Refusal)
    assert repr(raw) in refusal.what


@pytest.mark.parametrize("raw", sorted(PLACEHOLDERS))
def test_placeholders_stand_in_free_text_only(raw: str) -> None:
    """`unknown` is a word in a note and no value of a date."""
    assert read_cell(_column(Kind.TEXT), raw) == raw
    refusal = read_cell(_column(Kind.DATE), raw.upper())
    assert isinstance(refusal, Refusal)
    assert refusal.kind == "placeholder"


@given(st.lists(st.text(st.characters(exclude_categories=["C"]), min_size=1).map(str.strip).filter(bool), max_size=4))
def test_lists_come_back(elements: list[str]) -> None:
    """Whatever the elements hold, semicolons included."""
    assert split_list(join_list(elements)) == elements


@pytest.mark.parametrize("value", [None, True, False, 0, -7, "a", ["a;b", "c"]])
def test_written_values_are_read_back(value: Value) -> None:
    """`write_cell` is the inverse of `read_cell` for the kind that holds the value."""
    kinds = {bool: Kind.YESNO, int: Kind.INTEGER, str: Kind.TEXT, list: Kind.LIST, type(None): Kind.TEXT}
    assert read_cell(_column(kinds[type(value)]), write_cell(value)) == value


@given(
    st.sampled_from([Kind.TEXT, Kind.ID, Kind.LOCATOR, Kind.DATE]),
    st.lists(st.sampled_from(["", " ", "a", " b ", "Unknown", "-", "c\nd", "x" * 9]) | st.text(), min_size=1),
)
def test_the_short_cut_gives_what_the_long_way_gives(kind: Kind, cells: list[str]) -> None:
    """Or it declines."""
    plain = read_plain(_column(kind), cells)
    slow = [read_cell(_column(kind), cell) for cell in cells]
    assert plain is None or plain == slow
    if kind is Kind.TEXT:
        assert plain is not None
