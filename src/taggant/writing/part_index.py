"""An index of part numbers: exact, then folded, then by runs of letters and confusion-weighted edit distance.

Invariant: only differences of separators, of letters that look alike, and of endings may be taken for the same part by
themselves; everything else is a ranked list for a person.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from taggant.writing.lookalikes import latin_twins
from taggant.writing.near_keys import NearKeys

_GROUPS = ("O0QD", "1IL|", "5S", "8B", "2Z", "6G")
_ALIKE = str.maketrans({c: group[0] for group in _GROUPS for c in group[1:]})
_SEPARATORS = re.compile(r"[\s\-–—‐‑_./\\,()#+*:;]+")
_LEAST_STEM = 5
_PACKING = frozenset(
    (packing + finish).translate(_ALIKE)
    for packing in ("", "TAPE", "REEL", "REEL5", "REEL7", "REEL13", "RL", "RL5", "RL7", "R5", "R7", "R", "T", "TR",
                    "T&R", "TUBE", "TRAY", "BULK", "CUT", "CT", "DKR", "ND", "TP", "MR", "TE1", "TE2", "TE25")
    for finish in ("", "NOPB", "PB", "PBF", "PBFREE", "LF", "G3", "G4", "E3", "E4", "ROHS")
)  # fmt: skip
"""How houses and dealers write packing and lead-free finish behind the number of a part."""
_ENDING, _OPENING = 6, 3
"""Letters that an ending (package, grade, packing) and a beginning (the house's letters) have at most."""
_PRICE = {"ending": (0.97, 0.015), "beginning": (0.94, 0.02)}
"""Score of an affix: the first, less the second for each letter of it."""
_LOOKED_AT = 48
"""Candidates by runs whose distance is computed: those that share most runs, rarer runs weighing more."""


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
        `exact`, `separators`, `confusion`, `ending`, `beginning` or `similar`.
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
    Score of a similar number: ``0.95 (1 - (0.35 c + e + 0.05 |m - n|) / max(m, n))``, with c letters of one group
    exchanged, e other edits (Levenshtein on folded keys), m and n the lengths. Candidates (`near_keys`): all whose
    folded keys are one edit away, all that are this number with an ending of up to six letters or an opening of up to
    three more or less, and, where there is none of these, those that share most runs of three letters. Behind a mark
    only packing and finish (`/NOPB`, `-REEL7`, `TR`) count as an ending. An affix may match by itself only where no
    other number is one edit away.

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
        self._near = NearKeys(self._folded)

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
            Exact hits alone when there are any, and one number alone that is the same but for separators or
            look-alikes; else those, then endings, beginnings and similar ones. Empty when nothing shares a run of
            three letters.

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
        if len(found) < most and not any(h.may_match for h in found.values()):
            for hit in self._compared(bare, folded, self._rows_near(folded), most):
                found.setdefault(hit.row, hit)
        ordered = sorted(found.values(), key=lambda h: (-h.score, len(h.part), h.part))
        return _settled(ordered)[:most]

    def _hit(self, row: int, score: float, how: str, differs: tuple[str, ...], *, is_alone: bool) -> PartHit:
        return PartHit(row, self.parts[row], score, how, differs, may_match=is_alone and how != "similar")

    def _rows_near(self, folded: str) -> set[int]:
        """Rows worth comparing: all at one edit, beginnings and ends; by runs only where there are none."""
        near = self._near
        rows = set(near.one_edit(folded))
        if len(folded) >= _LEAST_STEM:
            rows.update(near.beginning_with(folded, longer_by=_ENDING, most=_LOOKED_AT))
            rows.update(near.ending_with(folded, longer_by=_OPENING, most=_LOOKED_AT))
            begins, ends = near.within(folded, shorter_by=_ENDING, least=_LEAST_STEM)
            rows.update(begins)
            rows.update(r for r in ends if len(folded) - len(self._folded[r]) <= _OPENING)
        return rows or set(near.rich_in_runs(folded, most=_LOOKED_AT))

    def _compared(self, bare: str, folded: str, rows: Collection[int], most: int) -> list[PartHit]:
        scored: list[tuple[float, int, str]] = []
        for row in rows:
            other = self._folded[row]
            if other == folded:
                continue  # found by its key already
            how, rest = _affix(folded, other)
            if how == "similar":
                edits = Levenshtein.distance(folded, other)
                exchanged = max(Levenshtein.distance(bare, self._bare[row]) - edits, 0)
                # A letter too many or too few is rarer than one taken for another.
                cost = edits + 0.05 * abs(len(folded) - len(other)) + 0.35 * exchanged
                scored.append((0.95 * (1 - cost / max(len(folded), len(other))), row, how))
            else:
                # Only the stem is compared: what stands beside it has its own price.
                stems = (bare, self._bare[row]) if how == "ending" else (bare[::-1], self._bare[row][::-1])
                exchanged = len(_exchanged(*stems))
                is_packing = how == "ending" and rest in _PACKING
                each = 0.0 if is_packing else _PRICE[how][1]
                scored.append((_PRICE[how][0] - each * len(rest) - 0.01 * exchanged, row, how))
        scored.sort(key=lambda one: (-one[0], len(self.parts[one[1]]), self.parts[one[1]]))
        # An affix is left to a person where another number is one letter away: the letter may have been misread.
        is_doubtful = any(
            how == "similar" and Levenshtein.distance(folded, self._folded[row], score_cutoff=1) == 1
            for _, row, how in scored
        )
        told = [self._told(bare, folded, score, row, how) for score, row, how in scored[: most + 1]]
        return [replace(h, may_match=False) for h in told] if is_doubtful else told

    def _told(self, bare: str, folded: str, score: float, row: int, how: str) -> PartHit:
        """The hit in words."""
        other_bare, other = self._bare[row], self._folded[row]
        if how == "similar":
            edits = Levenshtein.distance(folded, other)
            exchanged = max(Levenshtein.distance(bare, other_bare) - edits, 0)
            words = (f"{edits} letters differ", *((f"{exchanged} look alike",) if exchanged else ()))
            return self._hit(row, score, how, words, is_alone=False)
        n = len(_affix(folded, other)[1])
        longest = max(bare, other_bare, key=len)
        rest = longest[-n:] if how == "ending" else longest[:n]  # in its own letters, not the folded ones
        side = "in the catalogue" if len(other) > len(folded) else "in the mark"
        if how == "ending":
            words = (*_exchanged(bare, other_bare), f"{rest} behind it {side}")
            return self._hit(row, score, how, words, is_alone=_is_ending(min(folded, other, key=len), rest))
        words = (*_exchanged(bare[::-1], other_bare[::-1]), f"{rest} before it {side}")
        return self._hit(row, score, how, words, is_alone=rest.isalpha())


def _exchanged(a: str, b: str) -> tuple[str, ...]:
    return tuple(f"{x} for {y}" for x, y in zip(a, b, strict=False) if x != y)


def _affix(a: str, b: str) -> tuple[str, str]:
    """Whether one is the other with a few letters more behind or before it, and which letters."""
    shorter, longer = sorted((a, b), key=len)
    n = len(longer) - len(shorter)
    if len(shorter) >= _LEAST_STEM and n > 0:
        rest = longer[len(shorter) :]
        # Behind a mark only packing is no other part: any other letters there may be a misread ending.
        if n <= _ENDING and longer.startswith(shorter) and (longer == b or rest in _PACKING):
            return "ending", rest
        if n <= _OPENING and longer.endswith(shorter):
            return "beginning", longer[:n]
    return "similar", ""


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
