"""One way to list, look up and search everything the reference holds, whatever file it stands in.

Invariant: what is shown of an entry is what its loader read, field by field; nothing is worded a second time here.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from taggant.errors import InputError, UnknownName
from taggant.model.dates import DateRange
from taggant.model.result import Json
from taggant.reference.bearing_files import load_bearing_weights
from taggant.reference.build_plan_files import load_build_plans
from taggant.reference.capability_files import load_capabilities
from taggant.reference.chpl_files import load_chpl
from taggant.reference.citation import Citation
from taggant.reference.country_files import Country, country_name, load_countries
from taggant.reference.date_code_files import load_date_code_rules
from taggant.reference.feature_files import load_features
from taggant.reference.kind_files import load_kinds
from taggant.reference.maker_files import find_maker, load_makers
from taggant.reference.part_family_files import load_part_families
from taggant.reference.publisher_files import load_list_publishers
from taggant.reference.red_flag_files import load_red_flags
from taggant.reference.scale_files import load_scales
from taggant.reference.variant_files import load_variants

_PAGES = ("sources", "source", "source_url", "other_url", "retrieved", "url")
"""Fields that are shown as sources, not among the facts; `url` only where nothing else names the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the reference, ready to be shown.

    Attributes
    ----------
    shelf, id, title : str
        Where it stands, its name there, and what it is in words.
    facts : mapping of str to Json
        Every field its file gives, but for the pages; what is not known is left out.
    sources : tuple of Citation
        The pages it rests on, at least one.
    """

    shelf: str
    id: str
    title: str
    facts: Mapping[str, Json]
    sources: tuple[Citation, ...]

    def as_json(self) -> dict[str, Json]:
        """Give the entry as plain values."""
        return {
            "shelf": self.shelf,
            "id": self.id,
            "title": self.title,
            "facts": dict(self.facts),
            "sources": [{"url": s.url, "retrieved": s.retrieved, "note": s.note} for s in self.sources],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One kind of entry: its name, what stands on it in words, and how its entries are read and named."""

    name: str
    words: str
    load: Callable[[], Iterable[Any]]
    id_of: Callable[[Any], str]
    title_of: Callable[[Any], str]


def _maker_name(maker_id: str | None) -> str:
    return next((m.name for m in load_makers() if m.maker_id == maker_id), "made by several houses")


SHELVES: Mapping[str, Shelf] = MappingProxyType(
    {
        s.name: s
        for s in (
            Shelf(
                name="kinds",
                words="kinds of item: modules, marks to look for, photographs to take",
                load=load_kinds,
                id_of=lambda k: k.id,
                title_of=lambda k: k.title,
            ),
            Shelf(
                name="variants",
                words="variants of an item, who builds them, what is said to be typical",
                load=load_variants,
                id_of=lambda v: v.id,
                title_of=lambda v: v.title,
            ),
            Shelf(
                name="features",
                words="features of modules, which depend on each other, what they tell apart",
                load=load_features,
                id_of=lambda f: f"{f.module}.{f.feature}",
                title_of=lambda f: f.meaning,
            ),
            Shelf(
                name="makers",
                words="makers of components, other names, lines they own",
                load=load_makers,
                id_of=lambda m: m.maker_id,
                title_of=lambda m: m.name,
            ),
            Shelf(
                name="part-families",
                words="beginnings of part numbers: maker, function, HS code, tier",
                load=load_part_families,
                id_of=lambda f: f.pattern.pattern,
                title_of=lambda f: f"{f.function}, {_maker_name(f.maker_id)}",
            ),
            Shelf(
                name="date-codes",
                words="how makers write a date",
                load=load_date_code_rules,
                id_of=lambda r: r.id,
                title_of=lambda r: f"{r.standard or _maker_name(r.maker)}: {r.title}",
            ),
            Shelf(
                name="chpl",
                words="Common High Priority List: HS 2022 codes and tiers",
                load=load_chpl,
                id_of=lambda c: c.hs_code,
                title_of=lambda c: f"tier {c.tier}: {c.description}",
            ),
            Shelf(
                name="countries",
                words="country codes",
                load=load_countries,
                id_of=lambda c: c.code,
                title_of=lambda c: c.name,
            ),
            Shelf(
                name="scales",
                words="scales of words and who may read what",
                load=load_scales,
                id_of=lambda s: s.id,
                title_of=lambda s: s.title,
            ),
            Shelf(
                name="list-publishers",
                words="who publishes sanction and control lists",
                load=load_list_publishers,
                id_of=lambda p: p.id,
                title_of=lambda p: p.name,
            ),
            Shelf(
                name="capabilities",
                words="what can be fitted, and which part shows it",
                load=load_capabilities,
                id_of=lambda c: c.id,
                title_of=lambda c: c.title,
            ),
            Shelf(
                name="build-plans",
                words="plans of taking over production, stage by stage",
                load=load_build_plans,
                id_of=lambda p: p.id,
                title_of=lambda p: p.title,
            ),
            Shelf(
                name="bearing-weights",
                words="how experts' words are read as weights, and whose choice that is",
                load=load_bearing_weights,
                id_of=lambda b: b.word.replace(" ", "-"),
                title_of=lambda b: f"{b.word}: {10**b.low:.3g} to {10**b.high:.3g} times",
            ),
            Shelf(
                name="red-flags",
                words="published signs of possible diversion, with innocent readings",
                load=load_red_flags,
                id_of=lambda f: f.id,
                title_of=lambda f: f.name,
            ),
        )
    }
)
"""Everything the reference holds, in the order it is listed."""


