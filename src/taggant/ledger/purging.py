"""Destroying bytes for good: what a purge record names is taken out of the store, the exhibits, the folder and caches.

Invariant: the purge record comes first, in a commit of its own; everything here is done again, to its end, whenever a
ledger that holds such a record and is not marked as done is opened. So a purge that was cut short is finished, and one
that arrives by a merge is carried out.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from taggant.errors import TaggantError
from taggant.ledger import store
from taggant.ledger.exhibits import UNFINISHED, sync_folder

if TYPE_CHECKING:
    from taggant.ledger.ledger import Ledger
    from taggant.ledger.rows import LiveRow

KEPT_KEY = "purged-"
"""A key that said something itself is replaced by this and the beginning of the record's id."""

_DONE = "purged:"
_CACHES = ("snapshot", "runs", "lists")
_SITE_LIST = "files.json"
_ASIDE = re.compile(r"\.\w+\.(csv|xlsx|toml)-\w{8}")
_AT_A_TIME = 500


def stand_ins(ledger: Ledger) -> Mapping[str, str | None]:
    """Which exhibits were destroyed, and which file stands for each without what was purged? None: nothing does.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    mapping of str to str or None
        `sha256:…` of the destroyed one → of the one instead; followed to the last where that was destroyed too.
    """
    found: dict[str, str | None] = {}
    for row in ledger.live("purge"):
        found |= dict.fromkeys(_texts(row, "exhibits"))
        for pair in _texts(row, "instead"):
            old, _, new = pair.partition("=")
            found[old] = new
    return {old: _last(old, found) for old in found}


def _last(old: str, found: Mapping[str, str | None]) -> str | None:
    at: str | None = old
    for _ in range(len(found) + 1):
        if at is None or at not in found:
            return at
        at = found[at]
    return None


def pending(ledger: Ledger) -> list[LiveRow]:
    """Which purges of this ledger are not carried out here to their end?"""
    with ledger.opened.reading() as connection:
        tip = store.tip.c
        if connection.execute(sa.select(tip.record_n).where(tip.table == "purge").limit(1)).first() is None:
            return []
        names = connection.execute(sa.select(store.meta.c.name).where(store.meta.c.name.like(f"{_DONE}%"))).scalars()
        done = {name.removeprefix(_DONE) for name in names}
    return [row for row in ledger.live("purge") if row.record_id not in done]


def finish(ledger: Ledger) -> int:
    """Carry out what purge records name and this ledger still holds; how many were not done yet?

    Parameters
    ----------
    ledger : Ledger
        Open for writing; of one that can only be read nothing is destroyed.

    Returns
    -------
    int

    Raises
    ------
    TaggantError
        Something cannot be destroyed: it says what. The purge is finished when the case is opened again.
    """
    rows = [] if ledger.opened.is_read_only else pending(ledger)
    if not rows:
        return 0
    gone = {name.removeprefix("sha256:") for row in rows for name in _texts(row, "exhibits")}
    instead = {
        old.removeprefix("sha256:"): new.removeprefix("sha256:")
        for old, new in stand_ins(ledger).items()
        if new is not None
    }
    try:
        _clear_folder(ledger, gone, instead)
        _clear_machine_room(ledger, gone)
    except OSError as err:
        raise TaggantError(
            f"the purge is written down and cannot be carried out to its end: {err.strerror or err}",
            where=str(err.filename or ledger.folder),
            so_what="Some of the bytes may still be there",
            next="Give yourself the right to write there, then open the case again with any command",
        ) from err
    named = {i: row.body.get("of_key") is not None for row in rows for i in _texts(row, "records")}
    clear_store(ledger.opened, named)
    with ledger.opened.writing() as connection:
        known = set(connection.execute(sa.select(store.meta.c.name)).scalars())
        for name in {f"{_DONE}{row.record_id}" for row in rows} - known:
            connection.execute(store.meta.insert(), {"name": name, "value": "done"})
    return len(rows)


# --- files -----------------------------------------------------------------------------------------


def _clear_folder(ledger: Ledger, gone: set[str], instead: Mapping[str, str]) -> None:
    """What people see: the files themselves, and pages that were written into the case."""
    for path in list(_files(ledger.case_folder, without=ledger.folder)):
        if path.name == _SITE_LIST:
            _remove_site(path)
        elif _ASIDE.fullmatch(path.name):
            _remove(path)  # of a checkout or a purge that was cut short
    for path in _files(ledger.case_folder, without=ledger.folder):
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found in instead:
            _overwrite(path, ledger.exhibits.read(instead[found]))
        elif found in gone:
            _remove(path)


