"""Many names read at once: to word codes, with the letters of words not met before.

Invariant: what is read here is what `NameReader` reads one by one; machine code reads where it is installed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from taggant.writing.compiling import IS_COMPILED
from taggant.writing.folding import LONGEST
from taggant.writing.key_tables import KeyTable, enter_all, enter_key, key_half
from taggant.writing.name_reading import MOST_WORDS, NameReader
from taggant.writing.reading_kernels import CODE_OF_BYTE, FOLDING, Runs, enter_new, join_runs, read_words
from taggant.writing.scripts import latin

Spread = Callable[[Callable[[int, int], None], int], None]
"""Calls a function with (first, last) over so many things, perhaps in several threads."""

_CHUNK = 100_000  # names read at once when a list is learned: bounds memory
_BYTE_OF_CODE = np.zeros(64, np.uint8)
for _byte in range(256):
    if CODE_OF_BYTE[_byte]:
        _BYTE_OF_CODE[CODE_OF_BYTE[_byte]] = _byte


def letters_of(words: Sequence[str]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Which letters have these words, and how many? A legal form or a run of words has none."""
    plain = ["" if w[:1] == "." or "_" in w else w for w in words]
    whole = "".join([w.ljust(LONGEST, "\0") for w in plain]).encode("ascii")
    letters = CODE_OF_BYTE[np.frombuffer(whole, np.uint8)].reshape(len(words), LONGEST)
    return letters, np.fromiter(map(len, plain), np.int64, len(words))


def empty_table(n: int) -> KeyTable:
    """A table with room for so many words."""
    size = 16
    while size < 2 * n:
        size *= 2
    return KeyTable(np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, np.int32))


