"""The ledger of a case as three files of lines: commits, records, heads; written, and read back as commits to take in.

Invariant: a line of a record holds its stored bytes letter for letter, so whoever has the file can hash them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from taggant.errors import EvidenceBroken
from taggant.evidence.bundling.bag import BagWriter
from taggant.evidence.bundling.layout import COMMITS, HEADS, RECORDS, unreadable
from taggant.ledger.carrying import Carried, Packet
from taggant.ledger.commits import Commit
from taggant.ledger.filling import HeadLine
from taggant.ledger.jsonl import commit_line
from taggant.ledger.merkle import tree_root
from taggant.ledger.showing import Showing
from taggant.model.canonical import Plain, canonical

LONGEST_LINE = 64 * 2**20
"""A line is a record; one longer than this is none of ours."""
_RECORD = re.compile(rb'\{"commit":"([0-9a-f]{64})","id":"([0-9a-f]{64})","record":')
_HEX64 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Told:
    """A commit as the bundle tells of it.

    Attributes
    ----------
    commit_id : str
    parents : tuple of str
    at, root : str
    n : int
    author, tool, message : str or None
        None: withheld, because words of a commit have no level of their own.
    """

    commit_id: str
    parents: tuple[str, ...]
    at: str
    root: str
    n: int
    author: str | None
    tool: str | None
    message: str | None

    @classmethod
    def of(cls, commit: Commit, *, is_spoken: bool) -> Told:
        """Tell of this commit, with or without its words."""
        words = (commit.author, commit.tool, commit.message) if is_spoken else (None, None, None)
        return cls(commit.commit_id, commit.parents, commit.at, commit.root, commit.n, *words)


@dataclass(slots=True)
class Stated:
    """One record of a table the bundle shows apart, with the commit that brought it.

    Attributes
    ----------
    record_id : bytes
    content : bytes
        Canonical.
    said : dict
        The content, read.
    commit : Commit
    """

    record_id: bytes
    content: bytes
    said: dict[str, Any]
    commit: Told


@dataclass(slots=True)
class LedgerWritten:
    """What went into the bundle.

    Attributes
    ----------
    commits : list of Told
        Parents first.
    whole : dict
        Commit id → commit, of those that hold a record shown apart.
    n_records, n_purged, n_withheld : int
    counts : dict
        Table → how many records whose content is here, withdrawals included.
    stated : dict
        Table → its records, of the tables that are shown apart.
    superseded : set of bytes
        Ids that a record of those tables supersedes.
    ids : dict
        Commit id → sorted ids of its records, where it holds a record shown apart.
    """

    commits: list[Told] = field(default_factory=list)
    whole: dict[str, Commit] = field(default_factory=dict)
    n_records: int = 0
    n_purged: int = 0
    n_withheld: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    stated: dict[str, list[Stated]] = field(default_factory=dict)
    superseded: set[bytes] = field(default_factory=set)
    ids: dict[str, list[bytes]] = field(default_factory=dict)


def write_ledger(
    bag: BagWriter,
    packets: Iterator[Packet],
    heads: list[HeadLine],
    shown_apart: frozenset[str],
    showing: Showing | None = None,
) -> LedgerWritten:
    """Write commits, records and heads; everything is hashed again on the way.

    Parameters
    ----------
    bag : BagWriter
    packets : iterator of Packet
    heads : list of HeadLine
    shown_apart : frozenset of str
        Tables whose records are to be shown apart.
    showing : Showing, optional
        What may be shown at a level; everything when left out.

    Returns
    -------
    LedgerWritten

    Raises
    ------
    EvidenceBroken
        A record or commit is not what it was.
    """
    done = LedgerWritten()
    is_spoken = showing is None or showing.shows_words
    with bag.begin(COMMITS) as commits, bag.begin(RECORDS) as records:
        for commit, some in packets:
            commits.write(commit_line(commit, is_spoken=is_spoken))
            told = Told.of(commit, is_spoken=is_spoken)
            done.commits.append(told)
            ids: list[bytes] = []
            is_shown = False
            name = commit.commit_id.encode()
            for carried in some:
                ids.append(carried.record_id)
                if carried.canonical is None:
                    done.n_purged += 1
                    records.write(_destroyed(carried, commit.commit_id, is_named=is_spoken))
                    continue
                said = Carried.of(carried.canonical)
                if said.record_id != carried.record_id:
                    raise _not_what_it_was(f"the record {carried.record_id.hex()}")
                if showing is not None and not showing.shows(carried.table, carried.key, carried.record_id.hex()):
                    done.n_withheld += 1
                    records.write(_bare(carried, commit.commit_id, "withheld"))
                    continue
                done.counts[carried.table] = done.counts.get(carried.table, 0) + 1
                records.write(
                    b'{"commit":"%b","id":"%b","record":%b}\n'
                    % (name, carried.record_id.hex().encode(), carried.canonical)
                )
                if carried.table in shown_apart:
                    is_shown = True
                    done.superseded.update(said.supersedes)
                    done.stated.setdefault(carried.table, []).append(
                        Stated(carried.record_id, carried.canonical, orjson.loads(carried.canonical), told)
                    )
            ids.sort()
            if len(ids) != commit.n or tree_root(ids).hex() != commit.root:
                raise _not_what_it_was(f"the commit {commit.commit_id}")
            done.n_records += len(ids)
            if is_shown:
                done.ids[commit.commit_id] = ids
                done.whole[commit.commit_id] = commit
    bag.add(HEADS, (_head_line(line) for line in heads))
    return done


def _bare(carried: Carried, commit_id: str, why: str) -> bytes:
    """A record of which nothing is said but its id: what its table and key are may be telling too."""
    said: dict[str, Plain] = {"commit": commit_id, "id": carried.record_id.hex(), "record": None, "why": why}
    return canonical(said) + b"\n"


def _destroyed(carried: Carried, commit_id: str, *, is_named: bool) -> bytes:
    if not is_named:
        return _bare(carried, commit_id, "purged")
    line = canonical(
        {
            "commit": commit_id,
            "id": carried.record_id.hex(),
            "record": None,
            "why": "purged",
            "table": carried.table,
            "key": carried.key,
            "is_withdrawal": carried.is_withdrawal,
            "supersedes": sorted(old.hex() for old in carried.supersedes),
        }
    )
    return line + b"\n"


def _head_line(line: HeadLine) -> bytes:
    said: dict[str, Plain] = {
        "n": line.n,
        "commit": line.commit_id.hex(),
        "arrived_at": line.arrived_at,
        "seal": line.seal.hex(),
    }
    return canonical(said) + b"\n"


def _not_what_it_was(what: str) -> EvidenceBroken:
    return EvidenceBroken(
        f"{what} is not what it was; no bundle was made", next="Run taggant verify on the case, restore it from a copy"
    )


# --- reading -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the records' file.

    Attributes
    ----------
    commit_id : str
    record_id : bytes
        As the line says, not as hashed.
    content : bytes or None
        None: only the id is here.
    said : dict
        The whole line, read; empty when it has content.
    """

    commit_id: str
    record_id: bytes
    content: bytes | None
    said: dict[str, Any]


