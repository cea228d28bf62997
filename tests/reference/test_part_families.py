"""Part families: each with its page, none that swallows a date code, codes and tiers joined and valid."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from taggant.errors import InputError
from taggant.identification.decode import decode
from taggant.identification.tokens import tokens
from taggant.reference import (
    PartFamily,
    find_maker,
    load_chpl,
    load_date_code_rules,
    load_makers,
    load_part_families,
    maker_family,
)

HEADER = "pattern,maker_id,function,launched_on,hs_code,hs_basis,source_url,retrieved,status,note"
MAKERS = (
    "maker_id,name,aliases,brand_country,successor_of,brand_line_of,source_url,retrieved,status,note\n"
    "acme,Acme,,,,,https://example.org,2026-01,secondary,\n"
)
LISTED_UNDER_ANOTHER = {"VP230"}
"""Marks whose maker the listing gets wrong, as our own notes say."""


def write(folder: Path, *rows: str, header: str = HEADER) -> Path:
    """Write the two files."""
    (folder / "makers.csv").write_text(MAKERS, encoding="utf-8")
    (folder / "part_families.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return folder


def row(pattern: str = "AB12", *, maker: str = "acme", launched: str = "", hs: str = "", basis: str = "") -> str:
    """One row that is right but for what is given."""
    return f"{pattern},{maker},a thing,{launched},{hs},{basis},https://example.org,2026-01,secondary,"


def first(word: str) -> PartFamily | None:
    """The most exact family a word fits."""
    return next((f for f in load_part_families() if f.pattern.match(word)), None)


def test_at_least_300_families_each_with_a_page_and_a_known_maker() -> None:
    """Nobody's family is allowed, an unknown maker is not."""
    families = load_part_families()
    makers = {m.maker_id for m in load_makers()}
    assert len(families) >= 300
    assert [f.pattern.pattern for f in families if not f.source_url.startswith(("http://", "https://"))] == []
    assert {f.maker_id for f in families if f.maker_id} <= makers


@pytest.mark.parametrize(
    ("word", "maker_id"),
    [
        ("TMS320F28335PGFA", "texas-instruments"),
        ("STM32F405", "stmicroelectronics"),
        ("AD9361BBCZ", "analog-devices"),
        ("LTC2174", "linear-technology"),
        ("ATMEGA328P", "atmel"),
        ("ATmega328P", "atmel"),
        ("MIMXRT1052", "freescale"),
        ("25Q16JVIQ", "winbond"),
        ("XK-F358", "xingkay"),
        ("NCR18650B", "panasonic"),
        ("XL4015E1", "xlsemi"),
    ],
)
def test_a_part_number_tells_its_maker(word: str, maker_id: str) -> None:
    """Marks seen in wrecks, and spellings of one family."""
    found = first(word)
    assert found is not None
    assert found.maker_id == maker_id


@pytest.mark.parametrize(
    "word",
    ["LM258", "LM358", "ULN2004", "TL431AI", "74HC541", "HCT04", "AZ1117H-1.2TRG1", "MAX3232", "2N7002", "NE555P"],
)
def test_a_number_several_houses_use_tells_no_maker(word: str) -> None:
    """The function is told, the maker is not, and the reader takes no maker from it."""
    found = first(word)
    assert found is not None
    assert found.is_generic
    assert found.function
    assert {c.cue for c in decode(f"{word} 2217", known_by=date(2024, 1, 1)).candidates} == {None}


def test_a_maker_stated_beside_a_generic_number_still_dates_it() -> None:
    """The number is known for a part number; the date is read by the rule of the maker who is named."""
    best = decode("LM258 274 ZYD7 G3", known_by=date(2024, 1, 1), brand="Texas Instruments").best
    assert best is not None
    assert best.reading is not None
    assert best.reading.token.text == "274"


@pytest.mark.parametrize("word", ["", "12", "2207", "G4A", "QAAAXU", "CHN", "RoHS", "GQ", "7B", "Diode", "MOSFET"])
def test_what_is_no_part_number_fits_no_family(word: str) -> None:
    """Date codes, lots, countries and words of a description."""
    assert first(word) is None


def dated_tokens() -> Iterator[str]:
    """Every token a rule reads as a date in its own examples."""
    for rule in load_date_code_rules():
        yield from (e.token for e in rule.examples if e.ranges)


def test_no_family_swallows_a_date_code() -> None:
    """A token that fits a family is never read as a date: no example of any rule may fit one."""
    assert [(t, f.pattern.pattern) for t in dated_tokens() if (f := first(t)) is not None] == []


def test_the_most_exact_family_comes_first() -> None:
    """A longer fixed beginning wins, however long the pattern of the other is."""
    found = first("LM5117PMH")
    assert found is not None
    assert found.pattern.pattern == "LM5117"