def table_of(words: Mapping[str, int]) -> KeyTable:
    """A table of these folded words and their numbers."""
    table = empty_table(len(words))
    letters, n_letters = letters_of(list(words))
    for row, n, value in zip(letters, n_letters.tolist(), words.values(), strict=True):
        if n:
            enter_key(table, key_half(row, 0, n), key_half(row, LONGEST // 2, n), value)
    return table


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNames:
    """Names as codes of words.

    Attributes
    ----------
    word_from : int64, shape (n + 1,)
        Where each name's words begin.
    words : int32
        Codes, one name after another.
    letters : uint8, shape (m, 24); n_letters : int64, shape (m,)
        Of words not known before; their codes follow the known ones.
    """

    word_from: npt.NDArray[np.int64]
    words: npt.NDArray[np.int32]
    letters: npt.NDArray[np.uint8]
    n_letters: npt.NDArray[np.int64]


class BatchReader:
    """Reads many names; shares its words with a `NameReader`.

    Parameters
    ----------
    reader : NameReader
        New, with no base.
    """

    def __init__(self, reader: NameReader) -> None:
        self.reader = reader
        spelled = reader.spelled_codes()
        self._table, self._n_entered = table_of(spelled), len(spelled)
        starts, rows = reader.run_codes()
        longest = max(len(words) for words, _ in rows)
        self._runs = Runs(
            np.array(starts, np.int64),
            np.array([[*words, *[-1] * (longest - len(words))] for words, _ in rows], np.int32),
            np.array([len(words) for words, _ in rows], np.int64),
            np.array([becomes for _, becomes in rows], np.int32),
        )

    @property
    def table(self) -> KeyTable:
        """Folded words as written, and their codes: a legal form has several spellings."""
        return self._table

    def learn(self, names: Sequence[str]) -> ReadNames:
        """Which words have these names? Words not known before are remembered by the reader.

        Parameters
        ----------
        names : sequence of str
            In any script.

        Returns
        -------
        ReadNames

        Notes
        -----
        *Assumes:* as `NameReader.codes`.
        *Not for:* names only asked for: `ask` forgets them.

        Examples
        --------
        >>> reader = NameReader()
        >>> read = BatchReader(reader).learn(["Emma LLC", "", "ООО Эмма"])
        >>> [[reader.word(c) for c in read.words[a:b]] for a, b in zip(read.word_from, read.word_from[1:])]
        [['ema', '.llc'], [], ['.llc', 'ema']]
        """
        if not IS_COMPILED:
            return _interpreted(self.reader, names, 0)
        parts = []
        for start in range(0, len(names), _CHUNK):
            part = self._read(names[start : start + _CHUNK], lambda f, n: f(0, n), may_learn=True)
            spelled = _BYTE_OF_CODE[part.letters].reshape(-1).view(f"S{LONGEST}").tolist() if len(part.letters) else []
            self.reader.take([w.decode("ascii") for w in spelled])
            parts.append(part)
        if len(parts) == 1:
            return parts[0]
        word_from = np.zeros(len(names) + 1, np.int64)
        np.cumsum(np.concatenate([np.zeros(0, np.int64), *(np.diff(p.word_from) for p in parts)]), out=word_from[1:])
        return ReadNames(
            word_from=word_from,
            words=np.concatenate([np.zeros(0, np.int32), *(p.words for p in parts)]),
            letters=np.concatenate([np.zeros((0, LONGEST), np.uint8), *(p.letters for p in parts)]),
            n_letters=np.concatenate([np.zeros(0, np.int64), *(p.n_letters for p in parts)]),
        )

    def ask(self, names: Sequence[str], spread: Spread) -> ReadNames:
        """Which words have these names? New words get codes after the reader's and are forgotten.

        Parameters
        ----------
        names : sequence of str
            In any script.
        spread : callable
            Calls a function with (first, last) over the names, perhaps in several threads.

        Returns
        -------
        ReadNames

        Notes
        -----
        *Assumes:* as `NameReader.codes`.
        *Not for:* the list itself: `learn`.

        Examples
        --------
        >>> reader = NameReader()
        >>> batch = BatchReader(reader)
        >>> n = reader.n_words
        >>> read = batch.ask(["Kupol Ltd"], lambda f, n: f(0, n))
        >>> int(read.words[0]) == n == reader.n_words, reader.word(int(read.words[1]))
        (True, '.ltd')
        """
        if not IS_COMPILED:
            return _interpreted(NameReader(base=self.reader), names, self.reader.n_words)
        return self._read(names, spread, may_learn=False)

    def _read(self, names: Sequence[str], spread: Spread, *, may_learn: bool) -> ReadNames:
        whole = "\n".join([*map(latin, names), ""]).encode("ascii")
        signs = np.frombuffer(whole, np.uint8)
        name_from = np.zeros(len(names) + 1, np.int64)
        name_from[1:] = np.flatnonzero(signs == ord("\n")) + 1
        raw = CODE_OF_BYTE[signs]
        begins = raw != 0
        begins[1:] &= raw[:-1] == 0
        count = np.zeros(len(raw) + 1, np.int64)
        np.cumsum(begins, out=count[1:])
        token_from = count[name_from]
        n_tokens = int(token_from[-1])
        codes = np.empty(n_tokens, np.int32)
        high, low = np.empty(n_tokens, np.int64), np.empty(n_tokens, np.int64)
        n_read = np.zeros(len(names), np.int64)

        def part(first: int, last: int) -> None:
            read_words(first, last, raw, name_from, token_from, FOLDING, self._table, codes, high, low, n_read)

        spread(part, len(names))
        n_unknown = int((codes < 0).sum())  # words beyond the 24th of a name are left as they were: a few too many
        if may_learn:
            self._make_room(n_unknown)
        table = self._table if may_learn else empty_table(n_unknown)
        letters = np.empty((n_unknown, LONGEST), np.uint8)
        n_letters = np.empty(n_unknown, np.int64)
        n_known = self.reader.n_words
        n_new = enter_new(codes, high, low, token_from, n_read, table, n_known, letters, n_letters)
        if may_learn:
            self._n_entered += n_new
        words = np.empty(n_tokens, np.int32)
        word_from = np.zeros(len(names) + 1, np.int64)
        lengths = np.zeros(len(names), np.int64)
        n_words = join_runs(codes, token_from, n_read, self._runs, MOST_WORDS, words, lengths)
        np.cumsum(lengths, out=word_from[1:])
        return ReadNames(
            word_from=word_from, words=words[:n_words], letters=letters[:n_new], n_letters=n_letters[:n_new]
        )

    def _make_room(self, n: int) -> None:
        needed = self._n_entered + n
        if 2 * needed > len(self._table.high):
            larger = empty_table(2 * needed)
            enter_all(larger, self._table)
            self._table = larger


def _interpreted(reader: NameReader, names: Sequence[str], n_known: int) -> ReadNames:
    before = max(n_known, reader.n_words)
    asked = [reader.codes(name) for name in names]
    word_from = np.zeros(len(asked) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, asked), np.int64, len(asked)), out=word_from[1:])
    words = np.fromiter((c for codes in asked for c in codes), np.int32, int(word_from[-1]))
    letters, n_letters = letters_of([reader.word(c) for c in range(before, reader.n_words)])
    return ReadNames(word_from=word_from, words=words, letters=letters, n_letters=n_letters)
