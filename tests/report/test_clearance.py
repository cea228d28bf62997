"""Which rows may be shown: their own level, and what they rest on, however far."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from taggant.errors import UnknownName
from taggant.model.clearance import Past, cleared, may_be_shown
from taggant.model.typed_tables import TLP


def _hidden(tables: dict[str, list[dict[str, Any]]], level: str = "CLEAR", case: str = "CLEAR") -> set[str]:
    frames = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items()}
    return {key for _, key in cleared(frames, case_level=case, level=level).hidden}


def test_levels_are_ordered() -> None:
    """Each level shows itself and those before it; a word nobody declared counts as the strictest."""
    for n, level in enumerate(TLP):
        assert [may_be_shown(row, "CLEAR", level) for row in TLP] == [m <= n for m in range(len(TLP))]
    assert not may_be_shown("secret", "CLEAR", "RED")
    with pytest.raises(UnknownName):
        may_be_shown(None, "CLEAR", "clear")


def test_the_case_speaks_for_rows_without_a_level() -> None:
    """An AMBER case shows nothing at GREEN but what is marked lower."""
    rows: list[dict[str, Any]] = [{"source_id": "a", "tlp": None}, {"source_id": "b", "tlp": "CLEAR"}]
    assert _hidden({"source": rows}, "GREEN", "AMBER") == {"a"}


def test_what_rests_on_a_withheld_row_is_withheld_however_far() -> None:
    """Source → source that relays it → item → component → marking; an exhibit by its file; a party by its alias."""
    tables: dict[str, list[dict[str, Any]]] = {
        "source": [
            {"source_id": "s", "tlp": "RED", "relays": None}, {"source_id": "r", "tlp": None, "relays": ["x", "s"]},
            {"source_id": "ok", "tlp": None, "relays": ["x"]},
        ],
        "item": [{"item_id": "i", "source_id": "r", "tlp": None}, {"item_id": "i2", "source_id": "ok", "tlp": None}],
        "component": [
            {"component_id": "c", "item_id": "i", "exhibit": None, "tlp": None},
            {"component_id": "c2", "item_id": "i2", "exhibit": "photos/closed.jpg#xywh=1", "tlp": None},
            {"component_id": "c3", "item_id": "i2", "exhibit": None, "tlp": None},
        ],
        "marking": [{"marking_id": "m", "component_id": "c", "tlp": None}],
        "photo": [{"file": "photos/closed.jpg", "tlp": "AMBER"}],
        "exhibit": [{"exhibit_id": "sha256:aa", "file": "photos/closed.jpg", "tlp": None}],
        "party": [{"party_id": "p", "name": "Works", "aliases": ["The Works"], "tlp": "RED"}],
        "transfer": [
            {"transfer_id": "t", "from_party": "The Works", "tlp": None},
            {"transfer_id": "t2", "from_party": "x", "tlp": None},
        ],
    }  # fmt: skip
    assert _hidden(tables) == {"s", "r", "i", "c", "c2", "m", "photos/closed.jpg", "sha256:aa", "p", "t"}
    assert _hidden(tables, "RED") == set()


def test_no_row_one_row_and_rows_that_name_each_other() -> None:
    """An empty table; a single row; a circle of relays ends."""
    assert _hidden({"source": []}) == set()
    assert _hidden({"source": [{"source_id": "a", "tlp": "RED"}]}) == {"a"}
    circle: list[dict[str, Any]] = [
        {"source_id": "a", "relays": ["b"], "tlp": None},
        {"source_id": "b", "relays": ["a"], "tlp": "RED"},
    ]
    assert _hidden({"source": circle}) == {"a", "b"}


def test_a_row_that_is_named_has_the_most_restrictive_level_it_ever_had() -> None:
    """Withdrawn, lowered, resting on one that was, or destroyed: what names it stays closed; itself is not."""
    live: dict[str, list[dict[str, Any]]] = {
        "source": [{"source_id": "low", "tlp": "CLEAR"}, {"source_id": "ok", "tlp": "CLEAR"}],
        "item": [
            {"item_id": f"i-{name}", "source_id": name, "tlp": "CLEAR"} for name in ("low", "gone", "on", "lost", "ok")
        ],
    }
    past: list[Past] = [
        ("source", "low", {"source_id": "low", "tlp": "RED"}),
        ("source", "gone", {"source_id": "gone", "tlp": "RED"}),
        ("source", "on", {"source_id": "on", "tlp": "CLEAR", "relays": ["gone"]}),
        ("source", "lost", None),
    ]
    frames = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in live.items()}
    found = cleared(frames, case_level="CLEAR", level="CLEAR", past=past)
    assert {key for _, key in found.hidden} == {"i-low", "i-gone", "i-on", "i-lost"}
    assert not found.is_open
    strict = cleared(frames, case_level="CLEAR", level="CLEAR", past=past, past_closes=True)
    assert strict.hidden - found.hidden == {("source", "low")}
    assert cleared(frames, case_level="CLEAR", level="CLEAR").is_open


def test_a_name_no_row_ever_had_has_the_level_of_the_case() -> None:
    """A source nobody entered: closed in a GREEN case at CLEAR, shown in a CLEAR one; one that was there is known."""
    rows: list[dict[str, Any]] = [{"source_id": "a", "tlp": "CLEAR", "relays": ["nobody"]}]
    assert _hidden({"source": rows}, "CLEAR", "GREEN") == {"a"}
    assert _hidden({"source": rows}, "CLEAR", "CLEAR") == set()
    frames = {"source": pl.DataFrame(rows)}
    past: list[Past] = [("source", "nobody", {"source_id": "nobody", "tlp": "CLEAR"})]
    assert not cleared(frames, case_level="GREEN", level="CLEAR", past=past).hidden


def test_a_key_with_a_bar_closes_what_names_it() -> None:
    """Keys are escaped where they are joined, not in the column that names them."""
    tables: dict[str, list[dict[str, Any]]] = {
        "source": [{"source_id": "a|b", "tlp": "RED"}],
        "item": [{"item_id": "i", "source_id": "a|b", "tlp": "CLEAR"}],
    }
    assert _hidden(tables) == {"a\\|b", "i"}
