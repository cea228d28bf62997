"""The cues of one language, compiled: verbs of saying, topics, things, hedges, negation.

Invariant: words are data (`lexicon/*.toml`); this file only makes patterns of them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

STANCES = ("deny", "promise", "request", "plan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """Patterns of one language, for small letters.

    Attributes
    ----------
    speech : mapping of str to pattern
        assert, deny, promise, request, plan.
    attribution : mapping of str to pattern
        according, after, citing, to_outlet, obtained, documents, reports, pronouns, skip, boundary, lead.
    topics, things : mapping of str to pattern
    reported_mood : pattern
        What goes on in the voice before: verb forms of reported speech, "by her count".
    apart, figures, taken_back : pattern
        What is counted and no claim; nouns for a number; words that take an earlier figure back.
    """

    code: str
    speech: Mapping[str, re.Pattern[str]]
    attribution: Mapping[str, re.Pattern[str]]
    topics: Mapping[str, re.Pattern[str]]
    things: Mapping[str, re.Pattern[str]]
    hedges: re.Pattern[str]
    negation: re.Pattern[str]
    stop: re.Pattern[str]
    capacity: re.Pattern[str]
    any_topic: re.Pattern[str]
    reported_mood: re.Pattern[str]
    apart: re.Pattern[str]
    figures: re.Pattern[str]
    taken_back: re.Pattern[str]


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    some = sorted(words, key=len, reverse=True)
    body = "|".join(f"(?:{w})" for w in some)
    # A word that ends in a sign (%, apostrophe) has no word end after it.
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)" if some else r"(?!)")


@lru_cache(maxsize=16)
def cues_of(code: str) -> Cues:
    """Which cues has this language?

    Parameters
    ----------
    code : str
        en, ru, uk, fa, de, fr, es, pl; anything else is read with English cues.

    Returns
    -------
    Cues

    Notes
    -----
    Assumes: text in small letters (`language_words.folded`).
    Not for: languages without a file, of which little is found.

    Examples
    --------
    >>> cues_of("de").speech["deny"].search("er bestritt das")[0]
    'bestritt'
    """
    folder = resources.files(__package__).joinpath("lexicon")
    file = folder.joinpath(f"{code}.toml")
    if len(code) != 2 or not file.is_file():
        return cues_of("en")
    t = tomllib.loads(file.read_text(encoding="utf-8"))
    topics = {name: _pattern(words) for name, words in t["topics"].items()}
    stop = t["negation"]["stop"]
    every = [w for words in t["topics"].values() for w in words] + stop
    return Cues(
        code=code,
        speech={name: _pattern(words) for name, words in t["speech"].items()},
        attribution={name: _pattern(words) for name, words in t["attribution"].items()},
        topics=topics,
        things={name: _pattern(words) for name, words in t["things"].items()},
        hedges=_pattern(t["hedges"]["words"]),
        negation=_pattern(t["negation"]["words"]),
        stop=_pattern(stop),
        capacity=_pattern(t["measure"]["capacity"]),
        any_topic=_pattern(every),
        apart=_pattern(t["apart"]["other"]),
        figures=_pattern(t["apart"]["figures"]),
        taken_back=_pattern(t["apart"]["taken_back"]),
        reported_mood=_pattern(t.get("mood", {}).get("reported", [])),
    )


@lru_cache(maxsize=1)
def designations() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Give the known names of types, the narrow ones first."""
    text = resources.files(__package__).joinpath("lexicon", "designations.toml").read_text(encoding="utf-8")
    return tuple((name, _pattern(words)) for name, words in tomllib.loads(text).items())
