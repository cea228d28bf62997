"""The words of a list as arrays, and words asked for in the same form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from taggant.writing.folding import LONGEST, skeleton
from taggant.writing.name_reading import NameReader, Sort, word_book
from taggant.writing.word_kernels import MOST_ALIKE, N_LETTERS, Asked, Vocabulary, words_alike

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
_LONG_WORD, _SHORT_WORD = 5, 3  # letters: what is abbreviated, and an abbreviation

_CODE_OF_BYTE = np.zeros(256, np.uint8)
for _c in range(26):
    _CODE_OF_BYTE[ord("a") + _c] = 1 + _c
for _c in range(10):
    _CODE_OF_BYTE[ord("0") + _c] = 27 + _c


def letters_of(words: Sequence[str]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Which letters have these words, how many, and which at all (as bits)?"""
    n = len(words)
    plain = ["" if w[:1] == "." or "_" in w else w for w in words]
    whole = "".join([w.ljust(LONGEST, "\0") for w in plain]).encode("ascii")
    letters = _CODE_OF_BYTE[np.frombuffer(whole, np.uint8)].reshape(n, LONGEST)
    n_letters = np.fromiter(map(len, plain), np.int64, n)
    masks = np.zeros(n, np.int64)
    for k in range(LONGEST):
        column = letters[:, k].astype(np.int64)
        masks |= np.where(column > 0, np.int64(1) << column, 0)
    return letters, n_letters, masks


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


