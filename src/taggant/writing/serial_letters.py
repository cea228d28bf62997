"""Letters of serial numbers: which of them are one letter, and where the number begins.

Invariant: only shapes of letters and digits are known here; what a prefix means is for who knows the item.
"""

from __future__ import annotations

import re
import unicodedata

_NUMBER_SIGNS = re.compile(r"№|\bN[°º]\s*|\bNo\.\s*|#", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s\-–—‐‑_./\\]+")
# Between digits a separator parts two numbers: 391/2024 is not 3912024.
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\-–—‐‑_./\\]+(?=\d)")
_PARTED = "·"
_SHAPE = re.compile(r"(?P<prefix>\D*)(?P<number>\d+)")
_MOST_DIGITS = 15
# Letters that look alike are one letter: a reader copies the shape, in whichever alphabet the keyboard has.
_ALIKE = str.maketrans("АВЕКМНОРСТХІЈЅ", "ABEKMHOPCTXIJS")
# Ы is also written as soft sign and I, and transliterated Y; У (the sound u) is another letter.
_YERY = re.compile("ЬI|Y")


def normalise_serial(text: str) -> str:
    """Which letters and digits does this serial have, whoever wrote it down?

    Parameters
    ----------
    text : str
        The serial as marked or as a source prints it.

    Returns
    -------
    str
        Capitals and digits; ``Ы``, ``ЬІ`` and ``Y`` are ``Ы``; letters of one shape are the Latin one.

    Notes
    -----
    *Assumes:* the number sign, and separators other than between digits, carry no meaning; two letters of one shape are
    one letter.
    *Not for:* telling in which alphabet something was written: keep the verbatim text for that.

    Examples
    --------
    >>> [normalise_serial(t) for t in ("ЬІ-8465", "Y18358", "№ М214")]
    ['Ы8465', 'Ы18358', 'M214']
    """
    before = None
    while text != before:  # what one round uncovers (a full-width number sign, say) the next one drops
        before = text
        parted = _BETWEEN_DIGITS.sub(_PARTED, _NUMBER_SIGNS.sub("", text))
        plain = unicodedata.normalize("NFKC", _SEPARATORS.sub("", parted)).upper().translate(_ALIKE)
        text = _YERY.sub("Ы", plain)
    return text


def split_serial(normalised: str) -> tuple[str, int] | None:
    """Which prefix and number has this normalised serial? None: it is not letters followed by a number.

    Examples
    --------
    >>> split_serial("Ы8465"), split_serial("391·2024")
    (('Ы', 8465), None)
    """
    shape = _SHAPE.fullmatch(normalised)
    if shape is None or len(shape["number"]) > _MOST_DIGITS:
        return None
    return shape["prefix"], int(shape["number"])


def written_prefix(text: str) -> str:
    """Which letters stand before the first digit, as written?

    Examples
    --------
    >>> written_prefix("№ ЬІ-8465")
    'ЬІ'
    """
    return _SEPARATORS.sub("", re.split(r"\d", _NUMBER_SIGNS.sub("", text), maxsplit=1)[0])
