"""An index of part numbers: exact, then folded, then by runs of letters and confusion-weighted edit distance.

Invariant: only differences of separators, of letters that look alike, and of endings may be taken for the same part by
themselves; everything else is a ranked list for a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from taggant.writing.lookalikes import latin_twins

_GROUPS = ("O0QD", "1IL|", "5S", "8B", "2Z", "6G")
_ALIKE = str.maketrans({c: group[0] for group in _GROUPS for c in group[1:]})
_SEPARATORS = re.compile(r"[\s\-–—‐‑_./\\,()#+*:;]+")
_RUN = 3
_LOOKED_AT = 48
"""Candidates per query whose distance is computed: those that share most runs, rarer runs weighing more."""
_COMMON = 20_000
"""A run that more numbers than this bear says too little to be followed, unless there is no rarer one."""
_ALPHABET = {c: n + 1 for n, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_BASE = 37


@dataclass(frozen=True, slots=True)
class PartHit:
    """One number of the catalogue that may be meant.

    Attributes
    ----------
    row : int
        Its row in the catalogue.
    part : str
        The number as the catalogue has it.
    score : float
        1: the same; less by what differs.
    how : str
        `exact`, `separators`, `confusion`, `ending` or `similar`.
    differs : tuple of str
        What differs, in words.
    may_match : bool
        Whether a machine may take it for the same part: never for `similar`, nor when two numbers fit alike.
    """

    row: int
    part: str
    score: float
    how: str
    differs: tuple[str, ...]
    may_match: bool


def bare_part(text: str) -> str:
    """Which key do part numbers share that differ by separators, case or alphabet only?

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Capitals, Latin twins of other alphabets, no separators.

    Notes
    -----
    *Assumes:* separators tell no parts apart. *Not for:* showing.

    Examples
    --------
    >>> bare_part("max-3221 eae") == bare_part("MAX3221EAE")
    True
    """
    return _SEPARATORS.sub("", latin_twins(text.upper()))


def folded_part(text: str) -> str:
    """Which key do part numbers share that also differ by letters that look alike (O0QD, 1IL, 5S, 8B, 2Z, 6G)?

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        `bare_part` with one letter for each group.

    Notes
    -----
    *Assumes:* a reader takes one letter of a group for another. *Not for:* telling such parts apart.

    Examples
    --------
    >>> folded_part("STM32FIO3") == folded_part("STM32F103")
    True
    """
    return bare_part(text).translate(_ALIKE)


class PartIndex:
    """Part numbers to look others up in.

    Parameters
    ----------
    parts : sequence of str
        The catalogue; a row each. Doubles stay apart.

    Notes
    -----
    Score of a similar number: ``1 - (0.35 c + e) / max(m, n)``, with c letters of one group exchanged, e other edits
    (Levenshtein on folded keys), m and n the lengths. Candidates: those that share most runs of three letters of the
    folded keys, each run weighing ``log(N / df)``.

    *Assumes:* one part a query. *Not for:* telling makers; two houses may use one number.

    Examples
    --------
    >>> index = PartIndex(["STM32F103C8T6", "STM32F105C8T6", "MAX3221EAE"])
    >>> [(h.part, h.how) for h in index.search("STM32FIO3C8T6")][:1]
    [('STM32F103C8T6', 'confusion')]
    """

    def __init__(self, parts: Sequence[str]) -> None:
        self.parts = tuple(parts)
        self._bare = [bare_part(p) for p in self.parts]
        self._folded = [b.translate(_ALIKE) for b in self._bare]
        self._by_text: dict[str, list[int]] = {}
        self._by_bare: dict[str, list[int]] = {}
        self._by_folded: dict[str, list[int]] = {}
        for row, (part, bare, folded) in enumerate(zip(self.parts, self._bare, self._folded, strict=True)):
            self._by_text.setdefault(part, []).append(row)
            self._by_bare.setdefault(bare, []).append(row)
            self._by_folded.setdefault(folded, []).append(row)
        self._lay_out()

    def _lay_out(self) -> None:
        """Postings of runs: rows of each run in one array, with where each run begins."""
        rows, codes = _runs_of(self._folded)
        # A run twice in one number is one posting.
        both = np.unique(codes.astype(np.int64) * max(len(self.parts), 1) + rows)
        codes, self._rows = both // max(len(self.parts), 1), (both % max(len(self.parts), 1)).astype(np.int32)
        self._begin = np.searchsorted(codes, np.arange(_BASE**_RUN + 1))
        df = np.diff(self._begin)
        self._weight = np.log((len(self.parts) + 1) / (df + 1)).astype(np.float32)
        self._counts = np.zeros(len(self.parts), np.float32)

    def search(self, text: str, *, most: int = 10) -> tuple[PartHit, ...]:
        """Which numbers of the catalogue may this be, best first?

        Parameters
        ----------
        text : str
            A number as read.
        most : int
            No more hits than this.

        Returns
        -------
        tuple of PartHit
            Exact hits alone when there are any; else those by separators, by look-alike letters, then by ending and
            similarity. Empty when nothing shares a run of three letters.

        Notes
        -----
        *Assumes:* at least three letters or digits. *Not for:* prose (`identification.mark_parts`).

        Examples
        --------
        >>> PartIndex(["LM5176PWPR"]).search("LM 5176 PWPR")[0].differs
        ('separators, case or alphabet',)
        """
        bare = bare_part(text)
        folded = bare.translate(_ALIKE)
        if not bare:
            return ()
        exact = self._by_text.get(text.strip())
        if exact:
            return tuple(self._hit(r, 1.0, "exact", (), is_alone=True) for r in exact[:most])
        found: dict[int, PartHit] = {}
        same = self._by_bare.get(bare, [])
        for r in same:
            found[r] = self._hit(r, 0.999, "separators", ("separators, case or alphabet",), is_alone=len(same) == 1)
        alike = [r for r in self._by_folded.get(folded, []) if r not in found]
        for r in alike:
            words = _exchanged(bare, self._bare[r])
            is_alone = not same and len({self._bare[x] for x in alike}) == 1
            found[r] = self._hit(r, 0.99 - 0.01 * len(words), "confusion", words, is_alone=is_alone)
        if len(found) < most:
            for hit in self._similar(bare, folded):
                found.setdefault(hit.row, hit)
        ordered = sorted(found.values(), key=lambda h: (-h.score, len(h.part), h.part))
        return _settled(ordered)[:most]

    def _hit(self, row: int, score: float, how: str, differs: tuple[str, ...], *, is_alone: bool) -> PartHit:
        return PartHit(row, self.parts[row], score, how, differs, may_match=is_alone and how != "similar")

    def _similar(self, bare: str, folded: str) -> list[PartHit]:
        hits = []
        for row in self._near(folded):
            other_bare, other = self._bare[row], self._folded[row]
            if other == folded:
                continue  # found by its key already
            shorter, longer = sorted((folded, other), key=len)
            rest = longer[len(shorter) :]
            if len(shorter) >= 5 and longer.startswith(shorter) and len(rest) <= 6:
                side = "behind it in the catalogue" if len(other) > len(folded) else "behind it in the mark"
                words = (*_exchanged(bare, other_bare), f"{rest} {side}")
                score = 0.97 - 0.015 * len(rest) - 0.01 * (len(words) - 1)
                hits.append(self._hit(row, score, "ending", words, is_alone=_is_ending(shorter, rest)))
                continue
            edits = Levenshtein.distance(folded, other)
            plain = Levenshtein.distance(bare, other_bare)
            exchanged = max(plain - edits, 0)
            score = 1 - (edits + 0.35 * exchanged) / max(len(folded), len(other))
            words = (f"{edits} letters differ", *((f"{exchanged} look alike",) if exchanged else ()))
            hits.append(self._hit(row, score * 0.95, "similar", words, is_alone=False))
        return hits

    def _near(self, folded: str) -> list[int]:
        _, codes = _runs_of([folded])
        codes = np.unique(codes)
        sizes = self._begin[codes + 1] - self._begin[codes]
        codes = codes[sizes > 0]
        if not len(codes):
            return []
        sizes = self._begin[codes + 1] - self._begin[codes]
        order = np.argsort(sizes)
        # The rarest runs first; common ones only until enough has been looked at.
        kept = [c for k, c in enumerate(codes[order]) if k < 2 or sizes[order[k]] <= _COMMON]
        touched = [self._rows[self._begin[c] : self._begin[c + 1]] for c in kept]
        for c, rows in zip(kept, touched, strict=True):
            self._counts[rows] += self._weight[c]
        every = np.unique(np.concatenate(touched)) if len(touched) > 1 else touched[0]
        scores = self._counts[every]
        self._counts[every] = 0
        if len(every) > _LOOKED_AT:
            best = np.argpartition(-scores, _LOOKED_AT)[:_LOOKED_AT]
            every = every[best]
        return [int(r) for r in every]


def _runs_of(keys: Sequence[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(row, code) of each run of three, ends marked."""
    rows: list[int] = []
    codes: list[int] = []
    for row, key in enumerate(keys):
        letters = [0, *(_ALPHABET.get(c, 36) for c in key), 0]
        for k in range(len(letters) - 2):
            rows.append(row)
            codes.append((letters[k] * _BASE + letters[k + 1]) * _BASE + letters[k + 2])
    return np.asarray(rows, np.int64), np.asarray(codes, np.int64)


def _exchanged(a: str, b: str) -> tuple[str, ...]:
    return tuple(f"{x} for {y}" for x, y in zip(a, b, strict=False) if x != y)


def _is_ending(stem: str, rest: str) -> bool:
    """A package, grade or packing: letters first, behind a stem that is a number already."""
    return any(c.isdigit() for c in stem) and stem[-1].isalnum() and (rest[0].isalpha() or not stem[-1].isdigit())


def _settled(hits: Sequence[PartHit]) -> tuple[PartHit, ...]:
    """The first may match only when no other of its sort fits as well."""
    settled = []
    for n, hit in enumerate(hits):
        rivals = [h for h in hits if h is not hit and h.how == hit.how and abs(h.score - hit.score) < 1e-9]
        may = hit.may_match and n == 0 and not rivals
        settled.append(PartHit(hit.row, hit.part, round(hit.score, 4), hit.how, hit.differs, may))
    return tuple(settled)
