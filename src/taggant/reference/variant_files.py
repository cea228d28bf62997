"""Variants of an item: who builds which version, and what pages say is typical of it.

A new variant is a file of `variants/`, no code. What is typical is not a likelihood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from taggant.reference.citation import STATUSES, Citation, citations
from taggant.reference.entries import Entry, files_in, folder_of, toml_entry
from taggant.reference.feature_files import load_features
from taggant.reference.kind_files import load_kinds

_FOLDER = "variants"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypicalLevel:
    """One level of a feature that a page reports of a variant, how far that is carried, and the page."""

    module: str
    feature: str
    level: str
    status: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One version of a kind of item, as one producer builds it.

    Attributes
    ----------
    id, title, kind, meaning : str
        Our short name; as printed; a kind of `kinds/`; what belongs to it and what does not.
    designations : tuple of str
        Names it goes by in sources; several variants may share one.
    producer, producer_country : str or None
        Who builds it, as a page says; None: no page at hand names it.
    typical : tuple of TypicalLevel
        What pages report of it.
    note : str or None
        What weakens the entry.
    sources : tuple of Citation
        The pages it rests on, at least one.
    """

    id: str
    title: str
    kind: str
    meaning: str
    designations: tuple[str, ...]
    producer: str | None
    producer_country: str | None
    typical: tuple[TypicalLevel, ...]
    note: str | None
    sources: tuple[Citation, ...]


def load_variants(*, folder: Path | None = None) -> tuple[Variant, ...]:
    """Which variants are known, and what is said to be typical of each?

    Parameters
    ----------
    folder : Path, optional
        A folder with `variants/*.toml`, `features.csv` and `kinds/`; the packaged one when left out.

    Returns
    -------
    tuple of Variant
        By file name. The packaged variants are read once.

    Raises
    ------
    InputError
        A file cannot be read, a key is missing or unknown, a kind, feature or level is not known, a feature stands
        twice with one level, or no page is named.

    Notes
    -----
    Assumes: a variant stands in the file of its name. Not for: hybrids; airframe, electronics and engine are judged
    each for itself.

    Examples
    --------
    >>> next(v.producer_country for v in load_variants() if v.id == "shahed-136-iran")
    'IR'
    """
    return _packaged() if folder is None else _read(folder)


@cache
def _packaged() -> tuple[Variant, ...]:
    return _read(None)


def _read(folder: Path | None) -> tuple[Variant, ...]:
    levels = {(f.module, f.feature): f.levels for f in load_features(folder=folder)}
    modules = {k.id: {m.id for m in k.modules} for k in load_kinds(folder=folder)}
    variants = []
    for file in files_in(folder_of(folder), _FOLDER, ".toml"):
        entry = toml_entry(file)
        variant = _variant(entry, levels, modules)
        if file.name != f"{variant.id}.toml":
            raise entry.refuse(f"the id is {variant.id!r}", f"Rename the file to {variant.id}.toml, or correct the id")
        variants.append(variant)
    return tuple(variants)


def _variant(entry: Entry, levels: dict[tuple[str, str], tuple[str, ...]], modules: dict[str, set[str]]) -> Variant:
    variant_id = entry.text("id")
    if not _ID.fullmatch(variant_id):
        raise entry.refuse(f"id {variant_id!r}", "Use small letters, digits and single hyphens")
    kind = entry.one_of("kind", sorted(modules))
    country = entry.maybe_text("producer_country")
    if country is not None and not re.fullmatch("[A-Z]{2}", country):
        raise entry.refuse(f"producer_country {country!r}", "Write two capital letters, or leave it out")
    typical = tuple(_typical(e, levels, modules[kind]) for e in entry.entries("typical"))
    named = [(t.module, t.feature, t.level) for t in typical]
    if len(set(named)) != len(named):
        raise entry.refuse("one level stands twice in [[typical]]", "Keep one")
    variant = Variant(
        id=variant_id,
        title=entry.text("title"),
        kind=kind,
        meaning=entry.text("meaning"),
        designations=entry.texts("designations"),
        producer=entry.maybe_text("producer"),
        producer_country=country,
        typical=typical,
        note=entry.maybe_text("note"),
        sources=citations(entry, "source"),
    )
    entry.done()
    return variant


def _typical(entry: Entry, levels: dict[tuple[str, str], tuple[str, ...]], modules: set[str]) -> TypicalLevel:
    module, feature = entry.one_of("module", sorted(modules)), entry.text("feature")
    if (module, feature) not in levels:
        raise entry.refuse(f"{module} has no feature {feature!r}", "Add it to features.csv, or correct the name")
    typical = TypicalLevel(
        module=module,
        feature=feature,
        level=entry.one_of("level", levels[module, feature]),
        status=entry.one_of("status", STATUSES),
        url=entry.url("url"),
    )
    entry.done()
    return typical
