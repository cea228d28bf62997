"""An index of names: built once from a list, asked many times, many names at once.

Invariant: one name gives the same answer alone, among others, on one core or several, compiled or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt

from taggant.errors import InputError
from taggant.writing.compiling import IS_COMPILED
from taggant.writing.key_tables import KeyTable, find_all
from taggant.writing.name_batches import BatchReader, ReadNames, Spread, empty_table, letters_of
from taggant.writing.name_kernels import Constants, Names, Queries, search
from taggant.writing.name_reading import NameReader, Sort
from taggant.writing.name_sounds import SoundBook, han_runs
from taggant.writing.pairing_kernels import WordRows
from taggant.writing.reading_kernels import CODE_OF_BYTE, FOLDING, initials_of, same_rows
from taggant.writing.vocabulary import WordTable, are_long_numbers, find_words, grouped, word_table
from taggant.writing.word_kernels import Vocabulary

VERSION = "name-index-v2"
"""Of the scores: what is printed in a receipt. A changed score needs a new one beside it."""

TUNED = Constants(
    n_candidates=12, n_wide=24, budget=8000, enough=2.2, part=0.6, joined=0.97, acronym=0.5, shared=0.68, two_rare=1.7
)
"""Tuned on half A of the queries of the benchmark; figures are given for half B."""

_TUNED_ON = 20_000  # names of the list the constants were tuned on
_ACRONYM_LETTERS = (3, 7)  # least and most
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
        Candidates that are aligned grow with the size to the power 0.25, those that are looked at first to the power
        0.4, postings met to the power 0.36; smaller lists keep what was tuned.

    Notes
    -----
    *Assumes:* near-doubles of a name grow with the list.
    *Not for:* lists beyond some ten million names.

    Examples
    --------
    >>> scaled(TUNED, 20_000).n_candidates, scaled(TUNED, 1_000_000).n_candidates
    (12, 31)
    """
    by = max(1.0, n_rows / _TUNED_ON)
    return constants._replace(
        n_candidates=int(constants.n_candidates * by**0.25),
        n_wide=int(constants.n_wide * by**0.4),
        budget=int(constants.budget * by**0.36),
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
        self._batches = BatchReader(self.reader)
        read = self._batches.learn(names)
        places = np.full(len(empty_table(len(names)).values), -1, np.int32)
        firsts = np.empty(len(names), np.int64)
        self.row_of_name = np.empty(len(names), np.int32)
        self.n_rows = same_rows(read.words, read.word_from, places, firsts, self.row_of_name)
        self.constants = scaled(constants, self.n_rows)
        begins = read.word_from[firsts[: self.n_rows]]
        lengths = read.word_from[firsts[: self.n_rows] + 1] - begins
        starts = np.zeros(self.n_rows + 1, np.int64)
        np.cumsum(lengths, out=starts[1:])
        flat = read.words[np.repeat(begins - starts[:-1], lengths) + np.arange(starts[-1])]
        self._sounds: SoundBook | None = None  # made for the first name in Han signs
        self._heads = _heads(self.reader)
        self._is_form = np.array([*self.reader.sorts, Sort.NAME], np.int8) == Sort.FORM  # the last stands for none
        self._names, self._words, self._acronyms = self._lay_out(starts, lengths, flat)
        self._acronym_of_word = np.empty(self.reader.n_words, np.int64)
        vocabulary = self._words.arrays
        find_all(self._acronyms, vocabulary.letters, vocabulary.n_letters, self._acronym_of_word)
        order = np.argsort(self.row_of_name, kind="stable").astype(np.int64)
        self._name_order = order[np.searchsorted(self.row_of_name[order], 0) :]
        self._name_from = np.searchsorted(self.row_of_name[self._name_order], np.arange(self.n_rows + 1))

    def _lay_out(
        self, starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64], flat: npt.NDArray[np.int32]
    ) -> tuple[Names, WordTable, KeyTable]:
        n_words, n_rows = self.reader.n_words, len(lengths)
        row_of = np.repeat(np.arange(n_rows, dtype=np.int32), lengths)
        words = word_table(self.reader, np.bincount(flat, minlength=n_words), n_rows)
        total = np.bincount(row_of, weights=words.arrays.weights[flat], minlength=n_rows).astype(np.float64)
        sorts = np.array(self.reader.sorts, np.int8)
        leads = (sorts[flat] == Sort.NAME) | (sorts[flat] == Sort.PLACE)
        # A name of nothing but small words and forms must still be found by them.
        bare = np.bincount(row_of, weights=leads, minlength=n_rows) == 0
        leads |= bare[row_of]
        name_from, by_word = grouped(flat[leads].astype(np.int64), row_of[leads], n_words)
        marks = np.empty((n_rows, 2), np.int32)
        acronyms = empty_table(2 * n_rows)
        n_acronyms = initials_of(flat, starts, self._heads, FOLDING, *_ACRONYM_LETTERS, acronyms, True, 0, marks)
        has = marks >= 0
        owners = np.broadcast_to(np.arange(n_rows, dtype=np.int32)[:, None], marks.shape)[has]
        acronym_from, acronym_names = grouped(marks[has].astype(np.int64), owners, n_acronyms)
        lengths_of = words.arrays.n_letters[flat].astype(np.uint8)
        names = Names(starts, flat, lengths_of, total, name_from, by_word, acronym_from, acronym_names, marks)
        return names, words, acronyms

    def names_of(self, row: int) -> npt.NDArray[np.int64]:
        """Which names, by their place in what the index was built from, share this row?"""
        return self._name_order[self._name_from[row] : self._name_from[row + 1]]

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the list, as arrays."""
        return self._words.arrays

    def word_rows(self, reader: NameReader, codes: npt.NDArray[np.int64]) -> WordRows:
        """Give what is known of these words of a query, read by a reader upon this index's."""
        letters, n_letters = letters_of([reader.word(c) for c in range(self.reader.n_words, reader.n_words)])
        return self._rows_of(codes, letters, n_letters, lambda part, m: part(0, m))

    def search(self, queries: Sequence[str], *, most: int = 10, threads: int = 1, by_sound: bool = False) -> Found:
        """Which names of the list are most like each of these?

        Parameters
        ----------
        queries : sequence of str, length q
            In any script.
        most : int
            Rows given for each.
        threads : int
            Cores used; the answer is the same.
        by_sound : bool
            Whether names in Han signs are also read by sound, as Chinese writes foreign names (slower for those).

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
        n_q = len(queries)
        out = Found(np.full((n_q, most), -1, np.int32), np.zeros((n_q, most), np.float64))
        if not n_q or not self.n_rows:
            return out
        with _several(threads, n_q) as spread:
            read = self._batches.ask(queries, spread)
            if not read.words.size:
                return out
            place = np.full(self.reader.n_words + len(read.n_letters), -1, np.int32)
            place[read.words] = 0
            distinct = np.flatnonzero(place == 0)
            place[distinct] = np.arange(len(distinct), dtype=np.int32)
            rows = self._rows_of(distinct, read.letters, read.n_letters, spread)
            own = self._own_initials(read)
            wanted = Queries(read.word_from, place[read.words], own)
            constants = self.constants

            def part(first: int, last: int) -> None:
                search(first, last, wanted, rows, self._words.arrays, self._names, constants, out.rows, out.scores)

            spread(part, n_q)
        if by_sound:
            self._hear(queries, out, most)
        return out

    def readings(self, query: str, *, most: int) -> list[tuple[str, float]]:
        """As which words of the list may a name in Han signs be read by sound? (`SoundBook.readings`)."""
        if not han_runs(query):
            return []
        if self._sounds is None:
            pairs = zip(self.reader.words, self.reader.sorts, strict=True)
            self._sounds = SoundBook([w for w, s in pairs if s == Sort.NAME and "_" not in w])
        return self._sounds.readings(query, most=most)

    def _hear(self, queries: Sequence[str], out: Found, most: int) -> None:
        """Put what is found by sound among what was found."""
        for n, query in enumerate(queries):
            best: dict[int, float] = {}
            for words, surely in self.readings(query, most=most):
                heard = self.search([words], most=most)
                for row, score in zip(heard.rows[0].tolist(), heard.scores[0].tolist(), strict=True):
                    if row >= 0:
                        best[row] = max(best.get(row, 0.0), score * surely)
            if not best:
                continue
            for row, score in zip(out.rows[n].tolist(), out.scores[n].tolist(), strict=True):
                if row >= 0:
                    best[row] = max(best.get(row, 0.0), score)
            ranked = sorted(best.items(), key=lambda b: -b[1])[:most]
            out.rows[n, : len(ranked)] = [row for row, _ in ranked]
            out.scores[n, : len(ranked)] = [score for _, score in ranked]

    def _rows_of(
        self,
        distinct: npt.NDArray[np.int64],
        letters: npt.NDArray[np.uint8],
        n_letters: npt.NDArray[np.int64],
        spread: Spread,
    ) -> WordRows:
        found = find_words(self._words, distinct, letters, n_letters, spread)
        n_known = self.reader.n_words
        marks = self._acronym_of_word[np.minimum(distinct, n_known - 1)]
        new = distinct >= n_known
        of_new = np.empty(int(new.sum()), np.int64)
        at = distinct[new] - n_known
        find_all(self._acronyms, letters[at], n_letters[at], of_new)
        marks[new] = of_new
        return WordRows(
            found.letters, found.n_letters, found.masks, found.weights, found.found, found.scores, found.n_found, marks
        )

    def _own_initials(self, read: ReadNames) -> npt.NDArray[np.int32]:
        own = np.empty((len(read.word_from) - 1, 2), np.int32)
        heads = np.concatenate([self._heads, np.repeat(read.letters[:, :1], 2, axis=1)])
        is_number = are_long_numbers(read.letters, read.n_letters)
        heads[len(self._heads) :][is_number] = 0
        initials_of(read.words, read.word_from, heads, FOLDING, *_ACRONYM_LETTERS, self._batches.table, False, 0, own)
        # A legal form is not what initials spell.
        own[self._is_form[own]] = -1
        return own


def _heads(reader: NameReader) -> npt.NDArray[np.uint8]:
    """The first letter of each word that tells, by code; the second column has those of company, group and such too."""
    short, wide = [], []
    for word, sort in zip(reader.words, reader.sorts, strict=True):
        head = word[:1] if sort in (Sort.NAME, Sort.PLACE) else ""
        short.append(head or "\0")
        wide.append(word[1:2] if word in _COMPANY_WORDS else head or "\0")
    signs = [np.frombuffer("".join(some).encode("ascii"), np.uint8) for some in (short, wide)]
    return np.stack([CODE_OF_BYTE[s] for s in signs], axis=1)


@contextmanager
def _several(threads: int, n: int) -> Iterator[Spread]:
    """Spread work over so many threads while this lasts."""
    if threads == 1 or n < 64 or not IS_COMPILED:
        yield lambda part, m: part(0, m)
        return
    with ThreadPoolExecutor(threads - 1) as pool:

        def spread(part: Callable[[int, int], None], m: int) -> None:
            step = max(32, -(-m // (threads * 8)))
            starts = iter(range(0, m, step))
            lock = Lock()

            def take() -> None:
                while True:
                    with lock:
                        k = next(starts, -1)
                    if k < 0:
                        return
                    part(k, min(m, k + step))

            others = [pool.submit(take) for _ in range(threads - 1)]
            take()
            for done in others:
                done.result()

        yield spread
