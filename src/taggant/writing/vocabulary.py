"""The words of a list as arrays, and words asked for in the same form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from taggant.writing.compiling import IS_COMPILED
from taggant.writing.folding import LONGEST
from taggant.writing.key_tables import KeyTable, find_all
from taggant.writing.name_batches import Spread, empty_table, letters_of, table_of
from taggant.writing.name_reading import LONG_NUMBER, NameReader, Sort, word_book
from taggant.writing.reading_kernels import bones_of
from taggant.writing.word_kernels import MOST_ALIKE, N_LETTERS, Asked, Vocabulary, words_alike

S = TypeVar("S", bound=np.generic)

WEIGHT_OF_SORT = {int(Sort.FORM): 0.05, int(Sort.SMALL): 0.06, int(Sort.NOISE): 0.02}
"""A word of these sorts tells so much, however rare it is."""

PLACE_SHARE = 0.35
MOST_OF_TRADE = 0.5
"""A word for what a firm does (plant, bank, trading) tells at most so much."""
LEAST_WEIGHT = 0.12
SHORT_SHARE = 0.8
LEAST_ALIKE = 0.6
_FEW = 50  # names: in a list shorter than this, how often a word stands there tells nothing
_MISSPELT = 0.75  # from here on a word the list lacks is taken for one it has
_WORDS_BUDGET = 1500  # words sharing a run of letters that are met for one word asked for
_FIRST_DIGIT = 27  # letter code of 0
_EAGER = 60_000  # words: a smaller vocabulary has the words like each of its own found when it is built


def grouped(
    keys: npt.NDArray[np.int64], values: npt.NDArray[np.int32], n: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Lay values out by key: those of key k stand from `starts[k]` to before `starts[k + 1]`."""
    starts = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(keys, minlength=n), out=starts[1:])
    return starts, values[np.argsort(keys, kind="stable")]


