"""Order of lines: by hand, turned by each quarter, in any order of input."""

from __future__ import annotations

import random

import numpy as np
import pytest

from taggant.identification.line_order import PlacedLine, reading_order, turned_degrees

# Two packages side by side, a third below the first; three, two and one line.
_BOXES = ((0, 0, 120, 20), (0, 30, 90, 20), (0, 60, 100, 20), (400, 8, 120, 20), (400, 38, 80, 20), (0, 300, 90, 20))
_BLOCKS = [[0, 1, 2], [3, 4], [5]]


def _line(x: float, y: float, wide: float, high: float, *, turn: int = 0) -> PlacedLine:
    corners = np.array([[x, y], [x + wide, y], [x + wide, y + high], [x, y + high]], dtype=np.float64)
    angle = np.radians(turn)
    spin = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return PlacedLine(corners=corners @ spin)


@pytest.mark.parametrize("turn", [0, 90, 180, 270, 4, 94, 176, 266])
def test_order_does_not_depend_on_how_the_photograph_is_turned(turn: int) -> None:
    """Each quarter turn, and a few degrees of slant, leave blocks and order as they are."""
    lines = [_line(*box, turn=turn) for box in _BOXES]
    assert reading_order(lines) == _BLOCKS
    assert turned_degrees(lines) == round(turn / 90) % 4 * 90


def test_order_does_not_depend_on_the_order_of_input() -> None:
    """The same lines shuffled are read alike."""
    dice = random.Random(5)
    for _ in range(20):
        places = list(range(len(_BOXES)))
        dice.shuffle(places)
        found = reading_order([_line(*_BOXES[p]) for p in places])
        assert [[places[k] for k in block] for block in found] == _BLOCKS


@pytest.mark.parametrize("n", [0, 1])
def test_none_and_one(n: int) -> None:
    """Nothing gives nothing; one line is one block."""
    lines = [_line(*_BOXES[0])][:n]
    assert reading_order(lines) == [[0]][:n]
    assert turned_degrees(lines) == 0


def test_words_on_one_row_are_read_along() -> None:
    """Two boxes of one printed line are one row, left first."""
    lines = [_line(70, 2, 60, 20), _line(0, 0, 60, 20), _line(0, 30, 100, 20)]
    assert reading_order(lines) == [[1, 0, 2]]


def test_a_package_set_across_stays_its_own_block() -> None:
    """Lines read in another direction never join, however near."""
    lines = [_line(0, 0, 100, 20), PlacedLine(corners=np.array([[50.0, 30], [50, 130], [30, 130], [30, 30]]))]
    assert sorted(map(tuple, reading_order(lines))) == [(0,), (1,)]


def test_every_line_is_in_one_block_for_any_boxes() -> None:
    """Two hundred random boxes: nothing is lost, nothing is read twice."""
    dice = np.random.default_rng(8)
    lines = [
        _line(*dice.uniform(0, 900, 2), *dice.uniform(1, 200, 2), turn=int(dice.integers(360))) for _ in range(200)
    ]
    assert sorted(k for block in reading_order(lines) for k in block) == list(range(200))
