"""From tables to findings: roots counted once, denials apart, contradictions listed."""

from __future__ import annotations

from typing import Any

import polars as pl

from taggant.claims.sayings import trace_roots
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED


def answer(claims: list[dict[str, Any]], sources: list[dict[str, Any]]) -> Answer:
    """Run the step on invented rows."""
    base = {"topic": "transfer.delivered", "scope": "shahed-136", "stance": "assert"}
    frames = (
        pl.DataFrame(rows, schema=frame_schema(TYPED[name])).lazy()
        for name, rows in (("claim", [base | c for c in claims]), ("source", sources))
    )
    claim, source = frames
    found = trace_roots(claim=claim, source=source, as_of=None)
    for name, table in found.tables.items():
        assert isinstance(table, pl.DataFrame)
        assert dict(table.schema) == frame_schema(DERIVED[name])
    return found


SOURCES: list[dict[str, Any]] = [
    {"source_id": "ministry", "title": "m"},
    {"source_id": "daily", "title": "d", "relays": ["ministry"]},
    {"source_id": "weekly", "title": "w", "relays": ["ministry"]},
    {"source_id": "embassy", "title": "e"},
]


def test_no_claim_is_a_refusal() -> None:
    """An empty case says what would be enough."""
    (finding,) = answer([], SOURCES).findings
    assert finding.result.refused is not None


def test_three_outlets_with_one_root_are_one_voice_and_a_denial_adds_none() -> None:
    """Ministry, daily, weekly: one root. The embassy's denial has its own."""
    claims = [{"claim_id": str(n), "source_id": s} for n, s in enumerate(("ministry", "daily", "weekly"))]
    denial = {"claim_id": "x", "source_id": "embassy", "stance": "deny"}
    case, topic = answer([*claims, denial], SOURCES).findings
    assert case.n_roots == 2
    assert (topic.n_roots, topic.statement) == (1, "who-said-what.topic.denied")
    assert topic.result.headline is not None
    assert (topic.result.headline.low, topic.result.headline.high) == (1, 3)
    assert [r.id for r in topic.contradicts] == ["x"]
    assert topic.values["n_contradictions"].value == 3


def test_a_topic_that_is_only_denied_says_so() -> None:
    """A denial without what it denies is a finding of its own kind."""
    _, topic = answer([{"claim_id": "x", "source_id": "embassy", "stance": "deny"}], SOURCES).findings
    assert (topic.statement, topic.n_roots) == ("who-said-what.topic.only-denied", 1)
    assert topic.contradicts == ()


def test_contradictions_of_one_root_are_marked() -> None:
    """Two relays that give different numbers for one voice: the relays differ."""
    claims = [
        {"claim_id": "a", "source_id": "daily", "quantity_low": 1.0, "quantity_high": 1.0},
        {"claim_id": "b", "source_id": "weekly", "quantity_low": 2.0, "quantity_high": 2.0},
    ]
    table = answer(claims, SOURCES).tables["contradiction"]
    assert isinstance(table, pl.DataFrame)
    assert table.select("kind", "has_one_root").rows() == [("quantity", True)]


def test_a_claim_without_topic_is_in_the_case_and_in_no_group() -> None:
    """Nothing falls away: the case counts it."""
    found = answer([{"claim_id": "a", "source_id": "daily", "topic": None}], SOURCES).findings
    assert [f.values["n_claims"].value for f in found] == [1]
