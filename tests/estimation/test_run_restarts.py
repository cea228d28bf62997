"""Runs that begin again: proposed, split once confirmed, never before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from taggant.errors import InputError
from taggant.estimation.production import count_production
from taggant.estimation.run_restarts import find_restarts, split_runs
from taggant.model.derived_tables import DERIVED
from taggant.model.suggestions import SUGGESTIONS
from taggant.model.tables import frame_schema, join_key
from taggant.model.typed_tables import TYPED
from taggant.statistics.serial_restarts import restart_after

BLOCK = "uav|Kestrel||Ы"
FIRST = [12, 60, 110, 190, 240, 330, 380]
SECOND = [5, 40, 100, 160, 230, 300, 360]


def frame(table: str, *rows: dict[str, Any]) -> pl.DataFrame:
    """Build a table as declared."""
    return pl.DataFrame(list(rows), schema=frame_schema(DERIVED.get(table) or TYPED[table]))


def readings(numbers: list[int] = [*FIRST, *SECOND], *, undated: int = 0) -> pl.DataFrame:  # noqa: B006 — not changed
    """One item a month."""
    return frame(
        "serial_reading",
        *(
            {"item_id": f"i{k}", "incident_id": f"e{k}", "state": "read", "number": n, "normalised": f"Ы{n}",
             "verbatim": f"Ы{n}", "prefix": "Ы", "prefix_as_written": "Ы", "kind": "uav", "designation": "Kestrel",
             "block_id": BLOCK, "n_readings": 1, "disagrees": [],
             "existed_on": None if k < undated else date(2023, 1, 1) + timedelta(days=30 * k)}
            for k, n in enumerate(numbers)
        ),
    )  # fmt: skip


def found(table: pl.DataFrame) -> pl.DataFrame:
    """What is proposed."""
    restarts = find_restarts(serial_reading=table.lazy(), as_of=None).tables["run_restart"]
    assert isinstance(restarts, pl.DataFrame)
    return restarts


def decision(verdict: str, **more: Any) -> pl.DataFrame:
    """One judgement on the run."""
    return frame(
        "judgement", {"kind": "run-restart", "suggestion": join_key([BLOCK]), "verdict": verdict, "by": "ada", **more}
    )


def test_a_run_that_begins_again_is_proposed_with_its_day() -> None:
    """Seven numbers up to 380, then seven from 5 on: proposed from the day of the eighth; one rising run is not."""
    row = found(readings()).row(0, named=True)
    assert (row["block_id"], row["from_on"]) == (BLOCK, date(2023, 1, 1) + timedelta(days=210))
    assert (row["n_before"], row["n_after"], row["largest_before"], row["smallest_after"]) == (7, 7, 380, 5)
    assert row["within"] > row["between"]
    assert found(readings([*FIRST, *(n + 400 for n in SECOND)])).is_empty()
    assert "run-restart" in SUGGESTIONS


def test_nothing_is_split_that_nobody_has_confirmed() -> None:
    """Proposed or rejected: one run. Confirmed: two. Another day: by that day."""
    table = readings()
    restarts = found(table)
    for judgement in (frame("judgement"), decision("reject")):
        assert split_runs(table, restarts, judgement)["block_id"].unique().to_list() == [BLOCK]
    split = split_runs(table, restarts, decision("confirm"))
    assert split["block_id"].to_list() == [BLOCK] * 7 + [f"{BLOCK}|2"] * 7
    assert split["prefix_as_written"][-1] == "Ы (2)"
    other = split_runs(table, restarts, decision("replace", value="2023-05"))
    assert other["block_id"].to_list().count(BLOCK) == 4
    with pytest.raises(InputError, match="no first day"):
        split_runs(table, restarts, decision("replace", value="../2023"))


def test_the_answer_splits_once_it_is_confirmed() -> None:
    """One run to 380 becomes two, each from its own numbers; an item without a day is left out and counted."""
    table = readings([*FIRST, *SECOND, 77], undated=0)
    table = pl.concat([table.head(14), table.tail(1).with_columns(existed_on=pl.lit(None, dtype=pl.Date))])

    def ask(judgement: pl.DataFrame) -> dict[str, Any]:
        empty = {t: frame(t).lazy() for t in ("incident", "claim", "claim_root", "use", "plan")}
        tables = {"serial_reading": table.lazy(), "run_restart": found(table).lazy(), "judgement": judgement.lazy()}
        answer = count_production(as_of=None, **tables, **empty)  # type: ignore[arg-type]
        return {f.finding_id: f for f in answer.findings}

    before, after = ask(frame("judgement")), ask(decision("confirm"))
    assert f"how-many:block:{BLOCK}|2" not in before
    one, two = after[f"how-many:block:{BLOCK}"], after[f"how-many:block:{BLOCK}|2"]
    assert (one.values["largest"].value, two.values["largest"].value) == (380, 360)
    assert (one.values["block"].value, two.values["block"].value) == ("Ы", "Ы (2)")
    assert any("begins again" in x.why for x in after["how-many:case"].result.left_out)


def test_few_numbers_and_equal_days_propose_nothing() -> None:
    """None, seven, and ten of one day."""
    assert restart_after([], []) is None
    assert restart_after([1, 2, 3, 1, 2, 3, 4], range(7)) is None
    assert restart_after([1, 5, 9, 13, 17, 2, 6, 10, 14, 18], [3.0] * 10) is None
    with pytest.raises(InputError, match="differ"):
        restart_after([1], [])
