"""What is known beforehand, as data with sources: kinds of item, makers, the ways makers write a date.

Each file names the page every statement rests on, and says whether it is documented, secondary or inferred.
Loaders refuse what they do not understand. `digest` is part of the key of every step that reads the reference.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path

from taggant.reference.citation import STATUSES, Citation
from taggant.reference.date_code_files import load_date_code_rules, rules_for
from taggant.reference.date_code_rule import (
    CALENDARS,
    FIRST_CANDIDATE,
    SPECIFICITIES,
    CounterExample,
    DateCodeRule,
    RuleExample,
)
from taggant.reference.entries import folder_of
from taggant.reference.kind_files import (
    BEARINGS,
    MARK_KINDS,
    ExpectedMark,
    Kind,
    Module,
    Photograph,
    ProducerFeature,
    load_kinds,
)
from taggant.reference.maker_files import Maker, find_maker, fold_name, load_makers, maker_family

__all__ = [
    "BEARINGS",
    "CALENDARS",
    "FIRST_CANDIDATE",
    "MARK_KINDS",
    "SPECIFICITIES",
    "STATUSES",
    "Citation",
    "CounterExample",
    "DateCodeRule",
    "ExpectedMark",
    "Kind",
    "Maker",
    "Module",
    "Photograph",
    "ProducerFeature",
    "RuleExample",
    "digest",
    "find_maker",
    "fold_name",
    "load_date_code_rules",
    "load_kinds",
    "load_makers",
    "maker_family",
    "rules_for",
]


def digest(*, folder: Path | None = None) -> str:
    """Is the reference the same as when an answer was given?

    Parameters
    ----------
    folder : Path, optional
        A folder of the same form; the packaged one when left out.

    Returns
    -------
    str
        sha256 (64 hex digits) over names and bytes of all `.csv` and `.toml` files, by path.

    Notes
    -----
    Assumes: only these files are read by the loaders. Not for: the code that reads them (a step has its own version).

    Examples
    --------
    >>> len(digest())
    64
    """
    return _packaged_digest() if folder is None else _digest(folder)


@cache
def _packaged_digest() -> str:
    return _digest(None)


def _digest(folder: Path | None) -> str:
    whole = hashlib.sha256()
    for path, file in sorted(_data_files(folder_of(folder), ""), key=lambda pair: pair[0]):
        content = file.read_bytes()
        # Path and length go in, so that no byte can move from one file to the next unseen.
        whole.update(f"{path}\n{len(content)}\n".encode())
        whole.update(content)
    return whole.hexdigest()


def _data_files(folder: Traversable, under: str) -> Iterator[tuple[str, Traversable]]:
    for child in folder.iterdir():
        if child.is_dir():
            yield from _data_files(child, f"{under}{child.name}/")
        elif child.name.endswith((".csv", ".toml")):
            yield f"{under}{child.name}", child
