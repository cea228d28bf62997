"""Weights of modules: what moves them, what moves nothing, and what nobody may say."""

from __future__ import annotations

import csv
from importlib.resources import files

import polars as pl
import pytest

from taggant.attribution.mixed_builds import mixed_factor
from taggant.attribution.weigh import weigh_variants
from taggant.model.finding import Answer
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED
from taggant.steps import order, question

NAMES = ("item", "examination", "observation", "feature", "reference_item", "source")


def _frame(name: str, rows: list[dict[str, object]]) -> pl.LazyFrame:
    schema = frame_schema(TYPED[name])
    return pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=schema).lazy()


def _world(n: int, *, extra: list[dict[str, object]] | None = None, levels: str = "red;blue;green;other") -> Answer:
    """2n reference items of A (red, wide) and B (blue, narrow); `extra` observations are of item x."""
    items: list[dict[str, object]] = [
        {"item_id": f"{v}{i}", "kind": "uav", "incident_id": f"inc-{v}{i}"} for v in "AB" for i in range(n)
    ]
    observations: list[dict[str, object]] = [
        {"item_id": i["item_id"], "module": "hull", "feature": f, "source_id": "s", "locator": "", "value": value}
        for i in items
        for f, value in (
            ("paint", "red" if str(i["item_id"]).startswith("A") else "blue"),
            ("width", "wide" if str(i["item_id"]).startswith("A") else "narrow"),
            ("stencil", "geran"),
        )
    ]
    items.append({"item_id": "x", "kind": "uav", "incident_id": "inc-x"})
    given: dict[str, object] = {"item_id": "x", "module": "hull", "source_id": "s", "locator": ""}
    observations += [given | row for row in extra or []]
    features: list[dict[str, object]] = [
        {"module": "hull", "feature": "paint", "block": "paint", "levels": levels.split(";")},
        {"module": "hull", "feature": "width", "block": "build", "levels": ["wide", "narrow", "other"]},
        {"module": "hull", "feature": "stencil", "block": "marks", "levels": ["geran", "other"]},
    ]
    references: list[dict[str, object]] = [
        {"item_id": f"{v}{i}", "module": "hull", "variant": v, "source_id": "s"} for v in "AB" for i in range(n)
    ]
    rows: dict[str, list[dict[str, object]]] = {
        "item": items, "examination": [], "observation": observations, "feature": features,
            "reference_item": references, "source": [{"source_id": "s", "publisher": "P"}]}  # fmt: skip
    return weigh_variants(**{k: _frame(k, v) for k, v in rows.items()}, as_of=None, variant_seed="1")


def _of_x(answer: Answer, table: str = "item_variant") -> dict[str, dict[str, object]]:
    frame = answer.tables[table]
    assert isinstance(frame, pl.DataFrame)
    key = "variant" if table == "item_variant" else "block"
    return {r[key]: r for r in frame.filter(pl.col("item_id") == "x").iter_rows(named=True)}


def test_the_weight_is_held_to_what_items_known_otherwise_allow() -> None:
    """Eight separated incidents a side: the blocks would say more, and 8.1 is printed."""
    a = _of_x(_world(8, extra=[{"feature": "paint", "value": "red"}, {"feature": "width", "value": "wide"}]))["A"]
    assert a["state"] == "weighed"
    assert a["is_capped"] is True
    assert 10 ** float(str(a["llr10"])) == pytest.approx(8.1, abs=0.2)
    assert float(str(a["uncapped_llr10"])) > float(str(a["llr10"]))


def test_below_five_incidents_a_side_nothing_is_printed() -> None:
    """Four a side: no weight, and two more incidents would be enough."""
    answer = _world(4, extra=[{"feature": "paint", "value": "red"}])
    row = _of_x(answer)["A"]
    assert (row["state"], row["llr10"]) == ("refused", None)
    assert "2 more incidents" in str(row["enough"])
    found = next(f for f in answer.findings if f.finding_id == "what-is-it:x:hull")
    assert found.result.refused is not None
    assert found.weights is None


