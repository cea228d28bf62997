"""The high-priority list, countries, scales of words, publishers of lists: complete, strict, each with its page."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from taggant.errors import InputError
from taggant.model.typed_tables import TLP
from taggant.reference import (
    CHPL_TIERS,
    chpl_tier,
    country_name,
    load_chpl,
    load_countries,
    load_list_publishers,
    load_makers,
    load_scales,
    load_variants,
)

CHPL_HEADER = "hs_code,tier,description,source_url,other_url,retrieved,status,note"
CHPL_ROW = "854231,1,processors,https://example.org,,2026-01,secondary,"
COUNTRY_HEADER = "code,name,source_url,retrieved,status,note"
COUNTRY_ROW = "IR,Iran,https://example.org,2026-01,secondary,"
SCALE = """
id = "two"
title = "Two"
meaning = "two words"
unit = "probability"
[[level]]
code = "no"
words = "no"
low = "0"
high = "0.5"
[[level]]
code = "yes"
words = "yes"
low = "0.5"
high = "1"
[[source]]
url = "https://example.org"
retrieved = "2026-01"
"""
PUBLISHER = """
[[publisher]]
id = "a"
name = "A list"
publisher = "A"
url = "https://example.org"
[[publisher.source]]
url = "https://example.org"
retrieved = "2026-01"
"""


def write(folder: Path, name: str, text: str) -> Path:
    """Write one file and give its folder."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def test_the_list_has_fifty_codes_in_six_tiers() -> None:
    """4, 5, 16, 9, 11 and 5 of them, as both publishers of the list have it."""
    counts = Counter(c.tier for c in load_chpl())
    assert [counts[t] for t in CHPL_TIERS] == [4, 5, 16, 9, 11, 5]


@pytest.mark.needs("shared_data")
def test_the_list_is_that_of_the_shared_facts(shared_data: Path) -> None:
    """Code by code and tier by tier."""
    with (shared_data / "facts" / "chpl.csv").open(encoding="utf-8", newline="") as file:
        shared = {r["hs6"]: r["tier"] for r in csv.DictReader(file)}
    assert {c.hs_code: c.tier for c in load_chpl()} == shared


@pytest.mark.parametrize(
    ("code", "tier"), [("854231", "1"), ("852691", "2"), ("840710", None), ("", None), (None, None)]
)
def test_a_tier_is_looked_up(code: str | None, tier: str | None) -> None:
    """Codes that are not listed have none."""
    assert chpl_tier(code) == tier


@pytest.mark.parametrize("n", [0, 1, 2])
def test_a_list_of_zero_one_or_two_codes_is_read(tmp_path: Path, n: int) -> None:
    """In the order of the file."""
    rows = [CHPL_ROW, CHPL_ROW.replace("854231", "854232")][:n]
    assert len(load_chpl(folder=write(tmp_path, "chpl.csv", "\n".join([CHPL_HEADER, *rows, ""])))) == n


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{CHPL_HEADER}\n{CHPL_ROW}\n{CHPL_ROW}\n", "stands twice"),
        (f"{CHPL_HEADER}\n{CHPL_ROW.replace('854231', '8542.31')}\n", "hs_code '8542.31'"),
        (f"{CHPL_HEADER}\n{CHPL_ROW.replace(',1,', ',5,')}\n", "'5' is not known"),
        (f"{CHPL_HEADER}\n{CHPL_ROW.replace('https://example.org', '')}\n", "source_url is missing"),
        (f"{CHPL_HEADER},more\n", "the header is"),
        ("", "the header is empty"),
        (f'{CHPL_HEADER}\n"854231\n', "not CSV"),
    ],
)
def test_a_wrong_list_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """The error names what is wrong, the file, and what to do."""
    with pytest.raises(InputError) as caught:
        load_chpl(folder=write(tmp_path, "chpl.csv", text))
    assert said in caught.value.what
    assert "chpl.csv" in (caught.value.where or "")
    assert caught.value.next


def test_the_countries_are_those_of_the_standard() -> None:
    """249 codes, each once, none of them user-assigned, names each once."""
    countries = load_countries()
    assert len(countries) == len({c.code for c in countries}) == len({c.name for c in countries}) == 249
    assert {"IR", "RU", "UA", "CN", "US", "TW", "HK", "AE", "TR", "DE"} <= {c.code for c in countries}
    assert [c.code for c in countries if c.code.startswith("X")] == []


@pytest.mark.parametrize(
    ("code", "is_known"),
    [("IR", True), ("XA", True), ("XZ", True), ("UK", False), ("ir", False), ("", False), ("EU", False)],
)
def test_a_code_is_known_or_not(code: str, is_known: bool) -> None:
    """XA to XZ are known as user-assigned; what people type for the United Kingdom is not its code."""
    assert (country_name(code) is not None) == is_known


