"""The words of each language for numbers, amounts and dates, as data: one file a language under `languages/`.

Invariant: a rule is code, a word is data; a new language is a file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from taggant.errors import UnknownName

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_SOFT = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "ي": "ی", "ك": "ک"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageWords:
    """The words of one language.

    Attributes
    ----------
    code : str
        ISO 639-1.
    numbers : mapping of str to (float, bool)
        Word → its value, and whether it multiplies what stands before it.
    tables : mapping
        The rest of the file, as it stands there.
    """

    code: str
    numbers: Mapping[str, tuple[float, bool]]
    tables: Mapping[str, Any]

    def words(self, table: str, key: str) -> tuple[str, ...]:
        """Give a list of words; none when the language has no such list."""
        return tuple(self.tables.get(table, {}).get(key, ()))


def languages() -> tuple[str, ...]:
    """Which languages have words here? ISO 639-1 codes, English first."""
    files = resources.files(__package__).joinpath("languages").iterdir()
    names = sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml"))
    return ("en", *(n for n in names if n != "en"))


@lru_cache(maxsize=32)
def language_words(code: str) -> LanguageWords:
    """Which words does this language have for numbers, amounts and dates?

    Parameters
    ----------
    code : str
        ISO 639-1: en, ru, uk, fa, de, fr, es, pl.

    Returns
    -------
    LanguageWords

    Raises
    ------
    UnknownName
        No file of that language.

    Notes
    -----
    Assumes: words in lower case, as they stand in text.
    Not for: translating.

    Examples
    --------
    >>> language_words("de").numbers["tausend"]
    (1000.0, True)
    """
    if code not in languages():
        raise UnknownName("language", code, languages())
    text = resources.files(__package__).joinpath("languages", f"{code}.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    numbers = {
        word.lstrip("*"): (float(value), word.startswith("*"))
        for value, words in tables["numbers"].items()
        for word in words.split()
    }
    return LanguageWords(code=code, numbers=numbers, tables=tables)


def folded(text: str) -> str:
    """How does this text look with plain digits, plain spaces and small letters, character by character?

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Of the same length, so that places in it are places in the text.

    Notes
    -----
    Assumes: nothing.
    Not for: comparing names (`scripts`).

    Examples
    --------
    >>> folded("۶٬۰۰۰ ABC")
    '6٬000 abc'
    """
    plain = text.translate(_DIGITS).translate(_SOFT)
    return "".join(low if len(low := c.lower()) == 1 else c for c in plain)


def any_of(words: Iterable[str]) -> str:
    """Give a pattern for any of these words, the longest first; nothing matches when there are none."""
    some = sorted({w for w in words if w}, key=lambda w: (-len(w), w))
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in some) or r"(?!)"
