"""Rival readings: weighed issue by issue, refused where nothing parts them."""

from __future__ import annotations

import polars as pl
import pytest

from taggant.findings.rival_readings import weigh_rivals
from taggant.model.finding import Answer
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED


def answer(hypotheses: list[tuple[str, str]], likelihoods: list[tuple[str, str, float]]) -> Answer:
    """The step on these rows: (id, issue), (evidence, hypothesis, likelihood)."""

    def frame(table: str, rows: list[dict[str, object]]) -> pl.LazyFrame:
        schema = frame_schema(TYPED[table])
        return pl.DataFrame([{n: r.get(n) for n in schema} for r in rows], schema=schema).lazy()

    h = [{"hypothesis_id": i, "issue": issue, "statement": i.upper(), "source_id": "s"} for i, issue in hypotheses]
    p = [
        {"evidence_id": e, "hypothesis_id": i, "evidence": e, "likelihood": x, "why": "ours", "source_id": "s"}
        for e, i, x in likelihoods
    ]
    return weigh_rivals(hypothesis=frame("hypothesis", h), likelihood=frame("likelihood", p), as_of=None)  # type: ignore[arg-type]


def table(of: Answer, name: str) -> pl.DataFrame:
    """A table of the answer."""
    found = of.tables[name]
    assert isinstance(found, pl.DataFrame)
    return found


def test_two_readings_by_hand() -> None:
    """.8 to .4 from even odds leaves 2/3; .5 to .5 parts nothing."""
    rows = [("e1", "a", 0.8), ("e1", "b", 0.4), ("e2", "a", 0.5), ("e2", "b", 0.5)]
    got = answer([("a", "q"), ("b", "q")], rows)
    share = dict(table(got, "hypothesis_weight").select("hypothesis_id", "posterior").iter_rows())
    assert share == {"a": pytest.approx(2 / 3), "b": pytest.approx(1 / 3)}
    parts = dict(table(got, "hypothesis_evidence").select("evidence_id", "diagnosticity").iter_rows())
    assert parts == {"e1": pytest.approx(0.30103, abs=1e-5), "e2": 0.0}
    assert got.findings[0].result.headline is not None


def test_evidence_without_a_likelihood_for_each_is_left_out_and_counted() -> None:
    """A piece that speaks to one reading alone says nothing about the other."""
    got = answer([("a", "q"), ("b", "q")], [("e1", "a", 0.8), ("e1", "b", 0.4), ("e2", "a", 0.5)])
    assert got.findings[0].result.n_used == 1
    assert got.findings[0].result.left_out[0].n == 1


@pytest.mark.parametrize("hypotheses", [[("a", "q")], [("a", "q"), ("b", "q")]])
def test_nothing_to_weigh_is_refused(hypotheses: list[tuple[str, str]]) -> None:
    """One reading, or no evidence: a refusal with what would be enough; the readings stay in the table."""
    got = answer(hypotheses, [])
    assert got.findings[0].result.refused is not None
    assert table(got, "hypothesis_weight").height == len(hypotheses)


def test_no_readings_no_findings() -> None:
    """A case without rivals has none."""
    assert answer([], []).findings == ()
