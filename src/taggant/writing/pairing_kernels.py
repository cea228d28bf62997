"""Two names word by word: which word meets which, one against one.

Invariant: the surest pairs are made first; what is left is tried as initials, then as two words written as one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from taggant.writing.compiling import compiled, woven
from taggant.writing.folding import LONGEST
from taggant.writing.name_reading import MOST_WORDS
from taggant.writing.word_kernels import N_LETTERS, Vocabulary, alike, set_positions

MOST_PAIRS = 256
INITIAL = 0.75
_LEAST_WORD = 3  # letters of a word that may be two written as one
_MET = 0.8  # surely enough met not to be looked at as half of a word
_SURELY_MET = 0.97


class WordRows(NamedTuple):
    """What is known of each word asked for: its letters, its weight, the list's words like it, and its acronym."""

    letters: npt.NDArray[np.uint8]
    n_letters: npt.NDArray[np.int64]
    masks: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]
    found: npt.NDArray[np.int32]
    scores: npt.NDArray[np.float32]
    n_found: npt.NDArray[np.int64]
    acronyms: npt.NDArray[np.int64]


class Desk(NamedTuple):
    """Where two names are laid side by side; used again for the next two.

    Attributes
    ----------
    pair_q, pair_c, pair_s
        Words that are alike: of the query, of the listed name, how much.
    best_q, best_c
        How surely each word is met.
    mate_q, mate_c
        By which word of the other name; -1 for none.
    lengths_q, lengths_c
        Letters of each word.
    joint, joint_n, joint_mask, joint_positions
        Each word of the query written as one with the next: its letters are laid when first needed (mask 0 before).
    spare, spare_positions
        The same for two words of a listed name.
    """

    pair_q: npt.NDArray[np.int64]
    pair_c: npt.NDArray[np.int64]
    pair_s: npt.NDArray[np.float64]
    best_q: npt.NDArray[np.float64]
    best_c: npt.NDArray[np.float64]
    mate_q: npt.NDArray[np.int64]
    mate_c: npt.NDArray[np.int64]
    lengths_q: npt.NDArray[np.int64]
    lengths_c: npt.NDArray[np.int64]
    joint: npt.NDArray[np.uint8]
    joint_n: npt.NDArray[np.int64]
    joint_mask: npt.NDArray[np.int64]
    joint_positions: npt.NDArray[np.int64]
    spare: npt.NDArray[np.uint8]
    spare_positions: npt.NDArray[np.int64]


@compiled
def new_desk() -> Desk:
    """An empty desk."""
    return Desk(
        np.empty(MOST_PAIRS, np.int64),
        np.empty(MOST_PAIRS, np.int64),
        np.empty(MOST_PAIRS, np.float64),
        np.empty(MOST_WORDS, np.float64),
        np.empty(MOST_WORDS, np.float64),
        np.empty(MOST_WORDS, np.int64),
        np.empty(MOST_WORDS, np.int64),
        np.empty(MOST_WORDS, np.int64),
        np.empty(MOST_WORDS, np.int64),
        np.zeros((MOST_WORDS, 2 * LONGEST), np.uint8),
        np.empty(MOST_WORDS, np.int64),
        np.empty(MOST_WORDS, np.int64),
        np.zeros((MOST_WORDS, N_LETTERS), np.int64),
        np.zeros(2 * LONGEST, np.uint8),
        np.zeros(N_LETTERS, np.int64),
    )


@woven
def lay_query(query_rows: npt.NDArray[np.int32], n_q: int, rows: WordRows, desk: Desk) -> bool:
    """Lay the words of a query on the desk; tell whether one is an initial."""
    has_initial = False
    for i in range(n_q):
        desk.lengths_q[i] = rows.n_letters[query_rows[i]]
        has_initial |= desk.lengths_q[i] == 1
    for i in range(n_q - 1):
        n = desk.lengths_q[i] + desk.lengths_q[i + 1]
        is_fit = desk.lengths_q[i] > 0 and desk.lengths_q[i + 1] > 0 and n <= LONGEST
        desk.joint_n[i] = n if is_fit else 0
        desk.joint_mask[i] = 0
    return has_initial


@compiled
def _join(
    one: npt.NDArray[np.uint8], n_one: int, other: npt.NDArray[np.uint8], n_other: int, into: npt.NDArray[np.uint8]
) -> int:
    """Write two words as one; give its letters' mask."""
    mask = 0
    for k in range(n_one):
        into[k] = one[k]
        mask |= 1 << int(one[k])
    for k in range(n_other):
        into[n_one + k] = other[k]
        mask |= 1 << int(other[k])
    return mask