def read_commit_line(line: bytes) -> Told:
    """Which commit is this line? Its id is as the line says it, not as computed.

    Raises
    ------
    ValueError
        It is none.
    """
    whole = orjson.loads(line)
    said = whole["commit"] if isinstance(whole, dict) and "commit" in whole else None
    if not isinstance(said, dict) or not isinstance(said.get("parents"), list):
        raise unreadable("the line holds no commit")
    words = [said.get(name) for name in ("author", "tool", "message")]
    n, at, ids = said.get("n"), said.get("at"), (whole.get("id"), said.get("root"), *said["parents"])
    is_spoken = all(isinstance(w, str) for w in words)
    if not (is_spoken or words == [None] * 3) or not isinstance(at, str) or not isinstance(n, int) or n < 0:
        raise unreadable("the line holds no commit")
    if not all(isinstance(i, str) and _HEX64.fullmatch(i) for i in ids):
        raise unreadable("an id, a parent or the root is no sha256")
    author, tool, message = words
    return Told(whole["id"], tuple(said["parents"]), at, said["root"], n, author, tool, message)


def computed_id(told: Told) -> str | None:
    """Which id do the commit's own fields give? None: some are withheld."""
    if told.author is None or told.tool is None or told.message is None:
        return None
    return _commit_of(told).commit_id


