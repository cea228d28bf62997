"""Whose words a sentence repeats: the speaker, and through whom, as the sentence says it.

Invariant: a name is cut out of the text as it stands; nobody is named whom the text does not name.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from taggant.claims.cues import Cues
from taggant.claims.sentence_words import Sentence
from taggant.claims.speech_subjects import OUT_OF
from taggant.claims.spoken_words import NOBODY, Words

__all__ = [
    "NOBODY",
    "Words",
    "clauses_of",
    "descriptions_in",
    "documents_in",
    "subject_of",
    "whose_words",
    "words_of_parts",
]
_EARLY = 60
_SO_SAYS = re.compile(
    r"(?:this|das|dies|ceci|cela|esto|eso|это|об этом|це|про це|to|o tym|این را|این)\s", re.IGNORECASE
)


def whose_words(text: str, low: str, cues: Cues) -> Words:
    """Whose words is this sentence, and through whom?

    Parameters
    ----------
    text : str
        One sentence.
    low : str
        The same, folded.
    cues : Cues

    Returns
    -------
    Words
        Of its first part that has a speaker.

    Notes
    -----
    Assumes: a verb of saying inside quotation marks is part of what is said; the speaker stands next to the verb.
    Not for: who is meant by a pronoun: the caller knows what was said before.

    Examples
    --------
    >>> from taggant.claims.cues import cues_of
    >>> from taggant.writing.language_words import folded
    >>> t = "Two officials told the Herald that 300 were made."
    >>> w = whose_words(t, folded(t), cues_of("en"))
    >>> w.speaker, w.via
    ('Two officials', ('the Herald', 'Two officials'))
    """
    parts = words_of_parts(text, low, cues)
    return next((p for p in parts if p.via), next((p for p in parts if p.is_reported), parts[0]))


def words_of_parts(text: str, low: str, cues: Cues) -> tuple[Words, ...]:
    """Whose words is each part of this sentence?

    Parameters
    ----------
    text, low : str
        One sentence, and the same folded.
    cues : Cues

    Returns
    -------
    tuple of Words
        In the order of the sentence; their spans cover it.

    Notes
    -----
    *Assumes:* parts are joined by "but", "while", a semicolon, or "and" with a speaker of its own; a part that names
    nobody goes on in the voice before it, and one at the end ("…, the ministry said") speaks for all before it.
    *Not for:* speakers of sentences before.

    Examples
    --------
    >>> from taggant.claims.cues import cues_of
    >>> t = "The ministry said 300 were made, but the director of the plant denied it."
    >>> [(w.speaker, w.stance) for w in words_of_parts(t, t.lower(), cues_of("en"))]
    [('The ministry', 'assert'), ('the director of the plant', 'deny')]
    """
    sentence = Sentence(text, low, cues)
    parts = [sentence.read(a, b) for a, b in sentence.parts()]
    found: list[Words] = []
    for w in parts:
        if not found:
            found.append(w)
        elif w.speaker is None and not w.is_reported and w.stance == "assert":
            found[-1] = replace(found[-1], span=(found[-1].span[0], w.span[1]))
        elif (
            (w.is_trailing or _SO_SAYS.match(text, w.span[0]))
            and w.via
            and all(f.speaker is None and not f.is_reported for f in found)
        ):
            found = [replace(w, span=(0, w.span[1]))]
        else:
            found.append(w)
    return tuple(found)


def descriptions_in(text: str, low: str, cues: Cues) -> tuple[tuple[str, str], ...]:
    """Whom does this sentence name and describe at once?

    Parameters
    ----------
    text, low : str
        One sentence, and the same folded.
    cues : Cues

    Returns
    -------
    tuple of (str, str)
        Description, name.

    Notes
    -----
    *Assumes:* a description beside a name, between commas or in brackets, is of it.
    *Not for:* descriptions in other sentences.

    Examples
    --------
    >>> from taggant.claims.cues import cues_of
    >>> t = "The duty officer, Captain Iryna Sokil, was tired."
    >>> descriptions_in(t, t.lower(), cues_of("en"))
    (('The duty officer', 'Captain Iryna Sokil'),)
    """
    sentence = Sentence(text, low, cues)
    found: dict[str, str] = {}
    for p, _ in sentence.phrases():
        sentence.name_beside(p, found)
    return tuple(found.items())


def subject_of(text: str, low: str, cues: Cues) -> str | None:
    """Which person or body is this sentence about, at its beginning?

    Parameters
    ----------
    text, low : str
        One sentence, and the same folded.
    cues : Cues

    Returns
    -------
    str or None
        None: it begins with none.

    Notes
    -----
    *Assumes:* who stands first without a preposition is meant by "he said" in the next sentence.
    *Not for:* who speaks.

    Examples
    --------
    >>> from taggant.claims.cues import cues_of
    >>> subject_of("Outside, a storeman points at crates.", "outside, a storeman points at crates.", cues_of("en"))
    'a storeman'
    """
    for p, before in Sentence(text, low, cues).phrases():
        if before is None and p.kind in {"roles", "bodies", "name"} and p.start < _EARLY:
            person = p.person or text[p.start : p.end]
            if p.kind != "name" or len(person.split()) > 1:
                return person
    return None


def documents_in(text: str, low: str, cues: Cues) -> tuple[str, ...]:
    """In which document does somebody say it: "said in its digest"?

    Parameters
    ----------
    text, low : str
        One sentence, and the same folded.
    cues : Cues

    Returns
    -------
    tuple of str
        As named, in small letters.

    Notes
    -----
    *Assumes:* what stands after "in" is where it was said.
    *Not for:* documents that speak themselves.

    Examples
    --------
    >>> from taggant.claims.cues import cues_of
    >>> t = "The command said in its digest that 40 flew."
    >>> documents_in(t, t.lower(), cues_of("en"))
    ('its digest',)
    """
    sentence = Sentence(text, low, cues)
    return tuple(
        text[p.start : p.end].lower()
        for p, before in sentence.phrases()
        if p.kind == "documents" and before is not None and sentence.tokens[before].low in OUT_OF
    )


def clauses_of(text: str, low: str, cues: Cues) -> tuple[tuple[int, int], ...]:
    """Which clauses with a content of their own has this sentence?

    Parameters
    ----------
    text, low : str
        One sentence, and the same folded.
    cues : Cues

    Returns
    -------
    tuple of (int, int)
        They cover the sentence.

    Notes
    -----
    *Assumes:* such a clause begins after a semicolon, "but", "while" or "and that".
    *Not for:* clauses inside quotation marks.

    Examples
    --------
    >>> from taggant.claims.cues import cues_of
    >>> t = "He said that 300 were made, and that none was sold."
    >>> [t[a:b] for a, b in clauses_of(t, t.lower(), cues_of("en"))]
    ['He said that 300 were made, ', 'and that none was sold.']
    """
    edges = [0, *Sentence(text, low, cues).clause_cuts(), len(text)]
    return tuple((a, b) for a, b in itertools.pairwise(edges) if b > a)
