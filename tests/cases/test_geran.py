"""The real case is data: its files hold together, every row leads to its source, the letters are the published ones."""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
import uuid
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from taggant.model.tables import Kind, TableSchema
from taggant.model.typed_tables import BY_FILE
from taggant.reference import load_kinds
from taggant.writing.edtf import parse_edtf

from .geran_rows import CASE, TABLES, Row, address, relays, rows, sources_reached

WORDS_FOR_MISSING = {"unknown", "unk", "n/a", "none", "null", "-", "not identified", "(unspecified)"}

# Letter by letter, so that no editor's or keyboard's look-alike slips in.
SERIALS = {
    "m214": "\u041c214",
    "i002": "\u0418002",
    "y-391": "\u042b-391",
    "y-954": "\u042b-954",
    "y-1276": "\u042b-1276",
    "y-1311": "\u042b-1311",
    "y-8465": "\u042c\u0406-8465",
    "y-12686": "\u042b-12686",
    "y-18358": "\u042b18358",
    "yy-748": "\u042b\u042b 748",
    "no-13084": "13084",
    "no-13678": "13678",
    "ms001": "MS001",
}


def _key(schema: TableSchema, row: Row) -> tuple[str, ...]:
    return tuple(row[k] for k in schema.key)


def test_the_folder_holds_the_files_of_the_case_and_no_other() -> None:
    """A stray file would be imported or shipped unseen."""
    names = {entry.name for entry in CASE.iterdir()}
    assert names == {"case.toml", "README.md", *(f"{table}.csv" for table in TABLES)}


@pytest.mark.parametrize("table", TABLES)
def test_columns_are_those_of_the_tables_a_person_types(table: str) -> None:
    """Each header is known, each row as long as its header, each cell without stray blanks."""
    schema = BY_FILE[table]
    typed = rows(table)
    assert typed
    assert set(typed[0]) <= set(schema.names)
    assert {c.name for c in schema.columns if c.is_required} <= set(typed[0])
    for row in typed:
        for name, value in row.items():
            assert value == " ".join(value.split()), (table, row, name)


@pytest.mark.parametrize("table", TABLES)
def test_keys_are_unique_and_ascii(table: str) -> None:
    """A key names one row, and what names a row can be typed on any keyboard."""
    schema = BY_FILE[table]
    keys = Counter(_key(schema, row) for row in rows(table))
    assert [key for key, n in keys.items() if n > 1] == []
    names = [c.name for c in schema.columns if c.kind is Kind.ID]
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]*", row[n]) for row in rows(table) for n in names if row.get(n))


@pytest.mark.parametrize("table", TABLES)
def test_values_fit_their_columns(table: str) -> None:
    """Levels, countries, dates and whole numbers are in the forms of the tables; missing is empty, never a word."""
    for row in rows(table):
        for column in BY_FILE[table].columns:
            value = row.get(column.name, "")
            where = (table, _key(BY_FILE[table], row), column.name, value)
            assert value.lower() not in WORDS_FOR_MISSING, where
            if value == "":
                assert not column.is_required, where
            elif column.kind is Kind.LEVEL:
                assert value in column.levels, where
            elif column.kind is Kind.COUNTRY:
                assert re.fullmatch(r"[A-Z]{2}", value), where
            elif column.kind is Kind.DATE:
                parse_edtf(value)
            elif column.kind is Kind.INTEGER:
                assert value.isdecimal(), where
            elif column.kind is Kind.DECIMAL:
                assert float(value) >= 0, where
            elif column.kind is Kind.YESNO:
                assert value in {"yes", "no"}, where


@pytest.mark.parametrize("table", TABLES)
def test_references_resolve(table: str) -> None:
    """Whatever a row names in another table is there."""
    for column in BY_FILE[table].columns:
        if column.refers is None:
            continue
        other = next(file for file, schema in BY_FILE.items() if schema.name == column.refers)
        known = {_key(BY_FILE[other], row)[0] for row in rows(other)} if other in TABLES else set()
        named = {row[column.name] for row in rows(table) if row.get(column.name)}
        assert named <= known, (table, column.name, named - known)


