"""Competing hypotheses; numbers by hand."""

from __future__ import annotations

import pytest

from taggant.errors import InputError, NotEnoughData
from taggant.findings.hypotheses import weigh_hypotheses

EVIDENCE = {
    "own marks": {"own make": 0.8, "cover": 0.4},
    "parts from abroad": {"own make": 0.3, "cover": 0.6},
    "says nothing": {"own make": 0.5, "cover": 0.5},
}


def test_what_cancels_out_leaves_both() -> None:
    """2 against 1/2: even, and nothing is left out."""
    w = weigh_hypotheses(EVIDENCE)
    assert w.posterior == {"own make": pytest.approx(0.5), "cover": pytest.approx(0.5)}
    assert w.to_turn_llr10 == pytest.approx(0)
    assert w.diagnosticity["says nothing"] == 0
    assert w.diagnosticity["own marks"] == pytest.approx(0.30103, abs=1e-5)


def test_what_it_turns_on() -> None:
    """Without the marks the cover is likelier; priors matter."""
    w = weigh_hypotheses(EVIDENCE, priors={"own make": 0.6, "cover": 0.4})
    assert w.posterior["own make"] == pytest.approx(0.6)
    assert w.without["own marks"]["cover"] == pytest.approx(0.8 / 1.4)
    assert w.turns_on == ("own marks",)
    assert w.llr10["own marks"]["own make"] == pytest.approx(0.30103, abs=1e-5)


def test_one_hypothesis_and_missing_likelihoods_are_refused() -> None:
    """Nothing to weigh; nothing made up."""
    with pytest.raises(NotEnoughData):
        weigh_hypotheses({"e": {"a": 0.5}})
    with pytest.raises(InputError, match="no likelihood"):
        weigh_hypotheses({"e": {"a": 0.5, "b": 0.5}, "f": {"a": 0.5}})
    with pytest.raises(InputError, match="not above 0"):
        weigh_hypotheses({"e": {"a": 0.5, "b": 0.0}})
