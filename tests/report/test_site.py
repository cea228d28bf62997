"""Pages: whole, self-contained, every number leading somewhere, the same bytes each time, hostile text harmless."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from taggant.errors import InputError
from taggant.model.derived_tables import DERIVED
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED
from taggant.report.exports import made_range_csv, with_text
from taggant.report.links import anchor, web_address
from taggant.report.pages import POLICY
from taggant.report.parts import Span, cut_at_token, parts_by_item
from taggant.report.view import when_made

from .pages import Page, crawl
from .sample import CASE, Written, finding, findings, made_range, tables, value, write


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The sample case, written once."""
    return write(tmp_path_factory.mktemp("site"), CASE, findings(), tables())


def _read(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def test_pages_are_balanced_with_unique_ids(site: Written) -> None:
    """Both pages parse, and no id stands twice."""
    for path in (site.index, site.when_made):
        page = _read(path)
        assert len(page.ids) == len(set(page.ids))
        assert page.tags.count("h1") == 1


def test_every_link_leads_somewhere(site: Written) -> None:
    """Over the whole site: links inside resolve to a file and an id of it; links outside are http(s) to look at."""
    n_links, n_pages = crawl(site.folder)
    assert n_pages > 30
    assert n_links > 600


def test_nothing_is_loaded(site: Written) -> None:
    """No script, image, frame or style but the site's own; the policy forbids it too."""
    for path in site.folder.rglob("*.html"):
        page = _read(path)
        assert not {"script", "img", "iframe", "object", "form", "image", "use", "style"} & set(page.tags)
        assert not [a for a in page.attributes if a[1].startswith("on") or a[1] == "style"]
        root = "" if path.parent == site.folder else "../"
        loaded = [f"{root}assets/{name}" for name in ("icon.svg", "look.css")]
        assert [h for tag, h in page.links if tag == "link"] == loaded
        assert ("meta", "content", POLICY) in page.attributes
        assert ("html", "lang", "en") in page.attributes
    asked = re.findall(r"url\(([^)]*)\)", (site.folder / "assets" / "look.css").read_text(encoding="utf-8"))
    assert asked
    assert all((site.folder / "assets" / name).is_file() for name in asked)


def test_same_input_same_bytes(site: Written, tmp_path: Path) -> None:
    """A second run, of rows in another order, writes the same files byte for byte."""
    again = tables() | {"made_range": made_range().sample(fraction=1, shuffle=True, seed=7)}
    second = write(tmp_path, CASE, list(reversed(findings())), again)
    for name in ("index", "when_made", "when_made_csv"):
        assert getattr(site, name).read_bytes() == getattr(second, name).read_bytes(), name


def test_numbers_in_sentences_link_to_what_they_rest_on(site: Written) -> None:
    """The newest mark leads to its row; a count leads to the item's parts; the case's counts to the table of items."""
    text = site.when_made.read_text(encoding="utf-8")
    assert f'href="#{anchor("component", "k7-2")}"><bdi>1 August 2021</bdi>' in text
    assert 'href="#items"><bdi>14</bdi>' in text
    assert f'href="#{anchor("parts", "k-23")}"><bdi>1</bdi>' in text


def test_page_says_what_it_must(site: Written) -> None:
    """Rests on, assumes with its status, otherwise, kept apart, refusals, method, commit and what was left out."""
    text = _read(site.when_made).text
    for words in (
        "VP230 18M A77R", "documented", "row 3 of abababab…", "2386 has week 86",
        "8 – 14 November 2010 or 2 – 8 November 2020",
        "Assumes", "untestable", "The newest part was not fitted in a repair", "fails", "If we assumed otherwise",
        "Kept apart, not averaged", "newest-documented-part 1", "Why: no mark on it can be dated",
        "Enough would be: one mark read by a known rule", "newest-part-v1 1", CASE.commit[:12], "7 exhibits held",
        "4 sources cited", "Left out: 1 × no mark is stated", "A brand in a wreck is no accusation",
    ):  # fmt: skip
        assert words in text, words
    assert text.count("Marks are read letter for letter") == 1  # said once for the page, not once an item
    assert text.count("not built yet") == 9


def test_home_shows_ten_questions(site: Written) -> None:
    """Each question with its state; the answered one with its sentence, leading into its page."""
    page = _read(site.index)
    assert site.index.read_text(encoding="utf-8").partition("</ol>\n<section")[0].count("<h2>") == 10
    assert ("a", "item/k-07.html") in page.links
    assert ("a", "when-made.html#items") in page.links
    assert "answered in part" in page.text


def test_twins(site: Written) -> None:
    """JSON holds the findings with their text; CSV holds every row, null as nothing."""
    said = json.loads(site.when_made_json.read_text(encoding="utf-8"))
    assert [f["id"] for f in said] == [f["id"] for f in findings()]
    assert said[1]["text"]["en"].startswith("Kestrel 07 cannot")
    rows = list(csv.DictReader(site.when_made_csv.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == made_range().height
    assert [r["marking"] for r in rows if r["component_id"] == "k7-2"] == ["VP230 18M A77R"]
    assert {r["token"] for r in rows if r["state"] == "undated"} == {""}


def test_findings_are_not_changed() -> None:
    """Adding the text leaves the caller's findings as they were."""
    mine = findings()
    with_text(mine)
    assert mine == findings()


@pytest.mark.parametrize(("cell", "written"), [
    ("+116", "+116"), ("-3A", "-3A"), ("#2207", "#2207"), ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"),
    ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"), (None, ""),
])  # fmt: skip
def test_csv_runs_no_formula(cell: str | None, written: str) -> None:
    """Marks that begin with a sign stay letter for letter; a formula gets an apostrophe."""
    frame = made_range().head(1).with_columns(marking=pl.lit(cell, dtype=pl.String))
    assert next(csv.DictReader(made_range_csv({"made_range": frame}).splitlines()))["marking"] == written


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_items(tmp_path: Path, n: int) -> None:
    """A case of no, one or two items has its pages, with or without a chart."""
    about = [f for f in findings() if f["subject"]][:n]
    case = finding(
        "when-made.case", {**findings()[0]["statement"]["values"], "n_items": value(n), "n_dated_items": value(n)}
    )
    paths = write(tmp_path, CASE, [case, *about], tables())
    text = paths.when_made.read_text(encoding="utf-8")
    Page(text)
    assert text.count("<svg") == (2 if n else 0)
    assert ("nothing to draw" in text) == (n == 0)


def test_no_rows_and_only_needed_table(tmp_path: Path) -> None:
    """Refused items without any row: pages all the same, and the state says so."""
    refused = finding("when-made.item.refused", {"item": value("X"), "n_marked": value(0)}, "x",
                      refused={"why": "nothing marked", "enough": "one mark"})  # fmt: skip
    paths = write(tmp_path, CASE, [refused], {"made_range": made_range(()).lazy()})
    assert "cannot be told" in _read(paths.index).text
    assert "nothing to draw" in _read(paths.when_made).text


def test_other_questions_are_passed_over(tmp_path: Path) -> None:
    """A finding of a question this page does not show changes nothing."""
    other = {**findings()[1], "question": "how-many", "statement": {"key": "unheard-of", "values": {}}}
    assert when_made([*findings(), other], tables()) == when_made(findings(), tables())


def test_missing_table_and_subject_are_said() -> None:
    """Without `made_range`, or with a finding about no item, the error says what to do."""
    with pytest.raises(InputError, match="made_range is not given"):
        when_made(findings(), {})
    with pytest.raises(InputError, match="does not say which item"):
        when_made([{**findings()[1], "subject": {}}], tables())


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """A file where the folder should be: the error names it."""
    (tmp_path / "taken").write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        write(tmp_path / "taken", CASE, findings(), tables())


_HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "]]>--><svg onload=alert(1)>",
    "\u202egnol\u202c", "سلام 18M", "\x1b[31mred\x07", "A" * 5000,
    "</style><script>1</script>", "{{ 7*7 }}", "[[x]] {y} <<z>>",
)  # fmt: skip


@pytest.mark.parametrize("text", _HOSTILE, ids=range(len(_HOSTILE)))
def test_hostile_text_is_harmless(tmp_path: Path, text: str) -> None:
    """Whatever stands in a mark, name, id, reason, title or address: letters to look at, nothing more."""
    span = ("2021-08-01", "2021-09-01")
    dated = ("k-07", text, text, text, "dated", [span], text, "documented", 7, text, None)
    undated: tuple[Any, ...] = ("k-07", text + "2", text, None, "undated", [], None, None, 0, text, text)
    parts: tuple[tuple[Any, ...], ...] = (dated, undated)
    frames: dict[str, Any] = tables(parts)
    frames["component"] = frames["component"].with_columns(locator=pl.lit(text), origin=pl.lit(f"{text}#row={text}"))
    frames["source"] = pl.DataFrame([{"source_id": "listing", "title": text, "url": text}])
    told: Mapping[str, Any] = findings()[1]
    values = {**told["statement"]["values"], "item": value(text, f"item:{text}")}
    values["newest_component"] = value(text)
    values["newest_token"] = value(text, f"component:{text}")
    bad = {**told, "statement": {"key": "when-made.item", "values": values}, "method": text,
           "assumptions": [{"text": text, "status": "weak", "why": text}], "left_out": [{"why": text, "n": 1}],
           "diagnostics": [{"name": text, "value": text, "reading": text}]}  # fmt: skip
    write(tmp_path, replace(CASE, title=text, subject=text, commit=text), [bad], frames)
    crawl(tmp_path)
    for path in tmp_path.rglob("*.html"):
        page = _read(path)
        assert not {"script", "img", "iframe"} & set(page.tags)
        assert not [a for a in page.attributes if a[1].startswith("on")]
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", path.read_text(encoding="utf-8"))
        assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("address", [
    "javascript:alert(1)", "data:text/html,x", "//host/x", "https://", "http://[::1", "file:///x", "row=17",
    "", None, "https://a b/", "\tjavascript:x",
])  # fmt: skip
def test_only_web_addresses_become_links(address: str | None) -> None:
    """Anything but http(s) with a host stays text."""
    assert web_address(address) is None


def test_web_address_stays_as_written() -> None:
    """A real address is not rewritten."""
    assert web_address("https://example.org/a?b=c#d") == "https://example.org/a?b=c#d"


def test_anchors_never_meet() -> None:
    """Keys that differ have anchors that differ, also when one looks like the escape of the other."""
    keys = ["a", "A", "a b", "a_20_b", "a-b", "Ы", "_42b_", "", "a\tb", "a|b"]
    assert len({anchor("component", k) for k in keys}) == len(keys)


@pytest.mark.parametrize(("start", "until", "words"), [
    ("2021-08-01", "2021-09-01", "August 2021"), ("2021-12-01", "2022-01-01", "December 2021"),
    ("2016-01-01", "2017-01-01", "2016"), ("2016-01-01", "2018-01-01", "2016 – 2017"),
    ("2021-03-15", "2021-03-22", "15 – 21 March 2021"), ("2021-03-29", "2021-04-05", "29 March – 4 April 2021"),
    ("2020-12-28", "2021-01-04", "28 December 2020 – 3 January 2021"), ("2021-03-15", "2021-03-16", "15 March 2021"),
    (None, "2021-03-16", "open – 15 March 2021"), ("2021-03-16", None, "16 March 2021 – open"),
])  # fmt: skip
def test_spans_in_words(start: str | None, until: str | None, words: str) -> None:
    """A span is written as a year, a month or its first and last day; the day it ends before is not in it."""
    span = Span(*(None if d is None else date.fromisoformat(d) for d in (start, until)))
    assert span.words == words


@pytest.mark.parametrize(("mark", "token", "cut"), [
    ("18M5 VP230 18M A", "18M", ("18M5 VP230 ", "18M", " A")), ("X18M", "18M", ("X", "18M", "")),
    ("VP230", "18M", ("VP230", "", "")), (None, "18M", ("", "", "")), ("VP230", None, ("VP230", "", "")),
    ("+116", "+116", ("", "+116", "")),
])  # fmt: skip
def test_token_is_found_in_its_mark(mark: str | None, token: str | None, cut: tuple[str, str, str]) -> None:
    """The whole word is marked, not the same letters in another."""
    assert cut_at_token(mark, token) == cut


def test_a_date_a_person_gave_stands_on_the_page_for_the_one_that_was_read() -> None:
    """Replaced: the person's date and that it is theirs. Rejected: no date, and why. Unjudged: as read."""
    ranges: list[dict[str, Any]] = [
        {"component_id": c, "range_n": 0, "item_id": "a", "state": "dated", "token": "22T", "rule": "ti-4",
         "made_from": date(2022, 2, 1), "made_until": date(2022, 3, 1), "closed_by": []}
        for c in ("c1", "c2", "c3")
    ]  # fmt: skip
    said = {"kind": "made-range", "by": "ada", "suggested": "22T 2022-02-01 2022-03-01"}
    judgements = [
        {**said, "suggestion": "c1", "verdict": "replace", "value": "2021-05"},
        {**said, "suggestion": "c2", "verdict": "reject"},
    ]
    tables = {
        "made_range": pl.DataFrame(ranges, schema=frame_schema(DERIVED["made_range"])),
        "judgement": pl.DataFrame(judgements, schema=frame_schema(TYPED["judgement"])),
    }
    first, second, third = parts_by_item(tables)["a"]
    assert (first.made, first.rule, first.token) == ("May 2021", "a person's judgement", None)
    assert (second.state, second.spans, second.why) == ("undated", (), "a person rejected the date that was read")
    assert (third.made, third.rule) == ("February 2022", "ti-4")
