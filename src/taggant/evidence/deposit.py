"""Putting it down: files into the exhibit store, rows into one commit.

Invariant: what is committed names exactly the bytes that were read; a file that changed in between stops the import.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from taggant.errors import InputError, Issue
from taggant.evidence.arrival import Arrival
from taggant.evidence.casefile import NAME as CASE_FILE
from taggant.evidence.filetypes import file_type
from taggant.evidence.folder import Found, NamedFile, unreadable
from taggant.evidence.issues import IssueList, name_said, shown
from taggant.evidence.live import LiveRows
from taggant.evidence.reimport import Comparison
from taggant.evidence.report import Progress
from taggant.evidence.rereading import Base, left_out_note
from taggant.evidence.rows import TypedRows, key_of
from taggant.ledger.commits import Commit, instant
from taggant.ledger.exhibits import Staged
from taggant.ledger.ledger import Ledger
from taggant.ledger.rows import LiveRow
from taggant.model.record import Body, Record, fresh_salt, fresh_salts
from taggant.model.record_columns import WrittenRecord
from taggant.model.tables import TableSchema
from taggant.model.typed_tables import TYPED

if TYPE_CHECKING:
    from taggant.evidence.containers import Part

_TOLD_EVERY = 10_000
_NAMED_FILES = 4


@dataclass(slots=True, eq=False)
class Weighed:
    """One file with the digest its bytes have now."""

    file: NamedFile
    exhibit_id: str
    size: int
    is_held: bool
    is_readable: bool = True
    is_member: bool = False
    base: Base = field(default_factory=dict)
    tables: list[TypedRows] = field(default_factory=list)
    staged: Staged | None = None
    media_type: str | None = None


@dataclass(slots=True)
class Taken:
    """All files of an import.

    Attributes
    ----------
    typed : list of Weighed
        Typed files whose bytes differ from those of their last import, or whose last import left rows out.
    case_file : Weighed or None
        The case file when its bytes are new.
    exhibits : list of Weighed
        Other files that are not held yet.
    unchanged : list of str
        Names of typed files that need not be read.
    n_known : int
        Files held already.
    """

    typed: list[Weighed] = field(default_factory=list)
    case_file: Weighed | None = None
    exhibits: list[Weighed] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    n_known: int = 0

    def stating(self) -> list[Weighed]:
        """Give the files that state rows and are to be read: the case file states plans."""
        return [*([self.case_file] if self.case_file is not None else []), *(w for w in self.typed if w.is_readable)]

    def to_keep(self) -> list[Weighed]:
        """Give the files to be put into the exhibit store, each content once."""
        case = [] if self.case_file is None else [self.case_file]
        candidates = [w for w in (*case, *self.typed) if w.is_readable] + self.exhibits
        return list({w.exhibit_id: w for w in reversed(candidates) if not w.is_held}.values())[::-1]


def weigh(
    found: Found,
    imports: Mapping[str, LiveRow],
    held: Mapping[str, LiveRow],
    ledger: Ledger,
    issues: IssueList,
    tell: Progress,
    *,
    merged: Callable[[str], frozenset[str]] = lambda _: frozenset(),
    staged: list[Staged] | None = None,
) -> Taken:
    """Which of these files are new or changed since their last import?

    With a list of `staged`, a file that must be a new exhibit, because none held has its size, is copied while it is
    hashed: a film is read once and not twice. What reads it afterwards reads the copy, and whoever gave the list takes
    away what is left of the copies at the end.
    """
    taken = Taken()
    sizes = set() if staged is None else {row.body.get("size") for row in held.values()}
    case = [] if found.case_file is None else [found.case_file]
    files = [*case, *found.typed, *found.exhibits]
    n_typed = len(case) + len(found.typed)
    for n, file in enumerate(files):
        tell("hashing files", n, len(files))
        try:
            copy = None
            if staged is not None and n >= n_typed and file.path.stat().st_size not in sizes:
                copy = ledger.exhibits.stage(file.path)
                staged.append(copy)
                digest, size, file = copy.sha256, copy.size, NamedFile(file.name, copy.path)
            else:
                with file.path.open("rb") as stream:
                    digest = hashlib.file_digest(stream, "sha256").hexdigest()
                    size = stream.tell()
        except (OSError, InputError) as said:
            err = said if isinstance(said, OSError) else said.__cause__
            if not isinstance(err, OSError):
                raise
            if file.name != CASE_FILE:  # what is wrong with that one is said when it is read
                issues.add(unreadable(file.name, err))
            continue
        exhibit_id = f"sha256:{digest}"
        is_held = exhibit_id in held and ledger.exhibits.path(digest).is_file()
        weighed = Weighed(file, exhibit_id, size, is_held, staged=copy)
        taken.n_known += is_held
        if n >= n_typed:
            if not is_held:
                taken.exhibits.append(weighed)
            continue
        last = imports.get(key_of(file.name))
        body = {} if last is None else last.body
        same = body.get("exhibit_id") == exhibit_id or exhibit_id in merged(key_of(file.name))
        if same and is_held and "note" not in body:
            taken.unchanged.append(file.name)
        elif file.name == CASE_FILE:
            taken.case_file = weighed
        else:
            taken.typed.append(weighed)
    return taken


def commit(
    ledger: Ledger,
    taken: Taken,
    comparisons: Mapping[int, Comparison],
    gone: Mapping[str, Collection[str]],
    live: LiveRows,
    *,
    parts: Sequence[Part],
    arrival: Arrival,
    author: str,
    message: str | None,
    tell: Progress,
) -> Commit | None:
    """Put the files into the exhibit store and the rows into one commit; None when there is nothing to commit.

    `comparisons` are keyed by the identity of their `TypedRows`.
    """
    keep = taken.to_keep()
    staged: list[Staged] = []
    try:
        for n, weighed in enumerate(keep):
            tell("keeping files", n, len(keep))
            staged.append(weighed.staged or ledger.exhibits.stage(weighed.file.path))
            if f"sha256:{staged[-1].sha256}" != weighed.exhibit_id:
                raise InputError(
                    "the file changed while it was being imported",
                    where=name_said(weighed.file.name),
                    so_what="Nothing was imported",
                    next="Close it in other programs, then import again",
                )
        for weighed in keep:
            weighed.media_type = file_type(weighed.file.path).media_type
        ledger.exhibits.keep(staged)
    finally:
        ledger.exhibits.discard(staged)
    received_at = instant()
    exhibits = exhibit_records(keep, parts, received_at, live.of("exhibit"), arrival)
    exhibits += part_records(parts, live.of("exhibit_part"))
    exhibits += custody_records([w for w in keep if not w.is_member], arrival, author, live.of("custody"))
    imports: list[Record] = []
    stating = taken.stating()
    for weighed in stating:
        record = import_record(weighed, left_out_note(weighed.tables), live.of("import"))
        if record is not None:
            imports.append(record)
    sheets = [(w, rows, comparisons[id(rows)]) for w in stating for rows in w.tables]
    n_rows = sum(len(done.writes) for *_, done in sheets)
    n_all = n_rows + len(exhibits) + len(imports) + sum(len(keys) for keys in gone.values())
    if not n_all:
        return None
    records: Iterator[Record | WrittenRecord] = chain(
        exhibits,
        imports,
        *(_row_records(w.exhibit_id, rows, done) for w, rows, done in sheets),
        _withdrawals(gone, live),
    )
    names = [w.file.name for w in stating]
    made = ledger.commit(
        _counted(records, n_all, tell), author=author, message=message or _message(names, len(taken.exhibits))
    )
    tell("committed", n_all, n_all)
    return made


def _message(files: Sequence[str], n_exhibits: int) -> str:
    said = [", ".join(files) if len(files) <= _NAMED_FILES else f"{len(files)} typed files"] if files else []
    said += [f"{n_exhibits} exhibit{'s' * (n_exhibits > 1)}"] if n_exhibits else []
    return f"import {' and '.join(said)}"


def _counted(records: Iterator[Record | WrittenRecord], total: int, tell: Progress) -> Iterator[Record | WrittenRecord]:
    for n, record in enumerate(records):
        if n % _TOLD_EVERY == 0:
            tell("committing", n, total)
        yield record


def _row_records(exhibit_id: str, rows: TypedRows, done: Comparison) -> Iterator[WrittenRecord]:
    place = f"{exhibit_id}#{rows.locator}{rows.row_word}="
    yield from rows.written(done.writes, origin=place, salts=fresh_salts())


def _withdrawals(gone: Mapping[str, Collection[str]], live: LiveRows) -> Iterator[Record]:
    for table, keys in gone.items():
        rows = live.of(table)
        for key in sorted(keys):
            yield Record(
                table=table,
                key=key,
                schema=TYPED[table].version,
                body=None,
                supersedes=(rows[key].record_id,),
                salt=fresh_salt(),
            )


def exhibit_records(
    keep: Sequence[Weighed], parts: Sequence[Part], received_at: str, live: Mapping[str, LiveRow], arrival: Arrival
) -> list[Record]:
    """Give the records of new exhibits, and of held ones that came in another container."""
    came_in = containers_of(parts, live)
    new = {w.exhibit_id for w in keep}
    records = [exhibit_record(w, received_at, live, came_in.get(w.exhibit_id), arrival.tlp) for w in keep]
    for exhibit_id, some in came_in.items():
        before = live.get(exhibit_id)
        if exhibit_id not in new and before is not None and before.body.get("part_of") != some:
            records.append(_made("exhibit", exhibit_id, {**before.body, "part_of": [*some]}, before))
    return records


def containers_of(parts: Sequence[Part], held: Mapping[str, LiveRow]) -> dict[str, list[str]]:
    """In which containers did each exhibit come, those known before included?"""
    found: dict[str, set[str]] = {}
    for part in parts:
        found.setdefault(part.exhibit_id, set()).add(part.part_of)
    for exhibit_id, some in found.items():
        before = held[exhibit_id].body.get("part_of") if exhibit_id in held else None
        if isinstance(before, list):
            some.update(before)
    return {exhibit_id: sorted(some - {exhibit_id}) for exhibit_id, some in found.items()}


def part_records(parts: Sequence[Part], live: Mapping[str, LiveRow]) -> list[Record]:
    """Give the records that say what is in which container."""
    records = []
    for part in {p.key: p for p in parts}.values():
        before = live.get(part.key)
        if before is None or before.body != part.body():
            records.append(_made("exhibit_part", part.key, part.body(), before))
    return records


def custody_records(
    given: Sequence[Weighed], arrival: Arrival, author: str, live: Mapping[str, LiveRow]
) -> list[Record]:
    """Give the events by which these files came to us, when somebody says how they came."""
    if not arrival.is_custody:
        return []
    events = [arrival.custody(w.exhibit_id, author=author) for w in given]
    return [_made("custody", key, body, live.get(key)) for key, body in events]


def exhibit_record(
    weighed: Weighed,
    received_at: str,
    live: Mapping[str, LiveRow],
    part_of: Sequence[str] | None = None,
    tlp: str | None = None,
) -> Record:
    """Give the record that says which file we hold, what it is, and when it came."""
    before = live.get(weighed.exhibit_id)  # recorded, and its file lost: the file is here again
    body: Body = {
        "exhibit_id": weighed.exhibit_id,
        "file": name_said(weighed.file.name),
        "size": weighed.size,
        "media_type": weighed.media_type or file_type(weighed.file.path).media_type,
        "received_at": received_at,
    }
    if part_of:
        body["part_of"] = [*part_of]
    if tlp is not None:
        body["tlp"] = tlp
    return _made("exhibit", weighed.exhibit_id, body, before)


def import_record(weighed: Weighed, note: str | None, live: Mapping[str, LiveRow]) -> Record | None:
    """Give the record that says which exhibit the file was at this import; None when the ledger says so already."""
    body: Body = {"file": weighed.file.name, "exhibit_id": weighed.exhibit_id}
    if note is not None:
        body["note"] = note
    before = live.get(key_of(weighed.file.name))
    return (
        None if before is not None and before.body == body else _made("import", key_of(weighed.file.name), body, before)
    )


def _made(table: str, key: str, body: Body, before: LiveRow | None) -> Record:
    return Record(
        table=table,
        key=key,
        schema=TYPED[table].version,
        body=body,
        supersedes=() if before is None else (before.record_id,),
        salt=fresh_salt(),
    )


# --- issues that concern more than one file ------------------------------------------------------


def refuse_two_statements(tables: Sequence[TypedRows], issues: IssueList) -> None:
    """Name rows that two sheets of one import state differently; where they agree, one of them is enough."""
    by_table: dict[str, list[TypedRows]] = {}
    for rows in tables:
        by_table.setdefault(rows.schema.name, []).append(rows)
    for several in by_table.values():
        if len(several) < 2:
            continue
        first: dict[str, tuple[TypedRows, int, Body]] = {}
        for rows in several:
            for at, key, body in list(rows.bodies()):
                other = first.setdefault(key, (rows, at, body))
                if other[0] is rows:
                    continue
                if other[2] == body:
                    rows.repeated.add(at)
                    continue
                rows.spoilt.add(at)
                issues.add(
                    Issue(
                        kind="duplicate key",
                        what=f"{shown(key)!r} is here and, with other values, in {other[0].label}, "
                        f"row {other[0].numbers[other[1]]}",
                        file=rows.label,
                        row=rows.numbers[at],
                        column=", ".join(rows.schema.key),
                        value=shown(key),
                        next="Keep the row in one of the files",
                    )
                )


def removed_here_changed_there(file: str, table: str, key: str) -> Issue:
    """Say that a row was taken out of a file and changed in the ledger."""
    return Issue(
        kind="conflict",
        what=f"the row {shown(key)!r} of {table} was removed here and changed in the ledger",
        file=file,
        value=shown(key),
        next="Settle it: import again with --on-conflict file or ledger",
    )


def name_dangling(
    schema: TableSchema,
    key: str,
    body: Body,
    refers: Sequence[tuple[str, str | None]],
    gone: Mapping[str, Collection[str]],
    issues: IssueList,
) -> None:
    """Name each reference of this live row to a row that is being withdrawn."""
    for column, table in refers:
        value = body.get(column)
        if table is not None and isinstance(value, str) and key_of(value) in gone[table]:
            issues.add(
                Issue(
                    kind="unknown id",
                    what=f"{table} {shown(value)!r} would be withdrawn, and {schema.name} {shown(key)!r} names it",
                    file=f"{schema.file}.csv",
                    column=column,
                    value=shown(value),
                    next="Remove this row too, or keep the one it names",
                )
            )
