"""The quick look at many stored records at once: which of them need a closer one?

Invariant: a row that is passed has the id its bytes hash to, and table, key and kind as its bytes say; whatever looks
otherwise in any way is given back to be read the long way. Nothing heavy is imported here: a second process runs it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeAlias

Row: TypeAlias = "tuple[Any, ...]"
"""n, record_id, table, key, commit_n, is_withdrawal, canonical; text as bytes."""

READ_WHOLE = frozenset({b"exhibit", b"purge"})
"""Tables whose records say something `verify` needs."""

AT_A_TIME = 5_000
SELECT_BETWEEN = (
    'SELECT n, record_id, CAST("table" AS BLOB), CAST("key" AS BLOB), commit_n, is_withdrawal, canonical FROM record '
    "WHERE n BETWEEN ? AND ? ORDER BY n"
)
_SERIAL = b',"key":"%b","origin":'
_LEAF = b"\x00"
_ID_BYTES = 32


@dataclass(frozen=True, slots=True)
class Scanned:
    """What was seen of a run of rows with consecutive numbers.

    Attributes
    ----------
    runs : tuple of (int, int)
        Number of a commit, and how many of the rows, in their order, are its.
    ids : bytes
        Their ids one after another, 32 bytes each.
    odd : tuple of int
        Numbers of the rows to be read the long way.
    """

    runs: tuple[tuple[int, int], ...]
    ids: bytes
    odd: tuple[int, ...]

    def ids_by_commit(self) -> list[tuple[int, list[bytes]]]:
        """Give the ids of each run."""
        found, at = [], 0
        for commit_n, n in self.runs:
            until = at + n * _ID_BYTES
            found.append((commit_n, [self.ids[i : i + _ID_BYTES] for i in range(at, until, _ID_BYTES)]))
            at = until
        return found


def scan(rows: Sequence[Row], *, first: int) -> Scanned | None:
    """Which of these rows need a closer look? None: all do, because their numbers or types are not as they should be.

    Parameters
    ----------
    rows : sequence of Row
    first : int
        The number the first must have.

    Returns
    -------
    Scanned or None
    """
    if not rows:
        return Scanned((), b"", ())
    numbers, ids, tables, keys, commits, withdrawals, stored = zip(*rows, strict=True)
    if numbers != tuple(range(first, first + len(rows))):
        return None
    if set(map(type, commits)) != {int} or set(map(type, ids)) != {bytes} or set(map(len, ids)) != {_ID_BYTES}:
        return None
    sha256 = hashlib.sha256
    try:
        tails = {table: _tail(table) for table in set(tables)}
        odd = tuple(
            [
                n
                for n, record_id, table, key, is_withdrawal, content in zip(
                    numbers, ids, tables, keys, withdrawals, stored, strict=True
                )
                # The bytes are canonical, so the fields after the body can be looked at without reading the body: no
                # text holds `,"key":` with its quotes unescaped.
                if sha256(_LEAF + content).digest() != record_id
                or is_withdrawal
                or not content.endswith(tails[table])
                or not content.startswith(_SERIAL % key, content.rfind(b',"key":'))
                or not content.startswith(b'{"body":{')
            ]
        )
    except TypeError:
        return None
    if commits.count(commits[0]) == len(commits):
        runs: tuple[tuple[int, int], ...] = ((commits[0], len(commits)),)
    else:
        runs = tuple((commit_n, len(list(some))) for commit_n, some in groupby(commits))
    return Scanned(runs, b"".join(ids), odd)


def _tail(table: bytes) -> bytes:
    """How does a record of this table end that supersedes nothing? What no record ends with, where we need its body."""
    if table in READ_WHOLE or not table.replace(b"_", b"").isalpha():
        return b"\0"
    return b',"supersedes":[],"table":"%b"}' % table
