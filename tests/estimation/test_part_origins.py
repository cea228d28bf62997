"""Whose parts are listed: counts, bounds, what disagrees, and what may be compared."""

from __future__ import annotations

import json
import shutil
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taggant.cli import main
from taggant.errors import BadDate, InputError
from taggant.estimation.part_origins import count_origins
from taggant.identification.dating import date_parts
from taggant.identification.part_names import name_parts
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED
from taggant.report.phrases import say
from taggant.run import run

TI, WINBOND, MICROCHIP = "Texas Instruments", "Winbond", "Microchip Technology Inc."
DAY = "2022-02-24"
OLD, NEW = "25Q16 2117 6004", "25Q16 2217 6004"
"""Week 17 of 2021, before the day asked; week 17 of 2022, after it."""
OPEN = "PS767D301 22T AE8S"
"""February of 2002, 2012 or 2022: before the day, or in its month."""


def frame(table: str, rows: list[dict[str, Any]]) -> pl.LazyFrame:
    """Build an invented typed table; columns not given are missing."""
    return pl.DataFrame(rows, schema=frame_schema(TYPED[table])).lazy()


def part(component_id: str, marking: str | None = None, brand: str | None = None, **more: Any) -> dict[str, Any]:
    """Build a component of item `a`, unless it says otherwise."""
    return {"component_id": component_id, "item_id": "a", "marking": marking, "brand": brand, "source_id": "s"} | more


def answer(
    parts: list[dict[str, Any]],
    items: list[dict[str, Any]] | None = None,
    examinations: list[dict[str, Any]] | None = None,
    after: str = DAY,
    judgements: list[dict[str, Any]] | None = None,
    confirmed_only: str = "no",
) -> Answer:
    """Walk from components to the answer, as the map does."""
    base = {"kind": "uav", "designation": "Kestrel", "known_until": date(2024, 1, 1)}
    item = frame("item", [base | i for i in ([{"item_id": "a"}] if items is None else items)])
    component = frame("component", parts)
    named = name_parts(component=component, as_of=None).tables["part_candidate"]
    dated = date_parts(component=component, item=item, as_of=None).tables["made_range"]
    assert isinstance(named, pl.DataFrame)
    assert isinstance(dated, pl.DataFrame)
    found = count_origins(
        item=item,
        examination=frame("examination", examinations or []),
        part_candidate=named.lazy(),
        made_range=dated.lazy(),
        judgement=frame("judgement", judgements or []),
        as_of=date(2026, 1, 1),
        after=after,
        confirmed_only=confirmed_only,
    )
    table = found.tables["composition"]
    assert isinstance(table, pl.DataFrame)
    assert dict(table.schema) == frame_schema(DERIVED["composition"])
    for finding in found.findings:  # a sentence that cannot be said is a fault of the finding
        assert say(finding.statement, {k: v.as_json() for k, v in finding.values.items()}).text  # type: ignore[misc]
    return found


def of(found: Answer, finding_id: str) -> Finding:
    """Give the finding of that name."""
    return next(f for f in found.findings if f.finding_id == finding_id)


def rows(found: Answer, by: str, item_id: str = "a") -> dict[str | None, tuple[int, int, float, float]]:
    """Give what composition says of an item: level → components, marks, share low, share high."""
    table = found.tables["composition"]
    assert isinstance(table, pl.DataFrame)
    own = table.filter(pl.col("item_id") == item_id, pl.col("by") == by)
    return {r[0]: r[1:] for r in own.select("level", "n_components", "n_marks", "share_low", "share_high").iter_rows()}


def counts(finding: Finding, *names: str) -> tuple[object, ...]:
    """Give values of a finding."""
    return tuple(finding.values[n].value for n in names)


def test_no_component_is_a_refusal_that_says_what_is_enough() -> None:
    """A case without parts is refused, and so is its comparison."""
    found = answer([])
    assert [f.statement for f in found.findings] == ["whose-parts.case.refused", "whose-parts.compare.refused"]
    assert found.findings[0].result.refused is not None
    assert found.findings[0].result.refused.enough == "one row of components.csv"


