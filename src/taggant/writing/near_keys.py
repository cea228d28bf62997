"""Which keys of a long list are near a key: one edit away, a beginning or an end of it, or rich in the same runs.

Invariant: it offers rows and judges nothing; whoever asks computes the distance. All within one edit are offered.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_ALPHABET = {c: n + 1 for n, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_LETTERS = np.full(128, 36, np.uint8)
for _letter, _code in _ALPHABET.items():
    _LETTERS[ord(_letter)] = _code
_BASE = 37
_RUN = 3
_STEP = 0x9E3779B97F4A7C15  # an odd number with scattered bits: powers of it scatter keys over 64 bits
_WORD = 2**64 - 1
_STEPS = tuple(pow(_STEP, k, 2**64) for k in range(128))
_POWERS = np.array(_STEPS, np.uint64)
_LONGEST = 96
_MOST_WITH_A_RUN = 20_000
"""A run that more keys than this hold says too little to be followed, unless there is no rarer one."""

_MOST_PASSED = 2_000
"""Keys passed at most while those that begin alike are sought."""


class NearKeys:
    """Keys to look near ones up among.

    Parameters
    ----------
    keys : sequence of str
        Capitals and digits; a row each. Letters beyond ASCII count as one letter.

    Notes
    -----
    One edit: two keys within one edit (a letter put in, left out or exchanged) share a key with one letter left out,
    or one is the other with one left out (Mor and Fraenkel 1982, *Comm. ACM* 25, 935). The sums of all such shortened
    keys stand sorted in one array. Runs: rows are weighed by ``log(N / df)`` of each run of three letters they share.

    *Assumes:* keys of at most 96 letters differ in their first 96. *Not for:* words of prose.

    Examples
    --------
    >>> NearKeys(["LM5176", "LM5178", "MAX3221"]).one_edit("LM5175")
    [0, 1]
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = tuple(k[:_LONGEST] for k in keys)
        n = len(self._keys)
        self._rows_of: dict[str, list[int]] = {}
        for row, key in enumerate(self._keys):
            self._rows_of.setdefault(key, []).append(row)
        self._sorted = sorted(range(n), key=self._keys.__getitem__)
        self._in_order = [self._keys[r] for r in self._sorted]
        self._turned = sorted(range(n), key=lambda r: self._keys[r][::-1])
        self._turned_order = [self._keys[r][::-1] for r in self._turned]
        lengths = np.fromiter((len(k) for k in self._keys), np.int64, n)
        sums: list[npt.NDArray[np.uint64]] = []
        rows: list[npt.NDArray[np.int32]] = []
        codes: list[npt.NDArray[np.int32]] = []
        of_code: list[npt.NDArray[np.int32]] = []
        for length in np.unique(lengths):
            mine = np.flatnonzero(lengths == length).astype(np.int32)
            if length == 0:
                continue
            letters = _letters([self._keys[r] for r in mine], int(length))
            shortened = _shortened(letters)
            sums.append(shortened.ravel())
            rows.append(np.repeat(mine, shortened.shape[1]))
            runs = _runs(letters)
            codes.append(runs.ravel())
            of_code.append(np.repeat(mine, runs.shape[1]))
        every = np.concatenate(sums) if sums else np.empty(0, np.uint64)
        order = np.argsort(every, kind="stable")
        self._sums = every[order]
        self._sum_rows = (np.concatenate(rows) if rows else np.empty(0, np.int32))[order]
        self._lay_out_runs(codes, of_code, n)

    def _lay_out_runs(self, codes: list[npt.NDArray[np.int32]], rows: list[npt.NDArray[np.int32]], n: int) -> None:
        """Rows of each run in one array, with where each run begins."""
        if codes:
            # A run twice in one key is one posting.
            both = np.unique(np.concatenate(codes).astype(np.int64) * n + np.concatenate(rows))
            run, self._run_rows = both // n, (both % n).astype(np.int32)
        else:
            run, self._run_rows = np.empty(0, np.int64), np.empty(0, np.int32)
        self._begin = np.searchsorted(run, np.arange(_BASE**_RUN + 1))
        self._weight = np.log((n + 1) / (np.diff(self._begin) + 1)).astype(np.float32)
        self._counts = np.zeros(n, np.float32)

    def one_edit(self, key: str) -> list[int]:
        """Which rows may be within one edit of this key?

        Parameters
        ----------
        key : str

        Returns
        -------
        list of int
            Rows, rising; all that are within one edit, and some at two.

        Notes
        -----
        *Assumes:* as the class. *Not for:* keys of one letter: everything short is near them.
        """
        if not key:
            return []
        key = key[:_LONGEST]
        found = self._with_sums(_sums_of(key))
        found.update(self._equal(key))
        for k in range(len(key)):  # rows that lack one letter of it stand nowhere as shortened keys
            found.update(self._equal(key[:k] + key[k + 1 :]))
        return sorted(found)

    def _with_sums(self, wanted: npt.NDArray[np.uint64]) -> set[int]:
        first = np.searchsorted(self._sums, wanted, side="left")
        last = np.searchsorted(self._sums, wanted, side="right")
        found: set[int] = set()
        for a, b in zip(first.tolist(), last.tolist(), strict=True):
            if a < b:
                found.update(self._sum_rows[a:b].tolist())
        return found

    def _equal(self, key: str) -> Sequence[int]:
        return self._rows_of.get(key, ())

    def beginning_with(self, key: str, *, longer_by: int, most: int) -> list[int]:
        """Which rows begin with this key and are at most so much longer; no more than `most` of them?

        Parameters
        ----------
        key : str
        longer_by, most : int
            Letters; rows.

        Returns
        -------
        list of int
            Rows, in the order of their keys, without the key itself.

        Notes
        -----
        *Assumes:* as the class. *Not for:* keys of less than three letters: too many begin so.
        """
        return _beginning(self._in_order, self._sorted, key, longer_by, most)

    def ending_with(self, key: str, *, longer_by: int, most: int) -> list[int]:
        """Which rows end with this key and are at most so much longer; no more than `most` of them?

        Parameters
        ----------
        key : str
        longer_by, most : int
            Letters; rows.

        Returns
        -------
        list of int
            Rows, without the key itself.

        Notes
        -----
        *Assumes:* as the class. *Not for:* keys of less than three letters: too many end so.
        """
        return _beginning(self._turned_order, self._turned, key[::-1], longer_by, most)

    def within(self, key: str, *, shorter_by: int, least: int) -> tuple[list[int], list[int]]:
        """Which rows are this key without its last letters, and which without its first?

        Parameters
        ----------
        key : str
        shorter_by, least : int
            By how many letters at most; how many letters at least.

        Returns
        -------
        (list of int, list of int)
            Rows that are its beginning, and rows that are its end; longest first.

        Notes
        -----
        *Assumes:* as the class. *Not for:* both at once.
        """
        lengths = range(len(key) - 1, max(least, len(key) - shorter_by) - 1, -1)
        return (
            [r for n in lengths for r in self._equal(key[:n])],
            [r for n in lengths for r in self._equal(key[len(key) - n :])],
        )

    def rich_in_runs(self, key: str, *, most: int) -> list[int]:
        """Which rows share most runs of three letters with this key, rare runs weighing more?

        Parameters
        ----------
        key : str
        most : int

        Returns
        -------
        list of int
            At least `most` rows where so many share a run; not in order.

        Notes
        -----
        *Assumes:* as the class. *Not for:* a complete answer: runs that are very common are followed only when there
        are no others.
        """
        if not key or not len(self._run_rows):
            return []
        codes = np.unique(_runs(_letters([key[:_LONGEST]], min(len(key), _LONGEST)))[0])
        sizes = self._begin[codes + 1] - self._begin[codes]
        codes, sizes = codes[sizes > 0], sizes[sizes > 0]
        if not len(codes):
            return []
        order = np.argsort(sizes)
        kept = [c for k, c in enumerate(codes[order]) if k < 2 or sizes[order[k]] <= _MOST_WITH_A_RUN]
        touched = [self._run_rows[self._begin[c] : self._begin[c + 1]] for c in kept]
        for c, rows in zip(kept, touched, strict=True):
            self._counts[rows] += self._weight[c]
        every = np.concatenate(touched)
        scores = self._counts[every]
        self._counts[every] = 0
        wanted = most * len(kept)  # a row stands in `every` once for each run it shares
        if len(every) > wanted:
            every = every[np.argpartition(-scores, wanted)[:wanted]]
        return [int(r) for r in np.unique(every)]


