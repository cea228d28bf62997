"""Kinds of item: what each is made of, which marks to look for, what to photograph.

A new kind is a file of `kinds/`, no code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from taggant.reference.citation import Citation, citations
from taggant.reference.entries import Entry, files_in, folder_of, toml_entry

_FOLDER = "kinds"
_ID = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
MARK_KINDS = ("serial", "part", "date", "lot", "logo", "stencil", "label", "barcode", "import")
"""The kinds of marking a person may type (markings.csv)."""
BEARINGS = ("strong", "medium", "weak", "not diagnostic")
"""How much a feature has been found to tell about the producer, in the words of the source or its reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A part of the architecture of a kind: what components and observations may be filed under."""

    id: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedMark:
    """A mark worth looking for: its kind, module and place, and one that was really seen, with its page."""

    kind: str
    module: str
    where: str
    example: str | None
    example_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Photograph:
    """One picture to take, and what it is good for."""

    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProducerFeature:
    """A feature of a module said to tell producers apart, how much (`BEARINGS`), and the page that says so."""

    module: str
    feature: str
    meaning: str
    bearing: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of item a case may hold.

    Attributes
    ----------
    id, title, meaning : str
        As typed in items.csv; as printed; what belongs to it and what does not.
    modules : tuple of Module
        Its parts, at least one.
    marks : tuple of ExpectedMark
        Marks to look for.
    photographs : tuple of Photograph
        The checklist, in the order of work.
    producer_features : tuple of ProducerFeature
        What tells producers apart; empty when no source was found.
    producer_features_note : str or None
        How far the list is carried; says why when it is empty.
    sources : tuple of Citation
        The pages the kind rests on.
    """

    id: str
    title: str
    meaning: str
    modules: tuple[Module, ...]
    marks: tuple[ExpectedMark, ...]
    photographs: tuple[Photograph, ...]
    producer_features: tuple[ProducerFeature, ...]
    producer_features_note: str | None
    sources: tuple[Citation, ...]


def load_kinds(*, folder: Path | None = None) -> tuple[Kind, ...]:
    """Which kinds of item are known, and what is looked for on each?

    Parameters
    ----------
    folder : Path, optional
        A folder with `kinds/*.toml`; the packaged one when left out.

    Returns
    -------
    tuple of Kind
        By file name. The packaged kinds are read once.

    Raises
    ------
    InputError
        A file cannot be read, a key is missing or unknown, or a mark or feature names a module the kind does not have.

    Notes
    -----
    Assumes: a kind stands in the file of its name. Not for: variants of one item.

    Examples
    --------
    >>> [k.id for k in load_kinds()]
    ['cartridge_lot', 'electronic_unit', 'engine', 'launcher', 'uav']
    """
    return _packaged() if folder is None else _read(folder)


@cache
def _packaged() -> tuple[Kind, ...]:
    return _read(None)


def _read(folder: Path | None) -> tuple[Kind, ...]:
    kinds = []
    for file in files_in(folder_of(folder), _FOLDER, ".toml"):
        entry = toml_entry(file)
        kind = _kind(entry)
        if file.name != f"{kind.id}.toml":  # one file a kind: so no id can stand twice either
            raise entry.refuse(f"the id is {kind.id!r}", f"Rename the file to {kind.id}.toml, or correct the id")
        kinds.append(kind)
    return tuple(kinds)


def _kind(entry: Entry) -> Kind:
    kind_id = entry.text("id")
    if not _ID.fullmatch(kind_id):
        raise entry.refuse(f"id {kind_id!r}", "Use small letters, digits and single underscores")
    modules = tuple(_module(e) for e in entry.entries("module"))
    ids = [m.id for m in modules]
    if not ids or len(set(ids)) != len(ids):
        raise entry.refuse(f"its modules are {', '.join(ids) or 'none'}", "Give at least one module, none twice")
    kind = Kind(
        id=kind_id,
        title=entry.text("title"),
        meaning=entry.text("meaning"),
        modules=modules,
        marks=tuple(_mark(e, ids) for e in entry.entries("mark")),
        photographs=tuple(_photograph(e) for e in entry.entries("photograph")),
        producer_features=tuple(_feature(e, ids) for e in entry.entries("producer_feature")),
        producer_features_note=entry.maybe_text("producer_features_note"),
        sources=citations(entry, "source"),
    )
    if not kind.marks or not kind.photographs:
        raise entry.refuse("it has no marks or no photographs", "Write at least one [[mark]] and one [[photograph]]")
    if not kind.producer_features and kind.producer_features_note is None:
        raise entry.refuse("it says nothing of producers", "Say in producer_features_note why the list is empty")
    entry.done()
    return kind


def _module(entry: Entry) -> Module:
    module = Module(id=entry.text("id"), meaning=entry.text("meaning"))
    entry.done()
    return module


def _mark(entry: Entry, modules: list[str]) -> ExpectedMark:
    mark = ExpectedMark(
        kind=entry.one_of("kind", MARK_KINDS),
        module=entry.one_of("module", modules),
        where=entry.text("where"),
        example=entry.maybe_text("example"),
        example_url=entry.maybe_url("example_url"),
    )
    if (mark.example is None) != (mark.example_url is None):
        raise entry.refuse("an example and its page go together", "Write both, or neither")
    entry.done()
    return mark


def _photograph(entry: Entry) -> Photograph:
    photograph = Photograph(what=entry.text("what"), why=entry.text("why"))
    entry.done()
    return photograph


def _feature(entry: Entry, modules: list[str]) -> ProducerFeature:
    feature = ProducerFeature(
        module=entry.one_of("module", modules),
        feature=entry.text("feature"),
        meaning=entry.text("meaning"),
        bearing=entry.one_of("bearing", BEARINGS),
        url=entry.url("url"),
    )
    entry.done()
    return feature
