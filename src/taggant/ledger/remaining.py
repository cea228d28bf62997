"""Where words still stand after what said them was destroyed: other records, messages, files.

Invariant: nothing is changed here; words are looked for letter for letter.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

import orjson
import sqlalchemy as sa

from taggant.ledger import reading, store
from taggant.ledger.ledger import Ledger

_PIECE = 2**20
_AT_A_TIME = 2_000


def still_said(ledger: Ledger, words: Collection[str]) -> tuple[str, ...]:
    """Where do these words still stand in this case: in which records, messages of commits, and files?

    Parameters
    ----------
    ledger : Ledger
    words : collection of str

    Returns
    -------
    tuple of str
        `table key`, `commit id`, or a path in the case folder; each once.

    Notes
    -----
    *Assumes:* they stand there as they were typed, in UTF-8.
    *Not for:* what is compressed: workbooks, archives, PDF, Parquet.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as case, Ledger.create(Path(case)) as ledger:
    ...     still_said(ledger, ["Olha"])
    ()
    """
    wanted = [word for word in words if word]
    if not wanted:
        return ()
    plain = [word.encode(errors="surrogatepass") for word in wanted]
    escaped = [orjson.dumps(word)[1:-1] for word in wanted]
    found: dict[str, None] = {}
    with ledger.opened.reading() as connection:
        r = store.record.c
        rows = sa.select(r.table, r.key, r.canonical).where(r.canonical.is_not(None)).order_by(r.n)
        for some in reading.streamed(connection, rows, _AT_A_TIME):
            found |= {f"{t} {k}": None for t, k, stored in some if any(word in stored for word in escaped)}
        for commit in reading.read_commits(connection, sorted(_numbers(connection))):
            if any(word in f"{commit.message}\0{commit.author}" for word in wanted):
                found[f"commit {commit.commit_id[:16]} (its message or author, which cannot be changed)"] = None
    for parent, _, names in os.walk(ledger.case_folder, followlinks=False):
        for name in sorted(names):
            path = Path(parent, name)
            # The ledger's own file was asked record by record.
            is_ours = path.is_file() and not path.is_symlink() and os.access(path, os.R_OK)
            if is_ours and not name.startswith(store.FILE) and _holds(path, plain):
                found[path.relative_to(ledger.case_folder).as_posix()] = None
    return tuple(found)


def _numbers(connection: sa.Connection) -> list[int]:
    return [int(n) for n in connection.execute(sa.select(store.commit.c.n)).scalars()]


def _holds(path: Path, words: Collection[bytes]) -> bool:
    """Whether the file holds one of them; it is read in pieces that overlap."""
    overlap = max(map(len, words)) - 1
    before = b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            whole = before + piece
            if any(word in whole for word in words):
                return True
            before = whole[len(whole) - overlap :] if overlap else b""
    return False