def _gram_lists(
    letters: npt.NDArray[np.uint8], n_letters: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    keys: list[npt.NDArray[np.int64]] = []
    words: list[npt.NDArray[np.int32]] = []
    for k in range(LONGEST):
        has = np.flatnonzero(n_letters > k)
        before = letters[has, k - 1].astype(np.int64) if k else np.zeros(len(has), np.int64)
        after = letters[has, k + 1].astype(np.int64) if k + 1 < LONGEST else np.zeros(len(has), np.int64)
        keys.append((before * N_LETTERS + letters[has, k]) * N_LETTERS + after)
        words.append(has.astype(np.int32))
    return grouped(np.concatenate(keys), np.concatenate(words), N_LETTERS**3)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTable:
    """A vocabulary, with skeletons and meanings by key, and the words like each of its own once they were found.

    `like`, `like_scores`, `n_like` are filled for a word when it is first asked for (`n_like` is -1 before): the words
    of a list are asked for most.
    """

    arrays: Vocabulary
    skeletons: KeyTable
    meanings: KeyTable
    skeleton_of: npt.NDArray[np.int64]
    n_skeleton: npt.NDArray[np.int64]
    meaning_of: npt.NDArray[np.int64]
    like: npt.NDArray[np.int32]
    like_scores: npt.NDArray[np.float32]
    n_like: npt.NDArray[np.int64]


def _masks(letters: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    masks = np.zeros(len(letters), np.int64)
    for k in range(LONGEST):
        column = letters[:, k].astype(np.int64)
        masks |= np.where(column > 0, np.int64(1) << column, 0)
    return masks


def word_table(reader: NameReader, n_names_of_word: npt.NDArray[np.int64], n_names: int) -> WordTable:
    """How much does each word of a list tell, and how is it found?

    Parameters
    ----------
    reader : NameReader
        With the words of the list.
    n_names_of_word : int64, shape (n_words,)
        In how many names each stands.
    n_names : int
        Names of the list.

    Returns
    -------
    WordTable
        Weights w = log((N + 50) / n) / log(N / 8 + 2), from 0.12 to 1; small words, legal forms and
        noise fixed, places less.

    Notes
    -----
    *Assumes:* a word that many names share tells little.
    *Not for:* telling what a word means.

    Examples
    --------
    >>> reader = NameReader()
    >>> _ = reader.codes("Almaz LLC")
    >>> table = word_table(reader, np.ones(reader.n_words, np.int64), 10)
    >>> float(table.arrays.weights[reader.code_of("llc")])
    0.05
    """
    words = reader.words
    n = len(words)
    letters, n_letters = letters_of(words)
    masks = _masks(letters)
    weights = np.clip(
        np.log((n_names + _FEW) / np.maximum(n_names_of_word, 1)) / np.log(n_names / 8 + 2), LEAST_WEIGHT, 1.0
    )
    weights[n_letters < 3] *= SHORT_SHARE
    meanings = table_of(word_book().meanings)
    means = np.empty(n, np.int64)
    find_all(meanings, letters, n_letters, means)
    weights[means >= 0] = np.minimum(weights[means >= 0], MOST_OF_TRADE)
    sorts = np.array(reader.sorts, np.int64)
    weights[sorts == Sort.PLACE] *= PLACE_SHARE
    for sort, weight in WEIGHT_OF_SORT.items():
        weights[sorts == sort] = weight
    # A word of the book that no name has is not found as like another.
    is_held = n_names_of_word > 0
    gram_from, gram_words = _gram_lists(letters, np.where(is_held, n_letters, 0))
    skeletons = empty_table(n + 1)
    keys, n_bones, short_keys = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    n_skeletons = bones_of(letters, n_letters, skeletons, True, keys, n_bones, short_keys)
    held = np.flatnonzero(is_held).astype(np.int32)
    skeleton_from, skeleton_words = grouped(keys[held], held, n_skeletons)
    short_from, short_words = grouped(short_keys[held], held, N_LETTERS**3)
    meant = held[means[held] >= 0]
    n_meanings = 1 + max(word_book().meanings.values(), default=-1)
    meaning_from, meaning_words = grouped(means[meant], meant, n_meanings)
    table = WordTable(
        arrays=Vocabulary(
            letters, n_letters, masks, weights, gram_from, gram_words, skeleton_from, skeleton_words, meaning_from,
            meaning_words, short_from, short_words,
        ),
        skeletons=skeletons,
        meanings=meanings,
        skeleton_of=keys,
        n_skeleton=n_bones,
        meaning_of=means,
        like=np.empty((n, MOST_ALIKE), np.int32),
        like_scores=np.empty((n, MOST_ALIKE), np.float32),
        n_like=np.full(n, -1, np.int64),
    )  # fmt: skip
    if IS_COMPILED and n <= _EAGER:
        _find_known(table, np.flatnonzero(is_held), lambda part, m: part(0, m))
    return table


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundWords:
    """Words asked for: their letters, their weights, and the words of the list like each."""

    letters: npt.NDArray[np.uint8]
    n_letters: npt.NDArray[np.int64]
    masks: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]
    found: npt.NDArray[np.int32]
    scores: npt.NDArray[np.float32]
    n_found: npt.NDArray[np.int64]


def _find_known(table: WordTable, codes: npt.NDArray[np.int64], spread: Spread) -> None:
    missing = codes[table.n_like[codes] < 0]
    if not len(missing):
        return
    v = table.arrays
    asked = Asked(
        v.letters[missing], v.n_letters[missing], v.masks[missing], missing, table.skeleton_of[missing],
        table.n_skeleton[missing], table.meaning_of[missing], np.full(len(missing), -1, np.int64),
    )  # fmt: skip
    found, scores, n_found = _alike(asked, v, spread)
    table.like[missing] = found
    table.like_scores[missing] = scores
    table.n_like[missing] = n_found


def _alike(
    asked: Asked, vocabulary: Vocabulary, spread: Spread
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    n = len(asked.n_letters)
    found = np.empty((n, MOST_ALIKE), np.int32)
    scores = np.empty((n, MOST_ALIKE), np.float32)
    n_found = np.zeros(n, np.int64)

    def part(first: int, last: int) -> None:
        words_alike(first, last, asked, vocabulary, _WORDS_BUDGET, LEAST_ALIKE, found, scores, n_found)

    spread(part, n)
    return found, scores, n_found


def find_words(
    table: WordTable,
    codes: npt.NDArray[np.int64],
    new_letters: npt.NDArray[np.uint8],
    n_new_letters: npt.NDArray[np.int64],
    spread: Spread,
) -> FoundWords:
    """Which words of the list are like these, and how much does each of these tell?

    Parameters
    ----------
    table : WordTable
    codes : int64, shape (n,)
        Words asked for. A code from `n_words` of the list on is that of a new word.
    new_letters : uint8, shape (m, 24)
        Letters of the new words.
    n_new_letters : int64, shape (m,)
        How many each has.
    spread : callable
        Calls a function with (first, last) over so many words, perhaps in several threads.

    Returns
    -------
    FoundWords
        A word the list lacks weighs as what it is a misspelling of, or as the rarest.

    Notes
    -----
    *Assumes:* words are folded as the list's are.
    *Not for:* whole names.

    Examples
    --------
    >>> reader = NameReader()
    >>> _ = reader.codes("Almaz Antey")
    >>> table = word_table(reader, np.ones(reader.n_words, np.int64), 10)
    >>> letters, n_letters = letters_of(["alaz"])
    >>> found = find_words(table, np.array([reader.n_words]), letters, n_letters, lambda f, n: f(0, n))
    >>> [reader.words[v] for v in found.found[0, : found.n_found[0]]]
    ['almaz']
    """
    vocabulary = table.arrays
    n, n_known = len(codes), len(vocabulary.n_letters)
    is_known = codes < n_known
    at = codes[is_known]
    _find_known(table, at, spread)
    if len(at) == n:
        return FoundWords(
            letters=vocabulary.letters[at], n_letters=vocabulary.n_letters[at], masks=vocabulary.masks[at],
            weights=vocabulary.weights[at], found=table.like[at], scores=table.like_scores[at],
            n_found=table.n_like[at],
        )  # fmt: skip
    rows = codes[~is_known] - n_known
    letters, n_letters = new_letters[rows], n_new_letters[rows]
    m = len(rows)
    bones, n_bones, shorts = np.empty(m, np.int64), np.empty(m, np.int64), np.empty(m, np.int64)
    means = np.empty(m, np.int64)
    bones_of(letters, n_letters, table.skeletons, False, bones, n_bones, shorts)
    find_all(table.meanings, letters, n_letters, means)
    masks = _masks(letters)
    asked = Asked(letters, n_letters, masks, np.full(m, -1, np.int64), bones, n_bones, means, shorts)
    found, scores, n_found = _alike(asked, vocabulary, spread)
    weights = _weights_of_new(vocabulary, letters, n_letters, found, scores, n_found)

    def both(known: npt.NDArray[S], new: npt.NDArray[S]) -> npt.NDArray[S]:
        out = np.empty((n, *known.shape[1:]), known.dtype)
        out[is_known] = known[at]
        out[~is_known] = new
        return out

    v = vocabulary
    return FoundWords(
        letters=both(v.letters, letters),
        n_letters=both(v.n_letters, n_letters),
        masks=both(v.masks, masks),
        weights=both(v.weights, weights),
        found=both(table.like, found),
        scores=both(table.like_scores, scores),
        n_found=both(table.n_like, n_found),
    )


def are_long_numbers(letters: npt.NDArray[np.uint8], n_letters: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Tell for each word whether it is `name_reading.is_long_number`."""
    has_letter = ((letters < _FIRST_DIGIT) & (letters > 0)).any(axis=1)
    found: npt.NDArray[np.bool_] = ~has_letter & (n_letters >= LONG_NUMBER)
    return found


def _weights_of_new(
    vocabulary: Vocabulary,
    letters: npt.NDArray[np.uint8],
    n_letters: npt.NDArray[np.int64],
    found: npt.NDArray[np.int32],
    scores: npt.NDArray[np.float32],
    n_found: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    scored = np.where(np.arange(MOST_ALIKE) < n_found[:, None], scores, 0.0)
    best = scored.max(axis=1)
    like = vocabulary.weights[np.where(n_found > 0, found[np.arange(len(found)), scored.argmax(axis=1)], 0)]
    weights = np.where(best >= _MISSPELT, 1.0 - best * (1.0 - like), 1.0)
    weights[n_letters < 3] *= SHORT_SHARE
    # Words of the other sorts are in the book, and so never new, but for long numbers.
    weights[are_long_numbers(letters, n_letters)] = WEIGHT_OF_SORT[int(Sort.NOISE)]
    return weights
