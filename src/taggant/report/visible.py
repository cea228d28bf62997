"""Letters from outside, made harmless to look at.

Invariant: what a person sees is all there is. A control character is shown as its code, so that a mark cannot hide,
reverse or erase what stands beside it; letters of every script stay as they are.
"""

from __future__ import annotations

import re

# Control characters and lone surrogates, without tab and line end; then embeddings, overrides and isolates, which can
# reorder a whole line. The plain marks (U+200E, U+200F) and the joiners of Persian and Arabic (U+200C, U+200D) are
# ordinary spelling and stay.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")

_SEALED = re.compile(r"sealed:[A-Za-z0-9_-]{100,}")
"""What only the custodian can open says nothing on a page, and its letters would fill one."""


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
    return laid_open(_SEALED.sub("(sealed)", " ".join(text.split())))


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
    return _HIDDEN.sub(lambda hidden: f"⟨U+{ord(hidden.group()):04X}⟩", text)
