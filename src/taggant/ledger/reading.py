"""Which records are live: at the head by the live index, at any other commit from the commits it stands on.

Invariant: live = not superseded by a record of any commit reachable from the one asked for. Two live records of one key
are a conflict; they are shown, never chosen between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, TypeAlias

import sqlalchemy as sa

from taggant.errors import InputError
from taggant.ledger import store
from taggant.ledger.commits import Commit

AsOf: TypeAlias = "datetime | date | str | None"

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PREFIX = re.compile(r"[0-9a-f]{4,64}")
_LAST_MOMENT = time(23, 59, 59, 999_999)


def moment(at: datetime) -> str:
    """How is this moment written in the head log? In UTC to the microsecond, so that text order is time order."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def head_n(connection: sa.Connection) -> int | None:
    """Which commit is the head now (its number in this store)?"""
    last = sa.select(store.head.c.commit_n).order_by(store.head.c.n.desc()).limit(1)
    return connection.execute(last).scalar()


def commit_n_as_of(connection: sa.Connection, as_of: AsOf) -> int | None:
    """Which commit answers for this moment or id? None: nothing had arrived yet."""
    if as_of is None:
        return head_n(connection)
    if isinstance(as_of, str) and _PREFIX.fullmatch(as_of):
        return _commit_n_by_prefix(connection, as_of)
    last = (
        sa.select(store.head.c.commit_n)
        .where(store.head.c.arrived_at <= _until(as_of))
        .order_by(store.head.c.n.desc())
        .limit(1)
    )
    return connection.execute(last).scalar()


def _until(as_of: datetime | date | str) -> str:
    if isinstance(as_of, str):
        try:
            as_of = date.fromisoformat(as_of) if _DAY.fullmatch(as_of) else datetime.fromisoformat(as_of)
        except ValueError as err:
            raise InputError(
                f"{as_of!r} is neither a day, a moment nor the beginning of a commit's id",
                next="Give a day as 2026-01-31, or at least four digits of an id from taggant log",
            ) from err
    if not isinstance(as_of, datetime):
        as_of = datetime.combine(as_of, _LAST_MOMENT, tzinfo=UTC)
    if as_of.tzinfo is None:
        raise InputError(f"the moment {as_of.isoformat()} has no time zone", next="Give it with one, best UTC")
    return moment(as_of)


def _commit_n_by_prefix(connection: sa.Connection, prefix: str) -> int:
    low = bytes.fromhex(prefix.ljust(64, "0"))
    high = bytes.fromhex(prefix.ljust(64, "f"))
    found = connection.execute(
        sa.select(store.commit.c.n, store.commit.c.commit_id)
        .where(store.commit.c.commit_id.between(low, high))
        .limit(3)
    ).all()
    if not found:
        raise InputError(
            f"no commit has an id that begins with {prefix!r}", next="See the ids with taggant log, or give a day"
        )
    if len(found) > 1:
        raise InputError(
            f"several commits have ids that begin with {prefix!r}: {', '.join(c.hex()[:16] for _, c in found)}…",
            next="Give more digits",
        )
    return int(found[0].n)


def ancestors(*of: int) -> sa.CTE:
    """Which commits do these stand on, themselves included? One column, `n`."""
    first, *others = (sa.select(sa.cast(n, sa.BigInteger).label("n")) for n in of)
    all_of_them = sa.select(sa.union(first, *others).subquery("given").c.n) if others else first
    start = all_of_them.cte("ancestor", recursive=True)
    return start.union(
        sa.select(store.commit_parent.c.parent_n).join(start, store.commit_parent.c.commit_n == start.c.n)
    )


def tips_at(commits: sa.CTE) -> sa.Select[Any]:
    """Which records are not superseded within these commits? Columns as in `tip`."""
    newer = store.record.alias("newer")
    within = sa.select(commits.c.n)
    is_superseded = (
        sa.select(sa.literal(1))
        .select_from(store.record_supersedes.join(newer, newer.c.n == store.record_supersedes.c.new_n))
        .where(store.record_supersedes.c.old_n == store.record.c.n, newer.c.commit_n.in_(within))
        .exists()
    )
    return sa.select(
        store.record.c.table,
        store.record.c.key,
        store.record.c.n.label("record_n"),
        store.record.c.is_withdrawal,
    ).where(store.record.c.commit_n.in_(within), ~is_superseded)


def live_rows(connection: sa.Connection, as_of: AsOf) -> sa.FromClause | None:
    """Where are the live rows of that moment: the index at the head, the ancestors' records else? None: nothing yet."""
    wanted = commit_n_as_of(connection, as_of)
    if wanted is None:
        return None
    if wanted == head_n(connection):
        return sa.select(store.tip).where(~store.tip.c.is_withdrawal).subquery("live")
    tips = tips_at(ancestors(wanted)).where(~store.record.c.is_withdrawal)
    return tips.subquery("live")


def streamed(connection: sa.Connection, wanted: sa.Select[Any], at_a_time: int) -> Iterator[Sequence[Any]]:
    """Give the rows in pieces, so that a million need no room; a reader that stops early leaves nothing open."""
    # The option goes with the statement: given to the connection it would hold for every later one.
    result = connection.execute(wanted, execution_options={"yield_per": at_a_time})
    try:
        yield from result.partitions()
    finally:
        result.close()


def read_commit(connection: sa.Connection, n: int) -> Commit:
    """Give commit number `n` of this store."""
    return read_commits(connection, [n])[0]


def read_commits(connection: sa.Connection, numbers: list[int]) -> list[Commit]:
    """Give these commits, in the order asked for."""
    parents: dict[int, list[str]] = {}
    rows: dict[int, Any] = {}
    for start in range(0, len(numbers), 500):
        some = numbers[start : start + 500]
        of = sa.select(store.commit_parent.c.commit_n, store.commit.c.commit_id).join(
            store.commit, store.commit.c.n == store.commit_parent.c.parent_n
        )
        for commit_n, parent in connection.execute(of.where(store.commit_parent.c.commit_n.in_(some))):
            parents.setdefault(commit_n, []).append(parent.hex())
        rows |= {r.n: r for r in connection.execute(sa.select(store.commit).where(store.commit.c.n.in_(some)))}
    return [
        Commit(
            parents=tuple(sorted(parents.get(n, ()))),
            author=rows[n].author,
            at=rows[n].at,
            tool=rows[n].tool,
            message=rows[n].message,
            root=rows[n].root.hex(),
            n=rows[n].n_records,
        )
        for n in numbers
    ]
