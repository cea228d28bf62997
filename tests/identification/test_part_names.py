"""From listed components to part candidates: whose part, told how; what is listed stays beside it."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from taggant.identification.part_names import name_part, name_parts
from taggant.model.derived_tables import DERIVED
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED

TI, MICROCHIP = "Texas Instruments", "Microchip Technology Inc."


def named(*rows: dict[str, Any]) -> pl.DataFrame:
    """Run the step on invented components and give its table by component."""
    base = {"item_id": "a", "source_id": "s"}
    component = pl.DataFrame([base | r for r in rows], schema=frame_schema(TYPED["component"])).lazy()
    table = name_parts(component=component, as_of=None).tables["part_candidate"]
    assert isinstance(table, pl.DataFrame)
    assert dict(table.schema) == frame_schema(DERIVED["part_candidate"])
    return table


def test_no_component_gives_an_empty_table() -> None:
    """A case without components is answered by no rows, not by an error."""
    assert named().height == 0


def test_one_component_keeps_what_is_listed_beside_what_is_told() -> None:
    """Brand, its country, seller and listed function stay as they came; maker and family have columns of their own."""
    (row,) = named(
        {"component_id": "1", "marking": "VP230 18M A 77R", "brand": MICROCHIP, "brand_country": "US",
         "distributor": "A shop", "function": "MOS transistor"}
    ).iter_rows(named=True)  # fmt: skip
    assert (row["maker"], row["maker_basis"], row["maker_country"]) == (TI, "part family", "US")
    assert (row["brand"], row["brand_maker_id"], row["distributor"]) == (MICROCHIP, "microchip", "A shop")
    assert (row["function"], row["family_function"]) == ("MOS transistor", "CAN bus transceiver")
    assert (row["part_number"], row["hs_code"], row["chpl_tier"]) == ("VP230", "854239", "1")
    assert row["disagreement"] == f"listed as {MICROCHIP}; VP230 is a part of {TI}"
    assert (row["disagreement_maker"], row["disagreement_part"], row["why"]) == (TI, "VP230", None)


def test_two_components_in_either_order_give_the_same_table() -> None:
    """Law: the order in which parts are listed says nothing."""
    one, other = {"component_id": "1", "brand": TI}, {"component_id": "2", "marking": "VP230"}
    assert named(one, other).equals(named(other, one))


@pytest.mark.parametrize(
    ("marking", "maker", "brand", "name", "basis"),
    [
        ("VP230 18M A 77R", "Microchip", TI, "Microchip Technology", "stated maker"),
        ("VP230 18M A 77R", None, MICROCHIP, TI, "part family"),
        ("MORNSUN 2217", None, None, "MORNSUN", "name in the marking"),
        ("AB 2217", None, MICROCHIP, "Microchip Technology", "stated brand"),
        (None, None, MICROCHIP, "Microchip Technology", "stated brand"),
        ("VP230", "Quillbrook", TI, "Quillbrook", "stated maker"),
        ("AB 2217", None, None, None, None),
        (None, None, None, None, None),
    ],
)
def test_makers_are_told_in_this_order(
    marking: str | None, maker: str | None, brand: str | None, name: str | None, basis: str | None
) -> None:
    """Stated maker, part family, name in the marking, stated brand; a stated maker nobody knows keeps its name."""
    part = name_part(marking, maker=maker, brand=brand)
    assert (part.maker, part.basis) == (name, basis)
    assert (part.why is None) is (name is not None)


def test_an_unknown_brand_tells_no_maker_and_disagrees_with_nobody() -> None:
    """A name the reference lacks stays in its own column, with the reason why no maker is told."""
    (row,) = named({"component_id": "1", "marking": "AB 2217", "brand": "Quillbrook"}).iter_rows(named=True)
    assert (row["maker"], row["maker_id"], row["brand"], row["brand_maker_id"]) == (None, None, "Quillbrook", None)
    assert row["why"] == "no maker is known by the name 'Quillbrook'"
    assert name_part("VP230", brand="Quillbrook").disagreement is None


def test_a_line_of_the_same_house_is_no_disagreement() -> None:
    """Maxim belongs to Analog Devices: listing one for the other is no contradiction."""
    assert name_part("MAX1067", brand="Analog Devices").disagreement is None
    assert name_part("MAX1067", brand="Analog Devices").maker == "Maxim Integrated"


def test_a_stated_maker_of_another_house_than_the_brand_is_a_disagreement_too() -> None:
    """Without a family it is the source's own reading that stands against the listed brand."""
    apart = name_part("AB 1", maker="Adesto", brand=TI).disagreement
    assert apart is not None
    assert apart.words == f"listed as {TI}; Adesto Technologies by the stated maker"


def test_a_stated_maker_does_not_silence_the_mark() -> None:
    """A source that names the listed brand as maker as well is still contradicted by the family."""
    part = name_part("VP230 18M", maker="Microchip", brand=MICROCHIP)
    assert (part.maker, part.others[0].name) == ("Microchip Technology", TI)
    assert part.disagreement is not None
    assert (part.disagreement.maker.name, part.disagreement.part_number) == (TI, "VP230")


def test_a_family_that_several_houses_make_tells_the_part_and_no_maker() -> None:
    """LM258 is made by many: it has a function and a code, but only the brand tells whose it is."""
    part = name_part("LM258 AB", brand="STMicroelectronics")
    assert (part.maker, part.basis) == ("STMicroelectronics", "stated brand")
    assert part.family is not None
    assert part.family.is_generic
    assert part.disagreement is None