def test_what_variants_share_moves_nothing() -> None:
    """The stencil is on both: its block is dropped and shown, and alone it carries no weight."""
    answer = _world(8, extra=[{"feature": "stencil", "value": "geran"}])
    block = _of_x(answer, "variant_block")["marks"]
    assert (block["state"], block["llr10"]) == ("does not discriminate", None)
    assert _of_x(answer)["A"]["state"] == "refused"


def test_contradictory_sources_move_nothing_and_are_named() -> None:
    """Red by one source, blue by another: neither is taken."""
    extra: list[dict[str, object]] = [
        {"feature": "paint", "value": "red"}, {"feature": "paint", "value": "blue", "source_id": "t"},
        {"feature": "width", "value": "wide"},
    ]  # fmt: skip
    answer = _world(8, extra=extra)
    assert _of_x(answer, "variant_block")["paint"]["state"] == "contradictory"
    found = next(f for f in answer.findings if f.finding_id == "what-is-it:x:hull")
    assert found.values["contradictory"].value == "paint"


def test_a_level_never_seen_counts_as_other_and_is_said() -> None:
    """Purple is on no list: it speaks against both, for none, and the check says so."""
    answer = _world(8, extra=[{"feature": "paint", "value": "purple"}, {"feature": "width", "value": "wavy"}])
    rows = _of_x(answer)
    best = max(rows.values(), key=lambda r: float(str(r["uncapped_llr10"])))
    assert best["variant"] == "none"
    found = next(f for f in answer.findings if f.finding_id == "what-is-it:x:hull")
    assert any("never seen before" in d.reading for d in found.result.diagnostics)


def test_destroyed_is_no_level() -> None:
    """A destroyed feature says nothing of the variant."""
    answer = _world(8, extra=[{"feature": "paint", "value": "destroyed"}])
    assert _of_x(answer, "variant_block")["paint"]["state"] == "nothing seen"


def test_a_feature_counted_twice_is_warned_of() -> None:
    """The trap: the same cut of the tool under two names in two blocks. The assumption is weak, and names them."""
    extra: list[dict[str, object]] = []
    rows: list[tuple[str, str]] = []
    for v in "AB":
        for i in range(12):
            level = "red" if (i % 2 == 0) == (v == "A") or i < 5 else "blue"
            rows.append((f"{v}{i}", level))
    items: list[dict[str, object]] = [{"item_id": i, "kind": "uav", "incident_id": i} for i, _ in rows]
    for name, level in rows:
        shade = level if int(name[1:]) % 3 else "green"
        own = name[0]
        extra += [
            {
                "item_id": name,
                "module": "hull",
                "feature": f,
                "source_id": "s",
                "locator": "",
                "value": f"{own}-{shade}",
            }
            for f in ("paint", "again")
        ]
    levels = [f"{v}-{c}" for v in "AB" for c in ("red", "blue", "green")] + ["other"]
    tables: dict[str, list[dict[str, object]]] = {
        "item": items, "examination": [], "observation": extra, "source": [],
        "feature": [{"module": "hull", "feature": f, "block": f, "levels": levels} for f in ("paint", "again")],
        "reference_item": [{"item_id": i, "module": "hull", "variant": i[0], "source_id": "s"} for i, _ in rows],
    }  # fmt: skip
    answer = weigh_variants(**{k: _frame(k, v) for k, v in tables.items()}, as_of=None, variant_seed="1")
    module = next(f for f in answer.findings if f.finding_id == "what-is-it:module:hull")
    warned = next(a for a in module.result.assumptions if a.text.startswith("Blocks do not depend"))
    assert warned.status == "weak"
    assert "again and paint" in warned.why


