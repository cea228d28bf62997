"""The record: one row of one typed table as somebody stated it, sealed by its digest.

Invariant: a record never changes. A correction is another record that names the one it supersedes; a withdrawal is a
record without a body.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias, cast

from taggant.model.canonical import INTEGER_LIMIT, Plain, canonical, is_flat, written

Value: TypeAlias = "str | int | bool | list[str] | None"
Body: TypeAlias = "dict[str, Value]"

SALT_BYTES = 16
_SALTS_AT_A_TIME = 1024
LEAF = b"\x00"
"""RFC 6962 §2.1: the prefix of a leaf, so that no leaf can be passed off as an inner node."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row as stated: `{table, key, schema, body, supersedes, salt}`, and where it was typed.

    Attributes
    ----------
    table, key : str
        Name of the typed table; the key columns' values joined by `model.tables.join_key`.
    schema : int
        Version of the table's schema the body was written in.
    body : dict or None
        Column → text, integer, boolean, list of text; missing columns are absent. None withdraws what it supersedes.
    supersedes : tuple of str
        Record ids (hex), sorted.
    salt : str
        16 random bytes in hex: the content of a withheld record cannot be confirmed by hashing guesses.
    origin : str or None
        `sha256:<exhibit>#row=N`, the place it was read from; None when a command made it.
    """

    table: str
    key: str
    schema: int
    body: Body | None
    supersedes: tuple[str, ...] = ()
    salt: str
    origin: str | None = None

    def canonical(self) -> bytes:
        """Give the bytes the id is taken over."""
        # `Plain` is wider than `Body` in what a list may hold; the checker cannot know that nothing is written to it.
        body = cast("dict[str, Plain] | None", self.body)
        plain: Plain = {
            "table": self.table,
            "key": self.key,
            "schema": self.schema,
            "body": body,
            "supersedes": sorted(self.supersedes),
            "salt": self.salt,
            "origin": self.origin,
        }
        # What is checked here cannot be refused, so the check that walks every value is left out; a row of an import
        # nearly always passes.
        if (
            (body is None or is_flat(body))
            and type(self.key) is str
            and type(self.table) is str
            and type(self.schema) is int
            and 0 <= self.schema < INTEGER_LIMIT
            and all(type(old) is str for old in self.supersedes)
        ):
            return written(plain)
        return canonical(plain)

    @property
    def record_id(self) -> str:
        """The id: sha256 over 0x00 and the canonical JSON — an RFC 6962 leaf hash — in hex."""
        return record_id(self.canonical())


def record_id(canonical_record: bytes) -> str:
    """Which id do these canonical bytes have?"""
    return hashlib.sha256(LEAF + canonical_record).hexdigest()


def fresh_salts() -> Iterator[str]:
    """Give new salts for ever; many are drawn at a time, because a call to the system costs more than the bytes."""
    while True:
        drawn = secrets.token_hex(SALT_BYTES * _SALTS_AT_A_TIME)
        for at in range(0, len(drawn), 2 * SALT_BYTES):
            yield drawn[at : at + 2 * SALT_BYTES]


def fresh_salt() -> str:
    """Give 16 new random bytes in hex."""
    return secrets.token_hex(SALT_BYTES)
