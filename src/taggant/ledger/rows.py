"""What the ledger answers with: one row as it is now, and one record in the history of a row.

Invariant: `body` is the row in *today's* schema; the stored bytes are never changed, and stay at hand in `canonical`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from taggant.errors import EvidenceBroken
from taggant.model.declared import schema_of
from taggant.model.record import Body
from taggant.model.upgrade import upgrade

_FIELDS = frozenset({"body", "schema", "origin", "supersedes"})


@dataclass(frozen=True, slots=True)
class LiveRow:
    """One live row. The body is read from the stored bytes when asked for: a million rows stay small in memory.

    Attributes
    ----------
    record_id : str
        Hex.
    table, key : str
    canonical : bytes
        The stored bytes of the record.
    """

    record_id: str
    table: str
    key: str
    canonical: bytes

    @property
    def body(self) -> Body:
        """Column → value in today's schema; missing columns are absent."""
        body = body_of(self.table, self.key, self.canonical)
        if body is None:
            raise EvidenceBroken(f"{self.table} {self.key!r}: the record {self.record_id} is a withdrawal, not a row")
        return body

    @property
    def schema(self) -> int:
        """Version of the table's schema the record was written in."""
        return int(fields_of(self.table, self.key, self.canonical)["schema"])

    @property
    def origin(self) -> str | None:
        """Where it was read (`sha256:…#row=N`), or None."""
        origin = fields_of(self.table, self.key, self.canonical)["origin"]
        return None if origin is None else str(origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One record of one row, with the commit that brought it.

    Attributes
    ----------
    record_id : str
    body : dict or None
        In today's schema; None: a withdrawal, whose reason is the commit's message.
    schema : int
        The version it was written in.
    origin : str or None
    supersedes, superseded_by : tuple of str
        Record ids, sorted.
    commit_id, author, at, message : str
    """

    record_id: str
    body: Body | None
    schema: int
    origin: str | None
    supersedes: tuple[str, ...]
    superseded_by: tuple[str, ...]
    commit_id: str
    author: str
    at: str
    message: str

    @property
    def is_withdrawal(self) -> bool:
        """Whether this record took the row out."""
        return self.body is None


def fields_of(table: str, key: str, canonical: bytes) -> dict[str, Any]:
    """What does this stored record say, field by field?"""
    try:
        fields = orjson.loads(canonical)
        if not isinstance(fields, dict) or not fields.keys() >= _FIELDS:
            raise EvidenceBroken("the stored bytes are no record", where=f"{table} {key!r}")
    except orjson.JSONDecodeError as err:
        raise EvidenceBroken(f"the stored bytes of the record cannot be read: {err}", where=f"{table} {key!r}") from err
    return fields


def body_of(table: str, key: str, canonical: bytes) -> Body | None:
    """What does this stored record say in today's schema? None for a withdrawal."""
    return row_reader(table)(key, canonical)[0]


def row_reader(table: str) -> Callable[[str, bytes], tuple[Body | None, str | None]]:
    """Give `body_of` and the origin for one table, with what is the same for all its rows looked up once."""
    today = schema_of(table).version

    def _read(key: str, canonical: bytes) -> tuple[Body | None, str | None]:
        fields = fields_of(table, key, canonical)
        body: Body | None = fields["body"]
        schema = int(fields["schema"])
        now = body if body is None or schema == today else upgrade(table, schema, body, to=today)
        return now, fields["origin"]

    return _read
