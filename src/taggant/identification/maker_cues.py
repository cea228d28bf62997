"""Who may have made a part, by what is marked on it and by what its source says; and which part family it is.

Invariant: stated maker, part family, name in the marking, stated brand, in this order. A family that several houses
make tells no maker, and a brand nobody knows tells none either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from taggant.identification.tokens import Token
from taggant.reference import Maker, PartFamily, find_maker, load_makers, load_part_families, maker_family


@dataclass(frozen=True, slots=True, kw_only=True)
class MakerCue:
    """Who may have made the part, and how that is told."""

    maker: Maker
    basis: str
    part_number: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What letters and source tell of maker and part, before any date is read.

    Attributes
    ----------
    cues : tuple of MakerCue
        Best told first; each maker once.
    families : tuple of (PartFamily, str)
        Each family matched, with the word that matches it.
    refusals : tuple of (str, str)
        (kind, words), as `made_range.why_kind` has them.
    """

    cues: tuple[MakerCue, ...]
    families: tuple[tuple[PartFamily, str], ...]
    refusals: tuple[tuple[str, str], ...]


def told_makers(
    pieces: Sequence[Token], *, maker: str | None = None, brand: str | None = None, part_number: str | None = None
) -> Told:
    """Who may have made this part, and how is that told?

    Parameters
    ----------
    pieces : sequence of Token
        The marking in pieces; none: no marking.
    maker, brand : str, optional
        Who is known to have made it; the name a source gives.
    part_number : str, optional
        As the source gives it; helps to tell the family.

    Returns
    -------
    Told

    Notes
    -----
    Assumes: the marking is genuine and read right. Not for: who sold the part, or where it was made.

    Examples
    --------
    >>> from taggant.identification.tokens import tokens
    >>> told = told_makers(tokens("VP230 18M A 77R"), brand="Microchip Technology Inc.")
    >>> told.cues[0].note
    'listed as Microchip Technology; VP230 is a part of Texas Instruments'
    """
    families = _families(pieces, part_number)
    refusals: list[tuple[str, str]] = []
    by_id = {m.maker_id: m for m in load_makers()}
    stated = find_maker(maker) if maker else None
    branded = find_maker(brand) if brand else None
    for word in (w for w, m in ((maker, stated), (brand, branded)) if w and m is None):
        refusals.append(("no maker", f"no maker is known by the name {word!r}"))
    cues: dict[str, MakerCue] = {}

    def add(m: Maker, basis: str, number: str | None = None) -> None:
        if m.maker_id not in cues:
            note = None
            listed = stated or branded
            if basis == "part family" and listed is not None and not same_house(m, listed):
                note = f"listed as {listed.name}; {number} is a part of {m.name}"
            cues[m.maker_id] = MakerCue(maker=m, basis=basis, part_number=number, note=note)

    # A family that several houses make tells no maker; its word is still a part number, never a date code.
    owned = [(family.maker_id, word) for family, word in families if family.maker_id is not None]
    number_of = dict(reversed(owned))
    if stated is not None:
        add(stated, "stated maker", number_of.get(stated.maker_id))
    for maker_id, word in owned:
        add(by_id[maker_id], "part family", word)
    for named in _named(pieces):
        add(named, "name in the marking", number_of.get(named.maker_id))
    if branded is not None and not any(same_house(c.maker, branded) for c in cues.values()):
        add(branded, "stated brand")
    if not cues and not refusals:
        refusals.append(("no maker", "nothing in the marking tells the maker, and none is stated"))
    return Told(cues=tuple(cues.values()), families=tuple(families), refusals=tuple(refusals))


def _named(pieces: Sequence[Token]) -> Iterable[Maker]:
    for piece in pieces:
        # Short words are too often something else: "ST" in a lot code, "TI" in a suffix.
        if len(piece.text) >= 4 and piece.text.replace("-", "").isalpha():
            found = find_maker(piece.text)
            if found is not None:
                yield found


def same_house(a: Maker, b: Maker) -> bool:
    """Are these one maker, or a maker and a line it owns or continues?

    Parameters
    ----------
    a, b : Maker

    Returns
    -------
    bool

    Notes
    -----
    Assumes: ownership as the list has it today. Not for: two lines of one owner, which are kept apart.

    Examples
    --------
    >>> same_house(find_maker("Microchip"), find_maker("Micrel"))
    True
    """
    return b.maker_id in maker_family(a.maker_id)


def _families(pieces: Sequence[Token], part_number: str | None) -> list[tuple[PartFamily, str]]:
    found: list[tuple[PartFamily, str]] = []
    words = [p.text for p in pieces if not p.is_after_hyphen] + ([part_number] if part_number else [])
    for word in words:
        for family in load_part_families():
            if family.pattern.match(word):
                found.append((family, word))
                break  # families are listed longest first
    return found
