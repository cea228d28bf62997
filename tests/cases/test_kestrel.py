"""The invented case says that it is invented, imports whole, is made anew to the byte, and keeps its own truth."""

from __future__ import annotations

import csv
import io
import re
import shutil
import tomllib
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

from taggant.cli import main
from taggant.evidence.intake import import_case
from taggant.evidence.report import ImportReport
from taggant.ledger.ledger import Ledger
from taggant.model.typed_tables import BY_FILE, TLP
from taggant.reference import find_maker, load_kinds
from taggant.run import Run, run
from taggant.writing.edtf import parse_edtf

from . import make_kestrel as maker
from .kestrel_marks import INVENTED_BRANDS
from .kestrel_photos import photographs
from .kestrel_sources import Row, rows
from .kestrel_trade import AIRFRAME_LOADS, engine_days
from .kestrel_world import AS_OF, BLOCKS, YI, Dice, World
from .kestrel_wrecks import Wrecks, made_of

CASE = maker.CASE
WRITTEN_BY_HAND = {"README.md"}


def _rows(table: str) -> list[Row]:
    return list(csv.DictReader(CASE.joinpath(f"{table}.csv").read_text(encoding="utf-8").splitlines(), strict=True))


def _by_id(table: str) -> dict[str, Row]:
    return {row[BY_FILE[table].key[0]]: row for row in _rows(table)}


@pytest.fixture(scope="module")
def made() -> tuple[dict[str, list[Row]], Wrecks, World]:
    """Tables, what was written down, and the world behind them."""
    found, wrecks, world, _ = maker.tables()
    return found, wrecks, world


@dataclass(frozen=True)
class Imported:
    """A copy of the case with its ledger."""

    folder: Path
    report: ImportReport
    answers: Run


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """The case, imported and answered once."""
    folder = Path(shutil.copytree(CASE, tmp_path_factory.mktemp("kestrel") / "case"))
    Ledger.create(folder).close()
    with Ledger.open(folder) as ledger:
        report = import_case(ledger, folder, author="test")
    return Imported(folder, report, run(folder, ["when-made"], on=AS_OF, also=("exhibit",)))


# --- the files -------------------------------------------------------------------------------------


def test_the_files_are_those_the_script_makes() -> None:
    """Made again from the seed, every file is the same to the byte, and there is no other but README and photographs.

    A photograph may differ in single grey levels where another JPEG library writes it.
    """
    again = maker.files()
    there = {path.relative_to(CASE).as_posix(): path for path in CASE.rglob("*") if path.is_file()}
    found = maker.tables()[0]
    drawn = {row["file"]: one.jpeg for row, one in photographs(found["items"], found["components"])}
    assert set(there) == set(again) | set(drawn) | WRITTEN_BY_HAND
    for name, jpeg in drawn.items():
        held, made = (np.asarray(Image.open(io.BytesIO(b)), dtype=int) for b in (there[name].read_bytes(), jpeg))
        assert held.shape == made.shape
        assert np.abs(held - made).mean() < 2
    assert [name for name, content in again.items() if there[name].read_bytes() != content] == []


def test_every_table_a_person_types_is_filled() -> None:
    """No table is forgotten."""
    counts = {table: len(_rows(table)) for table in BY_FILE}
    assert [table for table, n in counts.items() if n == 0] == []
    readme = CASE.joinpath("README.md").read_text(encoding="utf-8")
    assert {table: int(n) for table, n in re.findall(r"^\| (\w+) \| (\d+) \|$", readme, re.MULTILINE)} == counts


def test_every_word_of_every_list_is_used() -> None:
    """Each level of a column of the case occurs, so that a page for a level nobody uses cannot stay untried."""
    for table in set(BY_FILE) - {"photos", "sources", "claims"}:
        found = _rows(table)
        for column in BY_FILE[table].columns:
            if column.levels and column.name in found[0] and column.name != "tlp":
                assert {row[column.name] for row in found} - {""} == set(column.levels), (table, column.name)
    for table, name in (("sources", "kind"), ("claims", "topic"), ("claims", "stance"), ("claims", "measure")):
        assert {row[name] for row in _rows(table)} - {""} == set(BY_FILE[table].column(name).levels)
    assert {row["tlp"] for table in BY_FILE for row in _rows(table)} - {""} == set(TLP) - {"CLEAR"}


