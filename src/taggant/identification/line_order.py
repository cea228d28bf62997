"""Which way is up in a photograph, and in which order are its lines read?

Invariant: only the geometry of the boxes and which way each line was read go in; no letter changes the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_NEAR = 1.1  # gap between two lines of one block, in letter heights
_BAND = 0.7  # lines closer than this across the reading direction stand on one row, in letter heights


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLine:
    """Where a line lies and which way it is read.

    Attributes
    ----------
    corners : numpy.ndarray of float64, shape (4, 2)
        Pixels, in the order of reading: upper left, upper right, lower right, lower left as one holds the line upright.
    """

    corners: np.ndarray

    @property
    def along(self) -> np.ndarray:
        """Unit vector of the reading direction, shape (2,)."""
        step = self.corners[1] - self.corners[0] + self.corners[2] - self.corners[3]
        length = float(np.hypot(*step))
        return step / length if length > 0 else np.array([1.0, 0.0])

    @property
    def height(self) -> float:
        """Height of the letters, pixels."""
        a, b, c, d = self.corners
        return max(1.0, float(np.hypot(*(d - a)) + np.hypot(*(c - b))) / 2)


def turned_degrees(lines: Sequence[PlacedLine]) -> int:
    """By how many quarter turns is the photograph turned, by most of its lines?

    Parameters
    ----------
    lines : sequence of PlacedLine, length n ≥ 0

    Returns
    -------
    int
        Degrees clockwise: 0, 90, 180 or 270; 0 without lines. Longer lines count more.

    Notes
    -----
    *Assumes:* most of what is printed was printed the same way up.
    *Not for:* boards whose packages are set in all four directions: there it says only what most are.

    Examples
    --------
    >>> import numpy as np
    >>> down = PlacedLine(corners=np.array([[10.0, 0.0], [10.0, 80.0], [0.0, 80.0], [0.0, 0.0]]))
    >>> turned_degrees([down])
    90
    """
    votes = dict.fromkeys((0, 90, 180, 270), 0.0)
    for line in lines:
        x, y = line.along
        quarter = int(np.round(np.degrees(np.arctan2(y, x)) / 90.0)) % 4
        votes[quarter * 90] += float(np.hypot(*(line.corners[1] - line.corners[0])))
    return max(votes, key=lambda turn: (votes[turn], -turn))


def reading_order(lines: Sequence[PlacedLine]) -> list[list[int]]:
    """In which order are the lines read, and which belong together?

    Parameters
    ----------
    lines : sequence of PlacedLine, length n ≥ 0

    Returns
    -------
    list of list of int
        Blocks in order, each the places of its lines in `lines`, in order. Every line is in exactly one block.

    Notes
    -----
    A block is what hangs together: lines read the same way (within 25 degrees), less than 1.1 letter heights apart
    and overlapping, or on one row less than two letter heights apart. Inside a block rows go down and words go along,
    in the block's own direction; blocks go row by row in the direction of most lines.
    *Assumes:* lines of one package are closer to each other than to the next package's.
    *Not for:* columns of print set closer than that, or curved print.

    Examples
    --------
    >>> import numpy as np
    >>> def line(x, y):
    ...     return PlacedLine(corners=np.array([[x, y], [x + 90.0, y], [x + 90.0, y + 20.0], [x, y + 20.0]]))
    >>> reading_order([line(0, 60), line(0, 30), line(400, 30)])
    [[1, 0], [2]]
    """
    n = len(lines)
    group = list(range(n))

    def root(k: int) -> int:
        while group[k] != k:
            k = group[k]
        return k

    for a in range(n):
        for b in range(a + 1, n):
            if are_neighbours(lines[a], lines[b]):
                group[root(b)] = root(a)
    blocks: dict[int, list[int]] = {}
    for k in range(n):
        blocks.setdefault(root(k), []).append(k)
    turn = np.radians(turned_degrees(lines))
    along = np.array([np.cos(turn), np.sin(turn)])
    inside = [_rows(lines, members, _mean_direction(lines, members)) for members in blocks.values()]
    return _block_rows(lines, inside, along)


def _down(along: np.ndarray) -> np.ndarray:
    return np.array([-along[1], along[0]])


def _span(corners: np.ndarray, axis: np.ndarray) -> tuple[float, float]:
    places = corners @ axis
    return float(places.min()), float(places.max())


def are_neighbours(a: PlacedLine, b: PlacedLine) -> bool:
    """Do two lines hang together: read the same way, near, and overlapping or on one row?

    Parameters
    ----------
    a, b : PlacedLine

    Returns
    -------
    bool

    Notes
    -----
    *Assumes:* boxes fit their letters.
    *Not for:* more than two lines: `reading_order` joins neighbours of neighbours.
    """
    if float(a.along @ b.along) < np.cos(np.radians(25.0)):
        return False
    along = a.along + b.along
    along /= np.hypot(*along)
    down = _down(along)
    height = max(a.height, b.height)
    (a0, a1), (b0, b1) = _span(a.corners, along), _span(b.corners, along)
    (c0, c1), (d0, d1) = _span(a.corners, down), _span(b.corners, down)
    beside, below = max(a0, b0) - min(a1, b1), max(c0, d0) - min(c1, d1)
    if below < -0.5 * min(a.height, b.height):  # on one row
        return beside < 2.0 * height
    return below < _NEAR * height and beside < 0


def _mean_direction(lines: Sequence[PlacedLine], members: Sequence[int]) -> np.ndarray:
    total = np.sum([lines[k].along for k in members], axis=0)
    return np.asarray(total / np.hypot(*total))


def _rows(lines: Sequence[PlacedLine], members: Sequence[int], along: np.ndarray) -> list[int]:
    down = _down(along)
    middle = {k: lines[k].corners.mean(axis=0) for k in members}
    left = sorted(members, key=lambda k: float(middle[k] @ down))
    ordered: list[int] = []
    while left:
        limit = float(middle[left[0]] @ down) + _BAND * lines[left[0]].height
        row = [k for k in left if float(middle[k] @ down) <= limit]
        ordered += sorted(row, key=lambda k: float(middle[k] @ along))
        left = [k for k in left if k not in row]
    return ordered


def _block_rows(lines: Sequence[PlacedLine], blocks: list[list[int]], along: np.ndarray) -> list[list[int]]:
    """Blocks row by row: a row is what begins above the middle of its highest block."""
    down = _down(along)
    spans = [_span(np.concatenate([lines[k].corners for k in block]), down) for block in blocks]
    starts = [_span(np.concatenate([lines[k].corners for k in block]), along)[0] for block in blocks]
    left = sorted(range(len(blocks)), key=lambda k: spans[k])
    ordered: list[list[int]] = []
    while left:
        top, bottom = spans[left[0]]
        row = [k for k in left if spans[k][0] <= (top + bottom) / 2]
        ordered += [blocks[k] for k in sorted(row, key=lambda k: starts[k])]
        left = [k for k in left if k not in row]
    return ordered
