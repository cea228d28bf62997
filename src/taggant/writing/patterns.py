"""Patterns a person types, and the folded spellings they are looked for in.

Invariant: what is found by folding is shown as it is written; folding only finds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from taggant.writing.folding import fold
from taggant.writing.scripts import latin
from taggant.writing.serial_letters import normalise_serial

_PIECES = re.compile(r"([*?])")
_LETTERS = 3
_WORD = re.compile(r"[^\W_]+")


def fold_mark(text: str) -> str:
    """Which letters and digits has this mark, whatever alphabet and separators it is written in?

    Examples
    --------
    >>> fold_mark("ЬІ-8465") == fold_mark("Y 8465"), fold_mark("tms320-f28335")
    (True, 'TMS320F28335')
    """
    return normalise_serial(text)


def fold_name(text: str) -> str:
    """Which words has this name, whatever script and scheme it is written in?

    Examples
    --------
    >>> fold_name("Шахед") == fold_name("Shahed"), fold_name("Ростех, АО") == fold_name("Rostekh AO")
    (True, True)
    """
    return " ".join(folded for word in _WORD.findall(latin(text)) if (folded := fold(word)))


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for in one way of writing.

    Attributes
    ----------
    pieces : tuple of str
        Each stands in the text.
    like : str or None
        A pattern of SQL's LIKE (escape ``\\``) the text must also meet; None: the one piece says it all.
    """

    pieces: tuple[str, ...]
    like: str | None


def sought(pattern: str, *, folded_as: str | None = None, is_whole: bool = False) -> Sought | None:
    r"""What stands for this pattern in texts folded this way?

    Parameters
    ----------
    pattern : str
        ``*`` is any letters, ``?`` is one letter; all else is meant as it stands.
    folded_as : {"mark", "name"} or None
        How the text it is held against is folded; None: not at all.
    is_whole : bool
        It must be all of the text, not only be in it.

    Returns
    -------
    Sought or None
        None: folding leaves nothing to look for.

    Examples
    --------
    >>> sought("ЬІ-?4*", folded_as="mark").like, sought("50%").pieces, sought("-", folded_as="mark")
    ('%Ы_4%%', ('50%',), None)
    >>> sought("50%", folded_as="name") is None, sought("a_b", is_whole=True).like
    (True, 'a\\_b')
    """
    if folded_as == "name" and sum(c.isalpha() for c in fold_name(pattern)) < (_LETTERS if pattern.isascii() else 2):
        return None  # a number has no sound, and a letter or two sounds in every other name
    way = {"mark": fold_mark, "name": fold_name}.get(folded_as or "", str)
    parts = [p if p in ("*", "?") else way(p) for p in _PIECES.split(pattern) if p]
    pieces = tuple(p for p in parts if p not in ("", "*", "?"))
    if not pieces:
        return None
    like = "".join({"*": "%", "?": "_"}.get(p) or _escaped(p) for p in parts)
    if is_whole:
        return Sought(pieces, like)
    return Sought(pieces, None if len(pieces) == len(parts) == 1 else f"%{like}%")


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
