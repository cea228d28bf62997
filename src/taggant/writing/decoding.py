"""Bytes to letters: in which encoding a text was saved, and how sure that is.

Invariant: text that is valid UTF-8 is UTF-8; anything else is a guess and says so.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

_SAMPLE = 64 * 1024
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Of encodings that fit equally well the one people of that script really saved in; the rest are curiosities.
_LIKELY = ("cp1251", "koi8_r", "koi8_u", "cp1252", "cp1256", "cp1254", "cp1250", "gb18030", "big5", "shift_jis",
           "euc_kr", "cp1255", "cp1253", "cp866")  # fmt: skip


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text, and how its bytes were read.

    Attributes
    ----------
    text : str
    encoding : str
        Python's name of it.
    is_sure : bool
        False: it was guessed by which letters make words.
    n_replaced : int
        Bytes that are no letters in that encoding, each shown as U+FFFD.
    """

    text: str
    encoding: str
    is_sure: bool
    n_replaced: int = 0


def decode_text(content: bytes, *, declared: str | None = None) -> DecodedText:
    """Which letters do these bytes stand for?

    Parameters
    ----------
    content : bytes
    declared : str, optional
        What the file or its envelope says of itself (a mail header, a META element). It is believed only where the
        bytes are no UTF-8 and fit it.

    Returns
    -------
    DecodedText

    Notes
    -----
    *Assumes:* a byte order mark says the encoding; UTF-8 is never valid by chance in a text of some length.
    *Not for:* binary files.

    Examples
    --------
    >>> decode_text("Шахед-136 сбит".encode("utf-8")).encoding
    'utf-8'
    >>> decode_text("Герань".encode("koi8-r"), declared="koi8-r").text
    'Герань'
    """
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            text = content.decode(encoding, errors="replace")
            return DecodedText(text, encoding, is_sure=True, n_replaced=text.count("\N{REPLACEMENT CHARACTER}"))
    try:
        return DecodedText(content.decode("utf-8"), "utf-8", is_sure=True)
    except UnicodeDecodeError:
        pass
    if declared is not None:
        try:
            return DecodedText(content.decode(declared), codecs.lookup(declared).name, is_sure=True)
        except (LookupError, UnicodeDecodeError):
            pass  # a wrong declaration is common; the bytes decide
    encoding = _guess(content[:_SAMPLE])
    text = content.decode(encoding, errors="replace")
    return DecodedText(text, encoding, is_sure=False, n_replaced=text.count("\N{REPLACEMENT CHARACTER}"))


def _guess(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    if sample.count(0) * 4 > len(sample):
        # Every second byte of Latin text in UTF-16 is zero.
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    matches = list(from_bytes(sample, cp_isolation=list(_LIKELY)))
    if not matches:
        matches = list(from_bytes(sample))
    if not matches:
        return "cp1252"
    best = min(matches, key=lambda m: (round(m.chaos, 2), -round(m.coherence, 2), _rank(m.encoding)))
    return str(best.encoding)


def _rank(encoding: str) -> int:
    return _LIKELY.index(encoding) if encoding in _LIKELY else len(_LIKELY)
