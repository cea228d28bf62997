"""What the pages of questions show beside their findings: brands, items, makers, claims that cannot both hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from taggant.model.derived_tables import DERIVED
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED
from taggant.report.brand_chart import NARROW, WIDE, brand_spec, brands
from taggant.report.contradiction_view import PAIRS_MOST, contradiction_section
from taggant.report.dossier import Dossier
from taggant.report.finding_view import headline_words
from taggant.report.listed_parts_view import MAKERS_MOST, listed_parts_view, percent_words
from taggant.report.phrases import label
from taggant.report.site import Site
from taggant.report.site_folder import write_site
from taggant.report.svg import to_svg

from .pages import Page, crawl
from .sample import CASE, finding, value

_CODES = ("US", "CN", "JP", "CH", "TW", "DE", "NL", "AT", "CA", "IE", "KR")


def _shares(item: str, by: str, counts: dict[str | None, int]) -> list[dict[str, Any]]:
    n, untold = sum(counts.values()), counts.get(None, 0)
    return [
        {"item_id": item, "by": by, "level": level, "n_components": own, "n_marks": own, "share_low": own / n,
         "share_high": (own if level is None else own + untold) / n}
        for level, own in counts.items()
    ]  # fmt: skip


def _frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = frame_schema(DERIVED.get(table) or TYPED[table])
    return pl.DataFrame([{**dict.fromkeys(schema), **row} for row in rows], schema=schema)


def _said(item: str, n: int, *, n_dated: int = 1) -> dict[str, Any]:
    """A finding of one item, with every value its sentence has a place for."""
    counts = ("n_marks", "n_unmarked", "n_makers", "n_no_maker", "n_countries", "n_ambiguous", "n_surely_after",
              "n_tier_1", "n_tiers", "n_no_tier", "n_complete", "n_examinations")  # fmt: skip
    absent = ("country_1", "n_country_1", "country_2", "n_country_2", "country_3", "n_country_3", "n_country_other",
              "n_no_country", "n_after_with_neighbours")  # fmt: skip
    values = {name: value(1) for name in counts} | {name: value(None) for name in absent}
    values |= {"item": value(item), "n_components": value(n), "n_dated": value(n_dated),
               "after": value("2022-02-24", unit="date"), "n_possibly_after": value(n)}  # fmt: skip
    told = {"low": 0.142857, "high": 0.857143, "point": None, "point_is": None, "level": None,
            "interval": "unknown counted both ways", "unit": "share of listed parts"}  # fmt: skip
    change = {"change": "twins counted once", "low": 0.001, "high": 0.5}
    return finding(
        "whose-parts.item", values, item, id=f"whose-parts:{item}", question="whose-parts", headline=told,
        sensitivity=[change], supports=[{"kind": "item", "id": item}],
    )  # fmt: skip


def _dossier(n_items: int, *, counts: dict[str | None, int] | None = None, makers: int = 2) -> Dossier:
    """Invented items, each with the same listed parts but for the first, which has one US part more."""
    counts = {"US": 3, "CN": 2, None: 1} if counts is None else counts
    items = [f"k-{n:02}" for n in range(n_items)]
    rows: list[dict[str, Any]] = []
    for at, item in enumerate(items):
        own = {**counts, "US": counts.get("US", 0) + 1} if at == 0 else counts
        rows += _shares(item, "brand_country", own)
        rows += _shares(item, "maker", {f"House {n:02}": makers - n for n in range(makers)} | {None: 1})
    frames = {
        "composition": _frame("composition", rows),
        "item": _frame("item", [
            {"item_id": item, "kind": "uav", "designation": "Kestrel", "source_id": "s-1",
             "stands_for": "several" if at == 1 else None}
            for at, item in enumerate(items)
        ]),
    }  # fmt: skip
    answers = {"whose-parts": [_said(item, 7 if at == 0 else 6) for at, item in enumerate(items)]}
    return Dossier(case=CASE, answers=answers, frames=frames, answer_tables={"whose-parts": ("composition",)})


def _claims(n: int) -> Dossier:
    """One denial by `K`, and `n` claims it cannot hold with."""
    denial = {"claim_id": "deny", "source_id": "s-1", "speaker": "K", "topic": "production.made", "scope": "Kestrel",
              "stance": "deny", "said": "2022-07~", "statement": "None was made"}  # fmt: skip
    claims: list[dict[str, Any]] = [{**denial}]
    claims += [
        {"claim_id": f"c-{at}", "source_id": "s-1", "speaker": "L", "topic": "production.made", "scope": "Kestrel",
         "stance": "assert", "said": "2022-08-01", "quantity_low": 40.0, "quantity_high": 60.0, "unit": "items",
         "per": "month", "statement": "Some were made"}
        for at in range(n)
    ]  # fmt: skip
    pairs = [
        {"claim_id": f"c-{at}", "other_claim_id": "deny", "topic": "production.made", "scope": "Kestrel",
         "kind": "stance", "reconciled_by": "another time", "has_one_root": at == 0}
        for at in range(n)
    ]  # fmt: skip
    frames = {"claim": _frame("claim", claims), "contradiction": _frame("contradiction", pairs)}
    return Dossier(case=CASE, answers={}, frames=frames)


def _nowhere(_table: str, _key: str) -> None:
    return None


@pytest.mark.parametrize("n_items", [0, 1, 2])
def test_each_country_has_one_line_and_all_parts_are_counted(n_items: int) -> None:
    """The chart's twin: its counts add to the listed parts; nothing listed is nothing shown."""
    dossier = _dossier(n_items)
    extra = listed_parts_view(dossier, dossier.answers["whose-parts"], _nowhere)
    if n_items == 0:
        assert (extra.charts, extra.sections) == ((), ())
        return
    countries, items, _ = extra.sections
    (lines,) = (group.lines for group in countries.groups)
    assert [line.cells[0].text for line in lines if line.cells[0]] == ["United States", "China", "not listed"]
    assert sum(int(line.cells[1].text) for line in lines if line.cells[1]) == 6 * n_items + 1
    assert items.n == n_items