def test_one_component_that_says_nothing_is_counted_both_ways() -> None:
    """Unmarked, of no brand: it is unseen in every respect, and may have been made after any day."""
    found = answer([part("1")])
    item = of(found, "whose-parts:a")
    assert counts(item, "n_components", "n_makers", "n_no_maker", "n_countries", "n_unmarked") == (1, 0, 1, 0, 1)
    assert counts(item, "n_surely_after", "n_possibly_after", "n_no_tier") == (0, 1, 1)
    headline = item.result.headline
    assert headline is not None
    assert (headline.low, headline.high, headline.interval) == (0, 1, "unknown counted both ways")
    assert rows(found, "maker") == {None: (1, 0, 1.0, 1.0)}


def test_two_components_are_divided_by_everything() -> None:
    """One before and one after the day: sure on both sides, whatever else."""
    found = answer([part("1", OLD, WINBOND, brand_country="TW"), part("2", NEW, WINBOND)])
    item = of(found, "whose-parts:a")
    assert counts(item, "n_dated", "n_surely_after", "n_possibly_after", "n_marks") == (2, 1, 1, 2)
    assert rows(found, "made_after") == {"after": (1, 1, 0.5, 0.5), "not after": (1, 1, 0.5, 0.5)}
    assert rows(found, "brand_country") == {"TW": (1, 1, 0.5, 1.0), None: (1, 1, 0.5, 0.5)}
    assert [r.id for r in item.values["n_surely_after"].rests_on] == ["2"]
    assert counts(item, "country_1", "n_country_1", "country_2", "n_no_country") == ("Taiwan", 1, None, 1)


def test_twins_are_one_mark_and_unmarked_parts_are_none() -> None:
    """Three parts of one lot are three components, one mark; counted once, they weigh as one."""
    found = answer([*(part(str(n), NEW, WINBOND) for n in range(3)), part("x", OLD, WINBOND), part("y")])
    item = of(found, "whose-parts:a")
    assert counts(item, "n_components", "n_marks", "n_unmarked") == (5, 2, 1)
    once = next(c for c in item.result.sensitivity if c.change == "twins counted once")
    assert (once.low, once.high) == (1 / 3, 2 / 3)
    assert rows(found, "made_after")["after"] == (3, 1, 0.6, 0.8)


def test_equal_letters_of_two_makers_are_no_twins() -> None:
    """A mark belongs to a house: the same letters on another's part are another mark."""
    item = of(answer([part("1", "AB 1", TI), part("2", "AB 1", MICROCHIP)]), "whose-parts:a")
    assert counts(item, "n_marks", "n_makers") == (2, 2)


def test_a_brand_nobody_knows_is_no_maker_but_keeps_its_country() -> None:
    """What the reference lacks is counted as unknown, never as a maker of its own."""
    found = answer([part("1", "AB 1", "Quillbrook", brand_country="XA"), part("2", OLD, WINBOND)])
    assert rows(found, "maker") == {"Winbond Electronics": (1, 1, 0.5, 1.0), None: (1, 1, 0.5, 0.5)}
    assert rows(found, "brand_country")["XA"] == (1, 1, 0.5, 1.0)
    assert of(found, "whose-parts:a").values["country_1"].value == "XA"


def test_a_code_off_the_list_is_not_a_code_unknown() -> None:
    """A relay has a customs code that no tier holds; a part of no known family has none, and may be in any tier."""
    found = answer([part("1", "VP230 18M"), part("2", "SRD-05VDC-SL-C"), part("3", "AB 1")])
    third = 1 / 3
    assert rows(found, "chpl_tier") == {
        "1": (1, 1, third, 2 * third),
        "not on the list": (1, 1, third, 2 * third),
        None: (1, 1, third, third),
    }
    assert counts(of(found, "whose-parts:a"), "n_tier_1", "n_tiers", "n_no_tier") == (1, 1, 1)


