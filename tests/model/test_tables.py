"""The table schemas hold together: keys, references, names."""

from __future__ import annotations

import re

import pytest

from taggant.errors import UnknownName
from taggant.model.declared import schema_of
from taggant.model.derived_tables import DERIVED
from taggant.model.tables import Kind, TableSchema, frame_schema, join_key
from taggant.model.typed_tables import BY_FILE, TYPED

ALL = {**TYPED, **DERIVED}


@pytest.mark.parametrize("schema", ALL.values(), ids=lambda s: s.name)
def test_each_table_is_declared_soundly(schema: TableSchema) -> None:
    """Keys are columns, no column twice, words only for levels, references exist, meanings are sentences."""
    assert set(schema.key) <= set(schema.names)
    assert len(set(schema.names)) == len(schema.names)
    assert schema.meaning.endswith(".")
    for column in schema.columns:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", column.name)
        assert column.meaning.endswith("."), column.name
        assert bool(column.levels) == (column.kind is Kind.LEVEL), column.name
        assert column.refers is None or column.refers in ALL


def test_typed_tables_have_tlp_and_note() -> None:
    """Appendix A: every table may have `tlp` and `note`; listings are read from an exhibit, which has the level."""
    assert [name for name, s in TYPED.items() if not {"tlp", "note"} <= set(s.names)] == ["listing"]


def test_every_table_of_the_design_is_typed() -> None:
    """The files a person types are those of Appendix A, and rival readings with the likelihoods they rest on."""
    files = """sources incidents items examinations observations features references components markings claims use
    commitments hypotheses likelihoods parties shipments transfers custody requests photos"""
    assert sorted(BY_FILE) == sorted(files.split())


def test_an_unknown_table_is_answered_with_the_close_ones() -> None:
    """The error names what was meant."""
    with pytest.raises(UnknownName, match="Did you mean component"):
        schema_of("componnent")
    assert schema_of("item").key == ("item_id",)
    with pytest.raises(UnknownName, match="item_id"):
        schema_of("item").column("item-id")


def test_keys_with_separators_stay_apart() -> None:
    """Two different rows never share a key text."""
    rows: list[list[str | int | None]] = [
        ["a|b", "c"],
        ["a", "b|c"],
        ["a\\", "b|c"],
        ["a\\|b", "c"],
        [None, "a"],
        ["a", None],
    ]
    assert len({join_key(r) for r in rows}) == len(rows)


def test_a_date_column_gives_four_columns_in_a_frame() -> None:
    """As typed, from, until, and whether it is weak."""
    names = [n for n in frame_schema(TYPED["item"]) if n.startswith("recovered")]
    assert names == ["recovered", "recovered_from", "recovered_until", "recovered_is_weak"]
