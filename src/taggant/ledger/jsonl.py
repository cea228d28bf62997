"""The whole ledger as lines of JSON: the same ledger gives the same bytes, whatever holds it and however it came there.

Invariant: one line is one object in canonical JSON; first the head, then commits, then records, each sorted by id. The
numbers a store gives, and the moments things arrived, are not in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import sqlalchemy as sa

from taggant.ledger import reading, store
from taggant.ledger.commits import Commit
from taggant.ledger.ledger import Ledger
from taggant.ledger.reading import AsOf
from taggant.ledger.showing import Showing
from taggant.model.canonical import Plain, canonical

FORMAT = 1
_RECORDS_AT_A_TIME = 2_000


def lines(ledger: Ledger, as_of: AsOf = None, *, showing: Showing | None = None) -> Iterator[bytes]:
    """Which lines say all this ledger knows?

    Parameters
    ----------
    ledger : Ledger
    as_of : date, datetime or str, optional
        What was known then: that head, and what it stands on.
    showing : Showing, optional
        What may be shown (`showing.shown_at`); everything when left out.

    Yields
    ------
    bytes
        With the line's end. `{"format", "head"}` first; then `{"commit", "id"}` for each commit; then
        `{"commit", "id", "record"}` for each record: `commit` the id of the commit that brought it, `record` its
        canonical JSON as stored, null when a purge destroyed it or it is above the level. At a level the first line
        says it (`tlp`), and where anything is withheld, author, message and tool of every commit are null.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as case, Ledger.create(Path(case)) as ledger:
    ...     [line.decode() for line in lines(ledger)]
    ['{"format":1,"head":null}\\n']
    """
    with ledger.opened.reading() as connection:
        n = reading.commit_n_as_of(connection, as_of)
        if n is None:
            yield canonical({"format": FORMAT, "head": None}) + b"\n"
            return
        known = sorted(connection.execute(sa.select(reading.ancestors(n).c.n)).scalars())
        commits = dict(zip(known, reading.read_commits(connection, known), strict=True))
        level = {} if showing is None else {"tlp": showing.level}
        yield canonical({"format": FORMAT, "head": commits[n].commit_id, **level}) + b"\n"
        spoken = showing is None or showing.shows_words
        for _, line in sorted((c.commit_id, commit_line(c, is_spoken=spoken)) for c in commits.values()):
            yield line
        r = store.record.c
        names = {number: commit.commit_id.encode() for number, commit in commits.items()}
        wanted = sa.select(r.commit_n, r.record_id, r.table, r.key, r.canonical).order_by(r.record_id)
        if len(known) < int(connection.execute(sa.select(sa.func.count()).select_from(store.commit)).scalar_one()):
            wanted = wanted.where(r.commit_n.in_(sa.select(reading.ancestors(n).c.n)))
        for some in reading.streamed(connection, wanted, _RECORDS_AT_A_TIME):
            for commit_n, record_id, table, key, stored in some:
                # Stored bytes are canonical already, and the names before and after them are in order.
                is_shown = showing is None or showing.shows(table, key, record_id.hex())
                said = b"null" if stored is None or not is_shown else stored
                yield b'{"commit":"%b","id":"%b","record":%b}\n' % (names[commit_n], record_id.hex().encode(), said)


def commit_line(commit: Commit, *, is_spoken: bool = True) -> bytes:
    """Which line says this commit? Without its words its records still lead to its root, and its root to nothing."""
    said = commit.canonical()
    if not is_spoken:
        rest: dict[str, Plain] = {"parents": list(commit.parents), "at": commit.at, "root": commit.root, "n": commit.n}
        said = canonical(rest | dict.fromkeys(("author", "message", "tool"), None))
    return b'{"commit":%b,"id":"%b"}\n' % (said, commit.commit_id.encode())


def digest(ledger: Ledger, as_of: AsOf = None) -> str:
    """Which sha256, in hex, do these lines have? Two ledgers of one digest say the same."""
    whole = hashlib.sha256()
    for line in lines(ledger, as_of):
        whole.update(line)
    return whole.hexdigest()
