"""The chart of how-many: what is drawn, what is only counted, and where each mark leads."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from taggant.model.derived_tables import DERIVED
from taggant.model.tables import frame_schema
from taggant.report.dossier import Dossier
from taggant.report.production_chart import NARROW, WIDE, production_spec
from taggant.report.production_marks import production_marks
from taggant.report.svg import to_svg

from .sample import CASE

_LINE = dict.fromkeys(frame_schema(DERIVED["production"]))
_DAY = date(2025, 1, 1)


def _line(n: int, line: str, **given: Any) -> dict[str, Any]:
    told = {"line_id": f"{line}|{n}", "line": line, "measure": "total", "scope": "K", "unit": "items",
            "until_on": _DAY, "record_id": f"{line}-{n}"}  # fmt: skip
    return {**_LINE, **told, **given}


def _dossier(*lines: dict[str, Any], graded: str | None = None) -> Dossier:
    claims = pl.DataFrame(
        {"claim_id": ["claim-1"], "credibility": [graded]}, schema_overrides={"credibility": pl.String}
    )
    frames = {"production": pl.DataFrame(list(lines), schema=frame_schema(DERIVED["production"])), "claim": claims}
    return Dossier(case=CASE, answers={}, frames=frames)


def _rows(spec: dict[str, Any], kind: str, **mark: Any) -> list[dict[str, Any]]:
    layers = [la for la in spec["layer"] if la["mark"]["type"] == kind and mark.items() <= la["mark"].items()]
    return [row for la in layers for row in la["data"]["values"]]


def test_nothing_is_not_drawn() -> None:
    """No line, or only lines that are no total: no chart, and they are counted."""
    assert production_spec(production_marks(_dossier())) is None
    rates = production_marks(_dossier(_line(1, "claim", measure="rate", low=5.0, stance="assert")))
    assert production_spec(rates) is None
    assert rates.n_not_drawn == 1


@pytest.mark.parametrize(
    ("low", "high", "shape"), [(5.0, 5.0, "diamond"), (5.0, None, "triangle-up"), (None, 5.0, "triangle-down")]
)
@pytest.mark.parametrize("graded", [None, "2"])
def test_claims_are_hollow_until_graded(low: float | None, high: float | None, shape: str, graded: str | None) -> None:
    """At least and at most have shapes of their own; the mark leads to the claim's page."""
    marks = production_marks(_dossier(_line(1, "claim", low=low, high=high, stance="assert"), graded=graded))
    spec = production_spec(marks)
    assert spec is not None
    (row,) = _rows(spec, "point", **({"fill": "white"} if graded is None else {"filled": True}))
    assert (row["shape"], row["href"], row["n"]) == (shape, "claim/claim-1.html", 5)
    assert row["on"] == "2024-12-31"  # the last day, not the first after


def test_denials_decoys_and_undated_lines_are_counted_not_drawn() -> None:
    """A denial says no number; decoys are another thing; a line without a last day has no place in time."""
    marks = production_marks(_dossier(
        _line(1, "claim", low=5.0, high=5.0, stance="deny"),
        _line(2, "claim", low=5.0, high=5.0, stance="assert", until_on=None),
        _line(3, "plan", point=7.0, scope="decoys"), _line(4, "serials"),
    ))  # fmt: skip
    assert marks.n_not_drawn == 4
    assert marks.keys == ()


def test_what_rises_above_the_top_is_cut_where_it_leaves() -> None:
    """Serials set the height; a plan of ten times as much leaves the chart a tenth of its way up its line."""
    marks = production_marks(_dossier(
        _line(1, "serials", low=80.0, point=90.0, high=100.0),
        _line(2, "plan", point=1350.0, from_on=date(2024, 1, 1), until_on=date(2025, 1, 1)),
        _line(3, "use", low=100.0, from_on=date(2024, 1, 1), until_on=date(2024, 2, 1)),
        _line(4, "use", low=900.0, from_on=date(2024, 2, 1), until_on=date(2024, 3, 1)),
    ))  # fmt: skip
    spec = production_spec(marks)
    assert spec is not None
    top = spec["layer"][0]["encoding"]["y"]["scale"]["domain"][1]
    assert top == pytest.approx(135)
    (plan,) = _rows(spec, "rule", strokeDash=[5, 4])
    assert plan["n"] == pytest.approx(top)
    assert plan["on"] == "2024-02-06"  # a tenth of 365 days
    area = _rows(spec, "area")
    assert max(row["n"] for row in area) == pytest.approx(top)
    assert area[0]["n"] == 0
    assert {row["href"] for row in area} == {"table/production.html"}
    (bar,) = _rows(spec, "rule", strokeWidth=7)
    assert (bar["n"], bar["high"]) == (80, 100)


@pytest.mark.parametrize("frame", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_drawing_stays_inside_and_links_inside(frame: Any) -> None:
    """Hostile names are letters; each label lies within the plot."""
    name = '<script>"' + "Ш" * 40
    marks = production_marks(_dossier(_line(1, "serials", low=80.0, point=90.0, high=100.0, scope=name)))
    spec = production_spec(marks, frame=frame)
    assert spec is not None
    drawn = to_svg(spec, name="x", title="t", desc="d")
    assert "<script" not in drawn
    assert 'href="table/block.html"' in drawn
