"""What an import did, for people and machines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TypeAlias

from taggant.errors import Issue
from taggant.evidence.reimport import Comparison
from taggant.ledger.commits import Commit

Progress: TypeAlias = "Callable[[str, int, int], None]"
"""Told what is being done, how much of it is done, and the total (0: not known)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCounts:
    """Rows of one table, by what the import did with them."""

    n_added: int = 0
    n_changed: int = 0
    n_unchanged: int = 0
    n_withdrawn: int = 0
    n_left_out: int = 0

    def plus(self, done: Comparison) -> TableCounts:
        """Give the counts with those of another sheet of the same table."""
        return replace(
            self,
            n_added=self.n_added + done.n_added,
            n_changed=self.n_changed + done.n_changed,
            n_unchanged=self.n_unchanged + done.n_unchanged,
            n_left_out=self.n_left_out + done.n_left_out,
        )

    def withdrawing(self, n: int) -> TableCounts:
        """Give the counts with this many withdrawn rows."""
        return replace(self, n_withdrawn=self.n_withdrawn + n)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    commit : str or None
        Id of the commit; None when nothing had changed, or nothing was to be done but say what would be.
    tables : mapping
        Table name → counts, for the files that were read. A file that did not change is not read.
    issues : tuple of Issue
        Notes; with `partial` also what is wrong with the rows left out.
    exhibits_new : tuple of str
        Names of the files taken in as exhibits now.
    exhibits_known : int
        Files that were held already.
    unchanged_files : tuple of str
        Typed files with the same bytes as at their last import.
    withdrawn : tuple of (str, str)
        (table, key) of the rows `mirror` withdrew.
    seconds : float
    """

    commit: str | None
    tables: Mapping[str, TableCounts]
    issues: tuple[Issue, ...]
    exhibits_new: tuple[str, ...]
    exhibits_known: int
    unchanged_files: tuple[str, ...]
    withdrawn: tuple[tuple[str, str], ...]
    seconds: float

    def committed(self, commit: Commit | None, seconds: float) -> ImportReport:
        """Give the report once its commit is made."""
        return replace(self, commit=None if commit is None else commit.commit_id, seconds=seconds)

    def as_json(self) -> dict[str, object]:
        """Give the report as plain values."""
        return {
            "commit": self.commit,
            "tables": {name: asdict(counts) for name, counts in self.tables.items()},
            "issues": [issue.as_json() for issue in self.issues],
            "exhibits_new": list(self.exhibits_new),
            "exhibits_known": self.exhibits_known,
            "unchanged_files": list(self.unchanged_files),
            "withdrawn": [list(row) for row in self.withdrawn],
            "seconds": round(self.seconds, 3),
        }
