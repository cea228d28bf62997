"""Two names on their own: how likely do they name one party, and what speaks for and against?

Invariant: each part is said in plain words, and the likelihood is worked out from the parts and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import exp

from rapidfuzz.distance import DamerauLevenshtein

from taggant.writing.folding import skeleton
from taggant.writing.name_reading import NameReader, NameWords, Sort, initials, word_book

BEGIN, EXTRA, WHOLE, NUMBERS, TURNED, FORMS, EDITS = 1.6, -0.9, 1.7, -1.8, -2.0, -2.8, -5.3
"""Tuned by logistic regression on half A of the labelled pairs (`benchmarks/screening_pairs.py`)."""
ACRONYM = 0.75
_MOST_EDITS = 4
_SAME_MEANING, _SKELETON, _INITIAL, _JOINED = 0.9, 0.86, 0.8, 0.05

_UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_ORDINALS = ["zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
         "ninety": 90}  # fmt: skip
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11,
          "xii": 12}  # fmt: skip
_NUMERAL = re.compile(r"(\d+)(?:st|nd|rd|th)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoNames:
    """How two names stand to each other.

    Attributes
    ----------
    likelihood : float
        From 0 to 1; from 0.5 on they are rather one name than two.
    whole : float
        How like the names are letter by letter, words set in their best order.
    edits : float
        Letters changed between the two words that differ most, in quarters of four; more than four count as four.
    extra : float
        Share of words that one name has more.
    turned, other_numbers, other_forms : bool
        Words stand in another order; numbers differ (Fund VII, Fund VIII); legal forms differ.
    is_acronym : bool
        One is the initials of the other.
    """

    likelihood: float
    whole: float
    edits: float
    extra: float
    turned: bool
    other_numbers: bool
    other_forms: bool
    is_acronym: bool


def two_names(one: str, other: str) -> TwoNames:
    """How likely do these two names, taken alone, name one party?

    Parameters
    ----------
    one, other : str
        In any script.

    Returns
    -------
    TwoNames
        ``1 / (1 + exp(-z))`` with z = 1.6 - 0.9 extra + 1.7 whole - 1.8 numbers - 2.0 turned - 2.8 forms - 5.3 edits.

    Notes
    -----
    *Assumes:* no list says which words are rare, so a word that differs on both sides speaks against, however common
    the rest is; one letter changed is a slip of the pen.
    *Not for:* screening a list (`name_index`), nor for judging that two parties are one: many parties bear one name.

    References
    ----------
    Damerau (1964) for the letters changed. The weights: a logistic regression on half A of 826 labelled pairs.

    Examples
    --------
    >>> pairs = (("Gasprom JSC", "OAO Gazprom"), ("Kim Song Min", "Kim Song Chol"), ("Unit 44", "Unit Forty-Four"))
    >>> [two_names(*pair).likelihood > 0.5 for pair in pairs]
    [True, False, True]
    """
    reader = NameReader(base=_reader())
    a, b = reader.read(one), reader.read(other)
    (words_a, numbers_a), (words_b, numbers_b) = _parted(a), _parted(b)
    if not words_a or not words_b:
        same = bool(a.words) and a.words == b.words
        return TwoNames(
            likelihood=0.95 if same else 0.0, whole=float(same), edits=float(not same), extra=0.0, turned=False,
            other_numbers=numbers_a != numbers_b, other_forms=False, is_acronym=False,
        )  # fmt: skip
    pairs, set_a, set_b = _best_pairs(words_a, words_b)
    places = [j for _, _, j in sorted(pairs, key=lambda p: p[1])]
    turned = any(x > y for x, y in pairwise(places))
    worst, i, j = min(pairs)
    edits = min((1 - worst) * max(len(set_a[i]), len(set_b[j])), _MOST_EDITS) / _MOST_EDITS
    extra = abs(len(set_a) - len(set_b)) / max(len(set_a), len(set_b))
    whole = max(
        DamerauLevenshtein.normalized_similarity("".join(x), "".join(y))
        for x, y in ((set_a, set_b), (sorted(set_a), sorted(set_b)))
    )
    forms_a, forms_b = _forms(a), _forms(b)
    other_forms = bool(forms_a and forms_b) and forms_a != forms_b
    z = BEGIN + EXTRA * extra + WHOLE * whole + NUMBERS * (numbers_a != numbers_b) + TURNED * turned
    likelihood = 1 / (1 + exp(-(z + FORMS * other_forms + EDITS * edits)))
    is_acronym = _is_acronym(words_a, b) or _is_acronym(words_b, a)
    return TwoNames(
        likelihood=max(likelihood, ACRONYM) if is_acronym else likelihood,
        whole=whole,
        edits=edits,
        extra=extra,
        turned=turned,
        other_numbers=numbers_a != numbers_b,
        other_forms=other_forms,
        is_acronym=is_acronym,
    )


@cache
def _reader() -> NameReader:
    return NameReader()


def _forms(name: NameWords) -> frozenset[str]:
    return frozenset(w for w, s in zip(name.words, name.sorts, strict=True) if s == Sort.FORM)


def _is_acronym(words: Sequence[str], other: NameWords) -> bool:
    spelled = initials(other.words, other.sorts)
    return len(words) == 1 and len(spelled) > 2 and words[0] == spelled


def _parted(name: NameWords) -> tuple[list[str], list[int]]:
    """The words that tell (or, where none does, all), and the numbers among the words."""
    numbers: list[int] = []
    words: list[str] = []
    tens = None
    for n, (word, sort, spelled) in enumerate(zip(name.words, name.sorts, name.spelled, strict=True)):
        number = _number(spelled, is_first=n == 0)
        if tens is not None:
            # forty four: the ten waits for what follows
            is_unit = number is not None and 0 < number < 10
            numbers.append(tens + (number or 0) if is_unit else tens)
            tens = None
            if is_unit:
                continue
        if spelled in _TENS:
            tens = _TENS[spelled]
        elif number is not None:
            numbers.append(number)
        elif sort in (Sort.NAME, Sort.PLACE):
            words.append(word)
    if tens is not None:
        numbers.append(tens)
    return words or list(name.words), sorted(numbers)


def _number(spelled: str, *, is_first: bool) -> int | None:
    if numeral := _NUMERAL.fullmatch(spelled):
        return int(numeral[1])
    for row in (_UNITS, _ORDINALS):
        if spelled in row:
            return row.index(spelled)
    return None if is_first else _ROMAN.get(spelled)  # a name that begins with I. or V. has an initial


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if 1 in (len(one), len(other)):
        return _INITIAL if one[0] == other[0] else 0.0
    found = DamerauLevenshtein.normalized_similarity(one, other)
    meanings = word_book().meanings
    if one in meanings and meanings[one] == meanings.get(other):
        found = max(found, _SAME_MEANING)
    bones = skeleton(one)
    return max(found, _SKELETON) if len(bones) > 2 and bones == skeleton(other) else found


def _best_pairs(
    one: Sequence[str], other: Sequence[str]
) -> tuple[list[tuple[float, int, int]], Sequence[str], Sequence[str]]:
    """Words set one against one, the surest first; on either side two neighbours may be written as one."""
    best: tuple[float, list[tuple[float, int, int]], Sequence[str], Sequence[str]] | None = None
    for a in _joined(one):
        for b in _joined(other):
            scored = sorted(((_alike(x, y), -i, -j) for i, x in enumerate(a) for j, y in enumerate(b)), reverse=True)
            pairs: list[tuple[float, int, int]] = []
            taken: tuple[set[int], set[int]] = (set(), set())
            for s, i, j in scored:
                if -i not in taken[0] and -j not in taken[1]:
                    pairs.append((s, -i, -j))
                    taken[0].add(-i)
                    taken[1].add(-j)
            joins = (len(a) < len(one)) + (len(b) < len(other))
            value = sum(s * s for s, _, _ in pairs) / max(len(a), len(b)) - _JOINED * joins
            if best is None or value > best[0]:
                best = (value, pairs, a, b)
    assert best is not None, "two names of no words are told before"
    return best[1:]


def _joined(words: Sequence[str]) -> list[Sequence[str]]:
    return [words, *([*words[:k], words[k] + words[k + 1], *words[k + 2 :]] for k in range(len(words) - 1))]
