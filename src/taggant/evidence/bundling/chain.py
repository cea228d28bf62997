"""The ledger in a bundle, held together: records to their ids, ids to roots, commits to parents, heads to seals.

Invariant: nothing is believed; what a line says of itself is computed again from its bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from taggant.errors import TaggantError
from taggant.evidence.bundling import layout
from taggant.evidence.bundling.layout import Label
from taggant.evidence.bundling.ledger_files import (
    Line,
    Told,
    computed_id,
    lines_of,
    read_commit_line,
    read_head_line,
    read_record_line,
)
from taggant.ledger.filling import HeadLine, unfitting
from taggant.ledger.merkle import tree_root
from taggant.ledger.problems import Problem
from taggant.model.record import record_id as id_of

_TOLD_EVERY = 20_000


@dataclass(frozen=True, slots=True)
class Stated:
    """What a record says of an exhibit."""

    file: str | None
    size: int | None


@dataclass(slots=True)
class ChainCheck:
    """One pass over the three files of the ledger.

    Attributes
    ----------
    known : dict
        Commit id → commit, of those that could be read.
    exhibits : dict
        sha256 → what its newest record says.
    is_read : bool
        Whether every line could be read.
    is_whole : bool
        Whether nothing is left out by a level.
    """

    folder: Path
    sizes: Mapping[str, int]
    say: Callable[[str, int, int], None]
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    known: dict[str, Told] = field(default_factory=dict)
    exhibits: dict[str, Stated] = field(default_factory=dict)
    is_read: bool = False
    is_whole: bool = True
    n_records: int = 0
    n_commits: int = 0
    _ids: dict[str, list[bytes]] = field(default_factory=dict)
    _seen: set[bytes] = field(default_factory=set)
    _left: dict[str, int] = field(default_factory=dict)
    _n_silent: int = 0
    _destroyed: set[bytes] = field(default_factory=set)
    _purged: set[str] = field(default_factory=set)

    def run(self, label: Label | None) -> None:
        """Check everything."""
        self.is_whole = label is None or label.is_whole
        missing = [p for p in (layout.COMMITS, layout.RECORDS, layout.HEADS) if p not in self.sizes]
        for path in missing:
            self._note("store", "it is missing", path)
        if missing:
            return
        self.is_read = self._commits() and self._records(label)
        self._roots()
        heads = self._heads()
        if label is not None:
            self._against(label, heads)

    def _note(self, kind: str, what: str, file: str | None = None, **named: str | None) -> None:
        self.problems.append(Problem(kind=kind, what=what, file=file, **named))

    def _commits(self) -> bool:
        number = 0
        try:
            with (self.folder / layout.COMMITS).open("rb") as file:
                for number, line in enumerate(lines_of(file), 1):
                    self._commit(line, number)
        except (ValueError, OSError, TaggantError) as err:
            self._note("commit", f"line {number + 1} cannot be read: {err}", layout.COMMITS)
            return False
        return True

    def _commit(self, line: bytes, number: int) -> None:
        commit = read_commit_line(line)
        named, found = commit.commit_id, computed_id(commit)
        if found is None:
            self._n_silent += 1
        elif found != named:
            what = f"its author, time, tool, message, parents or root now give the id {found}"
            self._note("commit", what, layout.COMMITS, commit_id=named)
        for parent in commit.parents:
            if parent not in self.known:
                self._note("commit", f"it stands on {parent}, which is not before it", commit_id=named)
        if named in self.known:
            self._note("commit", f"line {number} names it again", layout.COMMITS, commit_id=named)
        self.known[named] = commit
        self.n_commits += 1

    def _records(self, label: Label | None) -> bool:
        total = 0 if label is None else label.n_records
        order = {commit_id: n for n, commit_id in enumerate(self.known)}
        last = -1
        number = 0
        try:
            with (self.folder / layout.RECORDS).open("rb") as file:
                for number, raw in enumerate(lines_of(file), 1):
                    line = read_record_line(raw)
                    at = order.get(line.commit_id, -1)
                    if at < last:
                        what = "it stands out of its commit's place" if at >= 0 else "its commit is not in the bundle"
                        self._note("record", what, record_id=line.record_id.hex(), commit_id=line.commit_id)
                    last = max(at, last)
                    self._record(line)
                    if number % _TOLD_EVERY == 0:
                        self.say("records", number, max(total, number))
        except (ValueError, OSError) as err:
            self._note("record", f"line {number + 1} cannot be read: {err}", layout.RECORDS)
            return False
        self.n_records = number
        return True

    def _record(self, line: Line) -> None:
        record_id = line.record_id
        if record_id in self._seen:
            self._note("record", "it is here again", record_id=record_id.hex())
        self._seen.add(record_id)
        self._ids.setdefault(line.commit_id, []).append(record_id)
        if line.content is None:
            self._without_content(line)
            return
        found = id_of(line.content)
        if found != record_id.hex():
            self._note("record", f"its bytes now give the id {found}", record_id=record_id.hex())
        try:
            said: Any = orjson.loads(line.content)
            table, key, body, supersedes = said["table"], said["key"], said["body"], said["supersedes"]
            old = [bytes.fromhex(s) for s in supersedes]
            is_record = isinstance(table, str) and isinstance(key, str) and isinstance(supersedes, list)
            if table == "exhibit" and body is not None:
                size = body.get("size")
                is_number = isinstance(size, int | str) and str(size).isdecimal()
                self.exhibits[key.removeprefix("sha256:")] = Stated(body.get("file"), int(size) if is_number else None)
            if table == "purge" and body is not None and found == record_id.hex():
                self._purged |= set(body["records"])
        except (ValueError, KeyError, TypeError, AttributeError):
            is_record = False
        if not is_record:
            self._note("record", "its bytes are no record", record_id=record_id.hex())
            return
        for before in old:
            if before not in self._seen:
                what = f"it supersedes {before.hex()}, which is not before it"
                self._note("record", what, table=table, key=key, record_id=record_id.hex())

    def _without_content(self, line: Line) -> None:
        why = str(line.said.get("why"))
        self._left[why] = self._left.get(why, 0) + 1
        if why == "purged":
            self._destroyed.add(line.record_id)
        if why in ("withheld", "purged") and not self.is_whole:
            return
        is_right = (
            why == "purged"
            and isinstance(line.said.get("table"), str)
            and isinstance(line.said.get("key"), str)
            and isinstance(line.said.get("is_withdrawal"), bool)
            and isinstance(line.said.get("supersedes"), list)
            and all(isinstance(s, str) and len(s) == 64 for s in line.said["supersedes"])
        )
        if not is_right:
            self._note("record", "its bytes are not here, and nothing says why", record_id=line.record_id.hex())

    def _roots(self) -> None:
        if not self.is_read:
            return
        if self.is_whole:
            for record_id in sorted(self._destroyed):
                if record_id.hex() not in self._purged:
                    what = "its bytes are not here, and no purge record says why"
                    self._note("record", what, record_id=record_id.hex())
        for commit_id, commit in self.known.items():
            ids = sorted(self._ids.pop(commit_id, []))
            if len(ids) != commit.n:
                what = f"it holds {len(ids)} record(s); it was made with {commit.n}"
                self._note("commit", what, commit_id=commit_id)
            elif tree_root(ids).hex() != commit.root:
                self._note("commit", "its records do not give its root", commit_id=commit_id)

    def _heads(self) -> list[HeadLine]:
        try:
            with (self.folder / layout.HEADS).open("rb") as file:
                heads = [read_head_line(line) for line in lines_of(file)]
        except (ValueError, OSError) as err:
            self._note("head", f"the head log cannot be read: {err}", layout.HEADS)
            return []
        wrong = unfitting(heads)
        if wrong is not None:
            self._note("head", f"line {wrong} of the head log is not what was written", layout.HEADS)
        for line in heads:
            if line.commit_id.hex() not in self.known and self.is_read:
                what = f"line {line.n} of the head log names a commit that is not here"
                self._note("head", what, layout.HEADS, commit_id=line.commit_id.hex())
        return heads

    def _against(self, label: Label, heads: list[HeadLine]) -> None:
        """Hold what the label says against what is here."""
        if not self.is_read:
            return
        head = heads[-1].commit_id.hex() if heads else None
        said_and_found = (
            ("head", label.head, head),
            ("n_commits", label.n_commits, self.n_commits),
            ("n_records", label.n_records, self.n_records),
            ("n_heads", label.n_heads, len(heads)),
            ("n_withheld", label.n_withheld, self._left.get("withheld", 0)),
            ("n_purged", label.n_purged, self._left.get("purged", 0)),
        )
        for name, said, found in said_and_found:
            if said != found:
                self._note("bundle", f"it says {name} {said}; the ledger in it gives {found}", layout.LABEL)
        if self._left.get("withheld"):
            self.notes.append(
                f"{self._left['withheld']:,} record(s) not for TLP:{label.level} are here as ids only; "
                "the ids give the roots of their commits"
            )
        if self._n_silent and label.is_whole:
            self._note("commit", f"{self._n_silent} commit(s) lack author, tool and message", layout.COMMITS)
        elif self._n_silent:
            self.notes.append(
                f"author, tool and message of {self._n_silent:,} commit(s) are withheld: that their ids stand for "
                "these roots can be checked by whoever holds the whole case, not from here"
            )
        if self._left.get("purged"):
            self.notes.append(f"{self._left['purged']:,} record(s) were destroyed in the case; their ids remain")
