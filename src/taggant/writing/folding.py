"""Spellings of one sound made one: what transliteration schemes, typists and clerks write differently.

Invariant: a folded word is for comparing only, and is never shown.
"""

from __future__ import annotations

import re

RULES = {
    "shch": "s", "schtsch": "s", "sch": "s", "sh": "s", "zh": "z", "dzh": "j", "dj": "j", "kh": "h", "gh": "g",
    "ph": "f", "th": "t", "dh": "d", "tsch": "c", "tch": "c", "ch": "c", "ts": "c", "tz": "c", "tc": "c", "cz": "c",
    "ck": "k", "qu": "k", "q": "k", "x": "ks", "w": "v", "yu": "u", "iu": "u", "ju": "u", "ya": "a", "ia": "a",
    "ja": "a", "yo": "e", "jo": "e", "io": "e", "ye": "e", "ie": "e", "je": "e", "iy": "i", "yi": "i", "ii": "i",
    "ij": "i", "oo": "u", "ou": "u", "ow": "ov", "ee": "i", "ea": "i", "y": "i", "j": "i", "aa": "a",
    "c": "k",
}  # fmt: skip


def rules_of_letter(letter: str) -> list[str]:
    """Which runs of letters that begin with this one are written otherwise, longest first? (A hard c is not a run.)"""
    return sorted((r for r in RULES.keys() - {"c"} if r[0] == letter), key=lambda r: (-len(r), r))


def _pattern() -> re.Pattern[str]:
    # By first letter: a branch is tried only where its letter stands.
    tails = {c: [r[1:] for r in rules_of_letter(c)] for c in sorted({r[0] for r in RULES})}
    tails["c"].append("(?![eiyhz])")  # a hard c: Sovcombank is Sovkombank
    return re.compile("|".join(f"{head}(?:{'|'.join(rest)})" for head, rest in tails.items()))


_PATTERN = _pattern()
_DOUBLED = re.compile(r"([a-z])\1+")
_DIGIT_IN_WORD = re.compile(r"(?<=[a-z])[01](?=[a-z])|(?<=[a-z]{2})[01]$")
_LETTER_OF_DIGIT = {"0": "o", "1": "l"}
_HARD = re.compile(r"[aeiou]+")
LONGEST = 24
"""Letters of a word that are compared."""


def fold(word: str) -> str:
    """To which spelling do all spellings of this word come?

    Parameters
    ----------
    word : str
        Small Latin letters and digits, as `scripts.latin` gives them.

    Returns
    -------
    str
        At most 24 letters; the same for kh and h, ts and c, yu and iu, sh and shch, y and i, w and v, a hard c and k, a
        doubled and a single letter, and for 0 and o inside a word.

    Notes
    -----
    *Assumes:* the word is a name: words of one language that differ only so are made one.
    *Not for:* serials and part numbers, where each sign counts.

    Examples
    --------
    >>> fold("khachaturyan") == fold("hachaturian"), fold("yushchenko") == fold("iushenko"), fold("petr0v")
    (True, True, 'petrov')
    """
    if any(c in "01" for c in word):
        word = _DIGIT_IN_WORD.sub(lambda m: _LETTER_OF_DIGIT[m[0]], word)
    folded = _PATTERN.sub(lambda m: RULES[m[0]], word)
    return _DOUBLED.sub(r"\1", folded)[:LONGEST]


def skeleton(folded: str) -> str:
    """What is left of this word without its vowels?

    Parameters
    ----------
    folded : str
        As `fold` gives it.

    Returns
    -------
    str
        Its first letter and the consonants after it; digits stay. An opening vowel is written `a`.

    Notes
    -----
    *Assumes:* vowels are what abbreviations and unvocalised scripts leave out.
    *Not for:* telling two names apart.

    Examples
    --------
    >>> skeleton(fold("mohammed")) == skeleton(fold("mhmd")), skeleton("ilins")
    (True, 'alns')
    """
    if not folded:
        return ""
    rest = _HARD.sub("", folded[1:])
    head = "a" if folded[0] in "aeiou" else folded[0]
    return _DOUBLED.sub(r"\1", head + rest)
