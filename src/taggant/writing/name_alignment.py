"""Why are two names alike? Word against word, as the index set them.

Invariant: the pairs shown are those the score was worked out from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from taggant.writing.name_index import NameIndex
from taggant.writing.name_reading import NameReader, NameWords, Sort, word_book
from taggant.writing.pairing_kernels import INITIAL, MOST_PAIRS, lay_query, new_desk, pair_words
from taggant.writing.scripts import script_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedWord:
    """Words of a query beside words of a listed name.

    Attributes
    ----------
    query, listed : str or None
        In Latin letters; None: nothing stands on that side.
    how : str
        "same word", "other spelling", "spelled alike", "abbreviated", "initial", "written as one", "same meaning",
        "same legal form", "by sound" (a foreign name in Chinese signs), "only in the query", "only in the list".
    score : float
        How surely they are one, from 0 to 1.
    weight : float
        How much the listed word (or, without one, the query's) tells.
    """

    query: str | None
    listed: str | None
    how: str
    score: float
    weight: float

    def as_json(self) -> dict[str, str | float | None]:
        """Give the pair as plain values."""
        return {
            "query": self.query,
            "listed": self.listed,
            "how": self.how,
            "score": round(self.score, 3),
            "weight": round(self.weight, 3),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Two names word by word.

    Attributes
    ----------
    words : tuple of AlignedWord
    query_met, listed_met : float
        Share of each name's weight that the other meets.
    both : float
        The two together: what speaks for the names being one.
    """

    words: tuple[AlignedWord, ...]
    query_met: float
    listed_met: float
    both: float


def align(index: NameIndex, query: str, listed: str) -> Alignment:
    """Which words of a query meet which words of a listed name?

    Parameters
    ----------
    index : NameIndex
        Whose weights are used.
    query, listed : str
        `listed` is one of the names the index was built from.

    Returns
    -------
    Alignment

    Notes
    -----
    *Assumes:* one word meets one word, or two written together.
    *Not for:* many names.

    Examples
    --------
    >>> index = NameIndex(["Almaz-Antey Telecommunications LLC"])
    >>> for w in align(index, "Алмаз Антей Телеком", "Almaz-Antey Telecommunications LLC").words:
    ...     print(w.query, w.listed, w.how)
    almaz almaz same word
    antey antey same word
    telekom telecommunications abbreviated
    None llc only in the list
    """
    plain = _align(index, query, listed)
    heard = [_heard(_align(index, words, listed), surely) for words, surely in index.readings(query, most=4)]
    return max((plain, *heard), key=lambda a: a.both)


def _heard(found: Alignment, surely: float) -> Alignment:
    words = tuple(
        replace(w, how="by sound", score=w.score * surely) if w.query is not None and w.listed is not None else w
        for w in found.words
    )
    return Alignment(
        words=words, query_met=found.query_met * surely, listed_met=found.listed_met * surely, both=found.both * surely
    )


def _align(index: NameIndex, query: str, listed: str) -> Alignment:
    asking = NameReader(base=index.reader)
    asked, held = asking.read(query), asking.read(listed)
    n_q, n_c = len(asked.words), len(held.words)
    codes = np.array(asking.codes(query), np.int64)
    words = np.array(asking.codes(listed), np.int32)
    if not n_q or not n_c or int(words.max()) >= index.reader.n_words:
        return Alignment(words=(), query_met=0.0, listed_met=0.0, both=0.0)
    rows = index.word_rows(asking, codes)
    vocabulary = index.vocabulary
    desk = new_desk()
    n_pairs = 0
    for j in range(n_c):
        desk.lengths_c[j] = vocabulary.n_letters[words[j]]
        for i in range(n_q):
            for k in np.flatnonzero(rows.found[i, : rows.n_found[i]] == words[j]).tolist():
                if n_pairs < MOST_PAIRS:
                    desk.pair_q[n_pairs], desk.pair_c[n_pairs] = i, j
                    desk.pair_s[n_pairs] = rows.scores[i, k]
                    n_pairs += 1
    each = np.arange(n_q, dtype=np.int32)
    has_initial = lay_query(each, n_q, rows, desk)
    pair_words(words, n_q, n_c, each, has_initial, rows, vocabulary, n_pairs, desk, index.constants.joined)
    best_q, best_c, mate_q, mate_c = desk.best_q, desk.best_c, desk.mate_q, desk.mate_c
    weight_q, weight_c = rows.weights, vocabulary.weights[words]
    met_q = float((weight_q * best_q[:n_q] ** 2).sum())
    met_c = float((weight_c * best_c[:n_c] ** 2).sum())
    all_q, all_c = float(weight_q.sum()), float(weight_c.sum())
    pairs = _pairs(asked, held, mate_q[:n_q], mate_c[:n_c], best_q, weight_q, weight_c)
    return Alignment(
        words=tuple(pairs),
        query_met=min(1.0, met_q / all_q),
        listed_met=min(1.0, met_c / all_c),
        both=min(1.0, (met_q + met_c) / (all_q + all_c)),
    )


def _pairs(
    asked: NameWords,
    held: NameWords,
    mate_q: npt.NDArray[np.int64],
    mate_c: npt.NDArray[np.int64],
    best_q: npt.NDArray[np.float64],
    weight_q: npt.NDArray[np.float64],
    weight_c: npt.NDArray[np.float64],
) -> list[AlignedWord]:
    found: list[AlignedWord] = []
    done_q: set[int] = set()
    for i, j in enumerate(mate_q.tolist()):
        if i in done_q or j < 0:
            continue
        mine = [k for k, mate in enumerate(mate_q.tolist()) if mate == j]
        theirs = [k for k, mate in enumerate(mate_c.tolist()) if mate == i] or [j]
        if j not in theirs:
            theirs = sorted({*theirs, j})
        done_q.update(mine)
        how = "written as one" if len(mine) + len(theirs) > 2 else _how(asked, i, held, j, float(best_q[i]))
        found.append(
            AlignedWord(
                query=" ".join(asked.spelled[k] for k in mine),
                listed=" ".join(held.spelled[k] for k in theirs),
                how=how,
                score=float(best_q[i]),
                weight=float(sum(weight_c[k] for k in theirs)),
            )
        )
    met = {j for j in mate_q.tolist() if j >= 0} | {j for j, i in enumerate(mate_c.tolist()) if i >= 0}
    found += [
        AlignedWord(query=asked.spelled[i], listed=None, how="only in the query", score=0.0, weight=float(weight_q[i]))
        for i in range(len(asked.words))
        if i not in done_q
    ]
    found += [
        AlignedWord(query=None, listed=held.spelled[j], how="only in the list", score=0.0, weight=float(weight_c[j]))
        for j in range(len(held.words))
        if j not in met
    ]
    return found


def _how(asked: NameWords, i: int, held: NameWords, j: int, score: float) -> str:
    one, other = asked.words[i], held.words[j]
    if asked.sorts[i] == Sort.FORM and one == other:
        return "same legal form"
    if one == other:
        return "same word" if asked.spelled[i] == held.spelled[j] else "other spelling"
    meanings = word_book().meanings
    if one in meanings and meanings[one] == meanings.get(other):
        return "same meaning"
    if score == INITIAL and 1 in (len(one), len(other)):
        return "initial"
    short, long = sorted((one, other), key=len)
    return "abbreviated" if len(short) + 2 < len(long) and short[0] == long[0] else "spelled alike"


def compare_names(one: str, other: str) -> Alignment:
    """How like are two names on their own, without a list to say which words are rare?

    Parameters
    ----------
    one, other : str
        In any script.

    Returns
    -------
    Alignment

    Notes
    -----
    *Assumes:* every word of the name tells alike; small words and legal forms little.
    *Not for:* names of a list: its index knows which words are rare.

    Examples
    --------
    >>> round(compare_names("Kim Song Min", "KIM, Song Min").both, 2)
    1.0
    """
    return align(NameIndex([other]), one, other)


def same_script(one: str, other: str) -> bool:
    """Whether two names are written in one script, letter for letter comparable.

    Parameters
    ----------
    one, other : str

    Returns
    -------
    bool
        False where one has no letter.

    Notes
    -----
    *Assumes:* the script of most letters is the name's.
    *Not for:* telling languages apart.

    Examples
    --------
    >>> same_script("Алмаз", "Almaz"), same_script("Алмаз", "Антей")
    (False, True)
    """
    script = script_of(one)
    return script is not None and script == script_of(other)


def spelled_words(name: str) -> Sequence[str]:
    """Which words has this name as written, in small letters of its own script?

    Parameters
    ----------
    name : str

    Returns
    -------
    sequence of str

    Notes
    -----
    *Assumes:* words are parted by what is neither letter nor digit.
    *Not for:* comparing over scripts.

    Examples
    --------
    >>> list(spelled_words("АО «Алмаз»"))
    ['ао', 'алмаз']
    """
    return "".join(c if c.isalnum() else " " for c in name.casefold()).split()
