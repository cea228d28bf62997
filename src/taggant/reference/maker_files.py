"""Who makes components: one row a maker, its names, and the lines it took over."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from taggant.errors import UnknownName
from taggant.reference.citation import STATUSES
from taggant.reference.entries import Entry, csv_entries, folder_of, refusal

_FILE = "makers.csv"
_COLUMNS = (
    "maker_id",
    "name",
    "aliases",
    "brand_country",
    "successor_of",
    "brand_line_of",
    "source_url",
    "retrieved",
    "status",
    "note",
)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """A company that makes components, under the name we print.

    Attributes
    ----------
    maker_id : str
        Our short name, for tables and files.
    name : str
        The name printed.
    aliases : tuple of str
        Other spellings that mean the same maker.
    brand_country : str or None
        ISO 3166 alpha-2 of the headquarters, never of the place of manufacture; None: no source gives it.
    successor_of, brand_line_of : str or None
        The maker it continues; the maker that now owns the name.
    source_url, retrieved : str
        The page the row rests on, and when and how it was read.
    status : str
        `documented`, `secondary` or `inferred`: how far the row as a whole is carried.
    note : str or None
        What else the row rests on.
    """

    maker_id: str
    name: str
    aliases: tuple[str, ...]
    brand_country: str | None
    successor_of: str | None
    brand_line_of: str | None
    source_url: str
    retrieved: str
    status: str
    note: str | None


def load_makers(*, folder: Path | None = None) -> tuple[Maker, ...]:
    """Which makers are known, under which names?

    Parameters
    ----------
    folder : Path, optional
        A folder with `makers.csv`; the packaged one when left out.

    Returns
    -------
    tuple of Maker
        In the order of the file. The packaged list is read once.

    Raises
    ------
    InputError
        The file cannot be read, a column is missing or unknown, a row lacks a value, an id or a name stands twice, or a
        maker refers to one that is not in the list.

    Notes
    -----
    Assumes: one row a maker. Not for: distributors, or who built an item.

    Examples
    --------
    >>> next(m.name for m in load_makers() if m.maker_id == "mornsun")
    'MORNSUN'
    """
    return _packaged() if folder is None else _read(folder)


def find_maker(name: str) -> Maker | None:
    """Which maker does this name mean?

    Case, blanks and punctuation do not count; nothing is guessed beyond that.

    Parameters
    ----------
    name : str
        A name as a source prints it.

    Returns
    -------
    Maker or None
        None: the name is not known. It is not a judgement that there is no such maker.

    Notes
    -----
    Assumes: names are told apart by their letters and digits. Not for: misspellings, other scripts.

    Examples
    --------
    >>> find_maker("ON Semiconductor (ONSEMI)").maker_id
    'onsemi'
    >>> find_maker("Texas Instrument") is None
    True
    """
    return _by_folded_name().get(fold_name(name))


def fold_name(name: str) -> str:
    """What is left of a name when case, blanks and punctuation do not count?

    Parameters
    ----------
    name : str
        Any name.

    Returns
    -------
    str
        Its letters and digits, case folded; empty when it has none.

    Notes
    -----
    Assumes: Unicode text (NFKC). Not for: matching across scripts.

    Examples
    --------
    >>> fold_name("U-blox  AG.")
    'ubloxag'
    """
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def maker_family(maker_id: str) -> tuple[str, ...]:
    """Whose rules may a part of this maker follow?

    Parameters
    ----------
    maker_id : str
        A maker of the packaged list.

    Returns
    -------
    tuple of str
        The maker itself, then the lines it owns or continues (nearest first), then the makers that own it.
        A part marked years after a purchase may still follow the old rule, or already the new one.

    Raises
    ------
    UnknownName
        The maker is not in the list.

    Notes
    -----
    Assumes: ownership as the list has it today. Not for: who owned whom on a given day.

    Examples
    --------
    >>> maker_family("microchip")
    ('microchip', 'atmel', 'micrel', 'supertex')
    """
    makers = {m.maker_id: m for m in load_makers()}
    if maker_id not in makers:
        raise UnknownName("maker", maker_id, makers, where=_FILE)
    family = [maker_id]
    for member in family:  # grows while it is walked: lines of lines come after the lines
        family.extend(
            m.maker_id
            for m in makers.values()
            if (m.brand_line_of == member or makers[member].successor_of == m.maker_id) and m.maker_id not in family
        )
    above = makers[maker_id].brand_line_of
    while above is not None:
        family.append(above)
        above = makers[above].brand_line_of
    return tuple(family)


@cache
def _packaged() -> tuple[Maker, ...]:
    return _read(None)


@cache
def _by_folded_name() -> Mapping[str, Maker]:
    return MappingProxyType(names_of(_packaged()))


def names_of(makers: Sequence[Maker]) -> dict[str, Maker]:
    """Give every folded name with its maker; a name that means two makers is refused."""
    known: dict[str, Maker] = {}
    for maker in makers:
        for folded in {fold_name(n): n for n in (maker.name, *maker.aliases)}:
            other = known.setdefault(folded, maker)
            if other is not maker:
                raise refusal(
                    f"the name {folded!r} means both {other.maker_id} and {maker.maker_id}",
                    where=f"{_FILE} · {maker.maker_id}",
                    next="Keep the name with one of them",
                )
    return known


def _read(folder: Path | None) -> tuple[Maker, ...]:
    makers = tuple(_maker(entry) for entry in csv_entries(folder_of(folder) / _FILE, _COLUMNS))
    _refuse_wrong_relations(makers)
    names_of(makers)
    return makers


def _maker(entry: Entry) -> Maker:
    maker_id = entry.text("maker_id")
    if not _ID.fullmatch(maker_id):
        raise entry.refuse(f"maker_id {maker_id!r}", "Use small letters, digits and single hyphens")
    entry.named(maker_id)
    country = entry.maybe_text("brand_country")
    if country is not None and not re.fullmatch("[A-Z]{2}", country):
        raise entry.refuse(
            f"brand_country {country!r} is no ISO 3166 alpha-2 code", "Write two capital letters, or nothing"
        )
    aliases = (entry.maybe_text("aliases") or "").split(";")
    return Maker(
        maker_id=maker_id,
        name=entry.text("name"),
        aliases=tuple(a.strip() for a in aliases if a.strip()),
        brand_country=country,
        successor_of=entry.maybe_text("successor_of"),
        brand_line_of=entry.maybe_text("brand_line_of"),
        source_url=entry.url("source_url"),
        retrieved=entry.text("retrieved"),
        status=entry.one_of("status", STATUSES),
        note=entry.maybe_text("note"),
    )


def _refuse_wrong_relations(makers: Sequence[Maker]) -> None:
    by_id: dict[str, Maker] = {}
    for maker in makers:
        if maker.maker_id in by_id:
            raise refusal(f"{maker.maker_id} stands twice", where=_FILE, next="Keep one row and join the names")
        by_id[maker.maker_id] = maker
    for maker in makers:
        for other in (maker.successor_of, maker.brand_line_of):
            if other is not None and other not in by_id:
                raise refusal(
                    f"it refers to {other!r}, which is not in the list",
                    where=f"{_FILE} · {maker.maker_id}",
                    next="Add that maker, or correct the id",
                )
        seen, above = {maker.maker_id}, maker.brand_line_of
        while above is not None:
            if above in seen:
                raise refusal(
                    f"{maker.maker_id} is a line of itself, by way of {above}", where=_FILE, next="Break the circle"
                )
            seen.add(above)
            above = by_id[above].brand_line_of
