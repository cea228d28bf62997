"""Which names of a list are like this one: candidates by rare words, then words set against words.

Invariant: a name's score is worked out from words set one against one; the pairs are the explanation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from taggant.writing.compiling import compiled, woven
from taggant.writing.name_reading import MOST_WORDS
from taggant.writing.word_kernels import MOST_ALIKE, N_LETTERS, Vocabulary, alike, set_positions

_MOST_PAIRS = 256
_N_BINS = 256
INITIAL = 0.75
_OUT_OF_ORDER = 0.01  # less for two words that stand the other way round: it only settles ties


class Names(NamedTuple):
    """The names of a list as word codes.

    Attributes
    ----------
    word_from : int64, shape (n + 1,); words : int32
        Codes of each name, in order.
    total : float64, shape (n,)
        Sum of the weights of a name's words.
    name_from : int64, shape (n_words + 1,); names : int32
        Names by word; small words and legal forms lead to none.
    acronym_from, acronym_names
        Names by acronym.
    acronyms : int32, shape (n, 2)
        A name's acronyms without and with words like company; -1 for none.
    """

    word_from: npt.NDArray[np.int64]
    words: npt.NDArray[np.int32]
    total: npt.NDArray[np.float64]
    name_from: npt.NDArray[np.int64]
    names: npt.NDArray[np.int32]
    acronym_from: npt.NDArray[np.int64]
    acronym_names: npt.NDArray[np.int32]
    acronyms: npt.NDArray[np.int32]


class Queries(NamedTuple):
    """Names asked for: each word leads to a row of the table of like words.

    Attributes
    ----------
    word_from : int64, shape (q + 1,); rows : int32
        Row of each word.
    own : int32, shape (q, 2)
        The list's word that a query's initials spell; -1 for none.
    """

    word_from: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    own: npt.NDArray[np.int32]


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


class Constants(NamedTuple):
    """What was tuned (on half A of the queries): see `benchmarks/screening.py`."""

    n_candidates: int
    budget: int
    enough: float
    part: float
    joined: float
    acronym: float
    shared: float
    two_rare: float


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
    rows: WordRows,
    vocabulary: Vocabulary,
    pair_q: npt.NDArray[np.int64],
    pair_c: npt.NDArray[np.int64],
    pair_s: npt.NDArray[np.float64],
    n_pairs: int,
    best_q: npt.NDArray[np.float64],
    best_c: npt.NDArray[np.float64],
    mate_q: npt.NDArray[np.int64],
    mate_c: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.int64],
    joint: npt.NDArray[np.uint8],
    positions: npt.NDArray[np.int64],
    joined: float,
) -> None:
    """Set the words of two names against each other, one against one, the surest pairs first.

    Then initials, and two words written as one, among what is left. `best_q`, `best_c` get how surely each word is
    met; `mate_q`, `mate_c` by which word (-1: none).
    """
    for i in range(n_q):
        best_q[i] = 0.0
        mate_q[i] = -1
    for j in range(n_c):
        best_c[j] = 0.0
        mate_c[j] = -1
    for _ in range(n_pairs):
        top, top_s = -1, 0.0
        for k in range(n_pairs):
            if pair_s[k] > top_s and mate_q[pair_q[k]] < 0 and mate_c[pair_c[k]] < 0:
                top, top_s = k, pair_s[k]
        if top < 0:
            break
        i, j = pair_q[top], pair_c[top]
        best_q[i] = top_s
        best_c[j] = top_s
        mate_q[i] = j
        mate_c[j] = i
    # Most candidates share few words: what cannot help is told by lengths alone, before letters are looked at.
    n_left_q, n_left_c, has_initial = 0, 0, False
    for i in range(n_q):
        if mate_q[i] < 0:
            n_left_q += 1
            has_initial |= rows.n_letters[query_rows[i]] == 1
    for j in range(n_c):
        lengths[j] = vocabulary.n_letters[words[j]]
        if mate_c[j] < 0:
            n_left_c += 1
            has_initial |= lengths[j] == 1
    if n_left_q == 0 or n_left_c == 0:
        if n_left_q == 0 and n_left_c == 0:
            return
    elif has_initial:
        for i in range(n_q):
            r = query_rows[i]
            if mate_q[i] >= 0 or rows.n_letters[r] == 0:
                continue
            for j in range(n_c):
                is_initial = rows.n_letters[r] == 1 or lengths[j] == 1
                if is_initial and mate_c[j] < 0 and rows.letters[r, 0] == vocabulary.letters[words[j], 0]:
                    best_q[i] = INITIAL
                    best_c[j] = INITIAL
                    mate_q[i] = j
                    mate_c[j] = i
                    break
    for i in range(n_q - 1):
        r, r2 = query_rows[i], query_rows[i + 1]
        n = rows.n_letters[r] + rows.n_letters[r2]
        if min(best_q[i], best_q[i + 1]) >= 0.8 or n > 24 or rows.n_letters[r] == 0 or rows.n_letters[r2] == 0:
            continue
        is_ready = False
        mask = 0
        for j in range(n_c):
            v = words[j]
            if abs(lengths[j] - n) > 1 or lengths[j] < 3 or best_c[j] >= 0.97:
                continue
            if mate_c[j] >= 0 and mate_c[j] != i and mate_c[j] != i + 1:
                continue
            if not is_ready:
                mask = _join(rows.letters[r], rows.n_letters[r], rows.letters[r2], rows.n_letters[r2], joint)
                set_positions(joint, n, positions)
                is_ready = True
            s = joined * alike(
                joint, n, mask, positions, vocabulary.letters[v], vocabulary.n_letters[v], vocabulary.masks[v]
            )
            if s > best_c[j] and s > min(best_q[i], best_q[i + 1]) and s > 0.6:
                for k in (i, i + 1):
                    if mate_q[k] >= 0 and mate_q[k] != j:
                        best_c[mate_q[k]] = 0.0
                        mate_c[mate_q[k]] = -1
                    best_q[k] = s
                    mate_q[k] = j
                best_c[j] = s
                mate_c[j] = i
    for j in range(n_c - 1):
        v, u = words[j], words[j + 1]
        n = vocabulary.n_letters[v] + vocabulary.n_letters[u]
        if (
            min(best_c[j], best_c[j + 1]) >= 0.8
            or n > 24
            or vocabulary.n_letters[v] == 0
            or vocabulary.n_letters[u] == 0
        ):
            continue
        is_ready = False
        mask = 0
        for i in range(n_q):
            r = query_rows[i]
            if abs(rows.n_letters[r] - n) > 1 or rows.n_letters[r] < 3 or best_q[i] >= 0.97:
                continue
            if mate_q[i] >= 0 and mate_q[i] != j and mate_q[i] != j + 1:
                continue
            if not is_ready:
                mask = _join(
                    vocabulary.letters[v],
                    vocabulary.n_letters[v],
                    vocabulary.letters[u],
                    vocabulary.n_letters[u],
                    joint,
                )
                set_positions(joint, n, positions)
                is_ready = True
            s = joined * alike(joint, n, mask, positions, rows.letters[r], rows.n_letters[r], rows.masks[r])
            if s > best_q[i] and s > min(best_c[j], best_c[j + 1]) and s > 0.6:
                for k in (j, j + 1):
                    if mate_c[k] >= 0 and mate_c[k] != i:
                        best_q[mate_c[k]] = 0.0
                        mate_q[mate_c[k]] = -1
                    best_c[k] = s
                    mate_c[k] = i
                best_q[i] = s
                mate_q[i] = j


@compiled
def _acronym(n_letters: int, constants: Constants) -> float:
    """How much does an acronym of so many letters say? Three letters are soon the same by chance."""
    return constants.acronym * (1.0 if n_letters > 3 else 0.8)


@woven
def score_of(met_q: float, all_q: float, met_c: float, all_c: float, constants: Constants) -> float:
    """How like are two names, from the weights of their words and of the words met?

    Both ways together; or one name within the other when what is within tells enough; or two rare words in both,
    whatever stands beside them (Almaz-Antey Telecom).
    """
    if all_q <= 0.0 or all_c <= 0.0:
        return 0.0
    both = (met_q + met_c) / (all_q + all_c)
    enough, part = constants.enough, constants.part
    within = max(met_c / all_c * min(1.0, all_c / enough), met_q / all_q * min(1.0, all_q / enough))
    shared = min(met_q, met_c)
    rare = constants.shared * min(1.0, shared / constants.two_rare) if shared > 0.75 * constants.two_rare else 0.0
    return max(both, part * within + (1.0 - part) * both, rare + 0.1 * both if rare > 0.0 else 0.0)


@compiled
def search(
    first: int,
    last: int,
    queries: Queries,
    rows: WordRows,
    vocabulary: Vocabulary,
    names: Names,
    constants: Constants,
    out_names: npt.NDArray[np.int32],
    out_scores: npt.NDArray[np.float64],
) -> None:
    """Which names of the list are most like each of these queries, best first?"""
    n_names = names.total.shape[0]
    n_words = vocabulary.n_letters.shape[0]
    most = out_names.shape[1]
    sums = np.zeros(n_names, np.float32)
    touched = np.empty(n_names, np.int32)
    head = np.full(n_words, -1, np.int32)
    n_entries_most = MOST_WORDS * MOST_ALIKE
    entry_next = np.empty(n_entries_most, np.int32)
    entry_word = np.empty(n_entries_most, np.int32)
    entry_query = np.empty(n_entries_most, np.int64)
    entry_score = np.empty(n_entries_most, np.float64)
    weights = np.empty(MOST_WORDS, np.float64)
    costs = np.empty(MOST_WORDS, np.int64)
    order = np.empty(MOST_WORDS, np.int64)
    bins = np.zeros(_N_BINS, np.int64)
    pair_q = np.empty(_MOST_PAIRS, np.int64)
    pair_c = np.empty(_MOST_PAIRS, np.int64)
    pair_s = np.empty(_MOST_PAIRS, np.float64)
    best_q = np.empty(MOST_WORDS, np.float64)
    best_c = np.empty(MOST_WORDS, np.float64)
    mate_q = np.empty(MOST_WORDS, np.int64)
    mate_c = np.empty(MOST_WORDS, np.int64)
    lengths = np.empty(MOST_WORDS, np.int64)
    joint = np.zeros(48, np.uint8)
    positions = np.zeros(N_LETTERS, np.int64)
    kept = np.empty(constants.n_candidates, np.int32)
    kept_scores = np.empty(constants.n_candidates, np.float64)
    for q in range(first, last):
        start, stop = queries.word_from[q], queries.word_from[q + 1]
        n_q = stop - start
        query_rows = queries.rows[start:stop]
        total = 0.0
        mass = 0.0
        n_entries = 0
        for i in range(n_q):
            r = query_rows[i]
            weights[i] = rows.weights[r]
            total += weights[i]
            cost = 0
            for k in range(rows.n_found[r]):
                v = rows.found[r, k]
                cost += names.name_from[v + 1] - names.name_from[v]
                entry_next[n_entries] = head[v]
                entry_word[n_entries] = v
                entry_query[n_entries] = i
                entry_score[n_entries] = rows.scores[r, k]
                head[v] = n_entries
                n_entries += 1
            costs[i] = cost
            if cost > 0:
                mass += weights[i]
            j = i
            while j > 0 and costs[order[j - 1]] * weights[i] > cost * weights[order[j - 1]]:
                order[j] = order[j - 1]
                j -= 1
            order[j] = i
        n_touched, spent, done = 0, 0, 0.0
        for k in range(n_q):
            i = order[k]
            r = query_rows[i]
            if costs[i] == 0 or (spent + costs[i] > constants.budget and done > 0.5 * mass):
                continue
            spent += costs[i]
            done += weights[i]
            for e in range(rows.n_found[r]):
                v = rows.found[r, e]
                add = np.float32(2.0 * weights[i] * rows.scores[r, e])
                for p in range(names.name_from[v], names.name_from[v + 1]):
                    d = names.names[p]
                    if sums[d] == 0.0:
                        touched[n_touched] = d
                        n_touched += 1
                    sums[d] += add
        for i in range(n_q):
            a = rows.acronyms[query_rows[i]]
            if a >= 0:
                for p in range(names.acronym_from[a], names.acronym_from[a + 1]):
                    d = names.acronym_names[p]
                    if sums[d] == 0.0:
                        touched[n_touched] = d
                        n_touched += 1
                    sums[d] += np.float32((weights[i] + names.total[d]) * constants.acronym)
        for k in range(2):
            v = queries.own[q, k]
            if v >= 0:
                for p in range(names.name_from[v], names.name_from[v + 1]):
                    d = names.names[p]
                    if sums[d] == 0.0:
                        touched[n_touched] = d
                        n_touched += 1
                    sums[d] += np.float32((total + names.total[d]) * constants.acronym)
        # The best candidates: those above the bin in which the n-th lies.
        for b in range(_N_BINS):
            bins[b] = 0
        for k in range(n_touched):
            d = touched[k]
            share = sums[d] / (total + names.total[d])
            bins[min(_N_BINS - 1, int(share * (_N_BINS // 2)))] += 1
        level, n_above = _N_BINS - 1, 0
        while level > 0 and n_above + bins[level] < constants.n_candidates:
            n_above += bins[level]
            level -= 1
        n_kept = 0
        n_level = constants.n_candidates - n_above
        for k in range(n_touched):
            d = touched[k]
            b = min(_N_BINS - 1, int(sums[d] / (total + names.total[d]) * (_N_BINS // 2)))
            sums[d] = 0.0
            if b < level or n_kept >= constants.n_candidates:
                continue
            if b == level:
                if n_level <= 0:
                    continue
                n_level -= 1
            kept[n_kept] = d
            n_kept += 1
        for k in range(n_kept):
            d = kept[k]
            word_start = names.word_from[d]
            n_c = names.word_from[d + 1] - word_start
            words = names.words[word_start : word_start + n_c]
            n_pairs = 0
            for j in range(n_c):
                e = head[words[j]]
                while e >= 0:
                    if n_pairs < _MOST_PAIRS:
                        pair_q[n_pairs] = entry_query[e]
                        pair_c[n_pairs] = j
                        pair_s[n_pairs] = entry_score[e]
                        n_pairs += 1
                    e = entry_next[e]
            pair_words(
                words, n_q, n_c, query_rows, rows, vocabulary, pair_q, pair_c, pair_s, n_pairs, best_q, best_c, mate_q,
                mate_c, lengths, joint, positions, constants.joined,
            )  # fmt: skip
            met_q, met_c = 0.0, 0.0
            # An acronym answers for a whole name, as far as it is the whole of the other.
            by_acronym = 0.0
            n_turned, before = 0, -1
            for i in range(n_q):
                met_q += weights[i] * best_q[i] * best_q[i]
                a = rows.acronyms[query_rows[i]]
                if a >= 0 and mate_q[i] < 0 and (a == names.acronyms[d, 0] or a == names.acronyms[d, 1]):
                    by_acronym = max(
                        by_acronym, weights[i] / total * _acronym(rows.n_letters[query_rows[i]], constants)
                    )
                if mate_q[i] >= 0:
                    n_turned += mate_q[i] < before
                    before = mate_q[i]
            for j in range(n_c):
                v = words[j]
                met_c += vocabulary.weights[v] * best_c[j] * best_c[j]
                if mate_c[j] < 0 and (v == queries.own[q, 0] or v == queries.own[q, 1]):
                    share = vocabulary.weights[v] / names.total[d]
                    by_acronym = max(by_acronym, share * _acronym(vocabulary.n_letters[v], constants))
            all_c = names.total[d]
            s = score_of(min(met_q, total), total, min(met_c, all_c), all_c, constants)
            kept_scores[k] = max(s - _OUT_OF_ORDER * n_turned, by_acronym)
        ranked = np.argsort(-kept_scores[:n_kept], kind="mergesort")  # stable: ties keep one order everywhere
        for k in range(min(most, n_kept)):
            out_names[q, k] = kept[ranked[k]]
            out_scores[q, k] = kept_scores[ranked[k]]
        for e in range(n_entries):
            head[entry_word[e]] = -1
