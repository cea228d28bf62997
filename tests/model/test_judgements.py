"""Judgements beside suggestions: what holds, what has changed since, and what an answer may count as confirmed."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from taggant.errors import InputError, UnknownName
from taggant.model.declared import schema_of
from taggant.model.judgements import (
    count_judged,
    is_confirmed_only,
    judged,
    not_used,
    suggested,
    why_not_used,
)
from taggant.model.suggestions import SUGGESTIONS, suggestion_kind
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED


def judgements(*rows: dict[str, Any]) -> pl.DataFrame:
    """Build a table of judgements on serials."""
    base = {"kind": "serial-reading", "by": "ada"}
    return pl.DataFrame([base | r for r in rows], schema=frame_schema(TYPED["judgement"]))


def serials(**numbers: str | None) -> pl.DataFrame:
    """Build readings of serials; None: it could not be read."""
    return pl.DataFrame(
        {
            "item_id": list(numbers),
            "state": ["left out" if n is None else "read" for n in numbers.values()],
            "normalised": list(numbers.values()),
        },
        schema={"item_id": pl.String, "state": pl.String, "normalised": pl.String},
    )


@pytest.mark.parametrize("kind", SUGGESTIONS.values(), ids=lambda k: k.name)
def test_a_kind_names_columns_and_tables_that_are_declared(kind: Any) -> None:
    """One entry is all a new kind needs, so it must hold together."""
    names = set(schema_of(kind.table).names)
    assert {*kind.key, *kind.show, *(c for _, c in kind.evidence)} <= names
    assert set(kind.value) <= names
    assert all(table in TYPED for table, _ in kind.evidence)
    if kind.where is not None:
        column, words = kind.where
        assert set(words) <= set(schema_of(kind.table).column(column).levels)


def test_no_row_and_no_judgement() -> None:
    """Nothing in, nothing out, with the same columns."""
    found = judged(serials(), judgements(), "serial-reading")
    assert found.height == 0
    assert found.columns[3:] == ["suggestion", "suggested", "judged", "judged_value", "judged_why", "judged_by"]


def test_each_verdict_has_its_state_and_rows_keep_their_order() -> None:
    """Confirmed, rejected, replaced, unsure, unjudged; what proposes nothing has no state."""
    readings = serials(e="K5", d="K4", c="K3", b="K2", a="K1", none=None)
    found = judged(
        readings,
        judgements(
            {"suggestion": "a", "verdict": "confirm", "suggested": "K1"},
            {"suggestion": "b", "verdict": "reject", "suggested": "K2", "why": "that is a batch"},
            {"suggestion": "c", "verdict": "replace", "value": "K-8", "suggested": "K3"},
            {"suggestion": "d", "verdict": "unsure"},
            {"suggestion": "none", "verdict": "confirm"},
        ),
        "serial-reading",
    )
    assert found["item_id"].to_list() == ["e", "d", "c", "b", "a", "none"]
    assert found["judged"].to_list() == ["unjudged", "unsure", "replaced", "rejected", "confirmed", None]
    assert found["judged_value"].to_list() == [None, None, "K-8", None, None, None]
    assert found["judged_why"].to_list()[3] == "that is a batch"


def test_a_confirmation_says_nothing_about_another_proposal() -> None:
    """The accident prevented: a mark is corrected, and the old yes would stand behind the new number."""
    old = judgements({"suggestion": "a", "verdict": "confirm", "suggested": "K1"})
    assert judged(serials(a="K7"), old, "serial-reading")["judged"].to_list() == ["changed"]
    rejected = judgements({"suggestion": "a", "verdict": "reject", "suggested": "K1"})
    assert judged(serials(a="K7"), rejected, "serial-reading")["judged"].to_list() == ["changed"]


def test_a_persons_own_value_stands_whatever_is_proposed_next() -> None:
    """The over-correction prevented: a replaced value does not fall with the proposal it replaced."""
    old = judgements({"suggestion": "a", "verdict": "replace", "value": "K2", "suggested": "K1"})
    assert judged(serials(a="K7"), old, "serial-reading")["judged"].to_list() == ["replaced"]


def test_another_kind_of_the_same_key_is_another_suggestion() -> None:
    """A judged maker says nothing of the date of the same component."""
    other = judgements({"kind": "part-candidate", "suggestion": "a", "verdict": "confirm"})
    assert judged(serials(a="K1"), other, "serial-reading")["judged"].to_list() == ["unjudged"]


def test_several_rows_of_one_key_are_one_suggestion() -> None:
    """A date code with two decades left is judged once, and both rows know."""
    ranges = pl.DataFrame(
        {
            "component_id": ["c", "c"],
            "state": ["ambiguous"] * 2,
            "token": ["22T"] * 2,
            "made_from": ["2012-02-01", "2022-02-01"],
            "made_until": ["2012-03-01", None],
        }
    )
    assert suggested(ranges, "made-range")["suggested"].to_list() == ["22T 2012-02-01 2012-03-01 | 22T 2022-02-01"] * 2
    unsure = judgements({"kind": "made-range", "suggestion": "c", "verdict": "unsure"})
    assert judged(ranges, unsure, "made-range")["judged"].to_list() == ["unsure", "unsure"]


def test_a_bar_in_a_key_is_escaped_as_the_ledger_does() -> None:
    """Keys of suggestions and of judgements are one spelling."""
    assert suggested(serials(**{"a|b": "K1"}), "serial-reading")["suggestion"].to_list() == ["a\\|b"]


def test_counts_say_what_nobody_stands_behind() -> None:
    """Of five used, two are sure; the rejected one is not used at all."""
    states = ["confirmed", "replaced", "unsure", "changed", "unjudged", "rejected", None]
    count = count_judged(states)
    assert (count.n_used, count.n_unconfirmed) == (5, 3)
    line = count.assumption("serials")
    assert (line.status, line.why) == ("weak", "3 of 5 unconfirmed")
    assert count_judged(["confirmed"]).assumption("serials").status == "ok"
    assert count_judged([]).n_used == 0


def test_what_is_left_out_is_counted_by_reason() -> None:
    """With confirmed only, unsure and changed go too; without, only what was rejected."""
    states = ["rejected", "unsure", "changed", "unjudged", "confirmed", "replaced", None]
    assert [x.n for x in not_used(states, confirmed_only=False)] == [1]
    assert [x.n for x in not_used(states, confirmed_only=True)] == [1, 3]
    assert [why_not_used(s, confirmed_only=True) for s in ("confirmed", "replaced", None)] == [None] * 3


def test_an_unknown_kind_and_a_third_answer_are_named() -> None:
    """The errors say what is known."""
    with pytest.raises(UnknownName, match="made-range"):
        suggestion_kind("made-rang")
    with pytest.raises(InputError, match="confirmed_only is 'perhaps'"):
        is_confirmed_only("perhaps")
