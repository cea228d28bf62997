"""Serials: one letter for letters written alike, prefix and number, and what stays out with its reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taggant.identification.serials import normalise_serial, read_serial, read_serials
from taggant.model.derived_tables import DERIVED
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED


@pytest.mark.parametrize(
    ("text", "prefix", "number"),
    [
        ("Ы-391", "Ы", 391), ("ЬІ-8465", "Ы", 8465), ("ЬI 8465", "Ы", 8465), ("Y18358", "Ы", 18358),
        ("Ы18358", "Ы", 18358), ("№ М214", "M", 214), ("M214", "M", 214), ("И002", "И", 2), ("MS001", "MS", 1),
        ("ЫЫ 748", "ЫЫ", 748), ("МS 001", "MS", 1), ("No. K-17", "K", 17), ("А٣", "A", 3),
    ],
)  # fmt: skip
def test_spellings_of_published_labels(text: str, prefix: str, number: int) -> None:
    """Soft sign and І, Y and Ы; Cyrillic and Latin letters of one shape; number signs, spaces, other digits.

    Labels: https://war-sanctions.gur.gov.ua/en/components/4896 …/5808, https://bukvy.org/u-kazahstani-vpav-dron-jmovirno-cze-rosijska-geran-2
    """
    reading = read_serial(text)
    assert (reading.prefix, reading.number, reading.why_kind) == (prefix, number, None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [(None, "no serial"), (" ", "no serial"), ("13084", "no prefix"), ("№13678", "no prefix"), ("Э", "no number"),
     ("K series", "no number"), ("Ы-", "no number"), ("12A7", "no number"),
     ("Ы-391/2024", "no number"), ("A" + "1" * 16, "no number")],
)  # fmt: skip
def test_what_cannot_be_placed_says_why(text: str | None, kind: str) -> None:
    """Nothing, no prefix, no number, letters between digits, two numbers, more digits than a serial has."""
    reading = read_serial(text)
    assert reading.why_kind == kind
    assert reading.why


def test_a_date_after_the_number_is_not_read_into_it() -> None:
    """`Ы-391/2024` must not become number 3912024."""
    assert read_serial("Ы-391/2024").number is None


def test_the_sound_u_is_not_ы_and_goods_by_lot_are_refused() -> None:
    """Cyrillic У is another letter than the Latin Y of a transliteration; a lot number counts lots."""
    assert read_serial("У-12").prefix == "У"
    lot = read_serial("LW-06", is_lot=True)
    assert (lot.why_kind, lot.number) == ("lot", None)


@given(st.text(max_size=30))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    """Law: and no text makes the reader fail."""
    once = normalise_serial(text)
    assert normalise_serial(once) == once
    assert read_serial(text).verbatim in {text, None}


def frame(table: str, *rows: dict[str, Any]) -> pl.LazyFrame:
    """Build a typed table."""
    return pl.DataFrame(list(rows), schema=frame_schema(TYPED[table])).lazy()


def read(*items: dict[str, Any], markings: tuple[dict[str, Any], ...] = (), references: Any = ()) -> pl.DataFrame:
    """Run the step; give its table."""
    base = {"kind": "uav", "designation": "Kestrel"}
    answer = read_serials(
        item=frame("item", *(base | i for i in items)),
        marking=frame("marking", *markings),
        reference_item=frame("reference_item", *references),
        as_of=None,
    )
    table = answer.tables["serial_reading"]
    assert isinstance(table, pl.DataFrame)
    assert dict(table.schema) == frame_schema(DERIVED["serial_reading"])
    return table


def test_no_item_gives_an_empty_table() -> None:
    """Zero rows, all columns."""
    assert read().is_empty()


def test_every_item_has_a_row_and_runs_are_kept_apart() -> None:
    """By kind, designation, prefix — and producer, where one is known for every module spoken of."""
    table = read(
        {"item_id": "a", "serial_as_marked": "K-1"},
        {"item_id": "b", "serial_as_marked": "К-2"},
        {"item_id": "c", "serial_as_marked": "K-3", "designation": "Kestrel M"},
        {"item_id": "d", "serial_as_marked": "KK-4"},
        {"item_id": "e", "serial_as_marked": "K-5"},
        {"item_id": "f", "serial_as_marked": "17"},
        {"item_id": "g", "serial_as_marked": "LW-06", "kind": "cartridge_lot"},
        {"item_id": "h", "serial_as_marked": "K-8", "stands_for": "several"},
        references=({"item_id": "e", "module": "airframe", "producer": "north"},),
    )
    blocks = dict(table.select("item_id", "block_id").iter_rows())
    assert blocks["a"] == blocks["b"]
    assert len({blocks[i] for i in "acde"}) == 4
    why = dict(table.filter(pl.col("state") == "left out").select("item_id", "why_kind").iter_rows())
    assert why == {"f": "no prefix", "g": "lot", "h": "several"}


def test_other_readings_agree_or_are_named() -> None:
    """Another spelling agrees, another number does not; markings of parts are not the item's."""
    marks = (
        {"marking_id": "1", "item_id": "a", "kind": "serial", "text": "Y18358"},
        {"marking_id": "2", "item_id": "a", "kind": "serial", "text": "Ы18353"},
        {"marking_id": "3", "item_id": "a", "kind": "serial", "text": "777", "component_id": "part"},
        {"marking_id": "4", "item_id": "b", "kind": "serial", "text": "Ы-7"},
    )
    table = read({"item_id": "a", "serial_as_marked": "Ы18358"}, {"item_id": "b"}, markings=marks)
    a, b = table.iter_rows(named=True)
    assert (a["n_readings"], a["disagrees"]) == (3, ["Ы18353"])
    assert (b["number"], b["n_readings"]) == (7, 1)


def test_an_item_existed_by_the_earlier_of_find_and_publication() -> None:
    """Half-open ranges: the last day inside; unknown stays unknown."""
    table = read(
        {"item_id": "a", "recovered_until": date(2025, 3, 19), "known_until": date(2025, 3, 22)}, {"item_id": "b"}
    )
    assert table["existed_on"].to_list() == [date(2025, 3, 18), None]


def test_the_worst_quality_of_an_items_serial_markings_is_the_readings() -> None:
    """One doubtful reading beside a sure one is a doubt; a part's marking and another kind of marking are none."""
    marks = (
        {"marking_id": "1", "item_id": "a", "kind": "serial", "text": "Ы-7", "read_quality": "sure"},
        {"marking_id": "2", "item_id": "a", "kind": "serial", "text": "Ы-7", "read_quality": "doubtful"},
        {"marking_id": "3", "item_id": "b", "kind": "serial", "text": "Ы-8", "read_quality": "likely"},
        {"marking_id": "4", "item_id": "b", "kind": "serial", "text": "9", "component_id": "p",
         "read_quality": "doubtful"},
        {"marking_id": "5", "item_id": "b", "kind": "lot", "text": "9", "read_quality": "doubtful"},
        {"marking_id": "6", "item_id": "c", "kind": "serial", "text": "Ы-9"},
    )  # fmt: skip
    table = read(*({"item_id": name} for name in "abcd"), markings=marks)
    assert table["read_quality"].to_list() == ["doubtful", "likely", None, None]
