"""Words to numbers in machine code: open addressing over keys that are the words themselves.

Invariant: a word of at most 24 letters is two whole numbers of twelve letters each, so that equal keys are equal words.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from taggant.writing.compiling import compiled
from taggant.writing.word_kernels import N_LETTERS

HALF = 12
"""Letters in one whole number: 37**12 < 2**63."""


class KeyTable(NamedTuple):
    """Words to numbers: open addressing, keys of two whole numbers; a first number of 0 is an empty place."""

    high: npt.NDArray[np.int64]
    low: npt.NDArray[np.int64]
    values: npt.NDArray[np.int32]


@compiled
def key_half(letters: npt.NDArray[np.uint8], start: int, n: int) -> int:
    """Twelve letters from here as one whole number."""
    key = 0
    for k in range(start, start + HALF):
        key = key * N_LETTERS + (int(letters[k]) if k < n else 0)
    return key


@compiled
def _place(high: int, low: int) -> int:
    mixed = (high % 2147483647) * 1073741789 + (low % 2147483629) * 40503
    return mixed ^ (mixed >> 29)


@compiled
def find_key(table: KeyTable, high: int, low: int) -> int:
    """The number of this word, or -1."""
    last = table.high.shape[0] - 1
    place = _place(high, low) & last
    while table.high[place] != 0:
        if table.high[place] == high and table.low[place] == low:
            return int(table.values[place])
        place = (place + 1) & last
    return -1


@compiled
def enter_key(table: KeyTable, high: int, low: int, value: int) -> int:
    """The number of this word; when it has none, it gets this one."""
    last = table.high.shape[0] - 1
    place = _place(high, low) & last
    while table.high[place] != 0:
        if table.high[place] == high and table.low[place] == low:
            return int(table.values[place])
        place = (place + 1) & last
    table.high[place] = high
    table.low[place] = low
    table.values[place] = value
    return value


@compiled
def enter_all(table: KeyTable, other: KeyTable) -> None:
    """Enter the words of another table."""
    for place in range(other.high.shape[0]):
        if other.high[place] != 0:
            enter_key(table, other.high[place], other.low[place], other.values[place])


@compiled
def find_all(table: KeyTable, letters: npt.NDArray[np.uint8], n_letters: npt.NDArray[np.int64],
             out: npt.NDArray[np.int64]) -> None:  # fmt: skip
    """The number of each word, or -1."""
    for w in range(n_letters.shape[0]):
        n = n_letters[w]
        out[w] = find_key(table, key_half(letters[w], 0, n), key_half(letters[w], HALF, n)) if n > 0 else -1