def test_it_says_everywhere_that_it_is_invented() -> None:
    """Titles, addresses and countries cannot be taken for real ones."""
    case = tomllib.loads(CASE.joinpath("case.toml").read_text(encoding="utf-8"))
    assert uuid.UUID(case["uuid"]).version == 4
    assert "invented" in case["title"]
    assert all(plan["title"].startswith("Invented") for plan in case["plan"])
    for row in _rows("sources"):
        assert row["title"].startswith("Invented "), row
        assert row["url"] == "" or re.match(r"https://kestrel\.example/[a-z0-9-]+$", row["url"]), row
    for table in BY_FILE:
        for row in _rows(table):
            for name in row:
                if "country" in name and name != "brand_country":
                    assert re.fullmatch("X[A-F]|", row[name]), (table, row)


def test_real_brands_are_the_references_and_invented_ones_are_not_in_it() -> None:
    """A real brand has the name and seat the reference gives it; an invented one never enters the reference."""
    for brand, country in {(row["brand"], row["brand_country"]) for row in _rows("components") if row["brand"]}:
        known = find_maker(brand)
        if brand in INVENTED_BRANDS:
            assert known is None, brand
            assert country.startswith("X"), brand
        else:
            assert known is not None, brand
            assert known.brand_country == country, brand


def test_a_row_is_never_below_the_level_of_its_source() -> None:
    """What came from a closed paper stays as closed as the paper."""
    tlp_of = {row["source_id"]: row["tlp"] or "CLEAR" for row in _rows("sources")}
    for table in BY_FILE:
        for row in _rows(table):
            source = tlp_of.get(row.get("source_id", ""), "CLEAR")
            assert TLP.index(row["tlp"] or "CLEAR") >= TLP.index(source), (table, row)


def test_witnesses_are_handles_in_red_rows() -> None:
    """A row that speaks of a witness is closed, in whatever table; there is no name behind the handle."""
    told = [(table, row) for table in BY_FILE for row in _rows(table) if re.search(r"\bW-\d", "".join(row.values()))]
    assert {table for table, _ in told} == {"sources", "claims", "custody"}
    assert {row["tlp"] for _, row in told} == {"RED"}


def test_every_row_leads_to_a_source() -> None:
    """A source without an address is one nobody opened, and somebody relays it."""
    sources = _by_id("sources")
    relayed = {name for row in sources.values() for name in row["relays"].split(";") if name}
    for row in sources.values():
        if not row["url"] and row["source_id"] != "forged-paper":
            assert row["source_id"] in relayed, row
            assert row["note"].startswith("Not opened"), row
    for table in set(BY_FILE) - {"requests", "photos"}:
        for row in _rows(table):
            assert row["source_id"] in sources, (table, row)


def test_relays_end_and_one_chain_has_four_links() -> None:
    """Nobody repeats himself, and the end of the long chain is the planning papers."""
    relays = {row["source_id"]: row["relays"] for row in _rows("sources")}

    def chain(at: str) -> Iterator[str]:
        for _ in relays:
            yield at
            if not relays[at]:
                return
            at = relays[at]
        raise AssertionError(f"the chain from {at} does not end")

    chains = {at: list(chain(at)) for at in relays}
    assert chains["gazette-plan"] == ["gazette-plan", "courier-plan", "herald-plan", "leak-plant"]
    assert max(map(len, chains.values())) == 4


def test_items_features_and_modules_are_declared() -> None:
    """Kinds and modules are the reference's; a feature and its value are those of features.csv."""
    modules = {kind.id: {module.id for module in kind.modules} for kind in load_kinds()}
    kinds = {row["item_id"]: row["kind"] for row in _rows("items")}
    assert set(kinds.values()) == {"uav", "engine", "electronic_unit", "cartridge_lot", "launcher"}
    for table in ("examinations", "observations", "references", "components"):
        for row in _rows(table):
            assert row["module"] in modules[kinds[row["item_id"]]] | {""}, (table, row)
            assert row["module"] != "payload", (table, row)
    levels = {(f["module"], f["feature"]): f["levels"].split("; ") for f in _rows("features")}
    for row in _rows("observations"):
        assert row["value"] in [*levels[(row["module"], row["feature"])], "destroyed"], row
    assert {(row["module"], row["feature"]) for row in _rows("observations")} == set(levels)


def test_dates_follow_each_other() -> None:
    """Fallen, then known, then the day of the case; said before it was published, published before the case."""
    sources = _by_id("sources")
    incidents = _by_id("incidents")
    for row in sources.values():
        assert parse_edtf(row["published"]).from_on <= AS_OF, row  # type: ignore[operator]
    for row in _rows("items"):
        fell, known = parse_edtf(incidents[row["incident_id"]]["occurred"]), parse_edtf(row["known"])
        assert known.until_on is not None
        assert known.until_on <= AS_OF + timedelta(days=1), row
        if fell.from_on is None:
            assert row["stands_for"] == "several", row
            continue
        recovered = parse_edtf(row["recovered"])
        assert fell.from_on < known.until_on, row
        assert recovered.from_on <= fell.from_on < recovered.until_on, row  # type: ignore[operator]
        if row["examined_first"]:
            assert fell.from_on <= parse_edtf(row["examined_first"]).from_on <= known.from_on, row  # type: ignore[operator]
    for row in _rows("claims"):
        said, published = parse_edtf(row["said"]), parse_edtf(sources[row["source_id"]]["published"])
        assert said.from_on < published.until_on, row  # type: ignore[operator]


