"""Invented runs of serial numbers, by the parameters of `serial_worlds.toml`: what was made, and what became known.

Invariant: a world knows nothing of the method; the truth is what the world made, not what it was told to make.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PARAMETERS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "serial_worlds.toml").read_text(encoding="utf-8"))
KINDS: dict[str, list[str]] = PARAMETERS["kinds"]
DIFFICULTIES: dict[str, dict[str, Any]] = PARAMETERS["difficulty"]
WINDOW, QUARTERS = float(PARAMETERS["window_months"]), int(PARAMETERS["quarters"])
SHAPE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One block: finds as they are written down, and the truth.

    `made_at` gives how many numbers had been given out by a month; `first` the first number.
    """

    numbers: list[int]
    made_from: list[float]
    made_until: list[float]
    known: list[float]
    events: list[int]
    first: int
    marks: NDArray[np.float64]
    delay_mean: float
    digits: int

    def made_at(self, month: float) -> int:
        """How many had been made by then?"""
        return int(np.searchsorted(self.marks, month, side="right"))


def block_world(kind: str, difficulty: str, rng: np.random.Generator) -> World:
    """One block of such a world."""
    d, troubles = DIFFICULTIES[difficulty], KINDS[kind]
    first = int(rng.choice(d["first_number"])) if "unknown-start" in troubles else 1
    share = np.linspace(d["ramp"][0], d["ramp"][1], QUARTERS)
    rates = d["rate_a_quarter"] * share * rng.lognormal(0.0, d["wander_log_sd"], QUARTERS)
    counts = np.maximum(1, np.round(rates)).astype(int)
    width = WINDOW / QUARTERS
    made = np.concatenate([np.sort(rng.uniform(q * width, (q + 1) * width, n)) for q, n in enumerate(counts)])
    total = len(made)
    size = d["pack"] if "packs" in troubles else 1
    group = d["cluster"] if "clusters" in troubles else 1
    packed = d["packed"] if "packs" in troubles else 0.0
    clustered = d["clustered"] if "clusters" in troubles else 0.0
    mean_of = 1 + packed * (size - 1) + clustered * (group - 1)
    index: list[int] = []
    known: list[float] = []
    events: list[int] = []
    n_events = rng.poisson(d["found"] * total / mean_of)
    for event in range(n_events):
        lead = int(rng.integers(total))
        members = [lead]
        if rng.uniform() < packed:
            start = lead - lead % size
            members = list(range(start, min(start + size, total)))
        elif rng.uniform() < clustered / max(1e-9, 1 - packed):
            near = np.flatnonzero(np.abs(made - made[lead]) < width / 2)
            members = sorted({lead, *rng.choice(near, group - 1).tolist()})
        day = made[max(members)] + rng.gamma(SHAPE, d["delay_mean_months"] / SHAPE)
        if day <= WINDOW:
            index += members
            known += [float(day)] * len(members)
            events += [event] * len(members)
    digits = len(str(first + total - 1))
    seen = np.array(index, dtype=int)
    written = [misread(int(x) + first, digits, d["misread"] if "misreads" in troubles else 0.0, rng) for x in seen]
    low, high = [], []
    for at in made[seen] if len(seen) else []:
        cell = float(rng.choice(d["code_months"]))
        begin = np.floor(at / cell) * cell
        is_dated = rng.uniform() >= d["undated"]
        low.append(float(begin) if is_dated else -np.inf)
        high.append(float(begin + cell) if is_dated else np.inf)
    return World(
        numbers=written, made_from=low, made_until=high, known=known, events=events, first=first, marks=made,
        delay_mean=float(d["delay_mean_months"]), digits=digits,
    )  # fmt: skip


def misread(number: int, digits: int, chance: float, rng: np.random.Generator) -> int:
    """The number as it is read: now and then one digit is another."""
    if rng.uniform() >= chance:
        return number
    text = list(f"{number:0{digits}d}")
    text[int(rng.integers(digits))] = str(rng.integers(10))
    return max(1, int("".join(text)))
