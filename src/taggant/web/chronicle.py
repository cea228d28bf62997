"""Everything ever stated, by commit and by row, as far as it may be shown.

Invariant: a record is listed only when its own level allows it, what it names may be shown, and every earlier record of
its row may be: a row that was once above the level does not show its past.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import sqlalchemy as sa

from taggant.ledger import store
from taggant.ledger.ledger import Ledger
from taggant.ledger.rows import body_of, fields_of
from taggant.model.typed_tables import TYPED
from taggant.report.clearance import Clearance, may_be_shown, names_hidden
from taggant.report.dossier import CommitView, RecordView


def chronicle(
    folder: Path, *, case_level: str, shown: Clearance, as_of: str | None = None
) -> tuple[tuple[CommitView, ...], Mapping[tuple[str, str], Sequence[RecordView]]]:
    """Which commits led here, and what was stated of each row?

    Parameters
    ----------
    folder : Path
        The case folder.
    case_level : str
        TLP level of rows without one of their own.
    shown : Clearance
        What may be shown of the live rows.
    as_of : str, optional
        A date or a commit.

    Returns
    -------
    tuple of CommitView
        Newest first.
    mapping of (table, key) to sequence of RecordView
        Oldest first.

    Raises
    ------
    InputError
        The folder holds no ledger.
    EvidenceBroken
        A record cannot be read.

    Notes
    -----
    *Assumes:* all records fit into memory.
    *Not for:* verifying: ids are shown, not computed.
    """
    with Ledger.open(folder) as ledger:
        commits = ledger.log(as_of=as_of)
    known = {c.commit_id: c for c in commits}
    live = {record_id for frame in shown.tables.values() for record_id in frame.get_column("record_id").drop_nulls()}
    by_commit: dict[str, list[RecordView]] = defaultdict(list)
    by_row: dict[tuple[str, str], list[RecordView]] = defaultdict(list)
    closed: set[tuple[str, str]] = set(shown.hidden)
    for commit_id, table, key, record_id, stored in _records(folder):
        if commit_id not in known or table not in TYPED or stored is None:
            continue
        row = (table, key)
        body = body_of(table, key, stored)
        if body is not None and (
            not may_be_shown(_text(body.get("tlp")), case_level, shown.level) or names_hidden(table, body, shown.hidden)
        ):
            closed.add(row)
        if row in closed:
            continue
        commit = known[commit_id]
        record = RecordView(
            table=table,
            key=key,
            record_id=record_id,
            commit_id=commit_id,
            at=commit.at,
            author=commit.author,
            message=commit.message,
            origin=_text(fields_of(table, key, stored)["origin"]),
            body=body,
            is_live=record_id in live,
        )
        by_commit[commit_id].append(record)
        by_row[row].append(record)
    views = tuple(
        CommitView(
            commit_id=c.commit_id,
            parents=c.parents,
            at=c.at,
            author=c.author,
            tool=c.tool,
            message=c.message,
            root=c.root,
            n_records=c.n,
            records=tuple(r for r in by_commit[c.commit_id] if (r.table, r.key) not in closed),
        )
        for c in commits
    )
    return views, {row: tuple(some) for row, some in by_row.items() if row not in closed}


def _records(folder: Path) -> list[tuple[str, str, str, str, bytes | None]]:
    """(commit, table, key, record, stored bytes) of every record, oldest first."""
    opened = store.open_store(folder / store.FOLDER / store.FILE)
    try:
        with opened.reading() as connection:
            record, commit = store.record.c, store.commit.c
            rows = connection.execute(
                sa.select(commit.commit_id, record.table, record.key, record.record_id, record.canonical)
                .join_from(store.record, store.commit, record.commit_n == commit.n)
                .order_by(record.n)
            ).all()
    finally:
        opened.close()
    return [(c.hex(), table, key, r.hex(), stored) for c, table, key, r, stored in rows]


def _text(value: object) -> str | None:
    return None if value is None else str(value)