def test_every_country_of_the_reference_is_a_code() -> None:
    """Of makers, producers and publishers."""
    used = {m.brand_country for m in load_makers()} | {v.producer_country for v in load_variants()}
    used |= {p.country for p in load_list_publishers()}
    assert used - {c.code for c in load_countries()} == {None}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (COUNTRY_ROW.replace("IR", "XA"), "code 'XA'"),
        (COUNTRY_ROW.replace("IR", "IRN"), "code 'IRN'"),
        (f"{COUNTRY_ROW}\n{COUNTRY_ROW}", "stands twice"),
        (COUNTRY_ROW.replace("Iran", ""), "name is missing"),
    ],
)
def test_a_wrong_country_is_refused(tmp_path: Path, row: str, said: str) -> None:
    """The error names what is wrong and what to do."""
    with pytest.raises(InputError) as caught:
        load_countries(folder=write(tmp_path, "countries.csv", f"{COUNTRY_HEADER}\n{row}\n"))
    assert said in caught.value.what
    assert caught.value.next


def test_the_scales_are_those_the_design_names() -> None:
    """Two of the Admiralty, likelihood, weight, sharing; the labels of sharing are those one may type."""
    scales = {s.id: s for s in load_scales()}
    assert set(scales) == {"admiralty-reliability", "admiralty-credibility", "icd-203", "enfsi-2015", "tlp-2"}
    assert "".join(v.code for v in scales["admiralty-reliability"].levels) == "ABCDEF"
    assert "".join(v.code for v in scales["admiralty-credibility"].levels) == "123456"
    assert tuple(v.code for v in scales["tlp-2"].levels) == TLP


@pytest.mark.parametrize(
    ("scale_id", "first", "last"),
    [("icd-203", Decimal("0.01"), Decimal("0.99")), ("enfsi-2015", Decimal(1), None)],
)
def test_bands_leave_no_gap(scale_id: str, first: Decimal, last: Decimal | None) -> None:
    """Each band begins where the one before ends."""
    levels = next(s for s in load_scales() if s.id == scale_id).levels
    assert len(levels) == 7
    assert [v.high for v, _ in pairwise(levels)] == [v.low for _, v in pairwise(levels)]
    assert (levels[0].low, levels[-1].high) == (first, last)


def test_what_was_not_verified_is_said() -> None:
    """The weight scale has bands from memory, and its entry says which were read."""
    enfsi = next(s for s in load_scales() if s.id == "enfsi-2015")
    assert [v.code for v in enfsi.levels if v.is_verified] == ["moderate", "moderately-strong"]
    assert "not opened" in (enfsi.unverified or "")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('low = "0.5"', 'low = "0.4"', "yes begins before no ends"),
        ('high = "0.5"\n', "", "yes begins before no ends"),
        ('high = "1"', 'high = "0.5"', "before it begins"),
        ('high = "1"', 'high = "one"', "is no number"),
        ('unit = "probability"\n', "", "numbers and unit go together"),
        ('unit = "probability"', 'unit = "percent"', "'percent' is not known"),
        ('code = "yes"', 'code = "no"', "its levels are no, no"),
        ('words = "yes"', 'words = "yes"\nverified = false', "a level is unverified"),
        ('id = "two"', 'id = "Two"', "id 'Two'"),
        ('id = "two"', 'id = "three"', "the id is 'three'"),
        ('meaning = "two words"', 'meaning = "two words"\ncolour = "red"', "unknown key colour"),
        ('[[source]]\nurl = "https://example.org"\nretrieved = "2026-01"\n', "", "names no source"),
    ],
)
def test_a_wrong_scale_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    """The error names what is wrong, the file, and what to do."""
    assert len(load_scales(folder=write(tmp_path, "scales/two.toml", SCALE))) == 1
    with pytest.raises(InputError) as caught:
        load_scales(folder=write(tmp_path, "scales/two.toml", SCALE.replace(old, new, 1)))
    assert said in caught.value.what
    assert "two.toml" in (caught.value.where or "")
    assert caught.value.next


def test_the_publishers_are_those_the_tracer_needs() -> None:
    """United States twice, European Union, United Nations, United Kingdom, Switzerland, the joined list, the portal."""
    publishers = {p.id: p for p in load_list_publishers()}
    assert set(publishers) == {
        "ofac-sdn", "us-csl", "eu-fsf", "un-sc", "uk-sanctions", "seco", "opensanctions", "gur-war-sanctions",
    }  # fmt: skip
    assert [p.id for p in publishers.values() if not p.formats or not p.sources] == []
    assert [p.id for p in publishers.values() if p.terms is None and "not read" not in (p.note or "")] == []
    assert not publishers["opensanctions"].is_official


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no publisher is named"),
        (PUBLISHER + PUBLISHER, "stands twice"),
        (PUBLISHER.replace('id = "a"', 'id = "A"'), "id 'A'"),
        (PUBLISHER.replace('publisher = "A"', 'publisher = "A"\ncountry = "Iran"'), "country 'Iran'"),
        (PUBLISHER.replace('url = "https://example.org"', 'url = "example"', 1), "no web address"),
        ("about = 1\n" + PUBLISHER, "unknown key about"),
        (PUBLISHER[: PUBLISHER.index("[[publisher.source]]")], "names no source"),
    ],
)
def test_a_wrong_publisher_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """The error names what is wrong, the file, and what to do."""
    with pytest.raises(InputError) as caught:
        load_list_publishers(folder=write(tmp_path, "list_publishers.toml", text))
    assert said in caught.value.what
    assert "list_publishers.toml" in (caught.value.where or "")
    assert caught.value.next