def test_a_decade_closed_by_neighbours_makes_nothing_sure() -> None:
    """`25T` is 2015 by its neighbours of 2015; by its code it can be 2025: surely none, possibly one."""
    weeks = ["25Q16 1505 6004", "25Q16 1510 6004", "25Q16 1520 6004"]
    parts = [*(part(str(n), mark, WINBOND) for n, mark in enumerate(weeks)), part("x", "PS767D301 52T AE8S", TI)]
    found = answer(parts, [{"item_id": "a", "known_until": date(2026, 1, 1)}])
    item = of(found, "whose-parts:a")
    assert counts(item, "n_dated", "n_surely_after", "n_possibly_after") == (4, 0, 1)
    believed = next(c for c in item.result.sensitivity if "neighbours" in c.change)
    assert (believed.low, believed.high) == (0, 0)
    earlier = answer(parts, [{"item_id": "a", "known_until": date(2024, 1, 1)}])
    assert counts(of(earlier, "whose-parts:a"), "n_surely_after", "n_possibly_after") == (0, 0)


def test_nothing_on_an_item_known_before_the_day_is_after_it() -> None:
    """An unread part of a wreck of 2021 was not made in 2022."""
    found = answer([part("1")], [{"item_id": "a", "known_until": date(2021, 6, 1)}])
    assert counts(of(found, "whose-parts:a"), "n_surely_after", "n_possibly_after") == (0, 0)


def test_a_token_that_may_be_a_lot_is_counted_both_ways() -> None:
    """A date in doubt bounds nothing."""
    item = of(answer([part("1", "MGZ2067HC1 2240126B 3BT049", "Shenzhen Avionics")]), "whose-parts:a")
    assert counts(item, "n_dated", "n_ambiguous", "n_surely_after", "n_possibly_after") == (0, 1, 0, 1)


@pytest.mark.parametrize(("after", "n"), [("2022-04-17", 1), ("2022-04-18", 0), ("2021", 1), ("2022", 0)])
def test_after_means_after_its_last_day_less_the_tolerance(after: str, n: int) -> None:
    """Week 17 of 2022 begins on 25 April; Winbond's weeks may lie 7 days off: 18 April is the first day it can be."""
    item = of(answer([part("1", NEW, WINBOND)], after=after), "whose-parts:a")
    assert counts(item, "n_surely_after") == (n,)


def test_a_day_that_is_none_is_refused() -> None:
    """A parameter typed wrong is said so, and a day without end has no after."""
    with pytest.raises(BadDate):
        answer([part("1")], after="24.2.2022")
    with pytest.raises(InputError, match="has no last day"):
        answer([part("1")], after="2022-02-24/..")


def test_listing_and_mark_that_disagree_are_a_finding_of_their_own() -> None:
    """The brand stays as listed, the family as the reference has it; neither is taken for right."""
    found = answer(
        [part("1", "VP230 18M A 77R", MICROCHIP), part("2", "AB 1", TI, maker="Adesto"), part("3", OLD, WINBOND)]
    )
    apart = [f for f in found.findings if f.statement.startswith("whose-parts.disagreement")]
    assert [f.statement for f in apart] == ["whose-parts.disagreement", "whose-parts.disagreement.told"]
    assert counts(apart[0], "brand", "maker", "part_number") == (MICROCHIP, TI, "VP230")
    headline = apart[0].result.headline
    assert headline is not None
    assert (headline.low, headline.high) == (0, 1)


def examined(item_id: str, module: str | None, depth: str | None, complete: bool | None) -> dict[str, Any]:
    """Build an examination."""
    name = f"{item_id}-{module}-{depth}-{complete}"
    return {"examination_id": name, "item_id": item_id, "module": module, "depth": depth, "complete": complete}


PARTS = [part("1", OLD, WINBOND, module="power"), part("2", NEW, WINBOND, item_id="b", module="power"),
         part("3", "AB 1", TI, item_id="b", module="power"), part("4", item_id="b")]  # fmt: skip
TWO = [{"item_id": "a"}, {"item_id": "b"}]


