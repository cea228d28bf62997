"""Every declared table by name, typed or derived."""

from __future__ import annotations

from taggant.errors import UnknownName
from taggant.model.derived_tables import DERIVED
from taggant.model.tables import TableSchema
from taggant.model.typed_tables import TYPED


def schema_of(name: str) -> TableSchema:
    """Give the schema of a typed or derived table by name; an unknown name is answered with the close ones."""
    for group in (TYPED, DERIVED):
        if name in group:
            return group[name]
    raise UnknownName("table", name, [*TYPED, *DERIVED])
