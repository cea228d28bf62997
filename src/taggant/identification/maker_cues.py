"""Who may have made a part, by what is marked on it and by what its source says; and which part family it is.

Invariant: stated maker, part family, name in the marking, code style, stated brand, in this order.
A family that several houses make tells no maker, and a brand nobody knows tells none either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from taggant.identification.mark_parts import PartNumber, family_in, part_numbers
from taggant.identification.tokens import Token
from taggant.reference import Maker, PartFamily, find_maker, load_makers, maker_family

_WORDS_OF_OTHER_SENSE = frozenset(
    {"delta", "pulse", "mercury", "finder", "sharp", "integral", "torch", "token", "skywalker", "aura", "diodes"}
)
"""Names that prose uses for other things: taken for a maker only when they open the text or stand in capitals."""
_MOST_WORDS = 5
_STYLES = (
    (
        "analog-devices",
        re.compile(r"#\d{3,4}", re.ASCII),
        re.compile(r"\d{4}[A-Z]?|A[A-Z]{2}\d.*|[A-D]?[BCRSK][A-Z]{1,2}Z", re.ASCII),
    ),
    ("maxim", re.compile(r"\+\d{3,4}", re.ASCII), re.compile(r"(?:MAX|DS)\d.*", re.ASCII)),
    # Temperature, package and pins in three letters are Maxim's; Texas Instruments ends the same numbers IPW, CDB, CDW.
    ("maxim", re.compile(r"[CEM](?!PW|DB|DW)[A-Z]{2}\+?", re.ASCII), re.compile(r"MAX\d{3,4}[A-Z]?", re.ASCII)),
    # Year, month and site beside a lot that ends in its sign of lead finish.
    (
        "texas-instruments",
        re.compile(r"[0-9O][1-9ABC](?:[0-9A-Z]|[0-9A-Z]{4}[A-Z])", re.ASCII),
        re.compile(r"G[34]|[0-9A-Z]{3,4}G[34]", re.ASCII),
    ),
)
"""(maker, a form of date code nobody else is known to use, what stands beside it)."""
_WHOLE = (
    ("maxim", re.compile(r"MAX\d{3,4}[A-Z]?[CEM](?!PW|DB|DW)[A-Z]{2}(?:\+T?|-T)?", re.ASCII)),
    ("atmel", re.compile(r"ATML[A-Z]\d{3}", re.ASCII)),
    ("texas-instruments", re.compile(r"[0-9O][1-9ABC][0-9A-Z]G[34]", re.ASCII)),
)
"""(maker, a word of its own form): the three letters run on to the number (MAX232ESE+), a name and a week (ATMLH550),
year, month, site and lead finish (12KG4)."""


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
    numbers : tuple of PartNumber
        The part numbers the marking prints, best first.
    """

    cues: tuple[MakerCue, ...]
    families: tuple[tuple[PartFamily, str], ...]
    refusals: tuple[tuple[str, str], ...]
    numbers: tuple[PartNumber, ...] = ()


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
    numbers = part_numbers(pieces)
    families = _families(pieces, numbers, part_number)
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
        for maker_id, word in owned[:1]:
            if not same_house(by_id[maker_id], stated):
                note = f"listed as {stated.name}; {word} is a part of {by_id[maker_id].name}"
                cues[stated.maker_id] = replace(cues[stated.maker_id], note=note)
    for maker_id, word in owned:
        add(by_id[maker_id], "part family", word)
    for named in _named(pieces):
        add(named, "name in the marking", number_of.get(named.maker_id))
    if not owned:
        for maker_id in _by_style(pieces):
            add(by_id[maker_id], "code style")
    if branded is not None and not any(same_house(c.maker, branded) for c in cues.values()):
        add(branded, "stated brand")
    if not cues and not refusals:
        refusals.append(("no maker", "nothing in the marking tells the maker, and none is stated"))
    return Told(cues=tuple(cues.values()), families=tuple(families), refusals=tuple(refusals), numbers=numbers)


def _named(pieces: Sequence[Token]) -> Iterable[Maker]:
    """Makers whose names the text bears: several words before one, and short names only in capitals."""
    words = [p.text for p in pieces if not p.is_after_hyphen]
    n = 0
    while n < len(words):
        for length in range(min(_MOST_WORDS, len(words) - n), 0, -1):
            found = _maker_named(words[n : n + length], is_first=n == 0)
            if found is not None:
                yield found
                n += length
                break
        else:
            n += 1


def _by_style(pieces: Sequence[Token]) -> Iterable[str]:
    """Makers whose form of date code stands beside a number such as theirs; never beside another house's family."""
    words = [p.text for p in pieces]
    for maker_id, code, beside in _STYLES:
        if any(code.fullmatch(w) for w in words) and any(beside.fullmatch(w) for w in words):
            yield maker_id
    for maker_id, whole in _WHOLE:
        if any(whole.fullmatch(w) for w in words):
            yield maker_id


def _maker_named(words: Sequence[str], *, is_first: bool) -> Maker | None:
    if len(words) == 1:
        word = words[0]
        bare = word.replace("-", "").replace("&", "").replace("+", "").rstrip("®™")
        # Short words are too often something else: "ST" in a lot code, "TI" in a suffix.
        if not bare.isalpha() or len(bare) < 3 or (len(bare) == 3 and not word.isupper()) or word.islower():
            return None
        if bare.casefold() in _WORDS_OF_OTHER_SENSE and not (word.isupper() or is_first):
            return None
        return find_maker(word.rstrip("®™"))
    name = " ".join(words)
    return find_maker(name) if name[:1].isalpha() and not any(c.isdigit() for c in name) else None


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


def _families(
    pieces: Sequence[Token], numbers: Sequence[PartNumber], part_number: str | None
) -> list[tuple[PartFamily, str]]:
    """Each family with the word that fits it: joined part numbers, their pieces, and the number a source states."""
    found = [(n.family, n.text) for n in numbers if n.family is not None]
    words = [p.text for p in pieces if not p.is_after_hyphen] + ([part_number] if part_number else [])
    known = {word for _, word in found}
    for word in words:
        family = family_in(word)
        if family is not None and word not in known:
            found.append((family, word))
    return found
