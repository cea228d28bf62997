"""Lines of the validation: made of the left-out weights, and of nothing else."""

from __future__ import annotations

from collections import defaultdict

import pytest

from taggant.attribution.check_curves import curve_rows
from taggant.attribution.checks import VariantCheck
from taggant.report.weight_checks_chart import weight_checks_spec
from taggant.statistics.calibration import LN10, cllr, cllr_min


def _check(own: tuple[float, ...], others: tuple[float, ...]) -> VariantCheck:
    return VariantCheck(
        variant="a", n_own=len(own), n_others=len(others), n_missing=0, own=own, others=others, low=-0.7, high=0.7
    )


def _lines(check: VariantCheck) -> dict[str, list[tuple[float, float | None]]]:
    found: dict[str, list[tuple[float, float | None]]] = defaultdict(list)
    for row in curve_rows("hull", check):
        assert (row["module"], row["variant"]) == ("hull", "a")
        assert row["n"] == len(found[row["curve"]]) + 1
        found[row["curve"]].append((row["x"], row["y"]))
    return found


def test_the_lines_meet_the_costs_of_the_table() -> None:
    """At even odds the entropy left is the cost; after the best rewriting the least cost; with nothing one bit."""
    own, others = (1.0, 0.5, 0.2, -0.1, 0.9), (-1.0, -0.5, 0.3, -0.2, -0.9)
    lines = _lines(_check(own, others))
    even = {name: next(y for x, y in lines[name] if x == 0) for name in lines if name.startswith("ece")}
    a, b = ([x * LN10 for x in side] for side in (own, others))
    assert even["ece"] == pytest.approx(cllr(a, b), abs=1e-6)
    assert even["ece of the best rewriting"] == pytest.approx(cllr_min(a, b), abs=1e-6)
    assert even["ece of silence"] == pytest.approx(1.0, abs=1e-6)
    assert lines["tippett own"][0] == (-1.0, 1.0)
    assert lines["tippett others"][-1] == (1.0, 0.0)
    assert [y for _, y in lines["pav"] if y is not None] == sorted(y for _, y in lines["pav"] if y is not None)


def test_separated_weights_have_no_end_and_are_drawn_at_the_edge() -> None:
    """A rewritten weight without end is null in the table and stands at the edge of the panel."""
    check = _check((1.0,) * 5, (-1.0,) * 5)
    rows = list(curve_rows("hull", check))
    assert [r["y"] for r in rows if r["curve"] == "pav"] == [None, None]
    spec = weight_checks_spec(rows, [{"module": "hull", "variant": "a", "low": -0.7, "high": 0.7}], width=900)
    middle = spec["vconcat"][0]["hconcat"][1]["layer"][1]["data"]["values"]
    assert [(p["x"], p["y"]) for p in middle] == [(-1.0, -3.0), (1.0, 3.0)]


def test_too_few_have_no_lines() -> None:
    """Below five incidents a side nothing is drawn, as nothing is printed."""
    assert list(curve_rows("hull", VariantCheck(variant="a", n_own=4, n_others=9, n_missing=1, own=(1.0,)))) == []
