"""Marks of parts that the listing does not hold: makers and base part numbers, written down beforehand."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from taggant.identification.decode import decode
from taggant.reference import find_maker, load_makers, maker_family
from taggant.writing.part_index import bare_part

MARKS = Path(__file__).parent / "gold" / "elsewhere.csv"


def test_makers_and_part_numbers_of_parts_that_are_not_in_the_listing() -> None:
    """Maker precision at least 95% at coverage 90%; base part numbers at least 95% right."""
    with MARKS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {m.maker_id for m in load_makers()}
    named = right = numbers = with_number = 0
    for r in rows:
        found = decode(r["text"], known_by=date(2026, 6, 30)).candidates
        cue = found[0].cue if found else None
        if cue is not None:
            named += 1
            right += r["maker"] in known and cue.maker.maker_id in maker_family(r["maker"])
        if r["base_part"]:
            with_number += 1
            read = bare_part(found[0].part_number or "") if found else ""
            numbers += read.startswith(bare_part(r["base_part"]))
    assert len(rows) >= 200
    assert right / named >= 0.95
    assert named / len(rows) >= 0.90
    assert numbers / with_number >= 0.95


def test_names_of_product_lines_are_no_part_numbers() -> None:
    """Artix-7 says whose it is; the number stands beside it."""
    found = decode("XILINX ARTIX-7 XC7A100T FGG484ABX1525", known_by=date(2026, 6, 30)).candidates[0]
    assert found.part_number == "XC7A100T"
    assert found.number is not None
    found = decode("MOLEX 53261-0671", known_by=date(2026, 6, 30)).candidates[0]
    assert found.part_number == "53261-0671"
    assert found.cue is not None
    assert found.cue.maker == find_maker("Molex")


def test_numbers_of_groups_of_digits() -> None:
    """11-0020-8 and №10089982 are numbers; a day is none."""
    known = date(2026, 6, 30)
    assert decode("Antenna grid 11-0020-8", known_by=known).candidates[0].part_number == "11-0020-8"
    assert decode("Engine №10089982", known_by=known).candidates[0].part_number == "10089982"
    assert decode("made 2021-05-12", known_by=known).candidates == ()


def test_three_letters_behind_a_maxim_number_tell_maxim() -> None:
    """Texas Instruments ends the same numbers otherwise."""
    found = decode("MAX3221 EAE 2128", known_by=date(2026, 6, 30)).candidates[0]
    assert found.cue is not None
    assert (found.cue.maker.maker_id, found.cue.basis) == ("maxim", "code style")
    assert decode("MAX3221 IPW 2128", known_by=date(2026, 6, 30)).candidates[0].cue is None
