"""Tables in, tables out: whose part each component is, and what part, as listed and as the mark tells.

Invariant: maker, brand, distributor and producer are never one column. What is listed stays as listed; what the
reference adds stands beside it, and where the two disagree the row says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from taggant.identification.maker_cues import MakerCue, Told, same_house, told_makers
from taggant.identification.tokens import tokens
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer
from taggant.model.tables import frame_schema
from taggant.reference import Maker, PartFamily, find_maker, load_makers

if TYPE_CHECKING:
    from taggant.model.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A listed brand against another house.

    Attributes
    ----------
    brand : str
        As listed.
    maker : Maker
        Who made the part instead.
    part_number : str or None
        The word of its family that says so; None: `basis` says it.
    basis : str
        How that maker is told.
    """

    brand: str
    maker: Maker
    part_number: str | None
    basis: str

    @property
    def words(self) -> str:
        """Both sides, as the table has them."""
        if self.part_number is not None:
            return f"listed as {self.brand}; {self.part_number} is a part of {self.maker.name}"
        return f"listed as {self.brand}; {self.maker.name} by the {self.basis}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPart:
    """What is told of one component, and how.

    Attributes
    ----------
    cue : MakerCue or None
        The maker best told, where the reference knows it.
    maker, basis : str or None
        Its name and how it is told; a stated maker the reference does not know has a name and no cue.
    others : tuple of Maker
        Other makers that mark or source point to, less well.
    family, part_number : PartFamily or None, str or None
        The part family, and the word that tells it.
    branded : Maker or None
        Whom the reference knows by the listed brand.
    disagreement : Disagreement or None
        In what the listed brand and the maker told otherwise disagree.
    why : str or None
        Why the maker cannot be told.
    """

    cue: MakerCue | None
    maker: str | None
    basis: str | None
    others: tuple[Maker, ...]
    family: PartFamily | None
    part_number: str | None
    branded: Maker | None
    disagreement: Disagreement | None
    why: str | None


def name_parts(*, component: Table, as_of: date | None) -> Answer:  # noqa: ARG001 - every step is given the day
    """Whose part is each component, and what part is it?

    Parameters
    ----------
    component : Table
        As declared in `model`.
    as_of : date or None
        Not used: a part's maker does not hang on the day asked.

    Returns
    -------
    Answer
        Table `part_candidate`: one row a component.

    Notes
    -----
    Assumes: marks are genuine and read right; a part family is made by the house the reference names.
    Not for: who sold the part, where it was made, or its country of origin (customs only).
    """
    components = component.collect().sort("item_id", "component_id")
    rows = [_row(c) for c in components.iter_rows(named=True)]
    return Answer({"part_candidate": pl.DataFrame(rows, schema=frame_schema(DERIVED["part_candidate"]))})


def name_part(
    marking: str | None, *, maker: str | None = None, brand: str | None = None, part_number: str | None = None
) -> NamedPart:
    """Whose part is this, by its mark and by what its source says?

    Parameters
    ----------
    marking : str or None
        Letter for letter; None: no mark is stated.
    maker, brand : str or None
        Who is known to have made it; the name a source gives.
    part_number : str or None
        As the source gives it.

    Returns
    -------
    NamedPart

    Notes
    -----
    Assumes: the maker best told is the first of stated maker, part family, name in the marking, stated brand.
    Not for: dating (`decode`).

    Examples
    --------
    >>> part = name_part("VP230 18M A 77R", brand="Microchip Technology Inc.")
    >>> part.maker, part.basis, part.family.function
    ('Texas Instruments', 'part family', 'CAN bus transceiver')
    >>> part.disagreement.words
    'listed as Microchip Technology Inc.; VP230 is a part of Texas Instruments'
    """
    told = told_makers(tokens(marking or ""), maker=maker, brand=brand, part_number=part_number)
    cue = told.cues[0] if told.cues else None
    name, basis = (cue.maker.name, cue.basis) if cue else (None, None)
    if maker is not None and (cue is None or cue.basis != "stated maker"):
        # The source names a maker we do not know: what it says still goes before what we tell from a mark.
        cue, name, basis = None, maker, "stated maker"
    family, word = _family(told, cue)
    branded = find_maker(brand) if brand is not None else None
    return NamedPart(
        cue=cue,
        maker=name,
        basis=basis,
        others=tuple(c.maker for c in told.cues if cue is None or c.maker != cue.maker),
        family=family,
        part_number=word or part_number,
        branded=branded,
        disagreement=_disagreement(brand, branded, told, cue),
        why=None if name is not None else "; ".join(words for _, words in told.refusals),
    )


def _family(told: Told, cue: MakerCue | None) -> tuple[PartFamily | None, str | None]:
    """The maker's own family before another's, and a family that has an owner before one that several make."""
    own = [f for f in told.families if cue is not None and f[0].maker_id == cue.maker.maker_id]
    owned = [f for f in told.families if not f[0].is_generic]
    return next(iter((*own, *owned, *told.families)), (None, None))


def _disagreement(brand: str | None, branded: Maker | None, told: Told, cue: MakerCue | None) -> Disagreement | None:
    if brand is None or branded is None:
        return None  # a brand nobody knows is no other house
    makers = {m.maker_id: m for m in load_makers()}
    for family, word in told.families:
        if family.maker_id is not None and not same_house(makers[family.maker_id], branded):
            return Disagreement(brand=brand, maker=makers[family.maker_id], part_number=word, basis="part family")
    if cue is not None and not same_house(cue.maker, branded):
        return Disagreement(brand=brand, maker=cue.maker, part_number=None, basis=cue.basis)
    return None


def _row(c: Mapping[str, object]) -> dict[str, object]:
    part = name_part(
        _text(c["marking"]),
        maker=_text(c["maker"]),
        brand=_text(c["brand"]),
        part_number=_text(c["part_number_stated"]),
    )
    family, maker, apart = part.family, part.cue.maker if part.cue else None, part.disagreement
    as_listed = ("component_id", "item_id", "module", "marking", "brand", "brand_country", "distributor", "function",
                 "quantity", "source_id")  # fmt: skip
    return {
        **{name: c[name] for name in as_listed},
        "maker_id": maker.maker_id if maker else None,
        "maker": part.maker,
        "maker_basis": part.basis,
        "maker_country": maker.brand_country if maker else None,
        "other_maker_ids": _ids(part.others),
        "brand_maker_id": part.branded.maker_id if part.branded else None,
        "part_number": part.part_number,
        "family": family.pattern.pattern if family else None,
        "family_maker_id": family.maker_id if family else None,
        "family_function": family.function if family else None,
        "hs_code": family.hs_code if family else None,
        "hs_basis": family.hs_basis if family else None,
        "chpl_tier": family.chpl_tier if family else None,
        "disagreement": apart.words if apart else None,
        "disagreement_maker": apart.maker.name if apart else None,
        "disagreement_part": apart.part_number if apart else None,
        "why": part.why,
    }


def _ids(makers: Sequence[Maker]) -> list[str] | None:
    return [m.maker_id for m in makers] or None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
