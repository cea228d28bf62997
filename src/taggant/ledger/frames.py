"""Bodies of records → a typed frame.

Invariant: what was typed stays beside what was made of it: a date column keeps its text and gains the half-open range.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

import polars as pl

from taggant.errors import InputError, TaggantError
from taggant.model.declared import schema_of
from taggant.model.tables import Column, Kind, frame_schema
from taggant.writing.edtf import parse_edtf

Rows: TypeAlias = "Sequence[tuple[str, str, dict[str, Any]]]"
"""(key, record id, body) of each row."""

RECORD_ID = "record_id"
ORIGIN = "origin"
"""Where the row was read: `sha256:<exhibit>#row=N`."""


def frame_types(table: str) -> dict[str, pl.DataType]:
    """Which columns and types has a snapshot of this table?"""
    return {**frame_schema(schema_of(table)), RECORD_ID: pl.String(), ORIGIN: pl.String()}


def frame_of(table: str, rows: Rows, origins: Sequence[str | None] | None = None) -> pl.DataFrame:
    """Which frame holds these rows of this table?

    Parameters
    ----------
    table : str
        A typed table.
    rows : sequence of (key, record id, body)
        Bodies in today's schema.
    origins : sequence of str or None, optional
        Where each row was read; all None when left out.

    Returns
    -------
    polars.DataFrame
        Columns of `frame_types`, one row for each given, in the same order; missing values are null.

    Raises
    ------
    InputError
        A stored value is not what its column says it is.

    Examples
    --------
    >>> frame_of("source", []).height
    0
    """
    types = frame_types(table)
    columns: dict[str, list[Any]] = {}
    for column in schema_of(table).columns:
        values = [body.get(column.name) for _, _, body in rows]
        if column.kind is Kind.DATE:
            ranges = _converted(table, column, rows, values, parse_edtf)
            columns[column.name] = values
            columns[f"{column.name}_from"] = [None if r is None else r.from_on for r in ranges]
            columns[f"{column.name}_until"] = [None if r is None else r.until_on for r in ranges]
            columns[f"{column.name}_is_weak"] = [None if r is None else r.is_weak for r in ranges]
        elif (convert := _CONVERSIONS.get(column.kind)) is not None:
            columns[column.name] = _converted(table, column, rows, values, convert)
        else:
            if column.kind is Kind.LIST:
                _check_lists(table, column, rows, values)
            columns[column.name] = values
    columns[RECORD_ID] = [record_id for _, record_id, _ in rows]
    columns[ORIGIN] = [None] * len(rows) if origins is None else list(origins)
    try:
        return pl.DataFrame(columns, schema=types, strict=True)
    except (TypeError, pl.exceptions.PolarsError) as err:
        raise InputError(f"a stored value of table {table} is not of its column's type: {err}") from err


def _converted(table: str, column: Column, rows: Rows, values: list[Any], convert: Callable[[Any], Any]) -> list[Any]:
    # A table of 100,000 rows has a few hundred different dates and numbers: each is read once.
    known: dict[Any, Any] = {None: None}
    done: list[Any] = []
    for i, value in enumerate(values):
        try:
            # True == 1 for a dict, so the type is part of what is remembered.
            done.append(known[value] if value is None else known[type(value), value])
        except KeyError:
            try:
                read = convert(value)
            except (ValueError, TypeError, TaggantError) as err:
                raise _unreadable(table, column, rows[i], value, str(err)) from err
            known[type(value), value] = read
            done.append(read)
    return done


def _check_lists(table: str, column: Column, rows: Rows, values: list[Any]) -> None:
    # The frame would take a lone text for a list of one.
    for row, value in zip(rows, values, strict=True):
        if value is not None and not isinstance(value, list):
            raise _unreadable(table, column, row, value, "it is no list")


def _unreadable(table: str, column: Column, row: tuple[str, str, dict[str, Any]], value: Any, why: str) -> InputError:
    key, record_id, _ = row
    return InputError(
        f"the stored value {value!r} cannot be read as {column.kind.value}: {why}",
        where=f"{table} {key!r}, column {column.name}, record {record_id}",
        next="Correct the row by a new record, then run again",
    )


def _yes(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value not in ("yes", "no"):
        raise ValueError(f"{value!r} is neither yes nor no")
    return bool(value == "yes")


def _instant(value: str) -> datetime:
    return datetime.fromisoformat(value).astimezone(UTC)


_CONVERSIONS: dict[Kind, Callable[[Any], Any]] = {
    Kind.INTEGER: int,
    Kind.DECIMAL: float,
    Kind.YESNO: _yes,
    Kind.DAY: date.fromisoformat,
    Kind.INSTANT: _instant,
}
