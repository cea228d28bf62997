"""Letters that look alike are folded to one, beside — never over — what was read.

Invariant: a fold is a key to compare by. It is never shown as a reading and never stored in place of one.
"""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans("АВЕЁКМНОРСТУХІЇЈЅЗӀΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEEKMHOPCTYXIIJS3IABEZHIKMNOPTYX")
_SHAPES = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1", "|": "1"})


def fold_scripts(text: str) -> str:
    r"""Which text would a reader see who takes each letter for its Latin twin?

    Capitals are made first; Cyrillic and Greek letters with a Latin twin become it; spaces and dashes go.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        A key: upper case, without spaces and dashes.

    Notes
    -----
    *Assumes:* the mark is in capitals or may be compared as if it were.
    *Not for:* showing; it loses which alphabet was printed, which is evidence.

    Examples
    --------
    >>> fold_scripts("К1986ВЕ92QI") == fold_scripts("K1986BE92QI")
    True
    """
    upper = unicodedata.normalize("NFKC", text).upper().translate(_LETTERS)
    return "".join(c for c in upper if not c.isspace() and c not in "-–—‐‑_")


def latin_twins(text: str) -> str:
    r"""Which text of the same length has the Latin twin in place of each Cyrillic or Greek capital?

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        As many characters as before, so that places in it are places in the text.

    Notes
    -----
    *Assumes:* capitals; small letters stay. *Not for:* showing.

    Examples
    --------
    >>> latin_twins("М8030-КТ") == "M8030-KT"
    True
    """
    return text.translate(_LETTERS)


def fold_shapes(text: str) -> str:
    """Which text remains when zero and O, one and I and L are one shape too?

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        `fold_scripts`, and O, Q → 0; I, L, | → 1.

    Notes
    -----
    *Assumes:* as `fold_scripts`.
    *Not for:* telling parts apart that differ by just such a letter.

    Examples
    --------
    >>> fold_shapes("LOT O1") == fold_shapes("1OT 0I")
    True
    """
    return fold_scripts(text).translate(_SHAPES)


def scripts_of(text: str) -> tuple[str, ...]:
    """In which alphabets is it written?

    Parameters
    ----------
    text : str

    Returns
    -------
    tuple of str
        ISO 15924 codes of the letters in it (Latn, Cyrl, Arab, Grek, Hani, …), each once, in order; empty for digits.

    Notes
    -----
    *Assumes:* the first word of a letter's Unicode name is its script.
    *Not for:* languages.

    Examples
    --------
    >>> scripts_of("К1986ВЕ92QI")
    ('Cyrl', 'Latn')
    """
    found: dict[str, None] = {}
    for letter in text:
        if letter.isalpha():
            word = unicodedata.name(letter, "?").split(" ", 1)[0]
            found.setdefault(_CODES.get(word, word.title()[:4]), None)
    return tuple(found)


_CODES = {"LATIN": "Latn", "CYRILLIC": "Cyrl", "ARABIC": "Arab", "GREEK": "Grek", "CJK": "Hani", "HEBREW": "Hebr",
          "FULLWIDTH": "Latn", "HANGUL": "Hang", "HIRAGANA": "Hira", "KATAKANA": "Kana"}  # fmt: skip
