"""What lies between two moments of one ledger.

Invariant: rows are compared by what they say in today's schema; a row stated anew in the same words is no difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from taggant.errors import UnknownName
from taggant.ledger import reading, store
from taggant.ledger.ledger import Ledger
from taggant.ledger.reading import AsOf
from taggant.ledger.rows import body_of
from taggant.model.record import Body, Value
from taggant.model.typed_tables import TYPED


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One row that is not what it was.

    Attributes
    ----------
    table, key : str
    before, after : dict or None
        None: the row was not live then.
    """

    table: str
    key: str
    before: Body | None
    after: Body | None

    @property
    def kind(self) -> str:
        """`added`, `withdrawn` or `changed`."""
        if self.before is None:
            return "added"
        return "withdrawn" if self.after is None else "changed"

    @property
    def columns(self) -> dict[str, tuple[Value, Value]]:
        """Column → (before, after), where they differ."""
        before, after = self.before or {}, self.after or {}
        names = [*before, *(n for n in after if n not in before)]
        return {n: (before.get(n), after.get(n)) for n in names if before.get(n) != after.get(n)}


def difference(ledger: Ledger, before: AsOf, after: AsOf = None, *, tables: Sequence[str] = ()) -> list[Difference]:
    """Which rows are not what they were?

    Parameters
    ----------
    ledger : Ledger
    before, after : date, datetime, str or None
        Moments or commits, as for every read; None: now.
    tables : sequence of str, optional
        Only these.

    Returns
    -------
    list of Difference
        In the order of tables and keys. Of a row in conflict, each side that is on one side of the comparison alone.

    Raises
    ------
    UnknownName
        No table has this name.
    """
    for table in tables:
        if table not in TYPED:
            raise UnknownName("table", table, TYPED)
    with ledger.opened.reading() as connection:
        one, other = (reading.live_rows(connection, at) for at in (before, after))
        gone, come = _only_in(connection, one, other, tables), _only_in(connection, other, one, tables)
        found = [
            Difference(table=table, key=key, before=gone.get((table, key)), after=come.get((table, key)))
            for table, key in sorted(gone.keys() | come.keys())
        ]
    return [d for d in found if d.before != d.after]


def _only_in(
    connection: sa.Connection, these: sa.FromClause | None, those: sa.FromClause | None, tables: Sequence[str]
) -> dict[tuple[str, str], Body | None]:
    if these is None:
        return {}
    numbers = sa.select(these.c.record_n)
    if those is not None:
        numbers = sa.except_(numbers, sa.select(those.c.record_n))  # type: ignore[assignment]
    r = store.record.c
    wanted = sa.select(r.table, r.key, r.canonical).where(r.n.in_(numbers)).order_by(r.n)
    if tables:
        wanted = wanted.where(r.table.in_(tables))
    return {
        (table, key): None if stored is None else body_of(table, key, stored)
        for table, key, stored in connection.execute(wanted)
    }