def test_relays_name_sources_and_end() -> None:
    """A chain of relays leads to sources of the case and never back to itself: its end is the root."""
    steps = relays()
    for source, nearest in steps.items():
        seen, queue = {source}, list(nearest)
        while queue:
            step = queue.pop()
            assert step in steps, (source, step)
            assert step != source, source
            if step not in seen:
                seen.add(step)
                queue += steps[step]


def test_every_row_leads_to_an_address() -> None:
    """Each row has a locator or a source with an address; a source without one was not opened and is relayed."""
    reached = sources_reached()
    for row in rows("sources"):
        if row["url"] == "":
            assert row["source_id"] in reached, row
            assert row["note"].startswith("Not opened"), row
            assert row["retrieved"] == "", row
    for table in TABLES[1:]:
        for row in rows(table):
            assert address(row), (table, row)


@pytest.mark.parametrize("table", TABLES)
def test_every_address_is_well_formed(table: str) -> None:
    """ASCII, http or https, a host with a dot and no blank: in sources, in locators and in notes."""
    for row in rows(table):
        told = re.findall(r"https?://[^\s,;]+", row.get("note", ""))
        for text in (row.get("url", ""), row.get("locator", ""), *told):
            if text:
                parts = urlsplit(text)
                assert parts.scheme in {"http", "https"}, (table, row)
                assert re.fullmatch(r"[a-z0-9.-]+\.[a-z]{2,}\.?", parts.netloc), (table, row)
                assert text.isascii(), (table, row)
                assert " " not in text, (table, row)


def test_serials_are_letter_for_letter() -> None:
    """Cyrillic letters stay Cyrillic, the soft sign with Ukrainian I is not mended, and no number is invented."""
    serials = {row["item_id"]: row["serial_as_marked"] for row in rows("items") if row["serial_as_marked"]}
    assert serials == SERIALS
    assert [unicodedata.name(c) for c in serials["y-8465"][:2]] == [
        "CYRILLIC CAPITAL LETTER SOFT SIGN",
        "CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I",
    ]


def test_two_spellings_of_one_serial_are_both_kept() -> None:
    """Two outlets print one number with a Cyrillic and a Latin letter: neither replaces the other."""
    texts = {(row["text"], row["script"]) for row in rows("markings") if row["item_id"] == "y-18358"}
    assert texts == {("\u042b18358", "Cyrl"), ("Y18358", "Latn")}


def test_no_two_items_share_an_incident() -> None:
    """No source says two items fell together, so nothing in the case may count them as one sighting."""
    incidents = [row["incident_id"] for row in rows("items")]
    assert len(incidents) == len(set(incidents))
    assert set(incidents) == {row["incident_id"] for row in rows("incidents")}


def test_nobody_graded_a_source_and_no_teardown_is_called_complete() -> None:
    """Reliability, completeness, reading quality and dates of making are not in the sources, so they stay empty."""
    assert {row["reliability"] + row["reliability_reason"] for row in rows("sources")} == {""}
    assert {row["complete"] for row in rows("examinations")} == {""}
    assert {row["read_quality"] + row["made_stated"] + row["distributor"] for row in rows("components")} == {""}


def test_marked_components_cover_the_numbered_airframes() -> None:
    """At least 250 marks, and some on each numbered airframe of the listing whose marks survive."""
    marked = Counter(row["item_id"] for row in rows("components") if row["marking"])
    assert sum(marked.values()) >= 250
    assert set(marked) >= {
        "m214", "y-391", "y-954", "y-1276", "y-1311", "y-8465", "y-12686", "no-13084", "no-13678", "ms001",
        "k-series", "e-r60", "e-verba", "nav-unit",
    }  # fmt: skip


def test_component_rows_keep_their_promises() -> None:
    """Record number and address agree, a maker has its basis, a function is short, a printed country is in the mark."""
    printed = {"CN": "CHN", "PH": "PHL", "TW": "T"}
    modules = {"", *(m.id for kind in load_kinds() if kind.id == "uav" for m in kind.modules)}
    for row in rows("components"):
        assert row["locator"].endswith("/components/" + row["component_id"].removeprefix("gur-")), row
        assert (row["maker"] == "") == (row["maker_basis"] == ""), row
        assert 1 <= len(row["function"].split()) <= 5, row
        assert row["module"] in modules, row
        # Empty where the listing has a plural: how many were found is then not stated.
        assert row["quantity"] in {"1", ""}, row
        assert row["quantity"] == "1" or row["function"].split()[-1].endswith("s"), row
        if row["country_marked"]:
            assert printed[row["country_marked"]] in row["marking"], row


