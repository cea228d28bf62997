"""From tables to made ranges: every component has a row, decades are closed by neighbours only where that is fair."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from taggant.errors import InputError
from taggant.identification.dating import date_parts
from taggant.model.derived_tables import DERIVED
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED

TI, WINBOND, MORNSUN = "Texas Instruments", "Winbond", "MORNSUN"


def frame(table: str, rows: list[dict[str, Any]]) -> pl.LazyFrame:
    """Build an invented typed table; columns not given are missing."""
    return pl.DataFrame(rows, schema=frame_schema(TYPED[table])).lazy()


def items(*rows: dict[str, Any]) -> pl.LazyFrame:
    """Build items known before 2024, unless they say otherwise."""
    return frame("item", [{"kind": "uav", "known_until": date(2024, 1, 1)} | r for r in rows])


def parts(*marks: tuple[str, str | None, str | None], item: str = "a") -> pl.LazyFrame:
    """Build components (id, marking, brand) of one item."""
    rows = [{"component_id": c, "item_id": item, "marking": m, "brand": b, "source_id": "s"} for c, m, b in marks]
    return frame("component", rows)


def dated(component: pl.LazyFrame, item: pl.LazyFrame, as_of: date | None = None) -> pl.DataFrame:
    """Run the step and give its table."""
    table = date_parts(component=component, item=item, as_of=as_of).tables["made_range"]
    assert isinstance(table, pl.DataFrame)
    assert dict(table.schema) == frame_schema(DERIVED["made_range"])
    return table


def test_no_component_gives_an_empty_table() -> None:
    """A case without components is answered by no rows, not by an error."""
    assert dated(parts(), items({"item_id": "a"})).height == 0


def test_each_component_has_a_row_dated_or_with_its_reason() -> None:
    """Nothing falls away: unmarked, unknown brand, no rule, no code, impossible, too late, dated."""
    component = parts(
        ("1", None, TI), ("2", "AB 2217", "Nobody"), ("3", "AB 2217", "PANJIT"), ("4", "LM258", TI),
        ("5", "25Q16 2386 6004", WINBOND), ("6", "URB2405S 2437", MORNSUN), ("7", "25Q16 2217 6004", WINBOND),
        ("8", "   ", TI),
    )  # fmt: skip
    table = dated(component, items({"item_id": "a"}))
    kinds = dict(table.select("component_id", "why_kind").iter_rows())
    assert kinds == {
        "1": "no marking", "2": "no maker", "3": "no rule", "4": "no code", "5": "impossible", "6": "after known",
        "7": None, "8": "no marking",
    }  # fmt: skip
    assert table.filter(pl.col("why_kind").is_not_null() & pl.col("why").is_null()).is_empty()
    week = table.row(by_predicate=pl.col("component_id") == "7", named=True)
    assert (week["made_from"], week["made_until"], week["state"]) == (date(2022, 4, 25), date(2022, 5, 2), "dated")


def test_three_unambiguous_marks_close_a_decade_and_two_do_not() -> None:
    """`22T` is 2002, 2012 or 2022; neighbours of 2021-2022 leave 2022, marked as their doing."""
    weeks = [("1", "25Q16 2117 6004", WINBOND), ("2", "25Q16 2130 6004", WINBOND), ("3", "URB2405S 2205", MORNSUN)]
    open_part = ("x", "PS767D301 22T AE8S", TI)
    closed = dated(parts(*weeks, open_part), items({"item_id": "a"})).filter(pl.col("component_id") == "x")
    assert closed["made_from"].to_list() == [date(2022, 2, 1)]
    assert closed["closed_by"].to_list() == [["neighbours"]]
    assert closed["ruled_out"].to_list() == [["2002-02-01/2002-03-01", "2012-02-01/2012-03-01"]]
    left = dated(parts(*weeks[:2], open_part), items({"item_id": "a"})).filter(pl.col("component_id") == "x")
    assert left["state"].to_list() == ["ambiguous"] * 3
    assert left["range_n"].to_list() == [0, 1, 2]


def test_twins_count_once_among_neighbours() -> None:
    """Ten parts of one lot are one mark: they close nothing alone."""
    twins = [(str(n), "25Q16 2117 6004", WINBOND) for n in range(10)]
    table = dated(parts(*twins, ("x", "PS767D301 22T AE8S", TI)), items({"item_id": "a"}))
    assert table.filter(pl.col("component_id") == "x").height == 3


def test_neighbours_of_another_item_close_nothing() -> None:
    """Only parts of the same item are neighbours."""
    weeks = [("1", "25Q16 2117 6004", WINBOND), ("2", "25Q16 2130 6004", WINBOND), ("3", "URB2405S 2205", MORNSUN)]
    component = pl.concat([parts(*weeks), parts(("x", "PS767D301 22T AE8S", TI), item="b")])
    table = dated(component, items({"item_id": "a"}, {"item_id": "b"}))
    assert table.filter(pl.col("component_id") == "x").height == 3


def test_neighbours_midway_between_two_decades_close_nothing() -> None:
    """Parts of 2017 are as near to 2012 as to 2022: the decade stays open."""
    weeks = [("1", "25Q16 1705 6004", WINBOND), ("2", "25Q16 1707 6004", WINBOND), ("3", "URB2405S 1706", MORNSUN)]
    table = dated(parts(*weeks, ("x", "PS767D301 22T AE8S", TI)), items({"item_id": "a"}))
    assert table.filter(pl.col("component_id") == "x").height == 3


def test_a_token_that_may_be_a_lot_is_ambiguous_and_closes_nothing() -> None:
    """A rule that says "lot or date unknown" never makes a dated part."""
    table = dated(parts(("g", "MGZ2067HC1 2240126B 3BT049", "Shenzhen Avionics")), items({"item_id": "a"}))
    assert table["state"].to_list() == ["ambiguous"]
    assert table["doubt"].null_count() == 0


def test_an_item_without_any_day_needs_the_day_of_the_case() -> None:
    """Without a bound decades run on for ever: it is asked for, with the next step."""
    undated = items({"item_id": "a", "known_until": None})
    with pytest.raises(InputError, match="has no day it was recovered or known"):
        dated(parts(("1", "25Q16 2117 6004", WINBOND)), undated)
    assert dated(parts(("1", "25Q16 2117 6004", WINBOND)), undated, date(2025, 1, 1)).height == 1


def test_the_order_of_rows_does_not_matter() -> None:
    """Law: the same parts in another order give the same table."""
    marks = [("1", "25Q16 2117 6004", WINBOND), ("2", None, TI), ("3", "PS767D301 22T AE8S", TI)]
    one, other = (dated(parts(*m), items({"item_id": "a"})) for m in (marks, marks[::-1]))
    assert one.equals(other)


def test_parts_of_a_row_for_several_finds_are_no_neighbours() -> None:
    """A list of several wrecks closes no decade."""
    weeks = [("1", "25Q16 2117 6004", WINBOND), ("2", "25Q16 2130 6004", WINBOND), ("3", "URB2405S 2205", MORNSUN)]
    component = parts(*weeks, ("x", "PS767D301 22T AE8S", TI))
    table = dated(component, items({"item_id": "a", "stands_for": "several"}))
    assert table.filter(pl.col("component_id") == "x").height == 3
