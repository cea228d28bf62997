"""Which names of a list are like this one: candidates by rare words, then words set against words.

Invariant: a name's score is worked out from words set one against one; the pairs are the explanation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from taggant.writing.compiling import compiled, woven
from taggant.writing.name_reading import MOST_WORDS
from taggant.writing.pairing_kernels import MOST_PAIRS, WordRows, lay_query, new_desk, pair_words
from taggant.writing.word_kernels import MOST_ALIKE, Vocabulary

_N_BINS = 256
_FAR = 0.45  # of the closest: what shares less of its words is not laid out
_BLOCK = 65_536  # names summed at once: their sums stay in the cache of the core
_OUT_OF_ORDER = 0.01  # less for two words that stand the other way round: it only settles ties


class Names(NamedTuple):
    """The names of a list as word codes.

    Attributes
    ----------
    word_from : int64, shape (n + 1,); words : int32; lengths : uint8
        Codes of each name, in order, and how many letters each word has.
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
    lengths: npt.NDArray[np.uint8]
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


class Constants(NamedTuple):
    """What was tuned (on half A of the queries): see `benchmarks/screening.py`."""

    n_candidates: int
    n_wide: int
    budget: int
    enough: float
    part: float
    joined: float
    acronym: float
    shared: float
    two_rare: float


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
    most = out_names.shape[1]
    sums = np.zeros(min(n_names, _BLOCK), np.float32)
    touched = np.empty(n_names, np.int32)
    shares = np.empty(n_names, np.uint8)
    head = np.full(vocabulary.n_letters.shape[0], -1, np.int32)
    n_entries_most = MOST_WORDS * MOST_ALIKE
    entry_next = np.empty(n_entries_most, np.int32)
    entry_word = np.empty(n_entries_most, np.int32)
    entry_query = np.empty(n_entries_most, np.int64)
    entry_score = np.empty(n_entries_most, np.float64)
    # Lists of names to be summed: each has a place, an end, and what it adds; an acronym adds a share of the name.
    n_lists_most = n_entries_most + MOST_WORDS + 2
    list_at = np.empty(n_lists_most, np.int64)
    list_end = np.empty(n_lists_most, np.int64)
    list_adds = np.empty(n_lists_most, np.float64)
    weights = np.empty(MOST_WORDS, np.float64)
    costs = np.empty(MOST_WORDS, np.int64)
    order = np.empty(MOST_WORDS, np.int64)
    bins = np.zeros(_N_BINS, np.int64)
    desk = new_desk()
    kept = np.empty(constants.n_wide, np.int32)
    close = np.empty(constants.n_wide, np.float64)
    by_word = np.empty(MOST_WORDS, np.float64)
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
        n_lists, spent, done = 0, 0, 0.0
        for k in range(n_q):
            i = order[k]
            r = query_rows[i]
            if costs[i] == 0 or (spent + costs[i] > constants.budget and done > 0.5 * mass):
                continue
            spent += costs[i]
            done += weights[i]
            for e in range(rows.n_found[r]):
                v = rows.found[r, e]
                if names.name_from[v] < names.name_from[v + 1]:
                    list_at[n_lists] = names.name_from[v]
                    list_end[n_lists] = names.name_from[v + 1]
                    list_adds[n_lists] = 2.0 * weights[i] * rows.scores[r, e]
                    n_lists += 1
        n_plain = n_lists
        for i in range(n_q):
            a = rows.acronyms[query_rows[i]]
            if a >= 0:
                list_at[n_lists] = names.acronym_from[a]
                list_end[n_lists] = names.acronym_from[a + 1]
                list_adds[n_lists] = weights[i]
                n_lists += 1
        n_acronyms = n_lists
        for k in range(2):
            v = queries.own[q, k]
            if v >= 0:
                list_at[n_lists] = names.name_from[v]
                list_end[n_lists] = names.name_from[v + 1]
                list_adds[n_lists] = total
                n_lists += 1
        for b in range(_N_BINS):
            bins[b] = 0
        n_touched = 0
        for block in range(0, n_names, _BLOCK):
            limit = block + _BLOCK
            n_before = n_touched
            for k in range(n_lists):
                p, end = list_at[k], list_end[k]
                if k < n_plain:
                    add = np.float32(list_adds[k])
                    while p < end and names.names[p] < limit:
                        d = names.names[p]
                        if sums[d - block] == 0.0:
                            touched[n_touched] = d
                            n_touched += 1
                        sums[d - block] += add
                        p += 1
                else:
                    of = names.acronym_names if k < n_acronyms else names.names
                    while p < end and of[p] < limit:
                        d = of[p]
                        if sums[d - block] == 0.0:
                            touched[n_touched] = d
                            n_touched += 1
                        sums[d - block] += np.float32((list_adds[k] + names.total[d]) * constants.acronym)
                        p += 1
                list_at[k] = p
            for t in range(n_before, n_touched):
                d = touched[t]
                share = sums[d - block] / (total + names.total[d])
                sums[d - block] = 0.0
                b = min(_N_BINS - 1, int(share * (_N_BINS // 2)))
                shares[t] = b
                bins[b] += 1
        # The best candidates: those above the bin in which the n-th lies.
        level, n_above = _N_BINS - 1, 0
        while level > 0 and n_above + bins[level] < constants.n_wide:
            n_above += bins[level]
            level -= 1
        n_kept = 0
        n_level = constants.n_wide - n_above
        for t in range(n_touched):
            b = shares[t]
            if b < level or n_kept >= constants.n_wide:
                continue
            if b == level:
                if n_level <= 0:
                    continue
                n_level -= 1
            kept[n_kept] = touched[t]
            n_kept += 1
        if n_kept > constants.n_candidates:
            # Words that were too common to be summed count now, each once.
            for k in range(n_kept):
                d = kept[k]
                for i in range(n_q):
                    by_word[i] = 0.0
                met = 0.0
                for p in range(names.word_from[d], names.word_from[d + 1]):
                    v = names.words[p]
                    if n_lists > n_acronyms and (v == queries.own[q, 0] or v == queries.own[q, 1]):
                        met += 0.5 * (total + names.total[d]) * constants.acronym
                    e = head[v]
                    while e >= 0:
                        i = entry_query[e]
                        by_word[i] = max(by_word[i], entry_score[e])
                        e = entry_next[e]
                for i in range(n_q):
                    met += weights[i] * by_word[i] * by_word[i]
                    if n_acronyms > n_plain:
                        a = rows.acronyms[query_rows[i]]
                        if a >= 0 and (a == names.acronyms[d, 0] or a == names.acronyms[d, 1]):
                            met += 0.5 * (weights[i] + names.total[d]) * constants.acronym
                s = met / (total + names.total[d])
                at = min(k, constants.n_candidates)
                if at == constants.n_candidates and s <= close[at - 1]:
                    continue
                at = min(at, constants.n_candidates - 1)
                while at > 0 and close[at - 1] < s:
                    close[at] = close[at - 1]
                    kept[at] = kept[at - 1]
                    at -= 1
                close[at] = s
                kept[at] = d
            n_kept = constants.n_candidates
            while n_kept > 1 and close[n_kept - 1] < _FAR * close[0]:
                n_kept -= 1
        has_initial = lay_query(query_rows, n_q, rows, desk)
        n_out = 0
        for k in range(n_kept):
            d = kept[k]
            word_start = names.word_from[d]
            n_c = names.word_from[d + 1] - word_start
            words = names.words[word_start : word_start + n_c]
            n_pairs = 0
            for j in range(n_c):
                desk.lengths_c[j] = names.lengths[word_start + j]
                e = head[words[j]]
                while e >= 0:
                    if n_pairs < MOST_PAIRS:
                        desk.pair_q[n_pairs] = entry_query[e]
                        desk.pair_c[n_pairs] = j
                        desk.pair_s[n_pairs] = entry_score[e]
                        n_pairs += 1
                    e = entry_next[e]
            pair_words(words, n_q, n_c, query_rows, has_initial, rows, vocabulary, n_pairs, desk, constants.joined)
            met_q, met_c = 0.0, 0.0
            # An acronym answers for a whole name, as far as it is the whole of the other.
            by_acronym = 0.0
            n_turned, before = 0, -1
            for i in range(n_q):
                mate = desk.mate_q[i]
                if mate >= 0:
                    met_q += weights[i] * desk.best_q[i] * desk.best_q[i]
                    n_turned += mate < before
                    before = mate
                    continue
                a = rows.acronyms[query_rows[i]]
                if a >= 0 and (a == names.acronyms[d, 0] or a == names.acronyms[d, 1]):
                    by_acronym = max(by_acronym, weights[i] / total * _acronym(desk.lengths_q[i], constants))
            for j in range(n_c):
                v = words[j]
                if desk.mate_c[j] >= 0:
                    met_c += vocabulary.weights[v] * desk.best_c[j] * desk.best_c[j]
                elif v == queries.own[q, 0] or v == queries.own[q, 1]:
                    share = vocabulary.weights[v] / names.total[d]
                    by_acronym = max(by_acronym, share * _acronym(vocabulary.n_letters[v], constants))
            all_c = names.total[d]
            s = score_of(min(met_q, total), total, min(met_c, all_c), all_c, constants)
            s = max(s - _OUT_OF_ORDER * n_turned, by_acronym)
            # Into its place among the best; of two alike the one found first stays first.
            if n_out == most and s <= out_scores[q, most - 1]:
                continue
            n_out = min(most, n_out + 1)
            at = n_out - 1
            while at > 0 and out_scores[q, at - 1] < s:
                out_scores[q, at] = out_scores[q, at - 1]
                out_names[q, at] = out_names[q, at - 1]
                at -= 1
            out_scores[q, at] = s
            out_names[q, at] = d
        for e in range(n_entries):
            head[entry_word[e]] = -1