@pytest.mark.parametrize(
    ("items", "examinations"),
    [
        (TWO, []),
        (TWO, [examined("a", "power", "opened", True)]),
        (TWO, [examined("a", "power", "opened", True), examined("b", "power", "opened", None)]),
        (TWO, [examined("a", "power", "opened", True), examined("b", "power", "opened", False)]),
        (TWO, [examined("a", "power", "opened", True), examined("b", "power", "seen", True)]),
        (TWO, [examined("a", "power", None, True), examined("b", "power", None, True)]),
        (TWO, [examined("a", "power", "opened", True), examined("b", "servo", "opened", True)]),
        (TWO, [examined("a", "power", "opened", True), examined("b", None, "opened", True)]),
        ([TWO[0], {"item_id": "b", "kind": "launcher"}],
         [examined("a", "power", "opened", True), examined("b", "power", "opened", True)]),
        ([TWO[0], {"item_id": "b", "stands_for": "several"}],
         [examined("a", "power", "opened", True), examined("b", "power", "opened", True)]),
        (TWO, [examined("a", "servo", "opened", True), examined("a", "servo", "opened", True)]),
    ],
)  # fmt: skip
def test_items_examined_unequally_are_not_compared(
    items: list[dict[str, Any]], examinations: list[dict[str, Any]]
) -> None:
    """Another depth, module or kind, a list, or completeness not stated: one refusal, with what would be enough."""
    compared = [f for f in answer(PARTS, items, examinations).findings if "compare" in f.statement]
    assert [f.statement for f in compared] == ["whose-parts.compare.refused"]
    assert compared[0].result.refused is not None
    assert "each stated to be complete" in compared[0].result.refused.enough


def test_items_examined_alike_and_completely_are_compared() -> None:
    """One part against two; the part placed in no module may be a third, and the range says so."""
    alike = [examined(i, "power", "opened", True) for i in ("a", "b")]
    (compared,) = [f for f in answer(PARTS, TWO, alike).findings if "compare" in f.statement]
    assert compared.finding_id == "whose-parts:compare:uav:power:opened"
    assert counts(compared, "n_items", "n_least", "n_most", "n_shared_makers", "n_any_makers") == (2, 1, 2, 1, 2)
    headline = compared.result.headline
    assert headline is not None
    assert (headline.low, headline.high) == (1, 3)
    whole = [examined(i, None, "opened", True) for i in ("a", "b")]
    (compared,) = [f for f in answer(PARTS, TWO, whole).findings if "compare" in f.statement]
    assert counts(compared, "module", "n_least", "n_most") == (None, 1, 3)


def test_a_brand_is_no_accusation_and_every_answer_says_so() -> None:
    """The assumption stands in the case's finding and in each item's."""
    for finding in answer(PARTS, TWO).findings[:3]:
        assert any("no accusation" in a.text for a in finding.result.assumptions)


def test_the_order_of_rows_does_not_matter() -> None:
    """Law: items and parts in another order give the same answer."""
    one, other = answer(PARTS, TWO), answer(PARTS[::-1], TWO[::-1])
    assert [f.as_json() for f in one.findings] == [f.as_json() for f in other.findings]
    for table, same in zip(one.tables.values(), other.tables.values(), strict=True):
        assert isinstance(table, pl.DataFrame)
        assert isinstance(same, pl.DataFrame)
        assert table.equals(same)


