"""Makers: one row each, no name with two owners, every row with its page."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from taggant.errors import InputError, UnknownName
from taggant.reference import find_maker, fold_name, load_makers, maker_family

HEADER = "maker_id,name,aliases,brand_country,successor_of,brand_line_of,source_url,retrieved,status,note"


def write(folder: Path, *rows: str, header: str = HEADER) -> Path:
    """Write a makers.csv of these rows."""
    (folder / "makers.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return folder


def row(maker_id: str, name: str, *, aliases: str = "", country: str = "US", succ: str = "", line: str = "") -> str:
    """One row that is right but for what is given."""
    return f"{maker_id},{name},{aliases},{country},{succ},{line},https://example.org/{maker_id},2026-01,secondary,"


def test_every_maker_has_a_page_and_the_list_is_long_enough() -> None:
    """At least 250 makers, each with an address and with words on when it was read."""
    makers = load_makers()
    assert len(makers) >= 250
    assert [m.maker_id for m in makers if not m.source_url.startswith(("http://", "https://")) or not m.retrieved] == []


def test_no_maker_stands_under_two_names() -> None:
    """Folded names and aliases each belong to one maker."""
    owners = Counter(name for m in load_makers() for name in {fold_name(n) for n in (m.name, *m.aliases)})
    assert [name for name, n in owners.items() if n > 1] == []


@pytest.mark.parametrize(
    ("name", "maker_id"),
    [
        ("Texas Instruments", "texas-instruments"),
        ("ON Semiconductor (ONSEMI)", "onsemi"),
        ("National Semiconductor (Texas Instruments)", "national-semiconductor"),
        ("u-blox ag", "u-blox"),
        ("UBLOX", "u-blox"),
        ("Wurth Elektronik", "wurth"),
        ("Радіореле", "radiorele"),
    ],
)
def test_a_name_is_found_whatever_its_case_blanks_and_punctuation(name: str, maker_id: str) -> None:
    """Spellings of the listing lead to their maker."""
    found = find_maker(name)
    assert found is not None
    assert found.maker_id == maker_id


@pytest.mark.parametrize("name", ["", "—", "Texas Instrument", "TI Fluid", "Not identified"])
def test_a_name_that_is_not_in_the_list_is_not_guessed(name: str) -> None:
    """One letter less, a longer name, nothing at all: no maker."""
    assert find_maker(name) is None


def test_a_family_holds_lines_below_and_owners_above() -> None:
    """Lines of lines come along; an owner sees its lines, a line its owners."""
    assert maker_family("spansion") == ("spansion", "cypress", "infineon")
    assert set(maker_family("infineon")) == {"infineon", "cypress", "international-rectifier", "spansion"}
    assert maker_family("winbond") == ("winbond",)
    with pytest.raises(UnknownName, match="winbonf"):
        maker_family("winbonf")


NO_MAKERS = {"Not identified", "Brushless fan", "China National", "International standard"}
"""Entries of the listing's column that name nobody."""


@pytest.mark.needs("shared_data")
def test_every_maker_of_the_listing_is_known(shared_data: Path) -> None:
    """Names and countries agree with the listing; where it gives no country ours is empty or has its own page."""
    with (shared_data / "facts" / "gur_shahed_markings.csv").open(encoding="utf-8", newline="") as file:
        seen = {(r["manufacturer"], r["manufacturer_country"]) for r in csv.DictReader(file)}
    assert len(seen) > 180
    for name, country in seen:
        if name in NO_MAKERS:
            continue
        maker = find_maker(name)
        assert maker is not None, name
        assert maker.brand_country == country or country == "UNK", name


def test_makers_that_were_not_seen_in_wrecks_say_so() -> None:
    """A maker is here from a record of wreckage, from our notes of one, from its own page on its marks, or says that
    it is here for its part numbers."""
    elsewhere = {m.maker_id for m in load_makers() if "not in the listing of wrecks" in (m.note or "")}
    listed = {m.maker_id for m in load_makers() if "war-sanctions.gur.gov.ua" in m.source_url}
    assert elsewhere & listed == set()
    assert len(listed) >= 170
    assert {"silicon-labs", "lattice", "xp-power"} <= elsewhere


@pytest.mark.parametrize("n", [0, 1, 2])
def test_a_folder_of_zero_one_or_two_makers_is_read(tmp_path: Path, n: int) -> None:
    """Rows come back in the order of the file, empty cells as None."""
    makers = load_makers(folder=write(tmp_path, *[row(f"m{i}", f"Maker {i}", country="") for i in range(n)]))
    assert [m.maker_id for m in makers] == [f"m{i}" for i in range(n)]
    assert all(m.brand_country is None and m.note is None and m.aliases == () for m in makers)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row("a", "Acme"), row("b", "ACME.")], "means both a and b"),
        ([row("a", "Acme"), row("b", "Beta", aliases="Gamma;acme")], "means both a and b"),
        ([row("a", "Acme"), row("a", "Beta")], "stands twice"),
        ([row("a", "Acme", line="z")], "refers to 'z'"),
        ([row("a", "Acme", succ="z")], "refers to 'z'"),
        ([row("a", "Acme", line="b"), row("b", "Beta", line="a")], "line of itself"),
        ([row("a", "Acme", country="UNK")], "no ISO 3166"),
        ([row("A b", "Acme")], "maker_id 'A b'"),
        ([row("a", "")], "name is missing"),
        (["a,Acme,,US,,,not-a-page,2026,secondary,"], "no web address"),
        (["a,Acme,,US,,,https://example.org,2026,certain,"], "'certain' is not known"),
        (["a,Acme,US"], "3 values for 10 columns"),
    ],
)
def test_a_wrong_row_is_refused_with_the_next_step(tmp_path: Path, rows: list[str], said: str) -> None:
    """The error names what is wrong, the file, and what to do."""
    with pytest.raises(InputError) as caught:
        load_makers(folder=write(tmp_path, *rows))
    assert said in caught.value.what
    assert "makers.csv" in (caught.value.where or "")
    assert caught.value.next


@pytest.mark.parametrize("header", ["", "maker_id,name", HEADER + ",colour", HEADER.replace("note", "notes")])
def test_a_wrong_header_is_refused(tmp_path: Path, header: str) -> None:
    """A column missing, misspelt or too many."""
    with pytest.raises(InputError, match="header"):
        load_makers(folder=write(tmp_path, header=header))


def test_a_missing_file_and_a_wrong_encoding_are_refused(tmp_path: Path) -> None:
    """No file, and bytes that are not UTF-8."""
    with pytest.raises(InputError, match="not there"):
        load_makers(folder=tmp_path)
    (tmp_path / "makers.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        load_makers(folder=tmp_path)
