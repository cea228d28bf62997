"""Letters from outside, made harmless to look at.

Invariant: what a person sees is all there is. A control character is shown as its code, so that a mark cannot hide,
reverse or erase what stands beside it; letters of every script stay as they are.
"""

from __future__ import annotations

import unicodedata

# Embeddings, overrides and isolates can reorder a whole line. The plain marks (U+200E, U+200F) and the joiners of
# Persian and Arabic (U+200C, U+200D) are ordinary spelling and stay.
_REORDERING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def visible(text: str) -> str:
    """How does this text look with nothing hidden in it?

    Parameters
    ----------
    text : str
        Any text: a mark, a name, an address.

    Returns
    -------
    str
        White space made single; each control or reordering character as its code in angle brackets.

    Notes
    -----
    *Assumes:* the text is shown, not stored: the ledger keeps every letter.
    *Not for:* telling look-alike letters apart.

    Examples
    --------
    >>> visible("A" + chr(0x202E) + "B" + chr(10) + "C")
    'A⟨U+202E⟩B C'
    """
    return laid_open(" ".join(text.split()))


def laid_open(text: str) -> str:
    """Which letters does this text hold, hidden ones shown as their codes? White space stays as it is.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Notes
    -----
    *Assumes:* tabs and line ends are harmless where it is shown.
    *Not for:* text of one line: `visible`.

    Examples
    --------
    >>> laid_open("A " + chr(27))
    'A ⟨U+001B⟩'
    """
    return "".join(f"⟨U+{ord(c):04X}⟩" if _hides(c) else c for c in text)


def _hides(letter: str) -> bool:
    return letter in _REORDERING or (unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\t\n")