def test_removing_one_thing_never_flips_silently() -> None:
    """Every finding with a weight has its table of removals; a flip names the other variant."""
    answer = _world(8, extra=[{"feature": "paint", "value": "red"}, {"feature": "width", "value": "narrow"}])
    found = next(f for f in answer.findings if f.finding_id == "what-is-it:x:hull")
    told = [c.change for c in found.result.sensitivity]
    assert any("feature paint" in t for t in told)
    assert any("instead" in t for t in told)


def test_nothing_and_one_item() -> None:
    """No row at all, and one item without references."""
    empty = {n: _frame(n, []) for n in NAMES}
    assert [f.statement for f in weigh_variants(**empty, as_of=None, variant_seed="1").findings] == [
        "what-is-it.case.refused"
    ]
    alone = _world(0, extra=[{"feature": "paint", "value": "red"}])
    assert any(f.finding_id == "what-is-it:x:hull" and f.result.refused is not None for f in alone.findings)


def test_no_claim_is_read() -> None:
    """Deleting every claim of a producer changes no weight: no step of the question reads claims."""
    for step in order(question("what-is-it").steps):
        assert "claim" not in step.reads


def _geran(without: str | None = None) -> Answer:
    """The shipped case, as text; `without` leaves out sources at whose end that publisher stands."""
    folder = files("taggant.cases").joinpath("geran")
    raw = {
        n: list(csv.DictReader(folder.joinpath(f"{TYPED[n].file}.csv").read_text(encoding="utf-8").splitlines()))
        for n in NAMES
    }
    gone: set[str] = set()
    if without is not None:
        ends = {r["source_id"] for r in raw["source"] if r["publisher"] == without}
        gone = ends | {r["source_id"] for r in raw["source"] if set(r["relays"].split(";")) & ends}
    lists = {("source", "relays"), ("feature", "levels")}
    frames: dict[str, pl.LazyFrame] = {}
    for n, rows in raw.items():
        kept: list[dict[str, object]] = [
            {k: None if v == "" else (v.split(";") if (n, k) in lists else (v == "yes" if k == "complete" else v))
             for k, v in r.items()}
            for r in rows if n == "source" or r.get("source_id") not in gone
        ]  # fmt: skip
        frames[n] = _frame(n, kept)
    return weigh_variants(**frames, as_of=None, variant_seed="1")


def test_geran_without_car() -> None:
    """No weight either way; without CAR no airframe is known otherwise, so ten incidents are wanted, not seven."""
    whole, less = _geran(), _geran(without="Conflict Armament Research")
    airframe = next(f for f in whole.findings if f.finding_id == "what-is-it:module:airframe")
    assert airframe.result.refused is not None
    assert airframe.result.refused.enough.startswith("7 more incidents")
    assert any("Conflict Armament Research" in c.change and c.low == 0 for c in airframe.result.sensitivity)
    assert not any(f.finding_id == "what-is-it:module:airframe" for f in less.findings)
    m214 = next(f for f in less.findings if f.finding_id == "what-is-it:m214:airframe")
    assert m214.result.refused is not None
    assert "10 incidents" in m214.result.refused.enough
    assert m214.values["expert"].value == "Shahed-136, made in Iran"


def test_geran_stencil_processor_and_filter_move_nothing() -> None:
    """The 'Geran-2' stencil, TMS320F28335 and BNX023 carry no expert weight of their own."""
    blocks = _geran().tables["variant_block"]
    assert isinstance(blocks, pl.DataFrame)
    own = blocks.filter(pl.col("item_id") == "no-13678", pl.col("block") == "control_electronics")
    alone = own.filter(pl.col("levels").list.contains("line_filter=bnx023"))
    assert alone.height > 0
    assert blocks.filter(pl.col("state") == "moves").height == 0


def test_two_builds_explain_better_than_one() -> None:
    """One variant throughout: less than 1; two that disagree: more."""
    a, b = {"A": 0.9, "B": 0.1}, {"A": 0.1, "B": 0.9}
    assert mixed_factor([a, a]) == pytest.approx(1 / (2 * 0.82))
    assert mixed_factor([a, b]) == pytest.approx(1 / (2 * 0.18))
