"""The live rows an import is compared with.

Invariant: each table is read from the ledger once, and only when something asks for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from taggant.ledger.ledger import Ledger
from taggant.ledger.rows import LiveRow


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
