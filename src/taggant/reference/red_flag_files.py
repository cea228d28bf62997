"""Signs of possible diversion as published, each with its source and its innocent readings.

Invariant: a sign without a source or without an innocent reading is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from taggant.reference.citation import Citation, citations
from taggant.reference.entries import folder_of, toml_entry

_FILE = "red_flags.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class RedFlag:
    """One sign: its short name, what it says, innocent readings, who publishes it."""

    id: str
    name: str
    benign: str
    source: Citation


def load_red_flags(*, folder: Path | None = None) -> tuple[RedFlag, ...]:
    """Which signs of possible diversion are published, by whom, and how else may each be read?

    Parameters
    ----------
    folder : Path, optional
        A folder with `red_flags.toml`; the packaged one when left out.

    Returns
    -------
    tuple of RedFlag

    Raises
    ------
    InputError
        A key is missing or unknown.

    Notes
    -----
    Assumes: a sign is met far more often by honest trade. Not for: accusing.

    Examples
    --------
    >>> [f.id for f in load_red_flags()][:3]
    ['to-order', 'routed-through', 'renamed-goods']
    """
    return _packaged() if folder is None else _read(folder)


@cache
def _packaged() -> tuple[RedFlag, ...]:
    return _read(None)


def _read(folder: Path | None) -> tuple[RedFlag, ...]:
    top = toml_entry(folder_of(folder) / _FILE)
    found = []
    for entry in top.entries("flag"):
        flag = RedFlag(
            id=entry.text("id"),
            name=entry.text("name"),
            benign=entry.text("benign"),
            source=citations(entry, "source")[0],
        )
        entry.done()
        found.append(flag)
    top.done()
    return tuple(found)