def _commit_of(told: Told) -> Commit:
    return Commit(
        parents=told.parents, author=str(told.author), at=told.at, tool=str(told.tool), message=str(told.message),
        root=told.root, n=told.n,
    )  # fmt: skip


def read_record_line(line: bytes) -> Line:
    """Which record is this line?

    Raises
    ------
    ValueError
        It is none.
    """
    found = _RECORD.match(line)
    if found is not None and line.endswith(b"}\n"):
        content = line[found.end() : -2]
        if content.startswith(b"{"):
            return Line(found.group(1).decode(), bytes.fromhex(found.group(2).decode()), content, {})
    said = orjson.loads(line)
    if not isinstance(said, dict) or said.get("record", 0) is not None:
        raise unreadable("the line holds no record")
    if not (_HEX64.fullmatch(str(said.get("commit"))) and _HEX64.fullmatch(str(said.get("id")))):
        raise unreadable("the line names no commit and id")
    return Line(said["commit"], bytes.fromhex(said["id"]), None, said)


def read_head_line(line: bytes) -> HeadLine:
    """Which line of a head log is this?

    Raises
    ------
    ValueError
        It is none.
    """
    said = orjson.loads(line)
    if not isinstance(said, dict) or not isinstance(said.get("n"), int) or not isinstance(said.get("arrived_at"), str):
        raise unreadable("the line holds no head")
    if not all(_HEX64.fullmatch(str(said.get(name))) for name in ("commit", "seal")):
        raise unreadable("the line holds no head")
    return HeadLine(said["n"], bytes.fromhex(said["commit"]), said["arrived_at"], bytes.fromhex(said["seal"]))


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """Give the lines of a file, none longer than a record may be.

    Raises
    ------
    ValueError
        A line is longer, or the last has no end.
    """
    while line := file.readline(LONGEST_LINE + 1):
        if not line.endswith(b"\n"):
            raise unreadable("a line has no end, or is too long for a record")
        yield line


def packets_in(bundle: Path) -> Iterator[Packet]:
    """Give the commits of this bundle with their records, as a ledger takes them in; the bundle was checked before."""
    with (bundle / COMMITS).open("rb") as commits, (bundle / RECORDS).open("rb") as records:
        ahead = _Ahead(lines_of(records))
        for line in lines_of(commits):
            commit = _commit_of(read_commit_line(line))
            yield commit, ahead.of(commit.commit_id)


class _Ahead:
    """The records' lines, one looked at before it is asked for."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._next: Line | None = None
        self._step()

    def _step(self) -> None:
        line = next(self._lines, None)
        self._next = None if line is None else read_record_line(line)

    def of(self, commit_id: str) -> Iterator[Carried]:
        while self._next is not None and self._next.commit_id == commit_id:
            line = self._next
            if line.content is not None:
                carried = Carried.of(line.content)
                if carried.record_id != line.record_id:
                    raise EvidenceBroken(f"the record {line.record_id.hex()} is not what it was")
                yield carried
            else:
                said = line.said
                yield Carried(
                    line.record_id, str(said["table"]), str(said["key"]), bool(said["is_withdrawal"]), None,
                    tuple(bytes.fromhex(old) for old in said["supersedes"]),
                )  # fmt: skip
            self._step()


def heads_in(bundle: Path) -> list[HeadLine]:
    """Give the head log of this bundle."""
    with (bundle / HEADS).open("rb") as file:
        return [read_head_line(line) for line in lines_of(file)]