def _beginning(ordered: Sequence[str], rows: Sequence[int], key: str, longer_by: int, most: int) -> list[int]:
    found: list[int] = []
    first = bisect_left(ordered, key)
    for k in range(first, min(first + _MOST_PASSED, len(ordered))):
        if len(found) == most or not ordered[k].startswith(key):
            break
        if 0 < len(ordered[k]) - len(key) <= longer_by:
            found.append(rows[k])
    return found


def _letters(keys: Sequence[str], length: int) -> npt.NDArray[np.uint8]:
    """Keys of one length as a table of numbers."""
    text = "".join(keys).encode("ascii", "replace")
    return _LETTERS[np.frombuffer(text, np.uint8)].reshape(len(keys), length)


def _sums_of(key: str) -> npt.NDArray[np.uint64]:
    """The sum of one key, and those of it with each letter left out."""
    before, behind = [0], [0]
    codes = [int(_LETTERS[min(ord(c), 127)]) for c in key]
    for code in codes:
        before.append((before[-1] * _STEP + code) & _WORD)
    for k, code in enumerate(reversed(codes)):
        behind.append((behind[-1] + code * _STEPS[k]) & _WORD)
    whole, n = before[-1], len(codes)
    found = {(before[k] * _STEPS[n - 1 - k] + behind[n - 1 - k]) & _WORD for k in range(n)}
    return np.array(sorted(found | {whole}), np.uint64)


def _shortened(letters: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """The sum of each key with each letter left out: a row a key, a column a place."""
    n, length = letters.shape
    wide = letters.astype(np.uint64)
    before = np.zeros((n, length + 1), np.uint64)
    behind = np.zeros((n, length + 1), np.uint64)
    for k in range(length):
        before[:, k + 1] = before[:, k] * _POWERS[1] + wide[:, k]
    for k in range(length - 1, -1, -1):
        behind[:, k] = behind[:, k + 1] + wide[:, k] * _POWERS[length - 1 - k]
    return np.stack([before[:, k] * _POWERS[length - 1 - k] + behind[:, k + 1] for k in range(length)], axis=1)


def _runs(letters: npt.NDArray[np.uint8]) -> npt.NDArray[np.int32]:
    """The code of each run of three, ends marked."""
    n, length = letters.shape
    padded = np.zeros((n, length + 2), np.int32)
    padded[:, 1:-1] = letters
    return (padded[:, :-2] * _BASE + padded[:, 1:-1]) * _BASE + padded[:, 2:]