def entries_of(shelf: str) -> tuple[Entry, ...]:
    """What stands on this shelf of the reference?

    Parameters
    ----------
    shelf : str
        A name of `SHELVES`.

    Returns
    -------
    tuple of Entry
        In the order its loader gives them.

    Raises
    ------
    UnknownName
        There is no such shelf.

    Notes
    -----
    Assumes: the packaged files. Not for: files of one's own; give their folder to the loader.

    Examples
    --------
    >>> [e.id for e in entries_of("scales")][-1]
    'tlp-2'
    """
    if shelf not in SHELVES:
        raise UnknownName("reference table", shelf, SHELVES)
    return _entries(shelf)


def look_up(shelf: str, name: str) -> tuple[Entry, ...]:
    """Which entry does this name mean?

    Parameters
    ----------
    shelf : str
        A name of `SHELVES`.
    name : str
        The entry's id. For makers any of their names will do, for features the name without its module, for part
        families a part number, for countries also the codes XA to XZ.

    Returns
    -------
    tuple of Entry
        Mostly one; for a part number every family it fits, the most exact first; for a feature one a module.

    Raises
    ------
    UnknownName
        There is no such shelf.
    InputError
        No entry has that name; close ones are in the message.

    Notes
    -----
    Assumes: names as printed. Not for: searching within texts; see `find_entries`.

    Examples
    --------
    >>> look_up("makers", "National Semiconductor (Texas Instruments)")[0].id
    'national-semiconductor'
    >>> look_up("part-families", "TMS320F28335PGFA")[0].facts["maker_id"]
    'texas-instruments'
    """
    entries = entries_of(shelf)
    exact = tuple(e for e in entries if e.id == name)
    found = exact or tuple(_meant(shelf, name, entries))
    if found:
        return found
    words = {word: None for e in entries for word in (e.id, e.title)}
    close = difflib.get_close_matches(name, list(words), n=3, cutoff=0.6)
    raise InputError(
        f"nothing under {shelf} is named {name!r}",
        so_what=f"Did you mean {' or '.join(close)}?" if close else None,
        next=f"Search with: taggant reference {shelf} --find TEXT",
    )