def _clear_machine_room(ledger: Ledger, gone: set[str]) -> None:
    for sha256 in gone:
        path = ledger.exhibits.path(sha256)
        if path.exists():
            path.chmod(0o600)
            _remove(path)
    for path in ledger.exhibits.strangers():
        if path.name.startswith(UNFINISHED):
            _remove(path)
    for name in _CACHES:
        folder = ledger.folder / name
        if folder.is_dir():
            shutil.rmtree(folder)
            folder.mkdir()
    for pattern in (f"{store.FILE}*.moved", f"{store.FILE}.arriving*", ".unfinished-*"):
        for path in ledger.folder.glob(pattern):
            _remove(path)
    sync_folder(ledger.folder)


def _files(folder: Path, *, without: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(n for n in folders if Path(parent, n) != without)
        for name in sorted(names):
            path = Path(parent, name)
            # What we may not read, we never took in: it holds nothing of ours, and must not keep the case shut.
            if path.is_file() and not path.is_symlink() and os.access(path, os.R_OK):
                yield path


def _remove_site(listed: Path) -> None:
    """Remove the pages a report wrote here: they are made again from what is left."""
    try:
        said = orjson.loads(listed.read_bytes())
    except orjson.JSONDecodeError:
        return  # another program's list
    if not isinstance(said, dict) or not {"key", "digest", "files"} <= said.keys():
        return
    for name in [n for n in said["files"] if isinstance(n, str)]:
        path = listed.parent / name
        if ".." not in Path(name).parts and path.resolve().is_relative_to(listed.parent.resolve()) and path.is_file():
            _remove(path)
    _remove(listed)


def _overwrite(path: Path, content: bytes) -> None:
    handle, temp = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), path.stat().st_mode & 0o777)
            os.fsync(file.fileno())
        with _blanking(path):
            Path(temp).replace(path)
    finally:
        Path(temp).unlink(missing_ok=True)
    sync_folder(path.parent)


def _remove(path: Path) -> None:
    with _blanking(path):
        path.unlink(missing_ok=True)
    sync_folder(path.parent)


@contextmanager
def _blanking(path: Path) -> Iterator[None]:
    """Write zeros over a file once it has lost its name; what a disk or a copy elsewhere keeps is beyond us.

    In that order, so that a kill leaves the file as it was or takes it away, and never zeros under its name. A file
    that has another name too is left to that name.
    """
    try:
        file = path.open("r+b")
    except (FileNotFoundError, PermissionError):
        yield  # it goes without being written over
        return
    with file:
        said = os.fstat(file.fileno())
        yield
        left = said.st_size if said.st_nlink == 1 else 0
        while left > 0:
            left -= file.write(bytes(min(left, 2**20)))
        file.flush()
        os.fsync(file.fileno())


# --- stores ----------------------------------------------------------------------------------------


def clear_store(opened: store.Store, named: Mapping[str, bool]) -> None:
    """Take the bytes out of the rows, and then out of every page the database keeps free or in its log.

    Parameters
    ----------
    opened : Store
    named : mapping of str to bool
        Id of a record, hex → whether its key stays; those the store does not hold are passed over.

    Raises
    ------
    TaggantError
        Another program reads the ledger, so its log cannot be emptied.
    """
    is_sqlite = opened.engine.dialect.name == "sqlite"
    ids = [bytes.fromhex(i) for i in named]
    with opened.writing() as connection:
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        r = store.record.c
        for start in range(0, len(ids), _AT_A_TIME):
            some = ids[start : start + _AT_A_TIME]
            for n, record_id in connection.execute(sa.select(r.n, r.record_id).where(r.record_id.in_(some))).all():
                values: dict[str, Any] = {"is_withdrawal": True}
                if not named[record_id.hex()]:
                    values["key"] = f"{KEPT_KEY}{record_id.hex()[:16]}"
                connection.execute(store.tip.update().where(store.tip.c.record_n == n).values(**values))
                connection.execute(store.record.update().where(r.n == n).values(canonical=None, **values))
    with store.said_plainly(opened.where), closing(opened.engine.raw_connection()) as raw:
        driver: Any = raw.driver_connection
        if not is_sqlite:
            # The statistics keep values of columns, and dead rows stay in their pages, until both are made anew.
            driver.execute("VACUUM (FULL, ANALYZE) record, tip, record_supersedes")
            return
        driver.execute("VACUUM")
        busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise TaggantError(
                "another program is reading the ledger, so its log could not be emptied",
                where=opened.where,
                so_what="Purged bytes may still be in it",
                next="Close the other program, then open the case again with any command",
            )


def _texts(row: LiveRow, column: str) -> list[str]:
    value = row.body.get(column)
    return value if isinstance(value, list) else []