@woven
def pair_words(
    words: npt.NDArray[np.int32],
    n_q: int,
    n_c: int,
    query_rows: npt.NDArray[np.int32],
    has_initial_q: bool,
    rows: WordRows,
    vocabulary: Vocabulary,
    n_pairs: int,
    desk: Desk,
    joined: float,
) -> None:
    """Set the words of two names against each other, one against one, the surest pairs first.

    Then initials, and two words written as one, among what is left. `desk` has the query (`lay_query`), its pairs with
    the listed words, and `lengths_c`; it gets how surely each word is met, and by which word.
    """
    for i in range(n_q):
        desk.best_q[i] = 0.0
        desk.mate_q[i] = -1
    for j in range(n_c):
        desk.best_c[j] = 0.0
        desk.mate_c[j] = -1
    n_left_q, n_left_c = n_q, n_c
    for _ in range(n_pairs):
        top, top_s = -1, 0.0
        for k in range(n_pairs):
            if desk.pair_s[k] > top_s and desk.mate_q[desk.pair_q[k]] < 0 and desk.mate_c[desk.pair_c[k]] < 0:
                top, top_s = k, desk.pair_s[k]
        if top < 0:
            break
        i, j = desk.pair_q[top], desk.pair_c[top]
        desk.best_q[i] = top_s
        desk.best_c[j] = top_s
        desk.mate_q[i] = j
        desk.mate_c[j] = i
        n_left_q -= 1
        n_left_c -= 1
    if n_left_q == 0 and n_left_c == 0:
        return
    # Most candidates share few words: what cannot help is told by lengths alone, before letters are looked at.
    has_initial = has_initial_q
    fit_c = 0  # bit n: a listed word of n letters may still be two words of the query
    for j in range(n_c):
        n = desk.lengths_c[j]
        if desk.mate_c[j] < 0:
            has_initial |= n == 1
        if n >= _LEAST_WORD and desk.best_c[j] < _SURELY_MET:
            fit_c |= 1 << n
    fit_q = 0
    for i in range(n_q):
        if desk.lengths_q[i] >= _LEAST_WORD and desk.best_q[i] < _SURELY_MET:
            fit_q |= 1 << desk.lengths_q[i]
    if has_initial and n_left_q > 0 and n_left_c > 0:
        for i in range(n_q):
            r = query_rows[i]
            if desk.mate_q[i] >= 0 or desk.lengths_q[i] == 0:
                continue
            for j in range(n_c):
                is_initial = desk.lengths_q[i] == 1 or desk.lengths_c[j] == 1
                if is_initial and desk.mate_c[j] < 0 and rows.letters[r, 0] == vocabulary.letters[words[j], 0]:
                    desk.best_q[i] = INITIAL
                    desk.best_c[j] = INITIAL
                    desk.mate_q[i] = j
                    desk.mate_c[j] = i
                    break
    for i in range(n_q - 1):
        n = desk.joint_n[i]
        if n == 0 or not (fit_c << 1) & (7 << n) or min(desk.best_q[i], desk.best_q[i + 1]) >= _MET:
            continue
        for j in range(n_c):
            v = words[j]
            if abs(desk.lengths_c[j] - n) > 1 or desk.lengths_c[j] < _LEAST_WORD or desk.best_c[j] >= _SURELY_MET:
                continue
            if desk.mate_c[j] >= 0 and desk.mate_c[j] != i and desk.mate_c[j] != i + 1:
                continue
            if desk.joint_mask[i] == 0:
                r, r2 = query_rows[i], query_rows[i + 1]
                desk.joint_mask[i] = _join(
                    rows.letters[r], rows.n_letters[r], rows.letters[r2], rows.n_letters[r2], desk.joint[i]
                )
                set_positions(desk.joint[i], n, desk.joint_positions[i])
            s = joined * alike(
                desk.joint[i], n, desk.joint_mask[i], desk.joint_positions[i], vocabulary.letters[v],
                vocabulary.n_letters[v], vocabulary.masks[v],
            )  # fmt: skip
            if s > desk.best_c[j] and s > min(desk.best_q[i], desk.best_q[i + 1]) and s > 0.6:
                for k in (i, i + 1):
                    if desk.mate_q[k] >= 0 and desk.mate_q[k] != j:
                        desk.best_c[desk.mate_q[k]] = 0.0
                        desk.mate_c[desk.mate_q[k]] = -1
                    desk.best_q[k] = s
                    desk.mate_q[k] = j
                desk.best_c[j] = s
                desk.mate_c[j] = i
    for j in range(n_c - 1):
        n_v, n_u = desk.lengths_c[j], desk.lengths_c[j + 1]
        n = n_v + n_u
        if n > LONGEST or not (fit_q << 1) & (7 << n) or n_v == 0 or n_u == 0:
            continue
        if min(desk.best_c[j], desk.best_c[j + 1]) >= _MET:
            continue
        v, u = words[j], words[j + 1]
        is_ready = False
        mask = 0
        for i in range(n_q):
            r = query_rows[i]
            if abs(desk.lengths_q[i] - n) > 1 or desk.lengths_q[i] < _LEAST_WORD or desk.best_q[i] >= _SURELY_MET:
                continue
            if desk.mate_q[i] >= 0 and desk.mate_q[i] != j and desk.mate_q[i] != j + 1:
                continue
            if not is_ready:
                mask = _join(vocabulary.letters[v], n_v, vocabulary.letters[u], n_u, desk.spare)
                set_positions(desk.spare, n, desk.spare_positions)
                is_ready = True
            s = joined * alike(
                desk.spare, n, mask, desk.spare_positions, rows.letters[r], rows.n_letters[r], rows.masks[r]
            )
            if s > desk.best_q[i] and s > min(desk.best_c[j], desk.best_c[j + 1]) and s > 0.6:
                for k in (j, j + 1):
                    if desk.mate_c[k] >= 0 and desk.mate_c[k] != i:
                        desk.best_q[desk.mate_c[k]] = 0.0
                        desk.mate_q[desk.mate_c[k]] = -1
                    desk.best_c[k] = s
                    desk.mate_c[k] = i
                desk.best_q[i] = s
                desk.mate_q[i] = j
