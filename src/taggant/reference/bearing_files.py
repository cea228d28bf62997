"""How words of bearing are read as weights: a stated choice, never a measurement.

Invariant: every word of `BEARINGS` has a range, and the file says whose choice it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from taggant.reference.citation import Citation, citations
from taggant.reference.entries import Entry, folder_of, toml_entry
from taggant.reference.kind_files import BEARINGS

_FILE = "bearing_weights.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class BearingWeight:
    """The range of log10 likelihood ratios one word stands for, and whose choice that is."""

    word: str
    low: Decimal
    high: Decimal
    basis: str
    sources: tuple[Citation, ...]


def load_bearing_weights(*, folder: Path | None = None) -> tuple[BearingWeight, ...]:
    """How are strong, medium and weak read as weights?

    Parameters
    ----------
    folder : Path, optional
        A folder with `bearing_weights.toml`; the packaged one when left out.

    Returns
    -------
    tuple of BearingWeight
        One a word.

    Raises
    ------
    InputError
        A word is missing, unknown or stands twice, or a range is no range.

    Notes
    -----
    Assumes: words of different pages mean about the same. Not for: validated weights.

    Examples
    --------
    >>> {b.word: (float(b.low), float(b.high)) for b in load_bearing_weights()}["strong"]
    (1.0, 2.0)
    """
    return _packaged() if folder is None else _read(folder)


@cache
def _packaged() -> tuple[BearingWeight, ...]:
    return _read(None)


def _read(folder: Path | None) -> tuple[BearingWeight, ...]:
    entry = toml_entry(folder_of(folder) / _FILE)
    basis, sources = entry.text("basis"), citations(entry, "source")
    found = {}
    for row in entry.entries("bearing"):
        word = row.one_of("word", BEARINGS)
        low, high = _number(row, "low"), _number(row, "high")
        if word in found or not 0 <= low <= high:
            raise row.refuse(f"{word!r} from {low} to {high}", "Give each word once, with low not above high")
        found[word] = BearingWeight(word=word, low=low, high=high, basis=basis, sources=sources)
        row.done()
    entry.done()
    if missing := [word for word in BEARINGS if word not in found]:
        raise entry.refuse(f"no range for {', '.join(missing)}", "Add a [[bearing]] for it")
    return tuple(found[word] for word in BEARINGS)


def _number(row: Entry, key: str) -> Decimal:
    text = row.text(key)
    try:
        return Decimal(text)
    except InvalidOperation as err:
        raise row.refuse(f"{key} {text!r}", "Write a number in quotes") from err
