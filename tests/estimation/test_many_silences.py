"""Many silences at once: p adjusted for the questions asked, looks counted, curves beside the answer."""

from __future__ import annotations

import numpy as np
import pytest

from taggant.errors import InputError
from taggant.estimation.cessation import cessation_finding
from taggant.estimation.stop_curves import stop_curve
from taggant.estimation.stop_multiplicity import with_multiplicity
from taggant.estimation.stop_record import Record
from taggant.estimation.stop_sightings import Sighting
from taggant.statistics.multiplicity import adjusted_p

BH_1995 = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
           0.7590, 1.0]  # fmt: skip


def test_the_example_of_benjamini_and_hochberg() -> None:
    """Fifteen p: four called out at .05, three by Bonferroni."""
    assert int((adjusted_p(BH_1995) <= 0.05).sum()) == 4
    assert sum(15 * p <= 0.05 for p in BH_1995) == 3


def test_adjusting_by_hand() -> None:
    """None, one, ties, order kept; whatever the dependence is wider; a p above one is refused."""
    assert adjusted_p([]).tolist() == []
    assert adjusted_p([0.3]).tolist() == [0.3]
    assert adjusted_p([0.04, 0.01, 0.03]).tolist() == pytest.approx([0.04, 0.03, 0.04])
    assert adjusted_p([0.01, 0.2], is_independent=False).tolist() == pytest.approx([0.03, 0.3])
    with pytest.raises(InputError, match="outside"):
        adjusted_p([1.2])


def _record(n: int, *, last: float, until: float = 739_000.0) -> Record:
    made = np.linspace(until - 1000, last, n)
    return Record(
        sightings=tuple(
            Sighting(made_from=float(u), made_until=float(u), known_from=float(u) + 20, known_until=float(u) + 20)
            for u in made
        ),
        until=until,
    )


def test_the_words_stay_and_the_number_asked_is_printed() -> None:
    """Two judged and one refused: each p is judged as one of two."""
    found = [cessation_finding(_record(8, last=738_600.0), n_looks=12), cessation_finding(_record(9, last=738_950.0)),
             cessation_finding(_record(1, last=738_000.0))]  # fmt: skip
    done, rows = with_multiplicity(found, [{}, {}, {}])
    assert [f.verdict for f in done] == [f.verdict for f in found]
    said = [d for d in done[0].result.diagnostics if d.name.startswith("p adjusted")]
    assert "2 of 3" in said[0].reading
    p = next(float(d.value or 0) for d in found[0].result.diagnostics if d.name == "p of the silence")
    assert float(said[0].value or 0) >= p
    assert "p_adjusted" not in rows[2]
    assert next(d.value for d in done[0].result.diagnostics if d.name == "looks") == 12


def test_the_curve_ends_where_it_should() -> None:
    """All belief in an end lies before the cut; p falls after it; the silence needed is where it crosses .05."""
    rows = stop_curve(_record(8, last=738_600.0))
    past = [r["ended_by"] for r in rows if r["ended_by"] is not None]
    ahead = [r["p_if_silent"] for r in rows if r["p_if_silent"] is not None]
    assert past == sorted(past)  # type: ignore[type-var]
    assert float(past[-1]) == pytest.approx(1, abs=0.02)  # type: ignore[arg-type]
    assert ahead == sorted(ahead, reverse=True)  # type: ignore[type-var]
    assert stop_curve(_record(2, last=738_600.0)) == []
    assert stop_curve(Record(sightings=(), until=5.0)) == []
