"""A name as words to compare: folded, each with what sort of word it is.

Invariant: nothing of a name is thrown away; what tells little weighs little.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib import resources

from taggant.writing.folding import fold
from taggant.writing.scripts import latin

MOST_WORDS = 16
"""Words of a name that are compared; more are a sentence, not a name."""
MOST_WRITTEN = 24
"""Words of a name that are read, before runs of them (limited liability company) are joined."""
LONG_NUMBER = 5  # digits: a phone, post code or registration in a paper; shorter ones belong to names (plant 140)


class Sort(IntEnum):
    """What sort of word it is, from the name itself to what papers put around it."""

    NAME = 0
    FORM = 1
    SMALL = 2
    PLACE = 3
    NOISE = 4


@dataclass(frozen=True, slots=True)
class NameWords:
    """A name read.

    Attributes
    ----------
    words : tuple of str
        Folded; a legal form is one word, written `.key`.
    sorts : tuple of Sort
        One a word.
    spelled : tuple of str
        The same words as read, in Latin letters, before folding.
    """

    words: tuple[str, ...]
    sorts: tuple[Sort, ...]
    spelled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordBook:
    """Legal forms, small words, noise, places and meanings, folded.

    Attributes
    ----------
    runs : tuple
        (the words of a run, the one word it becomes, its sort).
    sorts : mapping of str to Sort
        Single words.
    forms : mapping of str to str
        Single word → its form, written `.key`.
    meanings : mapping of str to int
        Word → number of its meaning.
    """

    runs: tuple[tuple[tuple[str, ...], str, Sort], ...]
    sorts: Mapping[str, Sort]
    forms: Mapping[str, str]
    meanings: Mapping[str, int]


@cache
def word_book() -> WordBook:
    """Which words of names tell little, and which mean the same?

    Returns
    -------
    WordBook
        From `name_words.toml`, read once.

    Notes
    -----
    *Assumes:* two spellings that fold alike are one word.
    *Not for:* translating.

    Examples
    --------
    >>> word_book().forms["ooo"] if "ooo" in word_book().forms else word_book().forms[fold("ooo")]
    '.llc'
    """
    text = (resources.files("taggant.writing") / "name_words.toml").read_text(encoding="utf-8")
    book = tomllib.loads(text)
    runs: list[tuple[tuple[str, ...], str, Sort]] = []
    sorts: dict[str, Sort] = {}
    forms: dict[str, str] = {}

    def enter(spelling: str, becomes: str | None, sort: Sort) -> None:
        words = tuple(latin(spelling).split())
        if len(words) > 1:
            runs.append((words, becomes or "_".join(words), sort))
        elif words:
            sorts.setdefault(fold(words[0]), sort)
            if becomes is not None:
                forms.setdefault(fold(words[0]), becomes)

    for key, spellings in book["forms"].items():
        for spelling in spellings:
            enter(spelling, f".{key}", Sort.FORM)
    for part, sort in (("small", Sort.SMALL), ("noise", Sort.NOISE), ("places", Sort.PLACE)):
        for spelling in book[part]["words"]:
            enter(spelling, None, sort)
    meanings: dict[str, int] = {}
    for number, row in enumerate(book["meanings"]["rows"]):
        for spelling in row:
            for word in latin(spelling).split():
                meanings.setdefault(fold(word), number)
    return WordBook(tuple(runs), sorts, forms, meanings)


def is_long_number(folded: str) -> bool:
    """Whether this is the number of a phone, a post box or a register, and no part of the name."""
    return len(folded) >= LONG_NUMBER and folded.isdigit()


class _Codes(dict[str, int]):
    """Word as written → its code; worked out when first met."""

    def __init__(self, reader: NameReader) -> None:
        super().__init__()
        self._reader = reader

    def __missing__(self, part: str) -> int:
        code = self[part] = self._reader.code_of(part)
        return code


class NameReader:
    """Reads names to words and words to codes; remembers every word it has met, since names share most of theirs.

    Parameters
    ----------
    base : NameReader, optional
        Its words keep their codes; new ones get codes after them and are forgotten with this reader.

    Attributes
    ----------
    words : list of str
        Folded word of each code, those of the base left out.
    sorts : list of int
        `Sort` of each.
    """

    def __init__(self, *, base: NameReader | None = None) -> None:
        self._book = word_book()
        self._base = base
        self.n_base = 0 if base is None else base.n_words
        self.words: list[str] = []
        self.sorts: list[int] = []
        self._code_of_word: dict[str, int] = {}
        self._codes = _Codes(self)
        if base is not None:
            self._codes.update(base._codes)
        # Runs of words (limited liability company) by the code of their first word, longest first.
        self._runs: dict[int, tuple[tuple[list[int], int], ...]] = self._enter_runs() if base is None else base._runs
        self._starts = self._runs.keys()
        if base is None:
            for folded, sort in self._book.sorts.items():
                self._enter(self._book.forms.get(folded, folded) if sort == Sort.FORM else folded, sort)

    @property
    def n_words(self) -> int:
        """How many words have a code."""
        return self.n_base + len(self.words)

    def word(self, code: int) -> str:
        """Give the folded word of this code."""
        return (
            self._base.word(code) if self._base is not None and code < self.n_base else self.words[code - self.n_base]
        )

    def sort(self, code: int) -> int:
        """Give the `Sort` of this code."""
        return (
            self._base.sort(code) if self._base is not None and code < self.n_base else self.sorts[code - self.n_base]
        )

    def code_of(self, part: str) -> int:
        """Which code has this word as written?"""
        folded = fold(part)
        sort = self._book.sorts.get(folded, Sort.NAME)
        if is_long_number(folded):
            sort = Sort.NOISE
        word = self._book.forms.get(folded, folded) if sort == Sort.FORM else folded
        return self._enter(word, sort)

    def _enter_runs(self) -> dict[int, tuple[tuple[list[int], int], ...]]:
        runs: dict[int, list[tuple[list[int], int]]] = {}
        for run, becomes, sort in self._book.runs:
            codes = [self.code_of(word) for word in run]
            # Ltd and Limited are one code, so spellings of one run come together here.
            if codes not in [known for known, _ in runs.setdefault(codes[0], [])]:
                runs[codes[0]].append((codes, self._enter(becomes, sort)))
        return {first: tuple(sorted(some, key=lambda r: -len(r[0]))) for first, some in runs.items()}

    def _enter(self, word: str, sort: Sort) -> int:
        known = self._code_of_word.get(word)
        if known is None and self._base is not None:
            known = self._base._code_of_word.get(word)
        if known is not None:
            return known
        code = self._code_of_word[word] = self.n_words
        self.words.append(word)
        self.sorts.append(int(sort))
        return code

    def take(self, words: Sequence[str]) -> None:
        """Remember these folded words, none of which is known, in order."""
        start = self.n_words
        self.words += words
        self.sorts += [int(Sort.NOISE if is_long_number(w) else Sort.NAME) for w in words]
        self._code_of_word.update(zip(words, range(start, start + len(words)), strict=True))

    def spelled_codes(self) -> dict[str, int]:
        """Give every folded word as it is written in names, with its code: a legal form has several."""
        plain = {w: c for w, c in self._code_of_word.items() if w[:1] != "." and "_" not in w}
        forms = self._book.forms
        return plain | {w: self._code_of_word[forms[w]] for w, s in self._book.sorts.items() if s == Sort.FORM}

    def run_codes(self) -> tuple[list[int], list[tuple[list[int], int]]]:
        """Give the runs of words as codes: where those of each first word begin, and the runs with what they become."""
        starts: list[int] = [0]
        rows: list[tuple[list[int], int]] = []
        for code in range(max(self._runs) + 1):
            rows += self._runs.get(code, ())
            starts.append(len(rows))
        return starts, rows

    def code_of_word(self, word: str) -> int:
        """Give the code of a folded word, or -1 when no name had it."""
        return self._code_of_word.get(word, -1)

    def codes(self, name: str) -> list[int]:
        """Which words has this name, as codes?

        Parameters
        ----------
        name : str
            In any script.

        Returns
        -------
        list of int
            At most 16, in order; none for a name without a letter or digit.

        Notes
        -----
        *Assumes:* words are parted by spaces or signs, or are syllables of a script without spaces.
        *Not for:* long texts.

        Examples
        --------
        >>> reader = NameReader()
        >>> [reader.word(c) for c in reader.codes("To the order of OOO «Алмаз»")]
        ['to_the_order_of', '.llc', 'almaz']
        """
        raw = latin(name).split()[:MOST_WRITTEN]
        codes = [*map(self._codes.__getitem__, raw)]
        if not self._starts.isdisjoint(codes):
            codes = [code for code, _ in self._joined(codes)]
        return codes[:MOST_WORDS]

    def read(self, name: str) -> NameWords:
        """Which words has this name, folded, of what sort, and as spelled?

        Parameters
        ----------
        name : str
            In any script.

        Returns
        -------
        NameWords

        Notes
        -----
        *Assumes:* as `codes`.
        *Not for:* many names: `codes` is quicker.

        Examples
        --------
        >>> read = NameReader().read("EMMA Limited Liability Company")
        >>> read.words, [s.name for s in read.sorts], read.spelled
        (('ema', '.llc'), ['NAME', 'FORM'], ('emma', 'limited liability company'))
        """
        raw = latin(name).split()[:MOST_WRITTEN]
        found = self._joined([*map(self._codes.__getitem__, raw)])[:MOST_WORDS]
        return NameWords(
            tuple(self.word(code) for code, _ in found),
            tuple(Sort(self.sort(code)) for code, _ in found),
            tuple(" ".join(raw[span]) for _, span in found),
        )

    def _joined(self, codes: list[int]) -> list[tuple[int, slice]]:
        found: list[tuple[int, slice]] = []
        n = 0
        while n < len(codes):
            code, length = codes[n], 1
            for run, becomes in self._runs.get(code, ()):
                if codes[n : n + len(run)] == run:
                    code, length = becomes, len(run)
                    break
            found.append((code, slice(n, n + length)))
            n += length
        return found


def initials(words: Iterable[str], sorts: Iterable[Sort]) -> str:
    """Which letters do the words that tell begin with?

    Parameters
    ----------
    words : iterable of str
    sorts : iterable of Sort

    Returns
    -------
    str
        One letter a word of sort name or place, in order.

    Notes
    -----
    *Assumes:* acronyms leave small words and legal forms out.
    *Not for:* acronyms of syllables (Roskosmos).

    Examples
    --------
    >>> read = NameReader().read("Iranian Oil Company (U. Karim) Limited")
    >>> initials(read.words, read.sorts)
    'iok'
    """
    return "".join(w[0] for w, s in zip(words, sorts, strict=True) if s in (Sort.NAME, Sort.PLACE) and w)
