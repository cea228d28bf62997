"""How long things take to become known: laws from records that end, defaults where they cannot tell, counts to come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from taggant.errors import InputError, NotEnoughData
from taggant.estimation.delays import estimate_delays, lag_of
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED
from taggant.statistics.delays import delay_posterior, reverse_hazard
from taggant.statistics.nowcast import multiplied_counts, thinned_counts

CUT = date(2025, 6, 30)


def _world(n: int, *, mean_days: float, seed: int, window: int = 1200, kind: str = "engine") -> list[tuple[date, date]]:
    """Made evenly over the window, known after an exponential delay; only what is known by the cut."""
    rng = np.random.default_rng(seed)
    found: list[tuple[date, date]] = []
    while len(found) < n:
        made = CUT - timedelta(days=int(rng.integers(0, window)))
        known = made + timedelta(days=int(rng.exponential(mean_days)))
        if known <= CUT:
            found.append((made, known))
    return found


def _answer(pairs: list[tuple[date, date]], *, cut: date | None = CUT, **columns: Any) -> Answer:
    items = [
        {"item_id": f"i{n:03}", "kind": "engine", "incident_id": f"e{n}", "known_from": known,
         "known_until": known + timedelta(days=1), **{name: value(n) for name, value in columns.items()}}
        for n, (_, known) in enumerate(pairs)
    ]  # fmt: skip
    marks = [
        {"marking_id": f"m{n:03}", "item_id": f"i{n:03}", "kind": "date", "text": made.isoformat()}
        for n, (made, _) in enumerate(pairs)
    ]

    def table(rows: list[dict[str, Any]], name: str) -> pl.LazyFrame:
        schema = frame_schema(TYPED.get(name) or DERIVED[name])
        return pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=schema).lazy()

    return estimate_delays(
        item=table(items, "item"), marking=table(marks, "marking"), item_assembly=table([], "item_assembly"), as_of=cut
    )


def _law(answer: Answer) -> dict[str, Any]:
    frame = answer.tables["delay_law"]
    assert isinstance(frame, pl.DataFrame)
    return frame.filter(pl.col("basis") == "dates of items").row(0, named=True)


def test_the_lag_is_found_again() -> None:
    """Exponential delays of mean 100 days: nine in ten within 230; as if the record had no end it comes out shorter."""
    answer = _answer(_world(60, mean_days=100, seed=5))
    law = _law(answer)
    assert law["state"] == "estimated"
    assert law["lag90_low_days"] <= 230 <= law["lag90_high_days"]
    naive = next(c for c in answer.findings[0].result.sensitivity if "no end" in c.change)
    assert isinstance(naive.high, int)
    assert naive.high < law["lag90_high_days"]
    assert lag_of(answer.tables["delay_law"], "dates of items").is_estimated  # type: ignore[arg-type]


@pytest.mark.parametrize(("n", "cut"), [(0, CUT), (1, CUT), (2, CUT), (7, CUT), (30, None)])
def test_too_little_is_a_stated_default(n: int, cut: date | None) -> None:
    """Fewer than eight incidents, or no day up to which the case knows: 365 days, said to be a default."""
    answer = _answer(_world(n, mean_days=100, seed=1), cut=cut)
    law = _law(answer)
    assert (law["state"], law["lag90_days"]) == ("default", 365)
    assert answer.findings[0].statement == "how-many.delay.refused"
    assert answer.findings[0].result.refused is not None
    assert "default" in answer.findings[0].result.refused.why
    assert law["enough"]


def test_a_record_too_short_for_its_delays_refuses() -> None:
    """Delays as long as the record: any tail fits."""
    law = _law(_answer(_world(12, mean_days=3000, seed=3)))
    assert law["state"] == "default"
    assert "anything from" in law["why"]


def test_things_of_one_incident_are_one_delay() -> None:
    """Twenty items of two incidents are two delays."""
    answer = _answer(_world(20, mean_days=100, seed=2), incident_id=lambda n: f"e{n % 2}")
    assert answer.findings[0].result.n_used == 2


def test_a_recovery_stands_in_for_the_day_known_and_is_counted() -> None:
    """Without a day known the recovery is used, and the assumption turns weak."""
    pairs = _world(40, mean_days=60, seed=5)
    answer = _answer(
        pairs, known_from=lambda _: None, known_until=lambda _: None, recovered_from=lambda n: pairs[n][1],
        recovered_until=lambda n: pairs[n][1] + timedelta(days=1),
    )  # fmt: skip
    assert _law(answer)["n_recovery_only"] == 40
    assert "weak" in {a.status for a in answer.findings[0].result.assumptions if "stated" in a.text}


def test_counts_to_come_never_say_that_nothing_is_left() -> None:
    """The newest quarters have upper ends above what is seen; the oldest hold what they held."""
    answer = _answer(_world(80, mean_days=200, seed=6))
    frame = answer.tables["delay_nowcast"]
    assert isinstance(frame, pl.DataFrame)
    newest, oldest = frame.row(-1, named=True), frame.row(0, named=True)
    assert newest["high"] > newest["n_seen"]
    assert oldest["low"] == oldest["n_seen"]
    assert (frame["low"] <= frame["point"]).all()


def test_the_interval_covers_in_worlds_of_two_laws() -> None:
    """95% of belief in the lag, 40 worlds a cell: 20 delays, two laws neither of which is the other family."""
    rng = np.random.default_rng(11)
    for truth, shape in ((6 * np.log(10), 1.0), (11.669, 2.0)):
        inside = 0
        for _ in range(40):
            made: list[float] = []
            delay: list[float] = []
            while len(made) < 20:
                at, late = rng.uniform(0, 36), rng.gamma(shape, 6 / shape)
                if at + late <= 36:
                    made.append(at)
                    delay.append(late)
            u, x = np.array(made), np.array(delay)
            found = delay_posterior(np.maximum(x - 0.1, 0), x + 0.1, np.maximum(36 - u, x), 36 - u + 0.1)
            inside += found.lag(0.9, 0.025) <= truth <= found.lag(0.9, 0.975)
        assert inside >= 34


def test_bad_delays_are_named() -> None:
    """Longer than there was time for, out of order, or none."""
    with pytest.raises(InputError, match="longer than the 4"):
        reverse_hazard([5], [4])
    with pytest.raises(NotEnoughData):
        reverse_hazard([], [])
    with pytest.raises(InputError, match="out of order"):
        delay_posterior([3], [3], [9], [9])
    with pytest.raises(InputError, match="not above the mean"):
        thinned_counts([1], [0.5], mean=5, variance=5)
    with pytest.raises(InputError, match="nothing can be known"):
        multiplied_counts([1], [0.0])


def test_known_shares_of_one_leave_the_count_alone() -> None:
    """All known: nothing is added, whatever the prior."""
    assert thinned_counts([0, 4], [[1.0, 1.0]], mean=50, variance=3000).tolist() == [[0, 0, 0], [4, 4, 4]]
