"""An answer with everything it needs to be checked: interval first, method, what was used and left out, assumptions.

Invariant: no number leaves a room without its interval, its method and what it rests on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Literal, TypeAlias

from taggant.errors import InputError
from taggant.model.canonical import Plain

Number: TypeAlias = "int | float | date"
Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
Status = Literal["ok", "weak", "fails", "untestable"]


def number_json(value: Number | None) -> Json:
    """Give a number or day as JSON has it: days as ISO text, infinity and not-a-number as null."""
    if value is None:
        return None
    if isinstance(value, date):
        return value.isoformat()
    return value if math.isfinite(value) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """What the data allow, ends first.

    Attributes
    ----------
    low, high : int, float, date or None
        None: open on that side.
    point : int, float, date or None
        The single value to name when one must be named; `point_is` says which (median, mean, newest part…).
    level : float or None
        Coverage in (0, 1); None for logical bounds.
    interval : str
        Which kind: "equal-tailed", "from the largest seen", "bounds"…
    unit : str
    """

    low: Number | None
    high: Number | None
    point: Number | None = None
    point_is: str | None = None
    level: float | None = None
    interval: str
    unit: str

    def __post_init__(self) -> None:
        if self.level is not None and not 0 < self.level < 1:
            raise InputError(f"a level of {self.level} is not between 0 and 1", next="Give for example 0.95")
        ordered = [v for v in (self.low, self.point, self.high) if v is not None]
        if any(a > b for a, b in pairwise(ordered)):  # type: ignore[operator]
            raise InputError(
                f"an interval with low {self.low}, point {self.point}, high {self.high} is out of order",
                next="This is a fault of the method: please report it",
            )

    def as_json(self) -> Json:
        """Give the headline object of Appendix B."""
        return {
            "low": number_json(self.low),
            "point": number_json(self.point),
            "point_is": self.point_is,
            "high": number_json(self.high),
            "level": self.level,
            "interval": self.interval,
            "unit": self.unit,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """A weight of evidence: log10 likelihood ratio, with the bounds the validation data allow.

    Attributes
    ----------
    llr10, low, high : float
        Base-10 log of the likelihood ratio; `low` ≤ `llr10` ≤ `high`.
    """

    llr10: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.llr10 <= self.high:
            raise InputError(
                f"a weight of {self.llr10} lies outside its bounds {self.low} to {self.high}",
                next="This is a fault of the method: please report it",
            )


@dataclass(frozen=True, slots=True)
class Assumption:
    """What the method takes for granted, and how that stands here."""

    text: str
    status: Status
    why: str

    def as_json(self) -> Json:
        """Give text, status and why."""
        return {"text": self.text, "status": self.status, "why": self.why}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many were not used, and why."""

    why: str
    n: int


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A number about the method's health, and how to read it."""

    name: str
    value: float | int | str | None
    reading: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What the interval would be under another assumption."""

    change: str
    low: Number | None
    high: Number | None


@dataclass(frozen=True, slots=True)
class Beside:
    """Another method's answer to the same question."""

    method: str
    version: str
    point: Number | None
    low: Number | None = None
    high: Number | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer, and what would be enough for one."""

    why: str
    enough: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One method's answer, or its refusal.

    Attributes
    ----------
    method, version : str
        A published method keeps its name for ever; its version only grows.
    headline : Interval or None
        None exactly when `refused` is given.
    quantiles : mapping of str to number, or None
        "0.025" → value.
    n_used : int
        How many observations carry the answer.
    """

    method: str
    version: str
    n_used: int
    headline: Interval | None = None
    quantiles: Mapping[str, Number] | None = None
    mean: float | None = None
    sd: float | None = None
    parameters: Mapping[str, Plain] = field(default_factory=lambda: MappingProxyType({}))
    seed: int | None = None
    beside: tuple[Beside, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    sensitivity: tuple[Changed, ...] = ()
    refused: Refusal | None = None

    def __post_init__(self) -> None:
        if (self.headline is None) == (self.refused is None):
            raise InputError(
                f"a result of {self.method} must have a headline or a refusal, and not both",
                next="This is a fault of the method: please report it",
            )

    def as_json(self) -> dict[str, Json]:
        """Give the result's part of a finding (Appendix B)."""
        return {
            "headline": self.headline.as_json() if self.headline else None,
            "quantiles": {k: number_json(v) for k, v in self.quantiles.items()} if self.quantiles else None,
            "mean": number_json(self.mean),
            "sd": number_json(self.sd),
            "beside": [
                {
                    "method": b.method,
                    "version": b.version,
                    "point": number_json(b.point),
                    "low": number_json(b.low),
                    "high": number_json(b.high),
                }
                for b in self.beside
            ],
            "method": self.method,
            "version": self.version,
            "parameters": _plain_json(self.parameters),
            "seed": self.seed,
            "n_used": self.n_used,
            "left_out": [{"why": x.why, "n": x.n} for x in self.left_out],
            "assumptions": [a.as_json() for a in self.assumptions],
            "diagnostics": [{"name": d.name, "value": d.value, "reading": d.reading} for d in self.diagnostics],
            "sensitivity": [
                {"change": c.change, "low": number_json(c.low), "high": number_json(c.high)} for c in self.sensitivity
            ],
            "refused": {"why": self.refused.why, "enough": self.refused.enough} if self.refused else None,
        }


def _plain_json(value: Plain) -> Json:
    if isinstance(value, Mapping):
        return {k: _plain_json(v) for k, v in value.items()}
    if value is None or isinstance(value, str | int | bool):
        return value
    return [_plain_json(v) for v in value]
