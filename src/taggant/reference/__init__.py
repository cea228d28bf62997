"""What is known beforehand, as data with sources: kinds, variants and features of items; makers, part families and the
ways makers write a date; the high-priority list, countries, scales of words, publishers of lists.

Each file names the page every statement rests on, and says whether it is documented, secondary or inferred.
Loaders refuse what they do not understand. `digest` is part of the key of every step that reads the reference.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path

from taggant.reference.chpl_files import CHPL_TIERS, ChplCode, chpl_tier, load_chpl
from taggant.reference.citation import STATUSES, Citation
from taggant.reference.country_files import Country, country_name, load_countries
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
from taggant.reference.feature_files import Feature, StatedLikelihood, load_features
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
from taggant.reference.part_family_files import PartFamily, family_of, load_part_families
from taggant.reference.publisher_files import ListPublisher, load_list_publishers
from taggant.reference.red_flag_files import RedFlag, load_red_flags
from taggant.reference.scale_files import Level, Scale, load_scales
from taggant.reference.variant_files import TypicalLevel, Variant, load_variants

__all__ = [
    "BEARINGS",
    "CALENDARS",
    "CHPL_TIERS",
    "FIRST_CANDIDATE",
    "MARK_KINDS",
    "SPECIFICITIES",
    "STATUSES",
    "ChplCode",
    "Citation",
    "CounterExample",
    "Country",
    "DateCodeRule",
    "ExpectedMark",
    "Feature",
    "Kind",
    "Level",
    "ListPublisher",
    "Maker",
    "Module",
    "PartFamily",
    "Photograph",
    "ProducerFeature",
    "RedFlag",
    "RuleExample",
    "Scale",
    "StatedLikelihood",
    "TypicalLevel",
    "Variant",
    "chpl_tier",
    "country_name",
    "digest",
    "family_of",
    "find_maker",
    "fold_name",
    "load_chpl",
    "load_countries",
    "load_date_code_rules",
    "load_features",
    "load_kinds",
    "load_list_publishers",
    "load_makers",
    "load_part_families",
    "load_red_flags",
    "load_scales",
    "load_variants",
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