def test_tiers_are_those_of_the_list() -> None:
    """Joined by code, so that the tier stands in one place; a code that is not listed has none."""
    tiers = {c.hs_code: c.tier for c in load_chpl()}
    families = load_part_families()
    assert [f.pattern.pattern for f in families if f.chpl_tier != tiers.get(f.hs_code or "")] == []
    assert {f.chpl_tier for f in families} >= {"1", "2", "3A", None}
    assert [f.pattern.pattern for f in families if (f.hs_code is None) != (f.hs_basis is None)] == []


@pytest.mark.needs("shared_data")
def test_every_code_is_one_of_hs_2022(shared_data: Path) -> None:
    """Six-digit codes of the nomenclature, for families and for the list."""
    with (shared_data / "trade" / "hscodes_hs2022.csv").open(encoding="utf-8", newline="") as file:
        codes = {r["hscode"] for r in csv.DictReader(file) if r["level"] == "6"}
    assert {f.hs_code for f in load_part_families() if f.hs_code} <= codes
    assert {c.hs_code for c in load_chpl()} <= codes


@pytest.mark.needs("shared_data")
def test_families_agree_with_the_makers_of_the_listing(shared_data: Path) -> None:
    """On every mark of the listing the family's maker is of the house the listing names."""
    with (shared_data / "facts" / "gur_shahed_markings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    n, wrong = 0, []
    for r in rows:
        for token in tokens(r["name_marking"]):
            family = None if token.is_after_hyphen else first(token.text)
            if family is None or family.maker_id is None or family.pattern.pattern in LISTED_UNDER_ANOTHER:
                continue
            n += 1
            listed = find_maker(r["manufacturer"])
            if listed is None or family.maker_id not in maker_family(listed.maker_id):
                wrong.append((r["component_id"], token.text, family.maker_id))
    assert n > 150
    assert wrong == []


@pytest.mark.needs("shared_data")
def test_rows_that_cite_a_record_agree_with_it(shared_data: Path) -> None:
    """Every maker and family resting on a record of the listing: the record names that maker, and bears such a mark."""
    with (shared_data / "facts" / "gur_shahed_markings.csv").open(encoding="utf-8", newline="") as file:
        records = {r["source_url"]: r for r in csv.DictReader(file)}
    makers = [m for m in load_makers() if m.source_url in records]
    named = {m.maker_id: find_maker(records[m.source_url]["manufacturer"]) for m in makers}
    assert len(makers) >= 170
    # The record names Eaton in brackets behind its line.
    assert [i for i, found in named.items() if found is None or found.maker_id != i] == ["eaton"]
    families = [f for f in load_part_families() if f.source_url in records]
    assert len(families) >= 100
    unmarked = [f.pattern.pattern for f in families if not f.pattern.search(records[f.source_url]["name_marking"])]
    assert unmarked == [r"TPS\d{3}"]  # printed without the T, as its row says


@pytest.mark.needs("shared_data")
def test_families_of_others_do_not_claim_parts_of_texas_instruments(shared_data: Path) -> None:
    """Its whole list of parts (16,495): each fits a family of its own, a generic one, or none."""
    with (shared_data / "parts" / "ti.tsv").open(encoding="utf-8") as file:
        parts = [line.partition("\t")[0] for line in file]
    hits = {p: f.maker_id for p in parts if (f := first(p)) is not None and f.maker_id is not None}
    assert len(parts) > 16_000
    assert {p: m for p, m in hits.items() if m != "texas-instruments"} == {}
    assert len(hits) > 0.3 * len(parts)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_a_folder_of_zero_one_or_two_families_is_read(tmp_path: Path, n: int) -> None:
    """Empty cells are None."""
    families = load_part_families(folder=write(tmp_path, *[row(f"A{i}", maker="") for i in range(n)]))
    assert len(families) == n
    assert all(f.is_generic and f.hs_code is None and f.launched_on is None and f.chpl_tier is None for f in families)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row(), row()], "stands twice"),
        ([row(maker="nobody")], "no maker has the id 'nobody'"),
        ([row("AB(")], "cannot be read"),
        ([row("A?")], "matches nothing at all"),
        ([row(launched="soon")], "is no day"),
        ([row(hs="8542", basis="guess")], "hs_code '8542'"),
        ([row(hs="854231")], "with basis None"),
        ([row(basis="guess")], "hs_code None"),
        ([row().replace("https://example.org", "")], "source_url is missing"),
        ([row().replace("secondary", "sure")], "'sure' is not known"),
        ([row().replace("a thing", "")], "function is missing"),
        ([row() + ",more"], "11 values for 10 columns"),
    ],
)
def test_a_wrong_row_is_refused_with_the_next_step(tmp_path: Path, rows: list[str], said: str) -> None:
    """The error names what is wrong, the file, and what to do."""
    with pytest.raises(InputError) as caught:
        load_part_families(folder=write(tmp_path, *rows))
    assert said in caught.value.what
    assert "part_families.csv" in (caught.value.where or "")
    assert caught.value.next
