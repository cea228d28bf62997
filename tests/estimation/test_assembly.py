"""The assembly bound: the newest part decides, one mark that decides alone is named, doubt never moves the bound."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from taggant.estimation.assembly import Part, assembly_bound
from taggant.estimation.when_made import bound_assembly
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED

NO_JUDGEMENT = pl.DataFrame(schema=frame_schema(TYPED["judgement"])).lazy()
_DAYS = st.dates(min_value=date(2010, 1, 1), max_value=date(2025, 12, 31))


def part(name: str, day: date, token: str | None = None) -> Part:
    """Build a dated part."""
    return Part(
        component_id=name, maker_id="m", token=token or name, rule="r", status="documented", marking=name, first_on=day,
        last_first_on=day, tolerance_days=0, is_ambiguous=False, closed_by=(), read_quality=None,
    )  # fmt: skip


@given(st.lists(_DAYS, min_size=1, max_size=8))
def test_the_bound_is_the_newest_first_day_in_any_order(days: list[date]) -> None:
    """Law: the maximum; order does not matter; more parts never move it earlier."""
    parts = [part(str(n), d) for n, d in enumerate(days)]
    bound, backwards = assembly_bound(parts), assembly_bound(parts[::-1])
    assert bound is not None
    assert backwards is not None
    assert bound.earliest_on == backwards.earliest_on == max(days)
    fewer = assembly_bound(parts[1:])
    assert fewer is None or fewer.earliest_on <= bound.earliest_on


def test_no_part_one_part_and_twins() -> None:
    """Nothing: no bound. One mark: no newest-but-one, and it is influential. Twins fall together."""
    assert assembly_bound([]) is None
    one = assembly_bound([part("a", date(2022, 1, 1))])
    assert one is not None
    assert (one.newest_but_one, one.gap_days, one.is_influential) == (None, None, True)
    days = (date(2022, 2, 1), date(2022, 2, 1), date(2022, 1, 1))
    twins = assembly_bound([part("a", days[0], "22T"), part("b", days[1], "22T"), part("c", days[2], "21T")])
    assert twins is not None
    assert twins.newest_but_one_on == date(2022, 1, 1)
    assert (twins.gap_days, twins.is_influential) == (31, False)


def test_a_tie_of_two_marks_leaves_no_gap() -> None:
    """Two marks of the same day: neither is influential."""
    bound = assembly_bound([part("a", date(2022, 1, 1)), part("b", date(2022, 1, 1))])
    assert bound is not None
    assert (bound.gap_days, bound.is_influential, bound.newest.component_id) == (0, False, "a")


def ranges(*rows: dict[str, Any]) -> pl.LazyFrame:
    """Build an invented made_range table of item `a`."""
    base = {
        "item_id": "a", "range_n": 0, "state": "dated", "rule": "r", "status": "documented", "maker_id": "m",
        "tolerance_days": 0, "closed_by": [], "marking": "MARK",
    }  # fmt: skip
    full = [base | {"token": r["component_id"], "made_until": None} | r for r in rows]
    return pl.DataFrame(full, schema=frame_schema(DERIVED["made_range"])).lazy()


def item(**values: Any) -> pl.LazyFrame:
    """Build item `a`."""
    row = {"item_id": "a", "kind": "uav", "designation": "Kestrel", "serial_as_marked": "K-1"} | values
    return pl.DataFrame([row], schema=frame_schema(TYPED["item"])).lazy()


def answer(it: pl.LazyFrame, made: pl.LazyFrame) -> tuple[dict[str, Any], Finding]:
    """Run the step; give the item's row and finding."""
    found: Answer = bound_assembly(item=it, made_range=made, judgement=NO_JUDGEMENT, as_of=date(2025, 1, 1))
    table = found.tables["item_assembly"]
    assert isinstance(table, pl.DataFrame)
    assert dict(table.schema) == frame_schema(DERIVED["item_assembly"])
    assert [f.finding_id for f in found.findings] == ["when-made:case", "when-made:a"]
    return table.row(0, named=True), found.findings[1]


