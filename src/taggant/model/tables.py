"""Table schemas: what a column is called, what it holds, in which unit, and what it means.

Two sorts: *typed* tables are what people type and judge (they live in the ledger); *derived* tables are what steps
write (they lie under `runs/` and can be made again). Both are declared with the same words.

Invariant: no table is read or written anywhere that is not declared here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from taggant.errors import UnknownName

if TYPE_CHECKING:
    import polars as pl

    Table: TypeAlias = pl.LazyFrame


class Kind(Enum):
    """What a column holds, and how it is typed."""

    TEXT = "text"
    ID = "identifier"
    LEVEL = "one of the listed words"
    LIST = "list, parted by ';' (';;' for a literal one)"
    INTEGER = "whole number"
    DECIMAL = "number"
    YESNO = "yes or no"
    DATE = "date (EDTF) as typed; in frames also x_from, x_until, x_is_weak"
    COUNTRY = "country (ISO 3166 alpha-2; XA-XZ for invented or unrecognised ones)"
    LANGUAGE = "language (ISO 639)"
    URL = "web address"
    LOCATOR = "place in the source (page=3, row=17, char=120,180, …, joined by '&')"
    DAY = "day"
    INSTANT = "moment (UTC)"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    name : str
        The unit is in the name where there is one (`_km`, `_usd`, `_days`).
    kind : Kind
    meaning : str
        One sentence.
    is_required : bool
        A row without it is refused.
    levels : tuple of str
        For `Kind.LEVEL`: the words allowed.
    refers : str or None
        The typed table whose key this column names.
    unit : str or None
    """

    name: str
    kind: Kind
    meaning: str
    is_required: bool = False
    levels: tuple[str, ...] = ()
    refers: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSchema:
    """One table: its key, its columns in order, its version.

    Attributes
    ----------
    name : str
        Singular.
    file : str or None
        Stem of the file people type it in (`items`); None for tables nobody types in a file.
    key : tuple of str
        Columns that name a row.
    version : int
        Grows when a column changes; `model.upgrade` reads older bodies.
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    file: str | None = None
    version: int = 1

    def column(self, name: str) -> Column:
        """Give the column of that name, or say which there are."""
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownName("column", name, (c.name for c in self.columns), where=f"table {self.name}")

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(c.name for c in self.columns)


def join_key(parts: Sequence[str | int | None]) -> str:
    r"""Which text names a row with these key values?

    Parameters
    ----------
    parts : sequence of str, int or None
        Values of the key columns in order; None for an empty one.

    Returns
    -------
    str
        The values joined by ``|``; a literal ``|`` or ``\`` is escaped by ``\``. A one-column key is the value itself
        unless it holds such a character.

    Examples
    --------
    >>> join_key(["m214", "airframe", None])
    'm214|airframe|'
    """
    return "|".join("" if p is None else str(p).replace("\\", "\\\\").replace("|", "\\|") for p in parts)


def frame_schema(schema: TableSchema) -> dict[str, pl.DataType]:
    """Which columns and types does a frame of this table have?

    Returns
    -------
    dict
        Column name → polars type, in order. A `Kind.DATE` column gives four: as typed, `_from`, `_until`, `_is_weak`.
    """
    import polars as pl

    plain: Mapping[Kind, pl.DataType] = {
        Kind.LIST: pl.List(pl.String()),
        Kind.INTEGER: pl.Int64(),
        Kind.DECIMAL: pl.Float64(),
        Kind.YESNO: pl.Boolean(),
        Kind.DAY: pl.Date(),
        Kind.INSTANT: pl.Datetime("us", "UTC"),
    }
    types: dict[str, pl.DataType] = {}
    for column in schema.columns:
        types[column.name] = plain.get(column.kind, pl.String())
        if column.kind is Kind.DATE:
            types[f"{column.name}_from"] = pl.Date()
            types[f"{column.name}_until"] = pl.Date()
            types[f"{column.name}_is_weak"] = pl.Boolean()
    return types