_PART = st.tuples(
    st.sampled_from([None, OLD, NEW, OPEN, "AB 1"]),
    st.sampled_from([None, TI, WINBOND, "Quillbrook"]),
    st.sampled_from([None, "US", "CN"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_PART, min_size=1, max_size=8), st.sampled_from(["1999", "2021-06", DAY, "2023", "2030"]))
def test_bounds_hold_whatever_the_parts(listed: list[tuple[str | None, str | None, str | None]], after: str) -> None:
    """Law: surely ≤ possibly ≤ all, in every row; each division counts every part once, and its shares can add to 1."""
    found = answer([part(str(n), m, b, brand_country=c) for n, (m, b, c) in enumerate(listed)], after=after)
    item = of(found, "whose-parts:a")
    sure, possible = counts(item, "n_surely_after", "n_possibly_after")
    assert isinstance(sure, int)
    assert isinstance(possible, int)
    assert 0 <= sure <= possible <= len(listed)
    for change in item.result.sensitivity:
        assert isinstance(change.low, int | float)
        assert isinstance(change.high, int | float)
        assert 0 <= change.low <= change.high <= 1
    for by in ("maker", "brand_country", "chpl_tier", "made_after"):
        levels = rows(found, by)
        assert sum(n for n, *_ in levels.values()) == len(listed)
        assert all(0 <= low <= high <= 1 for *_, low, high in levels.values())
        assert sum(low for *_, low, _ in levels.values()) == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(st.lists(_PART, min_size=1, max_size=6))
def test_a_later_day_leaves_no_more_parts_after_it(listed: list[tuple[str | None, str | None, str | None]]) -> None:
    """Law: what is surely after a day is surely after every earlier one, and so for possibly."""
    parts = [part(str(n), m, b) for n, (m, b, _) in enumerate(listed)]
    earlier, later = (of(answer(parts, after=day), "whose-parts:a") for day in ("2021-06", "2022-06"))
    for name in ("n_surely_after", "n_possibly_after"):
        (more,), (fewer,) = counts(earlier, name), counts(later, name)
        assert isinstance(more, int)
        assert isinstance(fewer, int)
        assert more >= fewer


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped case, imported once."""
    folder = tmp_path_factory.mktemp("whose") / "geran"
    with as_file(files("taggant").joinpath("cases", "geran")) as case:
        shutil.copytree(case, folder)
    with pytest.raises(SystemExit) as stop:
        main(["add", str(folder), "--author", "test"])
    assert not stop.value.code
    return folder


def shown(capsys: pytest.CaptureFixture[str], case: Path, *words: str) -> dict[str, Any]:
    """Ask the case as a person does; give the findings by name."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as stop:
        main(["show", str(case), "whose-parts", *words, "--json"])
    assert not stop.value.code
    return {f["id"]: f for f in json.loads(capsys.readouterr().out)}


def test_the_real_case_has_chinese_brands_in_the_later_airframe_and_none_listed_in_the_earlier(
    real: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """M214 (September 2022): no brand with a seat in China is listed; Ы-391 has seven parts of such brands.

    As listed by GUR, each part under its own record: https://war-sanctions.gur.gov.ua/en/components/663 (M214),
    https://war-sanctions.gur.gov.ua/en/components/4896 (Ы-391). Neither listing is said to be complete, so the two are
    not compared.
    """
    findings = shown(capsys, real)
    table = (
        run(real, ["whose-parts"], on=date(2026, 6, 30))
        .table("composition")
        .filter(pl.col("by") == "brand_country")
        .collect()
    )
    listed = {item: table.filter(pl.col("item_id") == item)["level"].to_list() for item in ("m214", "y-391")}
    assert "CN" not in listed["m214"]
    assert "CN" in listed["y-391"]
    y391 = findings["whose-parts:y-391"]["statement"]["values"]
    assert (y391["country_2"]["value"], y391["n_country_2"]["value"]) == ("China", 7)
    assert findings["whose-parts:compare"]["refused"] is not None
    assert not any("whose-parts:compare:" in name for name in findings)


def test_the_real_case_lists_two_transceivers_under_another_house(
    real: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """VP230 in M214 is listed as Microchip; the same family stands under Texas Instruments elsewhere in the listing.

    Sources: https://war-sanctions.gur.gov.ua/en/components/663, …/672; …/4827 for the family.
    """
    findings = shown(capsys, real)
    for name in ("gur-663", "gur-672"):
        values = findings[f"whose-parts:disagreement:{name}"]["statement"]["values"]
        assert (values["brand"]["value"], values["maker"]["value"]) == (MICROCHIP, TI)


def test_the_day_asked_can_be_set(real: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A later day: fewer parts are surely after it, and the finding says which day was asked."""
    usual, later = shown(capsys, real), shown(capsys, real, "--set", "after=2023-01-01")
    assert later["whose-parts:case"]["parameters"] == {"after": "2023-01-01"}
    assert later["whose-parts:case"]["headline"]["low"] < usual["whose-parts:case"]["headline"]["low"]
    assert usual["whose-parts:y-1276"]["headline"]["low"] > 0