def find_entries(text: str, *, shelf: str | None = None) -> tuple[Entry, ...]:
    """Where does the reference speak of this?

    Parameters
    ----------
    text : str
        Words; all of them must stand somewhere in an entry, in any case.
    shelf : str, optional
        Only there; everywhere when left out.

    Returns
    -------
    tuple of Entry
        Those whose id or title has the words come first.

    Raises
    ------
    UnknownName
        There is no such shelf.
    InputError
        The text is empty.

    Notes
    -----
    Assumes: words are parted by blanks. Not for: other scripts or spellings than the files have.

    Examples
    --------
    >>> [e.id for e in find_entries("mesh modem", shelf="features")]
    ['communication.mesh_modem']
    """
    words = text.casefold().split()
    if not words:
        raise InputError("there is nothing to search for", next="Give at least one word: --find TEXT")
    named, mentioned = [], []
    for name in SHELVES if shelf is None else (shelf,):
        for entry in entries_of(name):
            short = f"{entry.id} {entry.title}".casefold()
            if all(w in short or w in short.replace("_", " ") for w in words):
                named.append(entry)
            elif all(w in _whole_text(entry) for w in words):
                mentioned.append(entry)
    return (*named, *mentioned)


def _meant(shelf: str, name: str, entries: Iterable[Entry]) -> Iterator[Entry]:
    if shelf == "makers":
        maker = find_maker(name)
        yield from (e for e in entries if maker is not None and e.id == maker.maker_id)
    elif shelf == "features":
        yield from (e for e in entries if e.facts["feature"] == name)
    elif shelf == "part-families":
        yield from (e for e in entries if re.match(e.id, name, re.ASCII))
    elif shelf == "countries":
        words = country_name(name)
        if words is not None:  # a listed code was found before: this is one of XA to XZ
            iso = load_countries()[0]
            yield _entry(
                SHELVES[shelf],
                Country(
                    code=name,
                    name=words,
                    source_url=iso.source_url,
                    retrieved=iso.retrieved,
                    status=iso.status,
                    note="the standard never assigns it; cases use it for places that are invented or not recognised",
                ),
            )


@cache
def _entries(shelf: str) -> tuple[Entry, ...]:
    return tuple(_entry(SHELVES[shelf], thing) for thing in SHELVES[shelf].load())


@cache
def _whole_text_of(shelf: str) -> Mapping[str, str]:
    return {e.id: "\n".join(_strings(e.as_json())).casefold() for e in _entries(shelf)}


def _whole_text(entry: Entry) -> str:
    return _whole_text_of(entry.shelf)[entry.id]


def _strings(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    elif value is not None:
        yield str(value)


def _entry(shelf: Shelf, thing: Any) -> Entry:
    sources = _sources(thing)
    facts = {f.name: _plain(getattr(thing, f.name)) for f in fields(thing) if f.name not in _PAGES}
    if shelf.name == "part-families":  # derived, and worth showing
        facts |= {"is_generic": thing.is_generic, "chpl_tier": thing.chpl_tier}
    known = {name: value for name, value in facts.items() if value is not None and value != [] and value != {}}
    if hasattr(thing, "url") and hasattr(thing, "sources"):
        known["url"] = thing.url
    return Entry(
        shelf=shelf.name,
        id=shelf.id_of(thing),
        title=shelf.title_of(thing),
        facts=MappingProxyType(known),
        sources=sources,
    )


def _sources(thing: Any) -> tuple[Citation, ...]:
    if hasattr(thing, "sources"):
        return tuple(thing.sources)
    if isinstance(getattr(thing, "source", None), Citation):
        return (thing.source,)
    urls = [thing.source_url, *([thing.other_url] if getattr(thing, "other_url", None) else [])]
    return tuple(Citation(url=url, retrieved=thing.retrieved, note=None) for url in urls)


def _plain(value: Any) -> Json:
    """Give a field as JSON has it: patterns as text, days as ISO, exact numbers as the text that was typed."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, re.Pattern):
        return str(value.pattern)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, DateRange):
        return list(value.iso())
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if is_dataclass(value):
        plain = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        return {name: inner for name, inner in plain.items() if inner is not None and inner != []}
    if isinstance(value, Iterable):
        return [_plain(v) for v in value]
    raise TypeError(f"a field of type {type(value).__name__} has no plain form")
