"""Which script a text is written in, and in which language, where that can be told.

Invariant: a short text, or one that fits two languages, is given none.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

from taggant.writing.scripts import script_of

LETTERS_NEEDED = 40
"""Letters below which no language is told: names and part numbers are in none."""

SURE_FROM = 0.9
"""Share of the model's probability the best language must have."""

_SAMPLE = 4000
_OF_SCRIPT = {"HEBREW": "he", "GREEK": "el", "GEORGIAN": "ka", "ARMENIAN": "hy", "HANGUL": "ko", "HIRAGANA": "ja",
              "KATAKANA": "ja", "THAI": "th"}  # fmt: skip
# Letters that only one of the languages of the Cyrillic or Arabic script uses.
_ONLY = {"uk": "їєґЇЄҐ", "be": "ўЎ", "ru": "ыэЫЭ", "fa": "پچژگ"}
_NOT = {"uk": _ONLY["ru"], "ru": _ONLY["uk"] + _ONLY["be"]}
_NEAR = {
    "uk": ("ru", "be", "bg", "sr", "mk"),
    "be": ("ru", "uk", "bg"),
    "ru": ("uk", "be", "bg", "sr", "mk"),
    "fa": ("ar",),
}
"""Which languages the model takes it for, where its letters say otherwise."""
_SPOKEN = {"ary": "ar", "arz": "ar", "nb": "no", "nn": "no", "srl": "sr"}
"""Varieties that are written as one language."""


@dataclass(frozen=True, slots=True)
class LanguageTold:
    """A language, or why none.

    Attributes
    ----------
    language : str or None
        ISO 639-1.
    script : str or None
        The script of most letters, in lower case; None: there are no letters.
    why : str or None
        Why no language is told.
    """

    language: str | None
    script: str | None
    why: str | None = None


@cache
def _script(letter: str) -> str:
    name = unicodedata.name(letter, "").split(" ", 1)[0]
    return "HAN" if name == "CJK" else name or "UNKNOWN"


def tell_language(text: str) -> LanguageTold:
    """In which language is this text?

    Parameters
    ----------
    text : str

    Returns
    -------
    LanguageTold

    Notes
    -----
    *Assumes:* one language; of a long text the first 4,000 characters.
    *Not for:* short texts: 40 letters at least. Serials, names and part numbers have no language.

    Examples
    --------
    >>> tell_language("ЬІ-8465").why
    'only 2 letters'
    >>> tell_language("The engine was found near the village, and its serial number had been removed.").language
    'en'
    """
    sample = text[:_SAMPLE]
    letters = [c for c in sample if c.isalpha()]
    script = (script_of(sample) or "").lower() or None
    if len(letters) < LETTERS_NEEDED:
        return LanguageTold(None, script, f"only {len(letters)} letters")
    counts = Counter(_script(c) for c in letters)
    for name, language in _OF_SCRIPT.items():
        if counts[name] * 5 > len(letters):
            return LanguageTold(language, script)
    shares: dict[str, float] = {}
    for name, share in _identifier().rank(sample)[:8]:
        language = _SPOKEN.get(str(name), str(name))
        shares[language] = shares.get(language, 0.0) + float(share)
    (best, best_share), *rest = sorted(shares.items(), key=lambda pair: -pair[1])[:2]
    cue = _by_letters(sample)
    if cue is not None and best in _NEAR[cue]:
        best, best_share = cue, 1.0
    if best_share < SURE_FROM:
        return LanguageTold(None, script, f"{best} or {rest[0][0]}: cannot be told apart")
    return LanguageTold(best, script)


def _by_letters(sample: str) -> str | None:
    """A language whose own letters are there, several times, and none of its neighbour's."""
    for language, own in _ONLY.items():
        n = sum(sample.count(c) for c in own)
        if n >= 3 and not any(c in sample for c in _NOT.get(language, "")):
            return language
    return None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
