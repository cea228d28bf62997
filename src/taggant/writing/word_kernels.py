"""How like are two words, and which words of a vocabulary are like this one?

Invariant: letters are codes: 0 for none, 1 to 26 for a to z, 27 to 36 for digits; a word has at most 24. Only whole
numbers below 2**62 are shifted, so that plain Python and machine code agree.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from taggant.writing.compiling import compiled

N_LETTERS = 37
MOST_ALIKE = 48
"""Words of the vocabulary kept as like one word."""

SAME_MEANING = 0.9
SKELETON_LONG, SKELETON_SHORT = 0.86, 0.78
ABBREVIATION = 0.74
_MOST_OF_SKELETON = 400  # words of one skeleton that are looked at


class Vocabulary(NamedTuple):
    """The words of a list, as arrays; every array is read only.

    Attributes
    ----------
    letters : uint8, shape (n, 24)
    n_letters : int64, shape (n,)
    masks : int64, shape (n,)
        Bit c is set when letter c is in the word.
    weights : float64, shape (n,)
        How much a word tells, from near 0 to 1.
    gram_from : int64, shape (37**3 + 1,); gram_words : int32
        Words by each run of three letters.
    skeleton_from, skeleton_words ; meaning_from, meaning_words
        Words by skeleton, by meaning.
    short_from, short_words
        Words by what an abbreviation of them begins and ends with.
    """

    letters: npt.NDArray[np.uint8]
    n_letters: npt.NDArray[np.int64]
    masks: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]
    gram_from: npt.NDArray[np.int64]
    gram_words: npt.NDArray[np.int32]
    skeleton_from: npt.NDArray[np.int64]
    skeleton_words: npt.NDArray[np.int32]
    meaning_from: npt.NDArray[np.int64]
    meaning_words: npt.NDArray[np.int32]
    short_from: npt.NDArray[np.int64]
    short_words: npt.NDArray[np.int32]


class Asked(NamedTuple):
    """Words asked for: letters as in `Vocabulary`, the code when the vocabulary has the word, skeleton and meaning."""

    letters: npt.NDArray[np.uint8]
    n_letters: npt.NDArray[np.int64]
    masks: npt.NDArray[np.int64]
    codes: npt.NDArray[np.int64]
    skeletons: npt.NDArray[np.int64]
    n_skeleton: npt.NDArray[np.int64]
    meanings: npt.NDArray[np.int64]
    shorts: npt.NDArray[np.int64]


@compiled
def n_bits(x: int) -> int:
    """How many of the lowest 48 bits are set? (Warren, Hacker's Delight, 5-1.)"""
    x = x - ((x >> 1) & 0x555555555555)
    x = (x & 0x333333333333) + ((x >> 2) & 0x333333333333)
    x = (x + (x >> 4)) & 0x0F0F0F0F0F0F
    return ((x * 0x010101010101) & 0xFFFFFFFFFFFF) >> 40


@compiled
def set_positions(letters: npt.NDArray[np.uint8], n: int, positions: npt.NDArray[np.int64]) -> None:
    """Write for each letter the bits of the places it stands at."""
    for c in range(N_LETTERS):
        positions[c] = 0
    for i in range(n):
        positions[letters[i]] |= 1 << i


@compiled
def distance(positions: npt.NDArray[np.int64], m: int, other: npt.NDArray[np.uint8], n: int) -> int:
    """How many letters must be changed, put in or left out (Myers 1999, Hyyrö 2003)?"""
    full = (1 << m) - 1
    top = 1 << (m - 1)
    pv, mv, score = full, 0, m
    for j in range(n):
        eq = int(positions[other[j]])
        xv = eq | mv
        xh = ((((eq & pv) + pv) ^ pv) | eq) & full
        ph = (mv | ~(xh | pv)) & full
        mh = pv & xh
        if ph & top:
            score += 1
        elif mh & top:
            score -= 1
        ph = ((ph << 1) | 1) & full
        mh = (mh << 1) & full
        pv = (mh | ~(xv | ph)) & full
        mv = ph & xv
    return score


@compiled
def is_within(small: npt.NDArray[np.uint8], n: int, big: npt.NDArray[np.uint8], m: int) -> bool:
    """Whether the letters of one word stand in the other in the same order."""
    i = 0
    for j in range(m):
        if i < n and small[i] == big[j]:
            i += 1
    return i == n


@compiled
def alike(
    a: npt.NDArray[np.uint8],
    n_a: int,
    mask_a: int,
    positions: npt.NDArray[np.int64],
    b: npt.NDArray[np.uint8],
    n_b: int,
    mask_b: int,
) -> float:
    """How like are two folded words, from 0 to 1: few letters changed, one cut short, or one abbreviated?"""
    least, most = min(n_a, n_b), max(n_a, n_b)
    if least == 0:
        return 0.0
    s = 0.0
    is_same_start = a[0] == b[0]
    # No common letters but few: neither misspelt nor cut short.
    if not is_same_start and n_bits(mask_a ^ mask_b) > 6:
        return 0.0
    if most >= 3 and most - least <= 3:
        allowed = 1 if most <= 5 else (2 if most <= 9 else 3)
        if most - least <= allowed and n_bits(mask_a ^ mask_b) <= 2 * allowed:
            d = distance(positions, n_a, b, n_b)
            if d == 0:
                return 1.0
            if d <= allowed:
                s = 1.0 - 1.15 * d / most
                if not is_same_start:
                    s -= 0.06
    if s < 0.8 and least >= 3 and is_same_start:
        starts = True
        for i in range(1, least):
            if a[i] != b[i]:
                starts = False
                break
        if starts:
            s = max(s, 0.72 + 0.2 * least / most)
        elif 3 * least <= 2 * most + 2:
            short = is_within(a, n_a, b, n_b) if n_a < n_b else is_within(b, n_b, a, n_a)
            if short:
                s = max(s, 0.7)
    return s


@compiled
def _keep(found: npt.NDArray[np.int32], scores: npt.NDArray[np.float32], n: int, v: int, s: float) -> int:
    """Put a word among the best; the least of a full row gives way."""
    for k in range(n):
        if found[k] == v:
            scores[k] = max(scores[k], s)
            return n
    if n < MOST_ALIKE:
        found[n] = v
        scores[n] = s
        return n + 1
    worst = 0
    for k in range(1, n):
        if scores[k] < scores[worst]:
            worst = k
    if s > scores[worst]:
        found[worst] = v
        scores[worst] = s
    return n


@compiled
def words_alike(
    first: int,
    last: int,
    asked: Asked,
    vocabulary: Vocabulary,
    budget: int,
    least: float,
    found: npt.NDArray[np.int32],
    scores: npt.NDArray[np.float32],
    n_found: npt.NDArray[np.int64],
) -> None:
    """Which words of the vocabulary are like each of these?

    For words `first` to before `last` of `asked`: the same word, words of one meaning, of one skeleton, and words that
    share runs of three letters (the rarest runs first, until `budget` words were met) and are `alike` at least `least`.
    """
    n_words = vocabulary.n_letters.shape[0]
    counts = np.zeros(n_words, np.int16)
    touched = np.empty(n_words, np.int32)
    positions = np.zeros(N_LETTERS, np.int64)
    grams = np.empty(32, np.int64)
    for q in range(first, last):
        n = int(asked.n_letters[q])
        letters = asked.letters[q]
        mask = int(asked.masks[q])
        row, row_scores = found[q], scores[q]
        n_kept = 0
        if asked.codes[q] >= 0:
            n_kept = _keep(row, row_scores, n_kept, asked.codes[q], 1.0)
        if n == 0:
            n_found[q] = n_kept
            continue
        set_positions(letters, n, positions)
        meaning = asked.meanings[q]
        if meaning >= 0:
            for p in range(vocabulary.meaning_from[meaning], vocabulary.meaning_from[meaning + 1]):
                n_kept = _keep(row, row_scores, n_kept, vocabulary.meaning_words[p], SAME_MEANING)
        skeleton = asked.skeletons[q]
        if skeleton >= 0 and asked.n_skeleton[q] >= 3:
            s = SKELETON_LONG if asked.n_skeleton[q] >= 4 else SKELETON_SHORT
            start, stop = vocabulary.skeleton_from[skeleton], vocabulary.skeleton_from[skeleton + 1]
            for p in range(start, min(stop, start + _MOST_OF_SKELETON)):
                n_kept = _keep(row, row_scores, n_kept, vocabulary.skeleton_words[p], s)
        if asked.shorts[q] >= 0:
            for p in range(vocabulary.short_from[asked.shorts[q]], vocabulary.short_from[asked.shorts[q] + 1]):
                v = vocabulary.short_words[p]
                if vocabulary.n_letters[v] > n and is_within(
                    letters, n, vocabulary.letters[v], vocabulary.n_letters[v]
                ):
                    n_kept = _keep(row, row_scores, n_kept, v, ABBREVIATION)
        if n >= 3:
            n_grams = 0
            p0, p1 = 0, int(letters[0])
            for k in range(1, n + 1):
                p2 = int(letters[k]) if k < n else 0
                gram = (p0 * N_LETTERS + p1) * N_LETTERS + p2
                length = vocabulary.gram_from[gram + 1] - vocabulary.gram_from[gram]
                # insertion by length: rare runs come first
                j = n_grams
                while j > 0 and (vocabulary.gram_from[grams[j - 1] + 1] - vocabulary.gram_from[grams[j - 1]] > length):
                    grams[j] = grams[j - 1]
                    j -= 1
                grams[j] = gram
                n_grams += 1
                p0, p1 = p1, p2
            n_touched, n_met, n_used = 0, 0, 0
            for k in range(n_grams):
                start, stop = vocabulary.gram_from[grams[k]], vocabulary.gram_from[grams[k] + 1]
                if n_met + stop - start > budget and n_used >= 3:
                    break
                n_met += stop - start
                n_used += 1
                for p in range(start, stop):
                    v = vocabulary.gram_words[p]
                    if counts[v] == 0:
                        touched[n_touched] = v
                        n_touched += 1
                    counts[v] += 1
            need = 1 if n < 5 else (2 if n < 8 else 3)
            need = min(need, max(1, n_used - 2))
            for k in range(n_touched):
                v = touched[k]
                c = counts[v]
                counts[v] = 0
                # The other word may be much longer only where this one may be its beginning or abbreviation.
                if (
                    c < need
                    or v == asked.codes[q]
                    or (vocabulary.letters[v, 0] != letters[0] and abs(vocabulary.n_letters[v] - n) > 3)
                ):
                    continue
                s = alike(
                    letters, n, mask, positions, vocabulary.letters[v], vocabulary.n_letters[v], vocabulary.masks[v]
                )
                if s >= least:
                    n_kept = _keep(row, row_scores, n_kept, v, s)
        n_found[q] = n_kept
