"""The short form of `make calibrate` for serials: a few worlds of each kind, and the truth inside often enough."""

from __future__ import annotations

import numpy as np

from .serial_measures import Tally, curve_of, curve_world
from .serial_worlds import DIFFICULTIES, KINDS, block_world


def test_curves_hold_the_truth_in_a_few_worlds_of_each_kind() -> None:
    """A world a kind, middle difficulty: 95% intervals hold all but two, and few are refused."""
    early, late = Tally(), Tally()
    for at, kind in enumerate(KINDS):
        rng = np.random.default_rng([4, at])
        curve_world(kind, "middle", rng, early, late)
    inside = sum(0.025 <= p <= 0.975 for p in early.places)
    assert len(early.places) >= 6
    assert inside >= len(early.places) - 2


def test_a_world_is_what_its_parameters_say() -> None:
    """Packs are neighbours, misreads differ in one digit, nothing is known after the window or before it was made."""
    rng = np.random.default_rng(1)
    world = block_world("packs", "middle", rng)
    by_event: dict[int, list[int]] = {}
    for number, event in zip(world.numbers, world.events, strict=True):
        by_event.setdefault(event, []).append(number)
    assert max(max(v) - min(v) for v in by_event.values()) < DIFFICULTIES["middle"]["pack"]
    assert all(k <= 48 for k in world.known)
    assert all(low < known for low, known in zip(world.made_from, world.known, strict=True))
    assert world.made_at(48) == len(world.marks)
    assert world.made_at(0) == 0


def test_a_delay_assumed_too_short_is_no_secret() -> None:
    """Told half the delay, the curve calls itself calibrated until later."""
    rng = np.random.default_rng(2)
    world = block_world("plain", "middle", rng)
    assert curve_of(world, "delay", "middle").calibrated_until > curve_of(world, "plain", "middle").calibrated_until
