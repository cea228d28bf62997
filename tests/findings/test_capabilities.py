"""Capabilities: what wrecks show was fitted, since when, and what only words say."""

from __future__ import annotations

from datetime import date

import polars as pl

from taggant.findings.capabilities import date_capabilities
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED

Rows = list[dict[str, object]]


def _item(name: str, year: int, *, designation: str = "Geran-2", seen_as: str = "documented") -> dict[str, object]:
    return {
        "item_id": name, "kind": "uav", "designation": designation, "seen_as": seen_as,
        "known_from": date(year, 1, 1), "known_until": date(year, 2, 1),
    }  # fmt: skip


def _seen(item_id: str, module: str, feature: str, value: str, source: str = "s") -> dict[str, object]:
    return {"item_id": item_id, "module": module, "feature": feature, "value": value, "source_id": source,
            "locator": "p. 1"}  # fmt: skip


def _answer(**rows: Rows) -> Answer:
    frames = {
        n: pl.DataFrame(
            [{c: r.get(c) for c in frame_schema(TYPED[n])} for r in rows.get(n, [])], schema=frame_schema(TYPED[n])
        ).lazy()
        for n in ("item", "examination", "observation", "component", "claim")
    }
    built = pl.DataFrame(schema=frame_schema(DERIVED["item_assembly"])).lazy()
    return date_capabilities(**frames, item_assembly=built, as_of=None)


def _of(answer: Answer, capability: str) -> Finding:
    return next(f for f in answer.findings if f.finding_id == f"what-changed:capability:{capability}")


def test_the_first_of_several_days_is_a_range_and_types_are_counted() -> None:
    """Two wrecks of two types with a mesh modem: first documented in January 2024, not later than its last day."""
    found = _of(
        _answer(
            item=[_item("a", 2024), _item("b", 2025, designation="Gerbera")],
            observation=[_seen(i, "communication", "mesh_modem", "xk_f358") for i in "ab"],
        ),
        "mesh-radio",
    )
    assert found.statement == "what-changed.capability.documented"
    assert found.result.headline is not None
    assert (found.result.headline.low, found.result.headline.high) == (date(2024, 1, 1), date(2024, 1, 31))
    assert found.values["types"].value == "Geran-2 (1), Gerbera (1)"


def test_a_claim_and_a_denial_without_a_part_are_a_dispute() -> None:
    """Words alone never become documented, and both stay."""
    claims: Rows = [
        {"claim_id": "c1", "topic": "capability.fitted", "scope": "mesh radio", "stance": "assert", "source_id": "s"},
        {"claim_id": "c2", "topic": "capability.fitted", "scope": "mesh radio", "stance": "deny", "source_id": "t"},
    ]
    found = _of(_answer(claim=claims), "mesh-radio")
    assert found.statement == "what-changed.capability.disputed"
    assert found.result.refused is not None
    assert [r.id for r in found.contradicts] == ["c2"]
    alone = _of(_answer(claim=claims[:1]), "mesh-radio")
    assert alone.statement == "what-changed.capability.claimed"


def test_autonomy_without_a_part_stays_a_claim() -> None:
    """No part is declared that would show autonomy: however many wrecks, it is claimed."""
    claim: dict[str, object] = {
        "claim_id": "c", "topic": "capability.fitted", "scope": "autonomy", "stance": "assert", "source_id": "s",
    }  # fmt: skip
    part: dict[str, object] = {"component_id": "1", "item_id": "a", "function": "autonomy", "source_id": "s"}
    answer = _answer(item=[_item("a", 2024)], claim=[claim], component=[part])
    assert _of(answer, "autonomy").statement == "what-changed.capability.claimed"


def test_removal_needs_a_complete_examination_of_its_module() -> None:
    """Not listed in a module nobody examined completely is not absent; a complete one later counts."""
    items = [_item("a", 2023), _item("b", 2024), _item("c", 2025)]
    seen = [_seen("a", "communication", "mesh_modem", "xk_f358")]
    part: Rows = [{"examination_id": "e1", "item_id": "b", "module": "communication", "complete": False}]
    whole: Rows = [{"examination_id": "e2", "item_id": "c", "module": "communication", "complete": True}]
    assert _of(_answer(item=items, observation=seen, examination=part), "mesh-radio").values["n_absent"].value is None
    answer = _answer(item=items, observation=seen, examination=[*part, *whole])
    assert _of(answer, "mesh-radio").values["n_absent"].value == 1
    absent = answer.tables["capability_absent"]
    assert isinstance(absent, pl.DataFrame)
    assert absent.filter(pl.col("capability") == "mesh-radio")["item_id"].to_list() == ["c"]


def test_coordinated_flight_is_a_rule_with_its_weakest_link() -> None:
    """All parts in one item; without the computer it is not met, and what is missing is named."""
    parts = [("communication", "mesh_modem", "xk_f358")]
    navigation: Rows = [
        {"component_id": f"n-{i}", "item_id": i, "function": "satellite navigation receiver", "source_id": "s"}
        for i in "ab"
    ]
    computer: Rows = [{"component_id": "c-a", "item_id": "a", "function": "computing module", "source_id": "t"}]
    items = [_item("a", 2024), _item("b", 2024)]
    seen = [_seen(i, *parts[0]) for i in "ab"]
    less = _of(_answer(item=items, observation=seen, component=navigation), "coordinated-flight-parts")
    assert less.statement == "what-changed.composite.not"
    assert less.result.refused is not None
    assert "omput" in str(less.values["missing"].value)
    met = _of(_answer(item=items, observation=seen, component=navigation + computer), "coordinated-flight-parts")
    assert met.statement == "what-changed.composite.one-item"
    assert met.values["n_items"].value == 1
    assert "omput" in str(met.values["weakest"].value)
    assert met.values["n_weakest"].value == 1
    assert str(met.result.parameters["url"]).startswith("https://")


def test_a_source_that_alone_documents_it_is_named() -> None:
    """Without the one source nothing is documented: the table of changes says so."""
    found = _of(
        _answer(item=[_item("a", 2024)], observation=[_seen("a", "communication", "mesh_modem", "xk_f358", "only")]),
        "mesh-radio",
    )
    assert [c.change for c in found.result.sensitivity] == ["without source only: not known"]
