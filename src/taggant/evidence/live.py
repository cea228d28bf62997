"""The live rows an import is compared with.

Invariant: each table is read from the ledger once, and only when something asks for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from taggant.ledger.ledger import Ledger
from taggant.ledger.rows import LiveRow, fields_of


class LiveRows:
    """Live rows of a ledger, by table."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._tables: dict[str, dict[str, LiveRow]] = {}
        self._counts = ledger.counts()

    def of(self, table: str) -> dict[str, LiveRow]:
        """Give key → live row."""
        if table not in self._tables:
            self._tables[table] = self._ledger.live_index(table) if self._counts.get(table) else {}
        return self._tables[table]

    def keys_without(self, table: str, gone: Mapping[str, Collection[str]]) -> Collection[str]:
        """Give the keys that are live and stay so."""
        rows = self.of(table)
        return rows.keys() - set(gone[table]) if gone.get(table) else rows.keys()

    def merged_imports(self, key: str) -> frozenset[str]:
        """Which exhibits was this file, in the ledgers that were merged into its last import row?

        A file that still has one of these contents was not edited since: the merge changed the ledger, not the file.
        """
        row = self.of("import").get(key)
        joined = () if row is None else fields_of("import", key, row.canonical)["supersedes"]
        if len(joined) < 2:
            return frozenset()
        past = self._ledger.history("import", key)
        return frozenset(str(e.body["exhibit_id"]) for e in past if e.record_id in joined and e.body is not None)
