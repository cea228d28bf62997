"""What the estimates use once persons have judged: never the rejected, the person's value where there is one."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from taggant.errors import InputError
from taggant.estimation.judged_suggestions import judged_candidates, judged_ranges, judged_serials
from taggant.estimation.when_made import bound_assembly
from taggant.model.derived_tables import DERIVED
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED

Row = dict[str, Any]


def frame(table: str, *rows: Row) -> pl.DataFrame:
    """Build a table as declared."""
    return pl.DataFrame(list(rows), schema=frame_schema(DERIVED.get(table) or TYPED[table]))


def decision(kind: str, key: str, verdict: str, **more: Any) -> pl.DataFrame:
    """One judgement."""
    return frame("judgement", {"kind": kind, "suggestion": key, "verdict": verdict, "by": "ada", **more})


def dated(key: str, year: int, **more: Any) -> Row:
    """One part with one range."""
    return {
        "component_id": key, "range_n": 0, "item_id": "a", "marking": "M", "state": "dated", "token": key, "rule": "r",
        "status": "documented", "maker_id": "m", "made_from": date(year, 1, 1), "made_until": date(year, 2, 1),
        "tolerance_days": 0, "closed_by": [], **more,
    }  # fmt: skip


def earliest(ranges: pl.DataFrame, judgement: pl.DataFrame, **options: str) -> tuple[Any, Any]:
    """The bound of item `a`, and its assumption about the readings."""
    item = frame("item", {"item_id": "a", "kind": "uav", "known_until": date(2025, 1, 1)})
    found = bound_assembly(
        item=item.lazy(), made_range=ranges.lazy(), judgement=judgement.lazy(), as_of=None, **options
    )
    finding = found.findings[1]
    read = [a for a in finding.result.assumptions if a.text == "The marks are read right"]
    return finding.result.headline and finding.result.headline.low, read[0] if read else None


def test_a_rejected_date_no_longer_bounds_the_assembly() -> None:
    """The newest part decides; rejected, the next one does."""
    ranges = frame("made_range", dated("old", 2020), dated("new", 2023))
    assert earliest(ranges, frame("judgement"))[0] == date(2023, 1, 1)
    assert earliest(ranges, decision("made-range", "new", "reject"))[0] == date(2020, 1, 1)


def test_a_replaced_date_is_used_and_confirmed() -> None:
    """2023 was misread; the person says March 2021."""
    ranges = frame("made_range", dated("new", 2023))
    low, read = earliest(ranges, decision("made-range", "new", "replace", value="2021-03"))
    assert low == date(2021, 3, 1)
    assert read.status == "ok"


def test_unconfirmed_dates_are_counted_as_weak_and_left_out_on_demand() -> None:
    """One of two is confirmed: the count says so; confirmed only leaves the other out."""
    ranges = frame("made_range", dated("old", 2020), dated("new", 2023))
    one = decision("made-range", "old", "confirm")
    low, read = earliest(ranges, one)
    assert (low, read.status) == (date(2023, 1, 1), "weak")
    assert "unconfirmed for 1 of 2" in read.why
    assert earliest(ranges, one, confirmed_only="yes")[0] == date(2020, 1, 1)
    assert earliest(ranges, frame("judgement"), confirmed_only="yes")[0] is None


def test_a_confirmed_date_hangs_on_neighbours_no_more() -> None:
    """A decade neighbours chose is firm once a person stands behind it."""
    ranges = frame("made_range", dated("c", 2022, closed_by=["neighbours"], ruled_out=["2012-01-01/2012-02-01"]))
    found = judged_ranges(ranges, decision("made-range", "c", "confirm"), confirmed_only=False)
    assert found.select("closed_by", "ruled_out").row(0) == ([], None)
    assert judged_ranges(ranges, frame("judgement"), confirmed_only=False)["closed_by"].to_list() == [["neighbours"]]


def test_a_replaced_date_without_a_first_day_is_named() -> None:
    """It would bound nothing."""
    with pytest.raises(InputError, match="judgement made-range new"):
        judged_ranges(
            frame("made_range", dated("new", 2023)),
            decision("made-range", "new", "replace", value="../2021"),
            confirmed_only=False,
        )


def serial(item_id: str, number: int, **more: Any) -> Row:
    """One read serial."""
    return {
        "item_id": item_id, "kind": "uav", "designation": "Kestrel", "verbatim": f"K-{number}", "prefix": "K",
        "normalised": f"K{number}", "number": number, "state": "read", "block_id": "uav|Kestrel||K", **more,
    }  # fmt: skip


def test_a_replaced_serial_is_read_anew_and_moves_to_its_run() -> None:
    """K-19 is really Ы-391: prefix, number and run follow."""
    found = judged_serials(
        frame("serial_reading", serial("a", 19, read_quality="doubtful")),
        decision("serial-reading", "a", "replace", value="ЬІ-391"),
        confirmed_only=True,
    ).row(0, named=True)
    assert (found["prefix"], found["number"], found["block_id"]) == ("Ы", 391, "uav|Kestrel||Ы")
    assert found["read_quality"] == "sure"


def test_a_doubtful_serial_that_is_confirmed_counts_as_sure() -> None:
    """A person looked again: the doubt of the source is settled."""
    doubtful = frame("serial_reading", serial("a", 19, read_quality="doubtful"))
    found = judged_serials(doubtful, decision("serial-reading", "a", "confirm"), confirmed_only=False)
    assert found["read_quality"].to_list() == ["sure"]


def test_a_rejected_maker_takes_its_family_and_tier_with_it() -> None:
    """What was told with it is told no more."""
    part = {"component_id": "c", "item_id": "a", "maker": "Texas Instruments", "maker_basis": "part family",
            "family": "VP230", "chpl_tier": "2", "disagreement": "x"}  # fmt: skip
    found = judged_candidates(
        frame("part_candidate", part), decision("part-candidate", "c", "reject"), confirmed_only=False
    )
    assert found.select("maker", "family", "chpl_tier", "disagreement").row(0) == (None,) * 4
    stated = part | {"maker_basis": "stated maker"}
    kept = judged_candidates(frame("part_candidate", stated), frame("judgement"), confirmed_only=True)
    assert kept["maker"].to_list() == ["Texas Instruments"]


def test_a_replaced_maker_keeps_no_family_of_another_house() -> None:
    """A person says Microchip: a family of Texas Instruments does not stay with it."""
    part = {"component_id": "c", "item_id": "a", "maker": "Texas Instruments", "maker_basis": "part family",
            "family": "VP230", "family_maker_id": "texas-instruments"}  # fmt: skip
    found = judged_candidates(
        frame("part_candidate", part),
        decision("part-candidate", "c", "replace", value="A house nobody knows"),
        confirmed_only=False,
    ).row(0, named=True)
    assert (found["maker"], found["maker_id"], found["family"]) == ("A house nobody knows", None, None)
