"""Intake: a case folder, or files somebody names, become exhibits and records — in one commit, or not at all.

Invariant: before the commit nothing of the ledger is changed. What lies in the exhibit store without a record (a killed
import) is harmless, and the next import finds it there.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from taggant.errors import BadTables, Conflict, InputError
from taggant.evidence import deposit, rereading
from taggant.evidence.arrival import Arrival
from taggant.evidence.casefile import Case, check_case_toml
from taggant.evidence.containers import open_containers
from taggant.evidence.deposit import Taken
from taggant.evidence.folder import Found, NamedFile, look_through, sort_paths
from taggant.evidence.issues import IssueList, name_said
from taggant.evidence.links import check_links, check_names
from taggant.evidence.live import LiveRows
from taggant.evidence.plan_rows import plan_rows
from taggant.evidence.purged_again import refuse_purged
from taggant.evidence.reimport import Comparison, OnConflict, compare
from taggant.evidence.report import ImportReport, Progress, TableCounts
from taggant.evidence.rows import TypedRows
from taggant.evidence.sealing_cells import seal_on_entry
from taggant.ledger.exhibits import Staged
from taggant.ledger.ledger import Ledger
from taggant.ledger.pacing import collector_paused
from taggant.model.typed_tables import BY_FILE, TYPED


def import_case(
    ledger: Ledger,
    folder: Path,
    *,
    author: str,
    partial: bool = False,
    mirror: bool = False,
    on_conflict: OnConflict = "stop",
    dry_run: bool = False,
    message: str | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """What does the ledger know once everything in this case folder is taken in?

    Parameters
    ----------
    ledger : Ledger
        Open for writing.
    folder : Path
        Holds `case.toml`, the typed files (CSV or XLSX), `documents/` and `photos/`.
    author : str
        Handle of the person who imports.
    partial : bool
        Import the rows without issues; the others are in the report.
    mirror : bool
        Withdraw rows that were in a file at its last import and are not in it now.
    on_conflict : {"stop", "file", "ledger"}
        What holds when a row changed here and in the ledger.
    dry_run : bool
        Only say what would be done.
    message : str, optional
        The commit's message; the files' names by default.
    progress : callable, optional
        Told (what is being done, done so far, total or 0 when not known).

    Returns
    -------
    ImportReport
        `commit` is None when nothing had changed.

    Raises
    ------
    BadTables
        Something must be mended; every place is in `.issues`. Nothing was imported.
    Conflict
        Rows changed here and in the ledger; each is in `.issues`. Nothing was imported.
    InputError
        The folder does not exist, or a file changed while it was read.

    Notes
    -----
    *Assumes:* a file is compared with itself at its last import (DESIGN §4), so several people may type into several
    files. Rows missing from a file stay, unless `mirror`.
    *Not for:* reading documents and photographs; they are taken in as exhibits.

    Examples
    --------
    >>> import tempfile
    >>> from taggant.evidence.templates import new_case
    >>> with tempfile.TemporaryDirectory() as place:
    ...     case = new_case(Path(place, "demo"), "Demo")
    ...     _ = (case / "sources.csv").write_text("source_id,title\\ns1,A press report\\n")
    ...     with Ledger.create(case) as ledger:
    ...         first = import_case(ledger, case, author="ada")
    ...         second = import_case(ledger, case, author="ada")
    >>> first.tables["source"].n_added, second.commit
    (1, None)
    """
    issues = IssueList()
    found = look_through(folder, issues)
    return _take_in(
        ledger, found, issues, author=author, partial=partial, mirror=mirror, on_conflict=on_conflict,
        dry_run=dry_run, message=message, progress=progress,
    )  # fmt: skip


def import_files(
    ledger: Ledger,
    paths: Iterable[Path],
    *,
    author: str,
    partial: bool = False,
    mirror: bool = False,
    on_conflict: OnConflict = "stop",
    dry_run: bool = False,
    message: str | None = None,
    arrival: Arrival = Arrival(),  # noqa: B008 — frozen
    progress: Progress | None = None,
) -> ImportReport:
    """What does the ledger know once these files are taken in?

    Parameters
    ----------
    ledger : Ledger
        Open for writing.
    paths : iterable of Path
        Typed files become rows; all other files become exhibits. A folder stands for the files in it.
    author, partial, mirror, on_conflict, dry_run, message, progress
        As for `import_case`.
    arrival : Arrival, optional
        From whom and when the files came, and their level: an event of custody for each file given.

    Returns
    -------
    ImportReport

    Raises
    ------
    BadTables, Conflict, InputError
        As for `import_case`.

    Notes
    -----
    *Assumes:* a file inside the case folder is named by its path there, any other by its own name.
    *Not for:* links, devices and sockets: each is an issue.
    """
    issues = IssueList()
    found = sort_paths(paths, ledger.case_folder, issues)
    return _take_in(
        ledger, found, issues, author=author, partial=partial, mirror=mirror, on_conflict=on_conflict,
        dry_run=dry_run, message=message, arrival=arrival, progress=progress,
    )  # fmt: skip


def _take_in(
    ledger: Ledger,
    found: Found,
    issues: IssueList,
    *,
    author: str,
    partial: bool,
    mirror: bool,
    on_conflict: OnConflict,
    dry_run: bool,
    message: str | None,
    progress: Progress | None,
    arrival: Arrival = Arrival(),  # noqa: B008 — frozen
) -> ImportReport:
    staged: list[Staged] = []
    # What is unpacked lies here until the commit has put it into the exhibit store.
    with TemporaryDirectory(prefix="taggant-unpacked-") as aside, collector_paused():
        try:
            return _take_in_with(
                ledger, found, issues, Path(aside), author=author, partial=partial, mirror=mirror,
                on_conflict=on_conflict, dry_run=dry_run, message=message, progress=progress, arrival=arrival,
                staged=None if dry_run else staged,
            )  # fmt: skip
        finally:
            ledger.exhibits.discard(staged)


def _take_in_with(
    ledger: Ledger,
    found: Found,
    issues: IssueList,
    aside: Path,
    *,
    author: str,
    partial: bool,
    mirror: bool,
    on_conflict: OnConflict,
    dry_run: bool,
    message: str | None,
    progress: Progress | None,
    arrival: Arrival,
    staged: list[Staged] | None,
) -> ImportReport:
    began = time.monotonic()
    if on_conflict not in ("stop", "file", "ledger"):
        raise InputError(f"on_conflict is {on_conflict!r}", next="Use stop, file or ledger")
    tell: Progress = progress or (lambda _what, _done, _total: None)
    seal_on_entry(found, ledger.case_folder)
    live = LiveRows(ledger)
    taken = deposit.weigh(
        found, live.of("import"), live.of("exhibit"), ledger, issues, tell, merged=live.merged_imports, staged=staged
    )
    parts = open_containers(taken, live.of("exhibit"), ledger, issues, aside, tell)
    refuse_purged(ledger, [w.exhibit_id for w in taken.to_keep()])
    case = _read_case(ledger, found.case_file, taken, issues)

    tables: list[TypedRows] = []
    unread: set[str] = set()
    for typed in taken.typed:
        its_rows, its_unread = rereading.read_file(typed.file, issues, tell)
        unread |= its_unread
        typed.is_readable = not its_unread
        if typed.is_readable:
            typed.base = rereading.base_of(ledger, typed.file.name)
            typed.tables = its_rows
            tables += its_rows
        else:
            unread |= {rows.schema.name for rows in its_rows}
    deposit.refuse_two_statements(tables, issues)
    gone = _missing_rows(ledger, taken, live, issues, on_conflict) if mirror else {}

    tell("checking references", 0, len(tables))
    check_links(tables, lambda table: live.keys_without(table, gone), unread, issues, partial=partial)
    if case is not None:
        wrong = check_names(case, tables, live.keys_without("source", gone), unread, issues)
        if taken.case_file is not None:
            tables = [*taken.case_file.tables, *tables]
            tables[0].spoilt |= wrong
    else:
        taken.case_file = None  # a wrong case file is not kept, not even by a partial import
    comparisons = [
        compare(rows, typed.base.get(rows.schema.name, {}), live.of(rows.schema.name),
                lambda key, t=rows.schema.name: bool(ledger.history(t, key)), issues, on_conflict=on_conflict)  # type: ignore[misc]
        for typed in taken.stating() for rows in typed.tables
    ]  # fmt: skip
    if gone:
        _refuse_dangling(gone, tables, comparisons, live, issues)
    _stop_if_wrong(issues, partial=partial)

    report = ImportReport(
        commit=None,
        tables=_counts(tables, comparisons, gone),
        issues=issues.all(),
        exhibits_new=tuple(name_said(t.file.name) for t in taken.to_keep()),
        exhibits_known=taken.n_known,
        unchanged_files=tuple(taken.unchanged),
        withdrawn=tuple((table, key) for table, keys in gone.items() for key in sorted(keys)),
        seconds=time.monotonic() - began,
    )
    if not dry_run:
        made = deposit.commit(
            ledger, taken, dict(zip(map(id, tables), comparisons, strict=True)), gone, live,
            parts=parts, arrival=arrival, author=author, message=message, tell=tell,
        )  # fmt: skip
        report = report.committed(made, time.monotonic() - began)
    return report


def _read_case(ledger: Ledger, file: NamedFile | None, taken: Taken, issues: IssueList) -> Case | None:
    """Give what the case file says; its plans are rows of the file when its bytes are new."""
    case = None if file is None else check_case_toml(file.path, file.name, issues)
    if case is not None and taken.case_file is not None:
        taken.case_file.base = rereading.base_of(ledger, taken.case_file.file.name)
        taken.case_file.tables = [plan_rows(case)]
    return case


def _stop_if_wrong(issues: IssueList, *, partial: bool) -> None:
    found = issues.all()
    errors = [issue for issue in found if not issue.is_note]
    conflicts = [issue for issue in errors if issue.kind == "conflict"]
    # A conflict stops a partial import too: it would make the file the new base, and the edit would be lost in silence.
    if errors and (len(conflicts) < len(errors)) and not (partial and not conflicts):
        files = len({issue.file for issue in errors})
        raise BadTables(
            f"{len(errors)} thing{'s' * (len(errors) > 1)} to mend in {files} file{'s' * (files > 1)}",
            found,
            so_what="Nothing was imported",
            next="Mend what is listed and import again, or import the rows that are right with --partial",
        )
    if conflicts:
        raise Conflict(
            f"{len(conflicts)} value{'s' * (len(conflicts) > 1)} changed here and in the ledger",
            found,
            so_what="Nothing was imported",
            next="Import again with --on-conflict file or ledger, or write the ledger's values into the file",
        )


def _missing_rows(
    ledger: Ledger, taken: Taken, live: LiveRows, issues: IssueList, on_conflict: OnConflict
) -> dict[str, set[str]]:
    """Which rows were in a file at its last import, are in none of the files now, and are live?"""
    stated: dict[str, set[str]] = {}
    for typed in taken.stating():
        for rows in typed.tables:
            stated.setdefault(rows.schema.name, set()).update(key for key in rows.keys if key is not None)
    for name in taken.unchanged:
        for table, before in rereading.base_of(ledger, name).items():
            stated.setdefault(table, set()).update(before)
    gone: dict[str, set[str]] = {}
    for typed in taken.stating():
        # A sheet that is gone from a workbook is missing all its rows: the base says which tables the file held. The
        # base of a file that could not be read is empty: nothing of it passes for removed.
        for table, before in typed.base.items():
            names = TYPED[table].names
            there = live.of(table)
            for key in before.keys() - stated.get(table, set()):
                row = there.get(key)
                if row is None:
                    continue
                body = row.body
                if tuple(body.get(name) for name in names) != before[key] and on_conflict != "file":
                    if on_conflict == "stop":
                        issues.add(deposit.removed_here_changed_there(typed.file.name, table, key))
                    continue
                gone.setdefault(table, set()).add(key)
    return gone


def _refuse_dangling(
    gone: dict[str, set[str]],
    tables: list[TypedRows],
    comparisons: list[Comparison],
    live: LiveRows,
    issues: IssueList,
) -> None:
    """Name live rows that would still refer to a row withdrawn by this import."""
    rewritten: dict[str, set[str]] = {}
    for rows, done in zip(tables, comparisons, strict=True):
        rewritten.setdefault(rows.schema.name, set()).update(str(rows.keys[at]) for at in done.writes)
    for schema in BY_FILE.values():
        refers = [(c.name, c.refers) for c in schema.columns if c.refers in gone]
        if not refers:
            continue
        skip = rewritten.get(schema.name, set()) | gone.get(schema.name, set())
        for key, row in live.of(schema.name).items():
            if key not in skip:
                deposit.name_dangling(schema, key, row.body, refers, gone, issues)


def _counts(
    tables: list[TypedRows], comparisons: list[Comparison], gone: dict[str, set[str]]
) -> dict[str, TableCounts]:
    counts: dict[str, TableCounts] = {}
    for rows, done in zip(tables, comparisons, strict=True):
        counts[rows.schema.name] = counts.get(rows.schema.name, TableCounts()).plus(done)
    for table, keys in gone.items():
        counts[table] = counts.get(table, TableCounts()).withdrawing(len(keys))
    return {table: n for table, n in counts.items() if n != TableCounts()}


__all__ = ["ImportReport", "import_case", "import_files"]