# --- enough for the methods ------------------------------------------------------------------------


def test_there_is_enough_to_validate_on() -> None:
    """At least 24 aircraft over 18 incidents, and eight incidents of reference items for each variant."""
    aircraft = {row["item_id"]: row["incident_id"] for row in _rows("items") if row["kind"] == "uav"}
    assert len(aircraft) >= 24
    assert len(set(aircraft.values())) >= 18
    incidents: dict[str, set[str]] = {}
    for row in _rows("references"):
        incidents.setdefault(row["variant"], set()).add(aircraft[row["item_id"]])
    assert set(incidents) == {"A", "B", "C"}
    assert min(map(len, incidents.values())) >= 8


def test_serials_are_drawn_from_their_blocks(made: tuple[dict[str, list[Row]], Wrecks, World]) -> None:
    """Each true number lies in its block and grows with the day of making; Ы is written three ways, and restarts."""
    _, _, world = made
    for block in BLOCKS:
        units = sorted((u for u in world.units if u.block is block), key=lambda u: (u.made_on, u.number))
        numbers = [u.number for u in units]
        assert all(block.start <= n < block.start + sum(block.made) for n in numbers)
        assert numbers == sorted(numbers)
    typed = [u.seen_serial or "" for u in world.units]
    assert sum(s != "" for s in typed) >= 40
    assert {s.split("-")[0] for s in typed if "-" in s} == {YI, "\u042c\u0406", "Y", "N"}
    first, again = (sorted(u.number for u in world.units if u.block.name == name) for name in ("y1", "y2"))
    assert first[0] < again[-1]
    assert again[0] < first[-1]
    faults = Counter(u.fault for u in world.units if u.fault not in {None, "look-alike"})
    assert faults == {"misread": 1, "prefix lost": 1, "unreadable": 1, "hybrid": 1, "reported again": 1}


def test_nothing_is_flown_before_it_came_and_nothing_built_before_its_engine(
    made: tuple[dict[str, list[Row]], Wrecks, World],
) -> None:
    """The story holds together: loads never exceed what was made, nor launches what was delivered."""
    _, _, world = made
    for day, _ in world.launched:
        flown = sum(n for (d, block), n in world.launched.items() if block == "m" and d <= day)
        assert flown <= sum(n for d, n in AIRFRAME_LOADS if d <= day), day
    for day, _ in AIRFRAME_LOADS:
        assert sum(n for d, n in AIRFRAME_LOADS if d <= day) <= made_of("A", day), day
    for day, _ in engine_days():
        assert made_of("B", day + timedelta(days=20)) <= sum(n for d, n in engine_days() if d <= day), day


def test_the_truth_names_every_aircraft_claim_and_promise(made: tuple[dict[str, list[Row]], Wrecks, World]) -> None:
    """No item, claim or commitment is without its truth, and promises are of all three sorts."""
    _, wrecks, world = made
    truth = CASE.joinpath("TRUTH.md").read_text(encoding="utf-8")
    first = {line.split(" | ")[0].removeprefix("| ") for line in truth.splitlines() if line.startswith("| ")}
    assert {u.item_id for u in world.units} <= first
    assert {row["claim_id"] for row in _rows("claims")} <= first
    assert {row["commitment_id"] for row in _rows("commitments")} <= first
    assert {where for where, _ in wrecks.faults} <= first
    verdicts = re.findall(r"^\| com-\S+ \| \w+ \| (.+) \|$", truth, re.MULTILINE)
    assert set(verdicts) == {"kept", "not kept", "cannot be told"}


# --- through the doors ------------------------------------------------------------------------------


def test_it_imports_without_one_issue(imported: Imported) -> None:
    """Every row of every table comes in; the truth does not."""
    assert list(imported.report.issues) == []
    added = {name: counts.n_added for name, counts in imported.report.tables.items() if counts.n_added}
    expected = {BY_FILE[table].name: len(_rows(table)) for table in BY_FILE if _rows(table)}
    assert {name: n for name, n in added.items() if name in expected} == expected
    held = set(imported.answers.table("exhibit").collect()["file"].to_list())
    assert {"documents/reply-1.txt", "items.csv"} <= held
    assert held.isdisjoint({"TRUTH.md", "README.md", "story.toml"})