def test_an_ambiguous_part_counts_with_its_earliest_range_only() -> None:
    """2012 or 2022: the bound takes 2012, and the table of assumptions shows 2022."""
    made = ranges(
        {"component_id": "w", "made_from": date(2019, 1, 1)},
        {"component_id": "x", "made_from": date(2012, 2, 1), "state": "ambiguous"},
        {"component_id": "x", "made_from": date(2022, 2, 1), "state": "ambiguous", "range_n": 1},
    )
    row, finding = answer(item(), made)
    assert row["earliest_on"] == date(2019, 1, 1)
    assert date(2022, 2, 1) in {c.low for c in finding.result.sensitivity}


def test_a_decade_closed_by_neighbours_moves_the_point_and_not_the_low_end() -> None:
    """The headline's low end holds without the weak assumption; the assumption is marked weak."""
    made = ranges(
        {"component_id": "w", "made_from": date(2020, 6, 1), "tolerance_days": 7},
        {"component_id": "x", "made_from": date(2021, 8, 1), "closed_by": ["neighbours"]},
    )
    row, finding = answer(item(known_until=date(2022, 9, 14)), made)
    assert (row["earliest_on"], row["nearest_on"]) == (date(2020, 5, 25), date(2021, 8, 1))
    headline = finding.result.headline
    assert headline is not None
    assert (headline.low, headline.point, headline.high) == (date(2020, 5, 25), date(2021, 8, 1), date(2022, 9, 13))
    assert [a.status for a in finding.result.assumptions if "decade" in a.text] == ["weak"]
    assert finding.statement == "when-made.item.one-part"
    assert (finding.values["earliest"].value, finding.values["nearest"].value) == (date(2020, 5, 25), date(2021, 8, 1))


def test_a_token_that_may_be_a_lot_number_bounds_nothing_and_is_asked_about() -> None:
    """A doubtful code is shown under "if we assumed otherwise", never in the headline."""
    made = ranges(
        {"component_id": "w", "made_from": date(2022, 8, 29)},
        {"component_id": "g", "made_from": date(2022, 10, 3), "state": "ambiguous", "doubt": "lot or date"},
    )
    row, finding = answer(item(), made)
    assert row["earliest_on"] == date(2022, 8, 29)
    assert row["n_ambiguous"] == 1
    assert date(2022, 10, 3) in {c.low for c in finding.result.sensitivity}


def test_a_newest_part_later_than_the_find_is_a_refusal_that_names_it() -> None:
    """A contradiction in the data is said, with what would settle it; no interval is made up."""
    _, finding = answer(
        item(known_until=date(2022, 1, 1)), ranges({"component_id": "w", "made_from": date(2023, 1, 1)})
    )
    assert finding.result.headline is None
    assert finding.result.refused is not None
    assert "after the item was known" in finding.result.refused.why


def test_an_item_without_components_is_refused_with_what_would_be_enough() -> None:
    """Zero components: the finding says what would be enough."""
    row, finding = answer(item(), ranges())
    assert (row["earliest_on"], row["n_components"]) == (None, 0)
    assert finding.result.refused is not None
    assert "one component" in finding.result.refused.enough


def test_a_row_for_several_finds_is_refused() -> None:
    """A list of several wrecks has no assembly; what would be enough is said."""
    row, finding = answer(item(stands_for="several"), ranges({"component_id": "w", "made_from": date(2023, 1, 1)}))
    assert (row["earliest_on"], row["nearest_on"], row["n_dated"]) == (None, None, 1)
    assert finding.result.refused is not None
    assert "several finds" in finding.result.refused.why


def test_every_number_of_the_statement_rests_on_something() -> None:
    """Values name the components or the item they come from."""
    made = ranges(
        {"component_id": "w", "made_from": date(2020, 6, 1)}, {"component_id": "x", "made_from": date(2020, 5, 1)}
    )
    _, finding = answer(item(known_until=date(2022, 9, 14)), made)
    stated = {name: v for name, v in finding.values.items() if v.value is not None}
    assert all(v.rests_on for name, v in stated.items() if name != "n_ambiguous")


@given(st.lists(st.tuples(_DAYS, st.integers(0, 7)), min_size=1, max_size=6))
def test_recovery_of_the_truth(made: list[tuple[date, int]]) -> None:
    """Invent an assembly day after every part was made: the bound never lies after it."""
    assembled = max(d for d, _ in made) + timedelta(days=1)
    rows = [
        {"component_id": str(n), "made_from": d - timedelta(days=late), "tolerance_days": 7}
        for n, (d, late) in enumerate(made)
    ]
    row, _ = answer(item(), ranges(*rows))
    assert row["earliest_on"] <= assembled
