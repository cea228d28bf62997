"""Foreign names that Chinese signs write by sound: 贝拉克 bei la ke, Barack.

Invariant: both sides are brought to one rough spelling of sounds; a name met only so stays a weak likeness.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from taggant.writing.scripts import is_han, latin

_SPELLING = 0.7  # share of the rough spelling in the likeness; the rest is of consonants alone
LEAST_SOUND = 0.55
_A_RUN, _RUNS = 0.64, 0.85
"""A name of one word met by sound scores at most so much, below what alerts; of several words, so much."""
_FEW_EACH = 3  # words tried for each part of a name of several parts
_LEAST_SYLLABLES = 2

_CLASSES = {"p": "bp", "t": "dt", "k": "gkq", "s": "szxjc", "f": "fvw", "l": "lr", "n": "mn", "h": "h"}
_CLASS_OF = {letter: sound for sound, letters in _CLASSES.items() for letter in letters}
_LONE = frozenset(["te", "de", "ke", "ge", "si", "shi", "pu", "bu", "mu", "le", "ci", "ze", "zi", "se", "he"])
"""Syllables that often stand for a consonant without a vowel, but at the beginning."""
_DOUBLED = re.compile(r"(.)\1+")
_OF_FOLDED = str.maketrans("rvy", "lfi")
_OF_PINYIN = (("zh", "j"), ("sh", "s"), ("ch", "c"), ("x", "s"), ("q", "c"), ("ng", "n"), ("uo", "o"), ("ou", "o"),
              ("ei", "e"), ("yi", "i"), ("wu", "u"), ("y", "i"), ("w", "u"), ("r", "l"))  # fmt: skip


def sound_of_folded(word: str) -> str:
    """To which rough spelling of sounds does a folded word in Latin letters come?

    Parameters
    ----------
    word : str
        As `folding.fold` gives it.

    Returns
    -------
    str

    Notes
    -----
    *Assumes:* letters sound roughly as in English or Russian names.
    *Not for:* languages whose letters sound otherwise; telling two names apart.

    Examples
    --------
    >>> sound_of_folded("barak"), sound_of_folded("sale")
    ('balak', 'sale')
    """
    return _DOUBLED.sub(r"\1", word.translate(_OF_FOLDED))


def sound_of_han(syllables: Sequence[str]) -> str:
    """To which rough spelling of sounds does a run of Chinese syllables come?

    Parameters
    ----------
    syllables : sequence of str
        Pinyin without tones.

    Returns
    -------
    str

    Notes
    -----
    *Assumes:* the run writes a foreign name by sound.
    *Not for:* Chinese words.

    Examples
    --------
    >>> sound_of_han(["bei", "la", "ke"]), sound_of_han(["pa", "la", "de"])
    ('belak', 'palad')
    """
    out = []
    for n, syllable in enumerate(syllables):
        sound = syllable
        for part, becomes in _OF_PINYIN:
            sound = sound.replace(part, becomes)
        if syllable == "er":
            sound = "l"
        elif n > 0 and syllable in _LONE:
            sound = sound[0]
        elif n > 0 and syllable == "fu":
            sound = "f"
        out.append(sound)
    return _DOUBLED.sub(r"\1", "".join(out))


def _consonants(sound: str) -> str:
    kept = "".join(_CLASS_OF.get(c, "a" if n == 0 else "") for n, c in enumerate(sound))
    return _DOUBLED.sub(r"\1", kept)


def han_runs(name: str) -> list[list[str]]:
    """Which runs of Chinese syllables is this name, when it is nothing else?

    Parameters
    ----------
    name : str

    Returns
    -------
    list of list of str
        One a part (parts are set off by a point or a space); none for a name with other letters, or with less than two
        syllables in all.

    Notes
    -----
    *Assumes:* Han is read as Mandarin.
    *Not for:* Japanese.

    Examples
    --------
    >>> han_runs("贝拉克·奥巴马"), han_runs("Obama 奥巴马")
    ([['bei', 'la', 'ke'], ['ao', 'ba', 'ma']], [])
    """
    parts = "".join(c if c.isalnum() else " " for c in name).split()
    if not parts or not all(is_han(c) for part in parts for c in part):
        return []
    runs = [latin(part).split() for part in parts]
    return runs if sum(map(len, runs)) >= _LEAST_SYLLABLES else []


class SoundBook:
    """The words of a list by sound.

    Parameters
    ----------
    words : sequence of str
        Folded.

    Notes
    -----
    *Assumes:* some ten thousand words: each is compared.
    *Not for:* every query: only for names in Han signs.

    Examples
    --------
    >>> book = SoundBook(["barak", "obama", "smit"])
    >>> [(words, round(score, 2)) for words, score in book.readings("贝拉克·奥巴马", most=1)]
    [('barak obama', 0.74)]
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = list(words)
        self._sounds = [sound_of_folded(w) for w in words]
        self._bones = [_consonants(s) for s in self._sounds]

    def readings(self, name: str, *, most: int) -> list[tuple[str, float]]:
        """As which words of the list may a name in Han signs be read, and how surely?

        Parameters
        ----------
        name : str
        most : int
            Readings given.

        Returns
        -------
        list of (str, float)
            Best first; none for a name with other letters.

        Notes
        -----
        *Assumes:* as the class.
        *Not for:* names of Chinese firms and people, which are read by their syllables.

        Examples
        --------
        See the class.
        """
        runs = han_runs(name)
        if not runs or not self._words:
            return []
        sounds = [sound_of_han(run) for run in runs]
        likeness = _SPELLING * _like(sounds, self._sounds) + (1 - _SPELLING) * _like(
            [_consonants(s) for s in sounds], self._bones
        )
        few = most if len(runs) == 1 else _FEW_EACH
        best = [np.argsort(-row, kind="stable")[:few].tolist() for row in likeness]
        top = _A_RUN if len(runs) == 1 else _RUNS
        found = [
            (
                " ".join(self._words[k] for k in chosen),
                top * float(np.mean([likeness[n, k] for n, k in enumerate(chosen)])),
            )
            for chosen in product(*best[:4])
            if min(likeness[n, k] for n, k in enumerate(chosen)) >= LEAST_SOUND
        ]
        return sorted(found, key=lambda f: -f[1])[:most]


def _like(asked: Sequence[str], held: Sequence[str]) -> npt.NDArray[np.float32]:
    found: npt.NDArray[np.float32] = cdist(asked, held, scorer=Levenshtein.normalized_similarity, dtype=np.float32)
    return found