def test_parts_are_dated_as_they_were_made(
    imported: Imported, made: tuple[dict[str, list[Row]], Wrecks, World]
) -> None:
    """Every mark that is dated, or left open between decades, holds the day its part was made; 250 are dated."""
    _, wrecks, _ = made
    n_dated = 0
    for (name,), ranges in imported.answers.table("made_range").collect().group_by("component_id"):
        true = wrecks.part_days.get(str(name))
        if true is None or ranges["state"][0] == "undated":
            continue
        slack = timedelta(days=int(ranges["tolerance_days"][0] or 0))
        spans = zip(ranges["made_from"], ranges["made_until"], strict=True)
        assert any(a - slack <= true < b + slack for a, b in spans), (name, true, ranges)
        n_dated += ranges["state"][0] == "dated"
    assert n_dated >= 250


def test_no_aircraft_is_said_to_be_younger_than_it_is(
    imported: Imported, made: tuple[dict[str, list[Row]], Wrecks, World]
) -> None:
    """The earliest day of assembly never lies after the true one; planted faults do not move it past."""
    true = {u.item_id: u.made_on for u in made[2].units}
    bounds = imported.answers.table("item_assembly").collect().filter(pl.col("earliest_on").is_not_null())
    dated = {str(row["item_id"]): row["earliest_on"] for row in bounds.iter_rows(named=True)}
    assert len(set(dated) & set(true)) >= 40
    assert [item for item in set(dated) & set(true) if dated[item] > true[item]] == []


def test_planted_faults_of_marks_are_not_read_over(imported: Imported) -> None:
    """The week that does not exist and the mark younger than its find stay undated; invented brands too."""
    ranges = imported.answers.table("made_range").collect()
    truth = CASE.joinpath("TRUTH.md").read_text(encoding="utf-8")
    for fault, kind in (("impossible week", "impossible"), ("later than the find", "after known")):
        planted = re.search(rf"^\| (k-\S+) \| {fault}:", truth, re.MULTILINE)
        assert planted is not None, fault
        assert ranges.filter(pl.col("component_id") == planted[1])["why_kind"].to_list() == [kind]
    brands = {row["component_id"]: row["brand"] for row in _rows("components")}
    invented = [name for name, brand in brands.items() if brand in INVENTED_BRANDS]
    states = ranges.filter(pl.col("component_id").is_in(invented))["state"].to_list()
    assert set(states) == {"undated"}


def test_the_story_withdraws_the_forgery_by_commands(imported: Imported, tmp_path: Path) -> None:
    """Each step of story.toml is one command; afterwards no live row leads to the forged paper, its history stays."""
    folder = Path(shutil.copytree(imported.folder, tmp_path / "case"))
    story = tomllib.loads(CASE.joinpath("story.toml").read_text(encoding="utf-8"))
    for step in story["withdraw"]:
        with pytest.raises(SystemExit) as stop:
            main(["withdraw", str(folder), step["table"], step["key"], "--reason", step["reason"], "--author", "test"])
        assert not stop.value.code
    with Ledger.open(folder) as ledger:
        assert "forged-paper" not in {row.key for row in ledger.live("source")}
        for schema in BY_FILE.values():
            for row in ledger.live(schema.name):
                assert row.body.get("source_id") != "forged-paper", (schema.name, row.key)
        assert len(ledger.history("source", "forged-paper")) == 2
    assert date.fromisoformat(story["withdraw"][0]["on"]) <= AS_OF


# --- the maker's own tools ---------------------------------------------------------------------------


@pytest.mark.parametrize("n", [0, 1, 2])
def test_a_typed_table_has_as_many_rows_as_lines(n: int) -> None:
    """A header alone is no row; a row that is too short is refused."""
    assert rows("\n".join(["a|b", *["1 | 2"] * n])) == [{"a": "1", "b": "2"}] * n
    with pytest.raises(ValueError, match="shorter"):
        rows("a|b\n1")


def test_the_dice_fall_alike_from_one_seed() -> None:
    """Two streams of one seed agree, of two seeds do not; a lone choice is taken; what is sure happens."""
    one, same, other = Dice(1), Dice(1), Dice(2)
    rolls = [one.roll() for _ in range(5)]
    assert [same.roll() for _ in range(5)] == rolls
    assert [other.roll() for _ in range(5)] != rolls
    assert one.pick(["a"]) == "a"
    assert one.weighted({"a": 0.0, "b": 0.0}) == "b"
    assert one.chance(1.0)
    assert not one.chance(0.0)
    assert {one.whole(1, 2) for _ in range(40)} == {1, 2}
