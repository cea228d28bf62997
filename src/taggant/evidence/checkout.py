"""Checkout: live rows written back to the files people type in.

Invariant: a file with edits that were never imported is not overwritten; and what is written counts as imported, so the
next edit is compared with what the person really saw.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from taggant.errors import InputError
from taggant.evidence.cells import write_cell
from taggant.evidence.deposit import Weighed, exhibit_record, import_record
from taggant.evidence.folder import NamedFile
from taggant.evidence.issues import IssueList
from taggant.evidence.live import LiveRows
from taggant.evidence.rereading import read_file
from taggant.evidence.rows import key_of
from taggant.evidence.templates import csv_text
from taggant.ledger.commits import instant
from taggant.ledger.ledger import Ledger
from taggant.ledger.rows import LiveRow
from taggant.model.tables import TableSchema
from taggant.model.typed_tables import BY_FILE


def checkout(ledger: Ledger, folder: Path, *, author: str) -> tuple[str, ...]:
    """Which files say what the ledger says now?

    Parameters
    ----------
    ledger : Ledger
        Open for writing.
    folder : Path
        The case folder. One CSV file a table with live rows is written; so is the file of an empty table that is
        there already.
    author : str
        Handle of the person.

    Returns
    -------
    tuple of str
        Names of the files that were written; a file that says so already is left as it is.

    Raises
    ------
    InputError
        A file was edited since its last import, or cannot be written. Nothing was written.

    Notes
    -----
    *Assumes:* rows keep the order the person gave them; new ones follow by key. Each written file becomes an exhibit
    and is recorded as imported: importing it again makes no commit.
    *Not for:* workbooks. A table typed in a workbook is written as CSV beside it; keep one of the two.

    Examples
    --------
    >>> import tempfile
    >>> from taggant.evidence.templates import new_case
    >>> with tempfile.TemporaryDirectory() as place:
    ...     case = new_case(Path(place, "demo"), "Demo")
    ...     (case / "sources.csv").unlink()
    ...     with Ledger.create(case) as ledger:
    ...         checkout(ledger, case, author="ada")  # the templates say what an empty ledger says
    ()
    """
    live = LiveRows(ledger)
    wanted: dict[str, str] = {}
    for stem, schema in BY_FILE.items():
        path = folder / f"{stem}.csv"
        rows = live.of(schema.name)
        if rows or path.exists():
            wanted[path.name] = _text(schema, rows, _order(path, rows))
    stale = {name: text for name, text in wanted.items() if _digest(folder / name) != _sha256(text.encode())}
    for name in sorted(stale):
        key = key_of(name)
        _refuse_unimported(folder / name, live.of("import").get(key), live.merged_imports(key))
    for name, text in stale.items():
        _write(folder / name, text.encode())
    _record(ledger, folder, wanted, live, author)
    return tuple(sorted(stale))


def _text(schema: TableSchema, rows: Mapping[str, LiveRow], order: Sequence[str]) -> str:
    lines: list[tuple[str, ...]] = [schema.names]
    for key in order:
        body = rows[key].body
        lines.append(tuple(write_cell(body.get(name)) for name in schema.names))
    return csv_text(lines)


def _order(path: Path, rows: Mapping[str, LiveRow]) -> list[str]:
    before: dict[str, None] = {}
    if path.is_file():
        for sheet in read_file(NamedFile(path.name, path), IssueList(), lambda _what, _done, _total: None)[0]:
            before |= dict.fromkeys(key for key in sheet.keys if key is not None and key in rows)
    return [*before, *sorted(rows.keys() - before.keys())]


def _refuse_unimported(path: Path, last: LiveRow | None, merged: frozenset[str]) -> None:
    found = _digest(path)
    known = merged if last is None else merged | {str(last.body.get("exhibit_id"))}
    if found is None or f"sha256:{found}" in known:
        return
    raise InputError(
        "the file was edited since its last import" if last is not None else "the file was never imported",
        where=path.name,
        so_what="Writing it would lose what it says; no file was written",
        next="Import it first, or move it away",
    )


def _digest(path: Path) -> str | None:
    try:
        return _sha256(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as err:
        raise InputError(
            f"the file cannot be read: {err.strerror}", where=path.name, so_what="No file was written"
        ) from err


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    try:
        handle, temp = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fchmod(stream.fileno(), path.stat().st_mode & 0o777 if path.exists() else 0o644)
                os.fsync(stream.fileno())
            Path(temp).replace(path)
        finally:
            with suppress(FileNotFoundError):
                Path(temp).unlink()
    except OSError as err:
        raise InputError(
            f"the file cannot be written: {err.strerror}",
            where=path.name,
            so_what="It is as it was; files before it in the alphabet may be written",
            next="Make room, or give yourself the right to write there",
        ) from err


def _record(ledger: Ledger, folder: Path, wanted: Mapping[str, str], live: LiveRows, author: str) -> None:
    """Record each file as imported in these bytes: that is what the person's next edit starts from."""
    received_at = instant()
    records = []
    for name, text in wanted.items():
        content = text.encode()
        weighed = Weighed(NamedFile(name, folder / name), f"sha256:{_sha256(content)}", len(content), is_held=False)
        said = import_record(weighed, None, live.of("import"))
        if said is None:
            continue
        records.append(said)
        ledger.exhibits.add_bytes(content)
        if weighed.exhibit_id not in live.of("exhibit"):
            records.append(exhibit_record(weighed, received_at, {}))
    if records:
        ledger.commit(records, author=author, message="checkout")