def test_a_bar_goes_on_to_what_it_could_be() -> None:
    """The thin line of each country ends where all parts without one would put it; they are a bar of their own."""
    spec = brand_spec(brands(_dossier(1)))
    assert spec is not None
    names = spec["layer"][-1]["data"]["values"]
    assert [(row["name"], row["n"], row["could_be"]) for row in names] == [
        ("United States", 4, 5), ("China", 2, 3), ("not listed", 1, 1),
    ]  # fmt: skip
    assert [row["href"] for row in names] == ["#brand-US", "#brand-CN", "#brand-none"]


@pytest.mark.parametrize("frame", [WIDE, NARROW], ids=["wide", "narrow"])
def test_beyond_eight_countries_are_one_bar(frame: Any) -> None:
    """Eleven countries: eight bars, the other three together; each bar links inside its page."""
    counts: dict[str | None, int] = {code: 20 - at for at, code in enumerate(_CODES)}
    spec = brand_spec(brands(_dossier(1, counts=counts)), frame=frame)
    assert spec is not None
    names = spec["layer"][-1]["data"]["values"]
    assert len(names) == 9
    assert (names[-1]["name"], names[-1]["n"]) == ("other countries (3)", 12 + 11 + 10)
    drawn = to_svg(spec, name="x", title="t", desc="d")
    assert drawn.count('href="#brand-') >= 18
    assert "<script" not in drawn


def test_items_are_sorted_by_parts_and_lists_are_marked() -> None:
    """Most parts first; bounds stand as bounds; a list that may mix several says so."""
    dossier = _dossier(2)
    items = listed_parts_view(dossier, dossier.answers["whose-parts"], dossier.address).sections[1]
    first, second = items.groups[0].lines
    assert [cell.text for cell in first.cells[1:] if cell] == ["7", "1", "1", "4", "2", "1", "1", "1 – 7", "1"]
    name, parts = second.cells[:2]
    assert name is not None
    assert name.under == (("a list that may mix several", None),)
    assert (parts.href if parts else None) == "#rests-whose-parts_3a_k-01"


def test_makers_beyond_the_first_are_counted() -> None:
    """The first 25 makers stand, then those that cannot be told; the rest is a number that leads to the table."""
    dossier = _dossier(1, makers=MAKERS_MOST + 3)
    makers = listed_parts_view(dossier, [], _nowhere).sections[-1]
    assert (makers.n, makers.n_more, makers.table) == (MAKERS_MOST + 1, 3, "composition")