def test_weak_rows_are_kept_and_named_in_the_readme() -> None:
    """The impossible, the misattributed and the ambiguous mark are in the case, and a reader is told of them."""
    by_id = {row["component_id"]: row for row in rows("components")}
    assert "2386" in by_id["gur-4775"]["marking"]
    assert (by_id["gur-663"]["brand"], by_id["gur-663"]["maker"]) == ("Microchip Technology Inc.", "Texas Instruments")
    assert "2024C045" in by_id["gur-5688"]["marking"]
    assert by_id["gur-669"]["marking"] == by_id["gur-676"]["marking"]
    readme = CASE.joinpath("README.md").read_text(encoding="utf-8")
    for name in ("gur-663", "gur-4775", "2024C045", "gur-4907", "gur-696"):
        assert name in readme


def test_the_readme_counts_what_is_there() -> None:
    """The numbers in the readme are those of the files."""
    readme = CASE.joinpath("README.md").read_text(encoding="utf-8")
    components = rows("components")
    n_marked = sum(row["marking"] != "" for row in components)
    n_without_module = sum(row["module"] == "" for row in components)
    n_several = sum(row["stands_for"] == "several" for row in rows("items"))
    assert f"{len(rows('items'))} items, {n_several} of which stand for several finds" in readme
    assert f"{len(components)} components, {n_marked} of them with a marking" in readme
    assert f"It is empty for {n_without_module} of {len(components)}" in readme
    for table in TABLES:
        assert f"| {table}.csv | {len(rows(table))} |" in readme, table


def test_the_readme_names_twenty_weakest_rows_that_are_there() -> None:
    """Twenty names, each of a row of the case."""
    readme = CASE.joinpath("README.md").read_text(encoding="utf-8")
    part = readme.split("## The twenty weakest rows")[1].split("\n## ")[0]
    named = re.findall(r"^\| \d+ \| (\w+) `([^`]+)` \|", part, flags=re.MULTILINE)
    assert len(named) == 20
    for table, name in named:
        known = {_key(BY_FILE[table], row)[0] for row in rows(table)}
        assert name.split("|")[0] in known, (table, name)


def test_case_file_names_the_case_and_its_plans() -> None:
    """The case has a uuid, a day, a TLP level, and plans whose sources are in the case."""
    case = tomllib.loads(CASE.joinpath("case.toml").read_text(encoding="utf-8"))
    assert uuid.UUID(case["uuid"]).version == 4
    assert (case["title"], case["tlp"], case["language"]) == ("Shahed-136 and its Russian copies", "CLEAR", "en")
    as_of = parse_edtf(case["as_of"])
    assert as_of.until_on is not None
    sources = {row["source_id"] for row in rows("sources")}
    assert len(case["plan"]) >= 19
    assert len({plan["title"] for plan in case["plan"]}) == len(case["plan"])
    for plan in case["plan"]:
        stated = set(plan) - {"by", "since", "measure", "per"}
        assert stated == {"title", "scope", "quantity", "source_id", "locator"}
        assert (plan.get("measure") == "rate") == ("per" in plan), plan["title"]
        assert plan["source_id"] in sources
        assert plan["locator"].startswith("https://")
        assert plan["quantity"] > 0
        if "by" in plan:
            parse_edtf(plan["by"])


@pytest.mark.needs("shared_data")
def test_components_say_what_the_listing_says(shared_data: Path) -> None:
    """Each mark is made of the listing's own tokens, and brand, country and address are the listing's."""
    with (shared_data / "facts" / "gur_shahed_markings.csv").open(encoding="utf-8-sig", newline="") as lines:
        listing = {row["component_id"]: row for row in csv.DictReader(lines)}
    for row in rows("components"):
        told = listing[row["component_id"]]
        tokens = re.split(r"[\s();,]+", told["name_marking"]) + told["name_marking"].split()
        assert [t for t in row["marking"].split() if t not in tokens] == [], row
        assert row["brand"] == told["manufacturer"].replace("Not identified", ""), row
        assert row["brand_country"] == told["manufacturer_country"].replace("UNK", ""), row
        assert row["locator"] == told["source_url"], row
