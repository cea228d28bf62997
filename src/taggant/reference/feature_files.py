"""Features that items are described by: one row a feature of a module, with the block it depends on.

Invariant: a likelihood stands here only when a page states it; an empty cell means that none does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from taggant.reference.citation import STATUSES
from taggant.reference.entries import Entry, csv_entries, files_in, folder_of
from taggant.reference.kind_files import BEARINGS, load_kinds

_FILE = "features.csv"
_COLUMNS = (
    "module",
    "feature",
    "block",
    "levels",
    "tells_apart",
    "bearing",
    "likelihoods",
    "meaning",
    "source_url",
    "retrieved",
    "status",
    "note",
)
_NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_LIKELIHOOD = re.compile(r"(?P<level>[^@=]+)@(?P<variant>[^@=]+)=(?P<value>[0-9.]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedLikelihood:
    """How often a page says a level is found on a variant (0 to 1), as it prints the number."""

    level: str
    variant: str
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One thing to look at on one module, and the values it can take.

    Attributes
    ----------
    module, feature : str
        Where and what; together the key, as typed in observations.csv.
    block : str
        Features of one block depend on each other and may not be counted as separate evidence.
    levels : tuple of str
        The values told apart; the last is `other`.
    tells_apart : tuple of str
        Variants it is said to tell apart, or said not to; empty: a capability.
    bearing : str
        `strong`, `medium`, `weak` or `not diagnostic`, in the words of the source or its reader.
    likelihoods : tuple of StatedLikelihood
        Empty unless a page states them.
    meaning, source_url, retrieved, status : str
        In letters; the page, when and how it was read; `documented`, `secondary` or `inferred`.
    note : str or None
        Other pages, and what weakens the row.
    """

    module: str
    feature: str
    block: str
    levels: tuple[str, ...]
    tells_apart: tuple[str, ...]
    bearing: str
    likelihoods: tuple[StatedLikelihood, ...]
    meaning: str
    source_url: str
    retrieved: str
    status: str
    note: str | None

    @property
    def is_diagnostic(self) -> bool:
        """Whether anybody says that it tells variants apart."""
        return self.bearing != "not diagnostic"


def load_features(*, folder: Path | None = None) -> tuple[Feature, ...]:
    """Which features of which modules are known, and which depend on each other?

    Parameters
    ----------
    folder : Path, optional
        A folder with `features.csv`, `kinds/` and `variants/`; the packaged one when left out.

    Returns
    -------
    tuple of Feature
        In the order of the file. The packaged list is read once.

    Raises
    ------
    InputError
        A column is missing or unknown, a module, variant or word is not known, the levels do not end in `other`, a
        likelihood lies outside 0 to 1, a row has no page, or a feature of a module stands twice.

    Notes
    -----
    Assumes: blocks are judged by hand, from how the things are built. Not for: how strongly a level speaks; that is
    learnt from cases, or stated here with its page.

    Examples
    --------
    >>> next(f.bearing for f in load_features() if f.feature == "control_dsp")
    'not diagnostic'
    """
    return _packaged() if folder is None else _read(folder)


@cache
def _packaged() -> tuple[Feature, ...]:
    return _read(None)


def _read(folder: Path | None) -> tuple[Feature, ...]:
    place = folder_of(folder)
    modules = {m.id for kind in load_kinds(folder=folder) for m in kind.modules}
    variants = {f.name.removesuffix(".toml") for f in files_in(place, "variants", ".toml")}
    found: dict[tuple[str, str], Feature] = {}
    for entry in csv_entries(place / _FILE, _COLUMNS):
        feature = _feature(entry, modules, variants)
        key = (feature.module, feature.feature)
        if key in found:
            raise entry.refuse(f"{feature.feature} of {feature.module} stands twice", "Keep one row")
        found[key] = feature
    return tuple(found.values())


def _feature(entry: Entry, modules: set[str], variants: set[str]) -> Feature:
    name, block = entry.text("feature"), entry.text("block")
    entry.named(name)
    for word in (name, block):
        if not _NAME.fullmatch(word):
            raise entry.refuse(f"{word!r} is no name", "Use small letters, digits and single underscores")
    levels, tells_apart = entry.listed("levels"), entry.listed("tells_apart")
    if len(levels) < 2 or levels[-1] != "other":
        raise entry.refuse(f"the levels are {'; '.join(levels) or 'none'}", "Name at least one level, and end in other")
    for variant in tells_apart:
        if variant not in variants:
            raise entry.refuse(f"no variant has the id {variant!r}", "Add its file to variants/, or correct the id")
    return Feature(
        module=entry.one_of("module", sorted(modules)),
        feature=name,
        block=block,
        levels=levels,
        tells_apart=tells_apart,
        bearing=entry.one_of("bearing", BEARINGS),
        likelihoods=tuple(_likelihood(entry, text, levels, variants) for text in entry.listed("likelihoods")),
        meaning=entry.text("meaning"),
        source_url=entry.url("source_url"),
        retrieved=entry.text("retrieved"),
        status=entry.one_of("status", STATUSES),
        note=entry.maybe_text("note"),
    )


def _likelihood(entry: Entry, text: str, levels: tuple[str, ...], variants: set[str]) -> StatedLikelihood:
    match = _LIKELIHOOD.fullmatch(text)
    try:
        value = Decimal(match["value"]) if match else Decimal(-1)
    except InvalidOperation:
        value = Decimal(-1)
    if match is None or not 0 <= value <= 1 or match["level"] not in levels or match["variant"] not in variants:
        raise entry.refuse(
            f"likelihoods: {text!r} is not read", "Write LEVEL@VARIANT=0.9, with a level and a variant that exist"
        )
    return StatedLikelihood(level=match["level"], variant=match["variant"], value=value)
