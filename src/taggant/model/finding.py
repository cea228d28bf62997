"""The finding: what the case says — a named statement with values, never a sentence.

Invariant: a room names a statement key and its values; `report/phrases` alone holds words. Each value says what it
rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from taggant.model.result import Json, Number, Result, Weight, number_json


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """One thing of the case by table and key: what a finding rests on."""

    kind: str
    id: str

    def as_json(self) -> Json:
        """Give kind and id."""
        return {"kind": self.kind, "id": self.id}


@dataclass(frozen=True, slots=True)
class StatedValue:
    """One value of a statement, its unit, and what it rests on."""

    value: Number | str | None
    unit: str | None = None
    rests_on: tuple[Reference, ...] = ()

    def as_json(self) -> Json:
        """Give value, unit and rests_on (`kind:id`)."""
        value = self.value if isinstance(self.value, str) else number_json(self.value)
        return {"value": value, "unit": self.unit, "rests_on": [f"{r.kind}:{r.id}" for r in self.rests_on]}


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How likely the sentence is, in the words of one scale, with the range they stand for."""

    words: str
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding of one question.

    Attributes
    ----------
    finding_id : str
        Stable over runs: question and subject.
    question : str
        One of the ten.
    on : date or None
        The day the answer is for.
    statement : str
        Key of the sentence in `report/phrases`.
    values : mapping of str to StatedValue
    subject : mapping of str to str
        Any of producer, module, block, item_id, party_id, commitment_id, stop.
    result : Result
    """

    finding_id: str
    question: str
    statement: str
    result: Result
    on: date | None = None
    values: Mapping[str, StatedValue] = field(default_factory=lambda: MappingProxyType({}))
    subject: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    likelihood: Likelihood | None = None
    verdict: str | None = None
    weights: Mapping[str, tuple[Weight, float]] | None = None
    n_roots: int | None = None
    supports: tuple[Reference, ...] = ()
    contradicts: tuple[Reference, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Give the finding as machines read it (Appendix B), without text, commit and inputs: `run` adds those."""
        weights: Json = None
        if self.weights is not None:
            weights = {
                variant: {"llr10": w.llr10, "low": w.low, "high": w.high, "posterior": posterior}
                for variant, (w, posterior) in self.weights.items()
            }
        likelihood: Json = None
        if self.likelihood is not None:
            likelihood = {"words": self.likelihood.words, "low": self.likelihood.low, "high": self.likelihood.high}
        subject: dict[str, Json] = dict(self.subject)
        return {
            "id": self.finding_id,
            "question": self.question,
            "on": number_json(self.on),
            "verdict": self.verdict,
            "weights": weights,
            "roots": self.n_roots,
            "subject": subject,
            "statement": {"key": self.statement, "values": {k: v.as_json() for k, v in self.values.items()}},
            "likelihood": likelihood,
            **self.result.as_json(),
            "supports": [r.as_json() for r in self.supports],
            "contradicts": [r.as_json() for r in self.contradicts],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What a step gives back: the tables it writes, and the findings that rest on them."""

    tables: Mapping[str, object]
    findings: tuple[Finding, ...] = ()