@pytest.mark.parametrize(
    ("low", "high", "words"), [(1 / 7, 2 / 7, "14 – 29 %"), (0.5, 0.501, "50 %"), (0.001, 1.0, "< 1 – 100 %")]
)
def test_shares_are_whole_percent(low: float, high: float, words: str) -> None:
    """Whole percent; something is never written as nothing."""
    assert percent_words(low, high) == words
    told = {"low": low, "high": high, "point": low, "unit": "share of parts", "interval": "bounds", "level": None}
    number, number_is = headline_words(told)
    assert number == f"{words} of parts"
    assert number_is is not None
    assert number_is.endswith("%")


@pytest.mark.parametrize("n", [0, 1, 2, PAIRS_MOST + 2])
def test_contradictions_stand_under_their_topic_and_scope(n: int) -> None:
    """One heading for all pairs of a topic and scope; a claim says who, when, how and how many."""
    sections = contradiction_section(_claims(n), way=_nowhere)
    if n == 0:
        assert sections == ()
        return
    (section,) = sections
    (group,) = section.groups
    assert group.heading == f"Made · Kestrel · {'1 pair' if n == 1 else f'{n} pairs'}"
    assert section.n_more == max(n - PAIRS_MOST, 0)
    claim, other, by, one_root = group.lines[0].cells
    assert claim is not None
    assert [words for words, _ in claim.under] == [
        "L",
        "said 1 August 2022",
        "says so",
        "40 – 60 items per month",
        "s-1",
    ]
    assert other is not None
    assert [words for words, _ in other.under] == ["K", "said about July 2022", "denies", "s-1"]
    assert [cell.text for cell in (by, one_root) if cell] == ["another time", "yes"]


def test_every_topic_and_stance_has_words() -> None:
    """No level of a claim is left without a label."""
    for column, levels in ((c, TYPED["claim"].column(c).levels) for c in ("topic", "stance")):
        assert levels
        assert all(label(f"{column}-{level}") for level in levels)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of whose-parts with five items: more than three findings, so they are folded."""
    where = tmp_path_factory.mktemp("folded")
    counts: dict[str | None, int] = {code: 20 - at for at, code in enumerate(_CODES)} | {None: 4}
    write_site(where, Site(_dossier(5, counts=counts, makers=30)))
    return where


def test_the_page_is_whole_and_every_link_leads_somewhere(folder: Path) -> None:
    """Balanced, ids unique, each bar and count leading to an anchor that is there; shares as percent."""
    n_links, _ = crawl(folder)
    page = Page((folder / "whose-parts.html").read_text(encoding="utf-8"))
    assert n_links > 100
    assert page.tags.count("details") == 4  # all but the lead
    assert "14 – 86 % of listed parts" in page.text
    assert "< 1 – 50 %" in page.text


@pytest.mark.parametrize("width", [375, 641, 900, 1280])
def test_the_page_fits(browser: Browser, folder: Path, width: int) -> None:
    """No sideways scrolling at any width, no cell over another; one chart is seen."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto((folder / "whose-parts.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (
        page.evaluate("[...document.querySelectorAll('td')].filter(d => d.scrollWidth > d.clientWidth + 1).length") == 0
    )
    assert page.evaluate("[...document.querySelectorAll('svg.chart')].filter(s => s.checkVisibility()).length") == 1
    page.close()


def test_findings_open_by_key_by_link_and_on_paper(browser: Browser, folder: Path) -> None:
    """Enter opens what is folded; so does the link of a count; on paper everything stands open."""
    seen = "[...document.querySelectorAll('details .inside')].filter(e => e.getBoundingClientRect().height > 20 && "
    seen += "e.checkVisibility({contentVisibilityAuto: true})).length"
    page = browser.new_page(viewport={"width": 1280, "height": 800}, java_script_enabled=True)
    page.goto((folder / "whose-parts.html").as_uri())
    assert page.evaluate(seen) == 0
    page.focus("summary")
    page.keyboard.press("Enter")
    assert page.evaluate(seen) == 1
    page.click('.matrix a[href="#rests-whose-parts_3a_k-03"]')
    assert page.evaluate(seen) == 2
    page.emulate_media(media="print")
    assert page.evaluate(seen) == 4
    assert not page.is_visible("summary")
    page.close()


def test_axe_finds_nothing_folded_or_open(browser: Browser, folder: Path) -> None:
    """axe-core, all its rules, on the page with one finding open."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto((folder / "whose-parts.html").as_uri())
    page.click("summary")
    results = Axe().run(page)
    assert [v["id"] for v in results.response["violations"]] == []
    context.close()
