"""Letters of any script as Latin ones, and which script a word is written in.

Invariant: a letter is always written the same way, whatever stands beside it, except an Arabic waw or yeh at the
beginning of a word. Schemes differ; `folding` makes their spellings meet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from anyascii import anyascii

_CYRILLIC_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћџђѓќѕәғқңөұүһ"
_CYRILLIC_AS = (
    "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya i yi ye g u j lj nj c dz dj gj kj dz "
    "a g k n o u u h"
)
_CYRILLIC = dict(zip(_CYRILLIC_LETTERS, _CYRILLIC_AS.split(), strict=True))
_ARABIC = {
    "ا": "a", "آ": "a", "أ": "a", "إ": "i", "ٱ": "a", "ب": "b", "پ": "p", "ت": "t", "ة": "a", "ث": "th", "ج": "j",
    "چ": "ch", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s",
    "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ق": "q", "ک": "k", "ك": "k", "گ": "g", "ل": "l",
    "م": "m", "ن": "n", "و": "u", "ه": "h", "ۀ": "e", "ی": "i", "ي": "i", "ى": "a", "ئ": "i", "ء": "", "ؤ": "u",
    "ڤ": "v", "ټ": "t", "ډ": "d", "ړ": "r", "ښ": "sh", "ځ": "z", "څ": "ts", "ہ": "h", "ے": "e", "ں": "n", "ٹ": "t",
    "ڈ": "d", "ڑ": "r", "ھ": "h", "ـ": "",
}  # fmt: skip
_GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
    "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
_LATIN = {"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "œ": "oe"}
_JOINERS = frozenset("'’‘`´ʼʻʹʺ\".\u200d\u0640")
"""Signs inside a word: A.B. is AB, O'Brien is OBrien."""

_OPENING = re.compile(r"(?<![\w])([وی ي])(?=[\u0600-\u06ff])")
_OPENING_LETTERS = {"و": "v", "ی": "y", "ي": "y"}
_SCRIPT_STARTS = (
    ("LATIN", "Latin"), ("CYRILLIC", "Cyrillic"), ("ARABIC", "Arabic"), ("GREEK", "Greek"), ("CJK", "Han"),
    ("HANGUL", "Hangul"), ("HIRAGANA", "Kana"), ("KATAKANA", "Kana"), ("HEBREW", "Hebrew"), ("ARMENIAN", "Armenian"),
    ("GEORGIAN", "Georgian"), ("DEVANAGARI", "Devanagari"), ("THAI", "Thai"),
)  # fmt: skip


class _Letters(dict[int, str]):
    """Code point → Latin letters, worked out when first met."""

    def __missing__(self, code: int) -> str:
        found = _latin_letter(chr(code))
        self[code] = found
        return found


def _latin_letter(sign: str) -> str:
    low = sign.lower()
    if "a" <= low <= "z" or "0" <= low <= "9":
        return low
    if sign in _JOINERS or unicodedata.combining(sign):
        return ""
    for table in (_CYRILLIC, _ARABIC, _GREEK, _LATIN):
        if low in table:
            return table[low].replace("_", "")
    plain = unicodedata.normalize("NFD", low)
    if len(plain) > 1 and plain[0] != low:
        return "".join(_latin_letter(part) for part in plain)
    category = unicodedata.category(sign)
    if category[0] in "PZSC":
        return " "
    letters = "".join(c for c in anyascii(sign).lower() if c.isascii() and c.isalnum())
    # A Han character or a Hangul syllable is a word part of its own: Xi Jin Ping is set together later.
    return f" {letters} " if is_syllabic(sign) else letters


_LETTERS = _Letters()


def is_syllabic(sign: str) -> bool:
    """Whether one sign of this script is a whole syllable (Han, Hangul)."""
    code = ord(sign)
    return 0x3400 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7A3 or 0xF900 <= code <= 0xFAFF or code >= 0x20000


def is_han(sign: str) -> bool:
    """Whether this is a Han sign."""
    code = ord(sign)
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or code >= 0x20000


def latin(text: str) -> str:
    """How is this written in small Latin letters, digits and spaces?

    Parameters
    ----------
    text : str
        A name in any script.

    Returns
    -------
    str
        Letters a to z, digits and spaces; what joins inside a word (point, apostrophe) is gone.

    Notes
    -----
    *Assumes:* Han is read as Mandarin; Arabic letters without vowel signs stay without vowels.
    *Not for:* showing a name to people, or Japanese readings of Han.

    Examples
    --------
    >>> latin("Алмаз-Антей"), latin("A.B. Güneş"), latin("محمد").strip(), latin("李明").split()
    ('almaz antey', 'ab gunes', 'mhmd', ['li', 'ming'])
    """
    if text.isascii():
        return text.translate(_LETTERS)
    if max(text) >= "\u0600":
        text = _OPENING.sub(lambda m: _OPENING_LETTERS.get(m[1], m[1]), text)
    return text.translate(_LETTERS)


def script_of(text: str) -> str | None:
    """In which script is most of this text?

    Parameters
    ----------
    text : str

    Returns
    -------
    str or None
        "Latin", "Cyrillic", "Arabic", "Greek", "Han", …; "other" for one not named here; None without a letter.

    Notes
    -----
    *Assumes:* the name of a letter in Unicode begins with its script.
    *Not for:* telling languages apart.

    Examples
    --------
    >>> script_of("Алмаз OOO Антей"), script_of("شبکه"), script_of("123")
    ('Cyrillic', 'Arabic', None)
    """
    if text.isascii():
        return "Latin" if any(c.isalpha() for c in text) else None
    counts: dict[str, int] = {}
    for name in _scripts(text):
        counts[name] = counts.get(name, 0) + 1
    return max(counts, key=lambda name: counts[name]) if counts else None


def _scripts(text: str) -> Iterator[str]:
    for sign in text:
        if not sign.isalpha():
            continue
        if sign.isascii():
            yield "Latin"
            continue
        name = unicodedata.name(sign, "")
        yield next((script for start, script in _SCRIPT_STARTS if name.startswith(start)), "other")
