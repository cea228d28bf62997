"""The pieces of a marking, with where they stand.

Invariant: letters are never changed here; a token is a slice of the text as stated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PIECE = re.compile(r"[^\s|]+")
_EDGE = "()[]{}\"'“”«»,;:."
_HYPHENS = "-‐‑–—/"  # people write a slash for a line break too
# A number before or inside one of these is a quantity, never a date: 63 V, 250 Hz, 1200 µF, 35v1000mkF, 50M000000.
_UNIT = re.compile(r"([kMGmµun]?(Hz|V|A|W|F|H|Ω|ꭥ|R|ohm|bit|mm|mil)|v|mkF|°C|AC|DC)", re.ASCII)
_NUMBER = re.compile(r"\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a marking.

    Attributes
    ----------
    text : str
        The letters as stated.
    start, end : int
        Characters of the marking, half-open.
    is_after_hyphen : bool
        It is the last piece of a hyphenated group (`22AXTXW` of `G4A-22AXTXW`): date codes there are long ones.
    is_quantity : bool
        A number with a unit behind it.
    """

    text: str
    start: int
    end: int
    is_after_hyphen: bool = False
    is_quantity: bool = False


def tokens(text: str) -> tuple[Token, ...]:
    """Which pieces does a marking have?

    Parameters
    ----------
    text : str
        A marking as stated: lines parted by white space or `|`.

    Returns
    -------
    tuple of Token
        In reading order. A hyphenated piece is one token, followed by what stands behind its last hyphen as another.

    Notes
    -----
    Assumes: white space parts what the maker parted. Signs of a code (`#2207`, `+116`, `18/34`) stay with it.
    Not for: telling which piece is a code (`decode`), or mending letters.

    Examples
    --------
    >>> [t.text for t in tokens("TMS320 F28335PGFA G4A-22AXTXW G4")]
    ['TMS320', 'F28335PGFA', 'G4A-22AXTXW', '22AXTXW', 'G4']
    """
    found: list[Token] = []
    pieces = list(_PIECE.finditer(text))
    for n, piece in enumerate(pieces):
        start, end = piece.start(), piece.end()
        while start < end and text[start] in _EDGE:
            start += 1
        while end > start and text[end - 1] in _EDGE:
            end -= 1
        if start == end:
            continue
        word = text[start:end]
        behind = pieces[n + 1].group().strip(_EDGE) if n + 1 < len(pieces) else ""
        is_quantity = bool(_NUMBER.fullmatch(word)) and bool(_UNIT.fullmatch(behind))
        # No part on a board carries a thousand amperes: 1847 A is a date code and a letter.
        is_quantity = is_quantity and not (len(word) == 4 and behind == "A")
        found.append(Token(word, start, end, is_quantity=is_quantity))
        cut = max(word.rfind(h) for h in _HYPHENS)
        if 0 < cut < len(word) - 1:
            found.append(Token(word[cut + 1 :], start + cut + 1, end, is_after_hyphen=True))
    return tuple(found)
