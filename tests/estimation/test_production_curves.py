"""The serial–date curve of a case: what it says, what it leaves out, and when it refuses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from taggant.errors import InputError
from taggant.estimation.production_curves import draw_curves
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Finding
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED
from taggant.report.phrases import say

CUT = date(2024, 12, 31)
NUMBERS = [60, 110, 190, 260, 340, 420, 510, 560]
MADE = [date(2022, 3, 1) + timedelta(days=110 * n) for n in range(8)]


def ask(
    numbers: list[int] = NUMBERS, made: list[date | None] | list[date] = MADE, *, incidents: list[str] | None = None,
    as_of: date | None = CUT, **parameters: str,
) -> tuple[pl.DataFrame, dict[str, Finding]]:  # fmt: skip
    """Items of one run, dated to the day and known four months later."""
    names = [f"i{n}" for n in range(len(numbers))]
    known = [date(2024, 6, 1) if m is None else m + timedelta(days=120) for m in made]
    rows: dict[str, list[dict[str, Any]]] = {
        "serial_reading": [
            {"item_id": i, "state": "read", "number": n, "normalised": f"Ы{n}", "verbatim": f"Ы{n}", "prefix": "Ы",
             "prefix_as_written": "Ы", "kind": "uav", "designation": "Kestrel", "block_id": "uav|Kestrel||Ы",
             "incident_id": (incidents or names)[k], "existed_on": known[k], "n_readings": 1, "disagrees": []}
            for k, (i, n) in enumerate(zip(names, numbers, strict=True))
        ],
        "item": [
            {"item_id": i, "kind": "uav", "known_from": known[k], "known_until": known[k] + timedelta(days=1)}
            for k, i in enumerate(names)
        ],
        "recovery_delay": [
            {"item_id": i, "made_from": m, "made_until": m + timedelta(days=30), "known_on": known[k],
             "basis": "date on the item"}
            for k, (i, m) in enumerate(zip(names, made, strict=True)) if m is not None
        ],
        "run_restart": [],
        "incident": [], "delay_law": [], "judgement": [],
    }  # fmt: skip
    tables = {
        t: pl.DataFrame(r, schema=frame_schema((TYPED | DERIVED)[t])).lazy()  # type: ignore[operator]
        for t, r in rows.items()
    }
    answer = draw_curves(as_of=as_of, **tables, **parameters)  # type: ignore[arg-type]
    frame = answer.tables["serial_curve"]
    assert isinstance(frame, pl.DataFrame)
    return frame, {f.finding_id: f for f in answer.findings}


def test_the_headline_is_what_is_known_by_now_and_later_is_extrapolated() -> None:
    """Eight dated numbers: by a day before the cut; every quarter after it is extrapolated; the delay is varied."""
    frame, found = ask(serial_start="1")
    run = found["how-many:curve:uav|Kestrel||Ы"]
    headline = run.result.headline
    assert headline is not None
    by = run.values["by"].value
    assert isinstance(by, date)
    assert by < CUT
    assert headline.low < headline.point < headline.high  # type: ignore[operator]
    there = sum(m <= by for m in MADE)
    assert headline.high > NUMBERS[there - 1]  # type: ignore[operator]
    assert set(frame.filter(pl.col("until_on") > by)["basis"]) == {"extrapolated"}
    assert set(frame.filter(pl.col("until_on") <= by)["basis"]) == {"calibrated"}
    assert frame["total_median"].is_sorted()
    assert [c.change for c in run.result.sensitivity] == [
        "every delay half as long, by the same day", "every delay twice as long, by the same day",
        "by 2024-12-31, extrapolated",
    ]  # fmt: skip
    body: Any = run.as_json()
    assert "beyond that day the curve is extrapolated" in say(run.statement, body["statement"]["values"]).text


def test_packs_and_finds_of_one_incident_count_once() -> None:
    """Three neighbours of one incident are one; two distant ones of another are one."""
    numbers = [*NUMBERS, 341, 343]
    made = [*MADE, MADE[4], MADE[4]]
    incidents = ["a", "a", "c", "d", "e", "f", "g", "h", "e", "e"]
    _, found = ask(numbers, made, incidents=incidents)
    result = found["how-many:curve:uav|Kestrel||Ы"].result
    assert result.n_used == 7
    assert [x.n for x in result.left_out] == [2, 1]


def test_it_is_refused_with_what_would_be_enough() -> None:
    """Four numbers; no cut; numbers that fall as dates rise; a pack of nothing."""
    _, found = ask(NUMBERS[:4], MADE[:4])
    refused = found["how-many:curve:uav|Kestrel||Ы"].result.refused
    assert refused is not None
    assert refused.enough.startswith("1 more number")
    _, found = ask(as_of=None)
    refused = found["how-many:curve:uav|Kestrel||Ы"].result.refused
    assert refused is not None
    assert "as_of" in refused.enough
    frame, found = ask(NUMBERS[::-1])
    refused = found["how-many:curve:uav|Kestrel||Ы"].result.refused
    assert refused is not None
    assert "do not rise" in refused.why
    assert frame.is_empty()
    with pytest.raises(InputError, match="pack_size"):
        ask(pack_size="none")


def test_two_numbers_are_left_to_the_block() -> None:
    """A run of two is refused once, by its block, not again by a curve."""
    _, found = ask(NUMBERS[:2], MADE[:2])
    assert found == {}


def test_a_newest_part_later_than_the_day_known_dates_nothing() -> None:
    """Made after it was known: the two contradict one another, and neither bounds the making."""
    late = [*MADE[:7], CUT + timedelta(days=400)]
    _, found = ask(made=late)
    assert found["how-many:curve:uav|Kestrel||Ы"].result.n_used == 8
