"""Whether the index of live records is the one the records give: a cache held against what it was made from.

Invariant: nothing is changed here.
"""

from __future__ import annotations

import sqlalchemy as sa

from taggant.ledger import reading, store


def tips_differ(connection: sa.Connection) -> bool:
    """Whether the live index kept differs from the one the records give."""
    head = reading.head_n(connection)
    if head is not None and _all_lead_to(connection, head):
        return _tips_differ_in_one_line(connection)
    kept = sa.select(store.tip.c.table, store.tip.c.key, store.tip.c.record_n, store.tip.c.is_withdrawal)
    if head is None:
        return connection.execute(kept.limit(1)).first() is not None
    right = reading.tips_at(reading.ancestors(head))
    count = sa.select(sa.func.count())
    n_kept = connection.execute(count.select_from(store.tip)).scalar_one()
    n_right = connection.execute(count.select_from(right.subquery())).scalar_one()
    return bool(n_kept != n_right) or connection.execute(sa.except_(right, kept).limit(1)).first() is not None


def _all_lead_to(connection: sa.Connection, head: int) -> bool:
    known = sa.select(sa.func.count()).select_from(reading.ancestors(head))
    held = sa.select(sa.func.count()).select_from(store.commit)
    return bool(connection.execute(known).scalar_one() == connection.execute(held).scalar_one())


def _tips_differ_in_one_line(connection: sa.Connection) -> bool:
    """When every commit leads to the head, live is what nothing supersedes: no commit need be looked up."""
    r, tip = store.record.c, store.tip.c
    superseded = sa.select(store.record_supersedes.c.old_n)
    n_right = connection.execute(
        sa.select(sa.func.count()).select_from(store.record).where(r.n.not_in(superseded))
    ).scalar_one()
    n_kept = connection.execute(sa.select(sa.func.count()).select_from(store.tip)).scalar_one()
    if n_right != n_kept:
        return True
    # As many as there should be, each another record's, and each right: then none is missing either.
    wrong = (
        sa.select(tip.record_n)
        .outerjoin(store.record, r.n == tip.record_n)
        .where(
            sa.or_(
                r.n.is_(None),
                r.table != tip.table,
                r.key != tip.key,
                r.is_withdrawal != tip.is_withdrawal,
                tip.record_n.in_(superseded),
            )
        )
        .limit(1)
    )
    return (
        connection.execute(wrong).first() is not None
        or connection.execute(sa.select(sa.func.count(tip.record_n.distinct()))).scalar_one() != n_kept
    )
