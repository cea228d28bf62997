"""An index of names: built once from a list, asked many times, many names at once.

Invariant: one name gives the same answer alone, among others, on one core or several, compiled or not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from taggant.errors import InputError
from taggant.writing.compiling import IS_COMPILED
from taggant.writing.folding import fold
from taggant.writing.name_kernels import Constants, Names, Queries, WordRows, search
from taggant.writing.name_reading import NameReader, Sort
from taggant.writing.vocabulary import WordTable, find_words, grouped, word_table
from taggant.writing.word_kernels import Vocabulary

VERSION = "name-index-v1"
"""Of the scores: what is printed in a receipt. A changed score needs a new one beside it."""

TUNED = Constants(
    n_candidates=16, budget=8000, enough=2.2, part=0.6, joined=0.97, acronym=0.5, shared=0.68, two_rare=1.7
)
"""Tuned on half A of the queries of the benchmark; figures are given for half B."""

_TUNED_ON = 20_000  # names of the list the constants were tuned on
_WORDS_BUDGET = 1500  # words sharing a run of letters that are met for one word asked for
_ACRONYM_LETTERS = range(3, 8)
_COMPANY_WORDS = frozenset({".company", ".group", ".holding", ".inc"})


def scaled(constants: Constants, n_rows: int) -> Constants:
    """How many candidates must be looked at in a list of this size?

    Parameters
    ----------
    constants : Constants
        As tuned on a list of 20,000 names.
    n_rows : int

    Returns
    -------
    Constants
        Candidates grow with the size to the power 0.45, postings met with its square root; smaller lists keep what was
        tuned.

    Notes
    -----
    *Assumes:* near-doubles of a name grow with the list.
    *Not for:* lists beyond some ten million names.

    Examples
    --------
    >>> scaled(TUNED, 20_000).n_candidates, scaled(TUNED, 1_000_000).n_candidates
    (16, 93)
    """
    by = max(1.0, n_rows / _TUNED_ON)
    return constants._replace(
        n_candidates=int(constants.n_candidates * by**0.45), budget=int(constants.budget * by**0.5)
    )


@dataclass(frozen=True, slots=True)
class Found:
    """The names like each query, best first.

    Attributes
    ----------
    rows : int32, shape (q, most)
        Rows of the index; -1 where there are no more.
    scores : float64, shape (q, most)
        From 0 to 1, of the names alone.
    """

    rows: npt.NDArray[np.int32]
    scores: npt.NDArray[np.float64]


class NameIndex:
    """An index of names.

    Parameters
    ----------
    names : sequence of str
        In any script. Names that fold alike share a row.

    Attributes
    ----------
    row_of_name : int32, shape (n,)
        Row of each name; -1 for one without a letter or digit.
    n_rows : int

    Notes
    -----
    *Assumes:* names of parties, not texts. Small words and legal forms alone find nothing but names made of them.
    *Not for:* part numbers and serials, where one letter makes another thing.

    Examples
    --------
    >>> index = NameIndex(["Almaz-Antey Corporation", "Emma LLC", "Zavod Kupol"])
    >>> found = index.search(["Алмаз Антей", "Kupol plant"], most=1)
    >>> [int(r) for r in found.rows[:, 0]]
    [0, 2]
    """

    def __init__(self, names: Sequence[str], *, constants: Constants = TUNED) -> None:
        self.reader = NameReader()
        rows: dict[tuple[int, ...], int] = {}
        self.row_of_name = np.empty(len(names), np.int32)
        read = self.reader.codes
        for n, name in enumerate(names):
            codes = tuple(read(name))
            self.row_of_name[n] = rows.setdefault(codes, len(rows)) if codes else -1
        self.n_rows = len(rows)
        self.constants = scaled(constants, self.n_rows)
        lengths = np.fromiter(map(len, rows), np.int64, len(rows))
        flat = np.fromiter((c for codes in rows for c in codes), np.int32, int(lengths.sum()))
        self._heads = _heads(self.reader, range(self.reader.n_words))
        self._names, self._words, self._acronyms = self._lay_out(list(rows), lengths, flat)
        self._acronym_of_word = np.fromiter(
            (self._acronyms.get(w, -1) for w in self.reader.words), np.int64, self.reader.n_words
        )
        order = np.argsort(self.row_of_name, kind="stable").astype(np.int64)
        self._name_order = order[np.searchsorted(self.row_of_name[order], 0) :]
        self._name_from = np.searchsorted(self.row_of_name[self._name_order], np.arange(self.n_rows + 1))

    def _lay_out(
        self, rows: list[tuple[int, ...]], lengths: npt.NDArray[np.int64], flat: npt.NDArray[np.int32]
    ) -> tuple[Names, WordTable, dict[str, int]]:
        n_words, n_rows = self.reader.n_words, len(rows)
        starts = np.zeros(n_rows + 1, np.int64)
        np.cumsum(lengths, out=starts[1:])
        row_of = np.repeat(np.arange(n_rows, dtype=np.int32), lengths)
        words = word_table(self.reader, np.bincount(flat, minlength=n_words), n_rows)
        total = np.bincount(row_of, weights=words.arrays.weights[flat], minlength=n_rows).astype(np.float64)
        sorts = np.array(self.reader.sorts, np.int8)
        leads = (sorts[flat] == Sort.NAME) | (sorts[flat] == Sort.PLACE)
        # A name of nothing but small words and forms must still be found by them.
        bare = np.bincount(row_of, weights=leads, minlength=n_rows) == 0
        leads |= bare[row_of]
        name_from, by_word = grouped(flat[leads].astype(np.int64), row_of[leads], n_words)
        acronyms, marks = self._acronym_marks(rows)
        has = marks >= 0
        keys = marks[has].astype(np.int64)
        owners = np.broadcast_to(np.arange(n_rows, dtype=np.int32)[:, None], marks.shape)[has]
        acronym_from, acronym_names = grouped(keys, owners, len(acronyms))
        names = Names(starts, flat, total, name_from, by_word, acronym_from, acronym_names, marks)
        return names, words, acronyms

    def _acronym_marks(self, rows: list[tuple[int, ...]]) -> tuple[dict[str, int], npt.NDArray[np.int32]]:
        acronyms: dict[str, int] = {}  # folded, as the words asked for are
        marks = np.full((len(rows), 2), -1, np.int32)
        short_of, wide_of = self._heads
        for n, codes in enumerate(rows):
            if len(codes) < _ACRONYM_LETTERS.start:
                continue
            short = "".join([short_of[c] for c in codes])
            if len(short) in _ACRONYM_LETTERS:
                marks[n, 0] = acronyms.setdefault(fold(short), len(acronyms))
            long = "".join([wide_of[c] for c in codes])
            if len(long) in _ACRONYM_LETTERS and len(long) > len(short):
                marks[n, 1] = acronyms.setdefault(fold(long), len(acronyms))
        return acronyms, marks

    def names_of(self, row: int) -> npt.NDArray[np.int64]:
        """Which names, by their place in what the index was built from, share this row?"""
        return self._name_order[self._name_from[row] : self._name_from[row + 1]]

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the list, as arrays."""
        return self._words.arrays

    def word_rows(self, reader: NameReader, codes: npt.NDArray[np.int64]) -> WordRows:
        """Give what is known of these words of a query, read by a reader upon this index's."""
        return self._rows_of(reader, codes, 1)

    def search(self, queries: Sequence[str], *, most: int = 10, threads: int = 1) -> Found:
        """Which names of the list are most like each of these?

        Parameters
        ----------
        queries : sequence of str, length q
            In any script.
        most : int
            Rows given for each.
        threads : int
            Cores used; the answer is the same.

        Returns
        -------
        Found

        Raises
        ------
        InputError
            `most` or `threads` is below 1.

        Notes
        -----
        *Assumes:* as the class.
        *Not for:* deciding that two parties are one.

        Examples
        --------
        >>> index = NameIndex(["Emma LLC"])
        >>> found = index.search(["Limited Liability Company Anna", ""], most=1)
        >>> float(found.scores[0, 0]) < 0.3, int(found.rows[1, 0])
        (True, -1)
        """
        if most < 1 or threads < 1:
            raise InputError(f"most {most} or threads {threads} is below 1", next="Give 1 or more")
        reader = NameReader(base=self.reader)
        asked = [reader.codes(name) for name in queries]
        n_q = len(asked)
        lengths = np.fromiter(map(len, asked), np.int64, n_q)
        flat = np.fromiter((c for codes in asked for c in codes), np.int64, int(lengths.sum()))
        out = Found(np.full((n_q, most), -1, np.int32), np.zeros((n_q, most), np.float64))
        if not flat.size or not self.n_rows:
            return out
        distinct, rows = np.unique(flat, return_inverse=True)
        starts = np.zeros(n_q + 1, np.int64)
        np.cumsum(lengths, out=starts[1:])
        table = self._rows_of(reader, distinct, threads)
        own = self._own_initials(reader, asked, distinct)
        wanted = Queries(starts, rows.astype(np.int32), own)
        constants = self.constants

        def part(first: int, last: int) -> None:
            search(first, last, wanted, table, self._words.arrays, self._names, constants, out.rows, out.scores)

        _spread(threads)(part, n_q)
        return out

    def _rows_of(self, reader: NameReader, distinct: npt.NDArray[np.int64], threads: int) -> WordRows:
        found = find_words(self._words, reader, distinct, budget=_WORDS_BUDGET, spread=_spread(threads))
        n_known = self.reader.n_words
        marks = self._acronym_of_word[np.minimum(distinct, n_known - 1)]
        new = np.flatnonzero(distinct >= n_known)
        marks[new] = [self._acronyms.get(reader.word(c), -1) for c in distinct[new].tolist()]
        a = found.asked
        return WordRows(a.letters, a.n_letters, a.masks, found.weights, found.found, found.scores, found.n_found, marks)

    def _own_initials(
        self, reader: NameReader, asked: Sequence[Sequence[int]], distinct: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int32]:
        own = np.full((len(asked), 2), -1, np.int32)
        known = self.reader.code_of_word
        short, wide = _heads(reader, distinct[distinct >= self.reader.n_words].tolist(), before=self._heads)
        for n, codes in enumerate(asked):
            if len(codes) < _ACRONYM_LETTERS.start:
                continue
            letters = "".join([short[c] for c in codes])
            if len(letters) in _ACRONYM_LETTERS:
                own[n, 0] = known(fold(letters))
            wider = "".join([wide[c] for c in codes])
            if len(wider) > len(letters) and len(wider) in _ACRONYM_LETTERS:
                own[n, 1] = known(fold(wider))
        return own


def _heads(
    reader: NameReader, codes: Sequence[int], *, before: tuple[list[str], list[str]] = ([], [])
) -> tuple[list[str], list[str]]:
    """The first letter of each word that tells, by code; the second list has those of company, group and such too."""
    short, wide = [*before[0]], [*before[1]]
    for code in codes:
        word = reader.word(code)
        head = word[:1] if reader.sort(code) in (Sort.NAME, Sort.PLACE) else ""
        short.append(head)
        wide.append(word[1:2] if word in _COMPANY_WORDS else head)
    return short, wide


def _spread(threads: int) -> Callable[[Callable[[int, int], None], int], None]:
    def run(part: Callable[[int, int], None], n: int) -> None:
        if threads == 1 or n < 64 or not IS_COMPILED:
            part(0, n)
            return
        step = max(32, -(-n // (threads * 8)))
        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(part, k, min(n, k + step)) for k in range(0, n, step)]:
                done.result()

    return run
