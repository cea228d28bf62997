"""Scales of words: grades of sources, likelihood, weight of evidence, who may read what.

Invariant: a level says whether its page was read; bands are half-open, [low, high), and do not overlap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import pairwise
from pathlib import Path

from taggant.reference.citation import Citation, citations
from taggant.reference.entries import Entry, files_in, folder_of, toml_entry

_FOLDER = "scales"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
UNITS = ("probability", "likelihood ratio")
"""What the bands of a scale measure; a scale without bands has no unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of a scale.

    Attributes
    ----------
    code, words : str
        What is typed; what is printed.
    also : tuple of str
        Other words for the same level.
    meaning : str or None
        In our words; None: the words say it.
    low, high : Decimal or None
        From this value on, to before that one; None at an end: open, or the scale has no bands.
    is_verified : bool
        Whether a page at hand says so.
    """

    code: str
    words: str
    also: tuple[str, ...]
    meaning: str | None
    low: Decimal | None
    high: Decimal | None
    is_verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """One scale: its levels in order, what they measure, where it is used, and its pages.

    Attributes
    ----------
    id, title, meaning : str
        Our short name; as printed; what it grades, and where we use it.
    unit : str or None
        One of `UNITS`; None: it has no numbers.
    levels : tuple of Level
        In the order of the scale, at least two.
    unverified : str or None
        What was not verified, in words; None: everything was.
    sources : tuple of Citation
        The pages it rests on.
    """

    id: str
    title: str
    meaning: str
    unit: str | None
    levels: tuple[Level, ...]
    unverified: str | None
    sources: tuple[Citation, ...]


def load_scales(*, folder: Path | None = None) -> tuple[Scale, ...]:
    """Which scales of words are used, and what does each level mean?

    Parameters
    ----------
    folder : Path, optional
        A folder with `scales/*.toml`; the packaged one when left out.

    Returns
    -------
    tuple of Scale
        By file name. The packaged scales are read once.

    Raises
    ------
    InputError
        A file cannot be read, a key is missing or unknown, a code stands twice, a number is none, or bands overlap or
        are out of order, or a level is unverified and the scale does not say what was not verified.

    Notes
    -----
    Assumes: bands as the pages give them, read as half-open. Not for: multiplying grades, or mixing two scales.

    Examples
    --------
    >>> scale = next(s for s in load_scales() if s.id == "icd-203")
    >>> [(v.words, str(v.low), str(v.high)) for v in scale.levels][4]
    ('likely', '0.55', '0.80')
    """
    return _packaged() if folder is None else _read(folder)


@cache
def _packaged() -> tuple[Scale, ...]:
    return _read(None)


def _read(folder: Path | None) -> tuple[Scale, ...]:
    scales = []
    for file in files_in(folder_of(folder), _FOLDER, ".toml"):
        entry = toml_entry(file)
        scale = _scale(entry)
        if file.name != f"{scale.id}.toml":
            raise entry.refuse(f"the id is {scale.id!r}", f"Rename the file to {scale.id}.toml, or correct the id")
        scales.append(scale)
    return tuple(scales)


def _scale(entry: Entry) -> Scale:
    scale_id = entry.text("id")
    if not _ID.fullmatch(scale_id):
        raise entry.refuse(f"id {scale_id!r}", "Use small letters, digits and single hyphens")
    unit = entry.one_of("unit", UNITS) if entry.has("unit") else None
    levels = tuple(_level(e, unit) for e in entry.entries("level"))
    codes = [v.code for v in levels]
    if len(codes) < 2 or len(set(codes)) != len(codes):
        raise entry.refuse(f"its levels are {', '.join(codes) or 'none'}", "Give at least two, none twice")
    for before, behind in pairwise(levels) if unit else ():
        if before.high is None or behind.low is None or behind.low < before.high:
            raise entry.refuse(f"{behind.code} begins before {before.code} ends", "Write bands from low to high")
    unverified = entry.maybe_text("unverified")
    if unverified is None and not all(v.is_verified for v in levels):
        raise entry.refuse("a level is unverified and the scale does not say why", "Write unverified = …")
    scale = Scale(
        id=scale_id,
        title=entry.text("title"),
        meaning=entry.text("meaning"),
        unit=unit,
        levels=levels,
        unverified=unverified,
        sources=citations(entry, "source"),
    )
    entry.done()
    return scale


def _level(entry: Entry, unit: str | None) -> Level:
    code = entry.text("code")
    entry.named(code)
    level = Level(
        code=code,
        words=entry.text("words"),
        also=entry.texts("also"),
        meaning=entry.maybe_text("meaning"),
        low=_number(entry, "low"),
        high=_number(entry, "high"),
        is_verified=entry.flag("verified", otherwise=True),
    )
    if (unit is None) != (level.low is None and level.high is None):
        raise entry.refuse("numbers and unit go together", "Write low or high, and the unit of the scale; or neither")
    if level.low is not None and level.high is not None and level.low >= level.high:
        raise entry.refuse(f"the band ends at {level.high}, before it begins", "Write low below high")
    entry.done()
    return level


def _number(entry: Entry, key: str) -> Decimal | None:
    text = entry.maybe_text(key)
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation as err:
        raise entry.refuse(f"{key} = {text!r} is no number", 'Write digits in quotes: "0.55"') from err
