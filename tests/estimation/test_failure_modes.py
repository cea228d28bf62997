"""What the simple formula gets wrong, and that our answer restores it or warns: one world or a few for each row.

The whole table, with many worlds: `python -m benchmarks.failure_modes`.
"""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks import failure_others, failure_serials, failure_silence
from benchmarks.failure_row import Failure

from taggant.estimation.serials import production_from_serials
from taggant.statistics.delays import delay_posterior
from taggant.statistics.sighting_records import solow_1993
from taggant.statistics.silence import sightings, silence_p


def _share(text: str) -> float:
    return float(text.partition(" ")[0])


def _simple_fails_and_ours_holds(row: Failure, *, simple_from: float, ours_to: float) -> None:
    assert _share(row.simple) >= simple_from
    assert _share(row.ours) <= ours_to


def test_made_dates_look_like_a_stop_where_things_are_known_late() -> None:
    """Delays of 6 months: more than half the worlds that go on are called stopped; each delay judged, few are."""
    row = failure_silence.delays(100)[2]
    _simple_fails_and_ours_holds(row, simple_from=0.5, ours_to=0.12)


@pytest.mark.parametrize(
    ("rows", "simple_from", "ours_to"),
    [("wrong_lag", 0.1, 0.12), ("batches", 0.2, 0.12), ("published_late", 0.1, 0.12), ("midpoints", 0.06, 0.12)],
)
def test_what_breaks_the_simple_test_leaves_ours_at_its_level(rows: str, simple_from: float, ours_to: float) -> None:
    """A wrong lag, batches, days of recovery, middles of years."""
    (row,) = getattr(failure_silence, rows)(100)
    _simple_fails_and_ours_holds(row, simple_from=simple_from, ours_to=ours_to)


def test_thirty_questions_at_once_need_an_adjustment() -> None:
    """Three in four cases would call something out."""
    (row,) = failure_silence.many_questions(60)
    _simple_fails_and_ours_holds(row, simple_from=0.6, ours_to=0.15)


def test_falling_effort_is_untestable_without_comparables_and_says_so() -> None:
    """The simple p is small, ours without comparables too: so the answer must call the assumption untestable."""
    from taggant.estimation.cessation import cessation_finding
    from taggant.estimation.stop_record import Record
    from taggant.estimation.stop_sightings import Sighting

    made = [1.0, 3, 4, 6, 8, 9, 11, 13, 15]
    found = cessation_finding(Record(
        sightings=tuple(Sighting(made_from=u, made_until=u, known_from=u, known_until=u) for u in made),
        until=36.0, start=0.0, scale="number",
    ))  # fmt: skip
    effort = next(a for a in found.result.assumptions if "equally hard" in a.text)
    assert effort.status == "untestable"
    assert solow_1993(made, until=36, start=0).p == pytest.approx(silence_p(sightings(made, start=0, until=36)))


def test_the_formula_counts_what_is_fielded_and_ours_says_by_when() -> None:
    """The newest quarter cannot be found: 750 for 1,000; our interval is of what had been made by the last find."""
    (row,) = failure_serials.not_yet_fielded(12)
    assert _share(row.simple.replace(";", "")) < 850
    assert "by the last of these finds" in row.does


def test_numbers_never_given_are_untestable_or_failed_in_every_answer() -> None:
    """Half the numbers unused: twice too many by the formula; a common step of all numbers makes it fail."""
    (row,) = failure_serials.skipped_numbers(10)
    assert float(row.simple) > 1600
    assert _share(row.ours) == 1.0
    even = production_from_serials([10, 40, 60, 90, 130, 170])
    assert next(a for a in even.assumptions if a.text.startswith("Numbers run")).status == "fails"


def test_plants_thrown_together_give_a_quarter() -> None:
    """250 for 1,000 by the formula; a run each, and the interval holds."""
    (row,) = failure_serials.pooled_plants(20)
    assert float(row.simple) < 320
    assert _share(row.ours) >= 0.8


def test_a_misread_first_digit_does_not_drive_the_answer() -> None:
    """Five thousand for a thousand by the formula; ours leaves it out and names it."""
    (row,) = failure_serials.misread(8)
    assert float(row.simple) > 2000
    assert _share(row.ours.rpartition(": ")[2]) <= 0.25


def test_boxes_count_once() -> None:
    """Every number counted, the 95% bound holds far too seldom."""
    (row,) = failure_serials.packs(25)
    assert _share(row.simple) < 0.85
    assert _share(row.ours) >= 0.88


def test_older_items_likelier_are_marked_or_weighed() -> None:
    """The formula's bound holds in a third; with the odds known it holds again."""
    (row,) = failure_serials.older_likelier(10)
    assert _share(row.simple.partition("; ")[2]) < 0.7
    assert _share(row.ours) >= 0.7


def test_delays_as_they_stand_are_too_short() -> None:
    """The plain 90% quantile lies below the truth nearly always; judged against the time there was, it is held."""
    (row,) = failure_others.untruncated(12)
    assert "too short" in row.simple
    assert _share(row.ours) >= 0.75
    rng = np.random.default_rng(3)
    u = rng.uniform(0, 36, 60)
    x = np.minimum(rng.exponential(12, 60), 36 - u)
    honest = delay_posterior(x, x + 0.1, 36 - u, 36 - u + 0.1).lag(0.9, 0.5)
    naive = delay_posterior(x, x + 0.1, 36 - u, 36 - u + 0.1, is_truncated=False).lag(0.9, 0.5)
    assert naive < honest


def test_a_newest_zero_keeps_an_upper_end() -> None:
    """Divided by its share it stays zero; thinned it holds what comes."""
    (row,) = failure_others.newest_zero(200)
    assert _share(row.simple) < 0.7
    assert _share(row.ours) >= 0.9


def test_a_feature_counted_five_times_costs_more_than_silence() -> None:
    """Cllr above one is worse than saying nothing."""
    (row,) = failure_others.repeated_feature(20)
    assert float(row.simple) > 1 > float(row.ours)


def test_chao_is_at_least() -> None:
    """Far below the truth, and called a lower end."""
    (row,) = failure_others.kinds_unseen(20)
    assert float(row.simple) < 220
    assert "at least" in row.does
