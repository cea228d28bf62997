"""Does everything this case holds still say what it said when it was taken in?

Invariant: damage is named, never raised and never mended in silence. Only caches — the live index, the store's search
trees, snapshots — are made again, and that is said.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from taggant.errors import InputError
from taggant.ledger import store
from taggant.ledger.exhibits import ExhibitStore
from taggant.ledger.pacing import collector_paused
from taggant.ledger.problems import VerifyReport
from taggant.ledger.storecheck import StoreCheck
from taggant.ledger.stores import holds_ledger

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with what is being checked, how many are done, and how many there are."""

_SNAPSHOT = re.compile(r"[a-z_]+-[0-9a-f]{16}\.parquet")


def verify(case_folder: Path, *, progress: Progress | None = None) -> VerifyReport:
    """Is every record, commit and exhibit of this case what it was?

    Parameters
    ----------
    case_folder : Path
    progress : callable, optional
        Called now and then with (what, done, total).

    Returns
    -------
    VerifyReport
        Every difference, named: the record (table, key, id), the commit, the exhibit (sha256, name as received). Notes
        say what is harmless: caches made again, exhibits not yet referenced.

    Raises
    ------
    InputError
        There is no ledger in this folder.

    Notes
    -----
    *Assumes:* nobody who can write the whole folder wanted to deceive: who rewrites records, commits and head log
    together is caught only by an id kept elsewhere (a bundle, an edition, a stamp).
    *Not for:* editions, which are recomputed where they were made.
    """
    started = time.perf_counter()
    if not holds_ledger(case_folder):
        raise InputError(
            f"no ledger is here ({store.FOLDER}/{store.FILE} is missing)",
            where=str(case_folder),
            next="Name the case folder, or restore the file from a copy",
        )
    say = progress or _silent
    check = StoreCheck(case_folder, say)
    with collector_paused():
        check.run()
    exhibits = ExhibitStore(case_folder / store.FOLDER / "exhibits")
    n_exhibits = _check_exhibits(exhibits, check, say)
    _check_snapshots(case_folder / store.FOLDER / "snapshot", check)
    return VerifyReport(
        problems=tuple(check.problems),
        notes=tuple(check.notes),
        n_records=check.n_records,
        n_commits=check.n_commits,
        n_exhibits=n_exhibits,
        seconds=time.perf_counter() - started,
    )


def _silent(what: str, done: int, total: int) -> None:
    """Say nothing."""


def _check_exhibits(exhibits: ExhibitStore, check: StoreCheck, say: Progress) -> int:
    """Hash every exhibit, and ask for every one a record names. Returns how many were hashed."""
    held = list(exhibits)
    unreferenced = 0
    for i, sha256 in enumerate(held):
        say("exhibits", i, len(held))
        records = check.exhibits.pop(sha256, ())
        path = exhibits.path(sha256)
        name = records[0].file if records else None
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            size = path.stat().st_size
        except OSError as err:
            check.problem("exhibit", f"the file cannot be read: {err.strerror}", sha256=sha256, file=name)
            continue
        if found != sha256:
            check.problem("exhibit", f"its {size} bytes now have the sha256 {found}", sha256=sha256, file=name)
        for record in records:
            if record.size is not None and record.size != size:
                what = f"it has {size} bytes; its record says {record.size}"
                check.problem("exhibit", what, sha256=sha256, file=record.file, record_id=record.record_id)
        unreferenced += not records
    say("exhibits", len(held), len(held))
    for sha256, missing in check.exhibits.items():
        check.problem("exhibit", "the file is not held any more", sha256=sha256, file=missing[0].file)
    if unreferenced and check.is_readable:
        check.notes.append(
            f"{unreferenced} exhibit(s) not yet referenced by a record (an import was cut short): harmless"
        )
    strangers = [p.relative_to(exhibits.folder).as_posix() for p in exhibits.strangers()]
    if strangers:
        check.notes.append(f"{len(strangers)} file(s) among the exhibits are none: {', '.join(strangers[:5])}")
    return len(held)


def _check_snapshots(folder: Path, check: StoreCheck) -> None:
    """Take damaged snapshots away; they are made again when they are next read."""
    if not any(_SNAPSHOT.fullmatch(p.name) for p in folder.glob("*.parquet")):
        return
    from taggant.ledger.snapshots import snapshot_damage

    for path in sorted(folder.glob("*.parquet")):
        if not _SNAPSHOT.fullmatch(path.name):
            continue
        damage = snapshot_damage(path)
        if damage is not None:
            with suppress(OSError):
                path.unlink()
                path.with_suffix(".json").unlink()
            fate = "could not be removed" if path.exists() else "removed; it is made again when it is next read"
            check.notes.append(f"snapshot {path.name}: {damage}; {fate}")