def _ends(bones: str) -> str:
    """What an abbreviation keeps: the first two consonants and the last."""
    return bones[:2] + bones[-1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTable:
    """A vocabulary with what is looked up in Python: skeletons and meanings."""

    arrays: Vocabulary
    skeletons: dict[str, int]
    shorts: dict[str, int]
    skeleton_of: npt.NDArray[np.int64]
    n_skeleton: npt.NDArray[np.int64]
    meaning_of: npt.NDArray[np.int64]
    n_names: int


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
    letters, n_letters, masks = letters_of(words)
    weights = np.clip(
        np.log((n_names + _FEW) / np.maximum(n_names_of_word, 1)) / np.log(n_names / 8 + 2), LEAST_WEIGHT, 1.0
    )
    weights[n_letters < 3] *= SHORT_SHARE
    meanings = word_book().meanings
    means = np.fromiter((meanings.get(w, -1) for w in words), np.int64, len(words))
    weights[means >= 0] = np.minimum(weights[means >= 0], MOST_OF_TRADE)
    sorts = np.array(reader.sorts, np.int64)
    weights[sorts == Sort.PLACE] *= PLACE_SHARE
    for sort, weight in WEIGHT_OF_SORT.items():
        weights[sorts == sort] = weight
    gram_from, gram_words = _gram_lists(letters, n_letters)
    skeletons: dict[str, int] = {}
    keys = np.empty(len(words), np.int64)
    n_bones = np.empty(len(words), np.int64)
    shorts: dict[str, int] = {}
    short_keys = np.empty(len(words), np.int64)
    for k, (word, n) in enumerate(zip(words, n_letters, strict=True)):
        bones = skeleton(word) if n else ""
        keys[k] = skeletons.setdefault(bones, len(skeletons))
        n_bones[k] = len(bones)
        short_keys[k] = shorts.setdefault(_ends(bones) if n >= _LONG_WORD else "", len(shorts))
    every = np.arange(len(words), dtype=np.int32)
    skeleton_from, skeleton_words = grouped(keys, every, len(skeletons))
    short_from, short_words = grouped(short_keys, every, len(shorts))
    n_meanings = 1 + max(meanings.values(), default=-1)
    has = means >= 0
    meaning_from, meaning_words = grouped(means[has], every[has], n_meanings)
    return WordTable(
        arrays=Vocabulary(
            letters, n_letters, masks, weights, gram_from, gram_words, skeleton_from, skeleton_words, meaning_from,
            meaning_words, short_from, short_words,
        ),
        skeletons=skeletons,
        shorts=shorts,
        skeleton_of=keys,
        n_skeleton=n_bones,
        meaning_of=means,
        n_names=n_names,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundWords:
    """Words asked for, their weights, and the words of the list like each."""

    asked: Asked
    weights: npt.NDArray[np.float64]
    found: npt.NDArray[np.int32]
    scores: npt.NDArray[np.float64]
    n_found: npt.NDArray[np.int64]


def find_words(
    table: WordTable,
    reader: NameReader,
    codes: npt.NDArray[np.int64],
    *,
    budget: int,
    spread: Callable[[Callable[[int, int], None], int], None],
) -> FoundWords:
    """Which words of the list are like these, and how much does each of these tell?

    Parameters
    ----------
    table : WordTable
    reader : NameReader
        Reads what is asked; the list's words have its first codes.
    codes : int64, shape (n,)
        Words asked for.
    budget : int
        How many words sharing a run of letters are met before looking stops.
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
    >>> asking = NameReader(base=reader)
    >>> codes = np.array(asking.codes("Alaz"))
    >>> found = find_words(table, asking, codes, budget=100, spread=lambda f, n: f(0, n))
    >>> [reader.words[v] for v in found.found[0, : found.n_found[0]]]
    ['almaz']
    """
    vocabulary = table.arrays
    n, n_known = len(codes), len(vocabulary.n_letters)
    is_known = codes < n_known
    known = np.where(is_known, codes, -1)
    at = np.maximum(known, 0)
    letters, n_letters, masks = vocabulary.letters[at], vocabulary.n_letters[at], vocabulary.masks[at]
    bones, n_bones, means = table.skeleton_of[at], table.n_skeleton[at], table.meaning_of[at]
    shorts = np.full(n, -1, np.int64)
    weights = vocabulary.weights[at]
    new = np.flatnonzero(~is_known)
    words = [reader.word(c) for c in codes[new].tolist()]
    if words:
        letters[new], n_letters[new], masks[new] = letters_of(words)
        skeletons = [skeleton(w) for w in words]
        bones[new] = [table.skeletons.get(b, -1) for b in skeletons]
        n_bones[new] = [len(b) for b in skeletons]
        meanings = word_book().meanings
        means[new] = [meanings.get(w, -1) for w in words]
        # A word without a vowel is perhaps an abbreviation.
        shorts[new] = [
            table.shorts.get(_ends(b), -1) if len(b) == len(w) >= _SHORT_WORD else -1
            for w, b in zip(words, skeletons, strict=True)
        ]
    asked = Asked(letters, n_letters, masks, known, bones, n_bones, means, shorts)
    found = np.zeros((n, MOST_ALIKE), np.int32)
    scores = np.zeros((n, MOST_ALIKE), np.float64)
    n_found = np.zeros(n, np.int64)

    def part(first: int, last: int) -> None:
        words_alike(first, last, asked, vocabulary, budget, LEAST_ALIKE, found, scores, n_found)

    spread(part, n)
    if words:
        weights[new] = _weights_of_new(vocabulary, reader, codes[new], found[new], scores[new], n_letters[new])
    return FoundWords(asked=asked, weights=weights, found=found, scores=scores, n_found=n_found)


def _weights_of_new(
    vocabulary: Vocabulary,
    reader: NameReader,
    codes: npt.NDArray[np.int64],
    found: npt.NDArray[np.int32],
    scores: npt.NDArray[np.float64],
    n_letters: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    best = scores.max(axis=1)
    like = vocabulary.weights[found[np.arange(len(found)), scores.argmax(axis=1)]]
    weights = np.where(best >= _MISSPELT, 1.0 - best * (1.0 - like), 1.0)
    weights[n_letters < 3] *= SHORT_SHARE
    sorts = np.array([reader.sort(c) for c in codes.tolist()], np.int64)
    weights[sorts == Sort.PLACE] *= PLACE_SHARE
    for sort, weight in WEIGHT_OF_SORT.items():
        weights[sorts == sort] = weight
    return weights
