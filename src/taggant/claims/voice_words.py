"""The words of a sentence, each with what it can be: a head that can speak, a name, a preposition, a verb.

Invariant: words are data (`lexicon/voices/*.toml`); a word nobody listed is told by its form alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

_COMPOUND = 6
HEADS = ("roles", "bodies", "papers", "documents")
OPEN = '“«„"‹'
CLOSE = '”»“"›'
_WORD = re.compile(
    r"[\w\u064b-\u0655\u200c]+(?:[-’'ʼ./&\u2019][\w\u064b-\u0655\u200c]+)*\.?(?=\W|$)|[^\w\s]", re.UNICODE
)
_FRENCH = re.compile(r"(?:l|d|qu|n|s|c|j|m|t|jusqu|lorsqu|puisqu)['’]", re.IGNORECASE)
_PERSIAN = str.maketrans({"ي": "ی", "ك": "ک", "\u0654": None, "\u064b": None, "\u064e": None, "\u0650": None})
_INITIAL = re.compile(
    r"[^\W\d_]\.|(?:Mr|Mrs|Ms|Dr|Gen|Col|Maj|Capt|Lt|Sgt|Prof|St|Adm|Sen|Rep|Gov|Mme|Sr|Sra|płk|gen|mjr|kpt|inż)\."
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language by class.

    Attributes
    ----------
    code : str
    classes : mapping of str to pattern
        Class → what a whole word of it looks like.
    """

    code: str
    classes: Mapping[str, re.Pattern[str]]

    def of(self, low: str) -> frozenset[str]:
        """Give the classes of a word in small letters."""
        return _classes_of(self.code, low)


@lru_cache(maxsize=16)
def lexicon_of(code: str) -> Lexicon:
    """Which words of this language can name or surround a voice?

    Parameters
    ----------
    code : str
        ISO 639-1; English where there is no file.

    Returns
    -------
    Lexicon

    Notes
    -----
    *Assumes:* words in small letters; in Persian with half spaces as typed.
    *Not for:* meaning.

    Examples
    --------
    >>> sorted(lexicon_of("de").of("verteidigungsministeriums"))
    ['bodies']
    """
    folder = resources.files(__package__).joinpath("lexicon", "voices")
    file = folder.joinpath(f"{code}.toml")
    if len(code) != 2 or not file.is_file():
        return lexicon_of("en")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    classes = {}
    for name, words in table.items():
        if name == "verb_like":
            classes[name] = re.compile(words) if words else re.compile(r"(?!)")
            continue
        some = [re.escape(w).replace(r"\*", r"[\w-]*") for w in words.split()]
        if code == "de" and name in HEADS:
            some = [w if len(w) < _COMPOUND or w.startswith("[") else rf"[\w-]*{w}" for w in some]  # Hafenbeamte
        classes[name] = re.compile("|".join(some)) if some else re.compile(r"(?!)")
    return Lexicon(code, classes)


@lru_cache(maxsize=100_000)
def _classes_of(code: str, low: str) -> frozenset[str]:
    return frozenset(name for name, p in lexicon_of(code).classes.items() if p.fullmatch(low))


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign.

    Attributes
    ----------
    start, end : int
    text, low : str
    classes : frozenset of str
        Of the lexicon, and: sign, digit, cap, word.
    """

    start: int
    end: int
    text: str
    low: str
    classes: frozenset[str]

    def is_a(self, *names: str) -> bool:
        """Whether it is of one of these classes."""
        return any(n in self.classes for n in names)

    @property
    def head(self) -> str | None:
        """Give the kind of voice it can be the head of."""
        return next((h for h in HEADS if h in self.classes), None)


def tokens_of(text: str, code: str) -> tuple[Token, ...]:
    """Which words has this sentence?

    Parameters
    ----------
    text : str
    code : str

    Returns
    -------
    tuple of Token

    Notes
    -----
    *Assumes:* one sentence; an initial keeps its stop.
    *Not for:* languages without spaces.

    Examples
    --------
    >>> [t.text for t in tokens_of("L’usine, dit A. Petit.", "fr")]
    ['L’', 'usine', ',', 'dit', 'A.', 'Petit', '.']
    """
    lexicon = lexicon_of(code)
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        m = (_FRENCH.match(text, at) if code == "fr" else None) or _WORD.match(text, at)
        if m is None:
            at += 1
            continue
        word = m[0]
        if word.endswith(".") and len(word) > 1 and _INITIAL.fullmatch(word) is None:
            word = word[:-1]
        end = at + len(word)
        low = word.lower().translate(_PERSIAN).strip("\u200c").rstrip("'’")
        classes = set(lexicon.of(low))
        if re.fullmatch(r"[^\w]", word):
            classes = {"sign"}
        elif word[0].isdigit():
            classes.add("digit")
        elif word[0].isupper():
            classes.add("cap")
            if low.endswith(("'s", "’s")) and code == "en":
                classes.add("possessive")
        else:
            classes.add("word")
            if code == "de":
                classes -= set(HEADS)  # nouns are written large
            if code == "en" and low.endswith(("'s", "’s", "s’")):
                classes.add("possessive")
                classes |= lexicon.of(re.sub(r"['’]s?$", "", low)) & set(HEADS)
        if code == "en" and re.fullmatch(r"(?:i|you|he|she|it|we|they|that|there)['’](?:ll|ve|d|m|re|s)", low):
            classes = {"pronouns", "word"}
        found.append(Token(at, end, word, low, frozenset(classes)))
        at = end
    return tuple(found)
