"""DuckDB inside this process: one query over Parquet files, and its rows.

Invariant: nothing is downloaded, nothing but the files named is read, and no query is built of a person's text: values
are bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

MEMORY = "1GB"


def rows_of(query: str, values: Sequence[Any] = (), *, memory: str = MEMORY, threads: int = 2) -> list[tuple[Any, ...]]:
    """Which rows does this query give?

    Parameters
    ----------
    query : str
        SQL of DuckDB; each value stands as ``?``.
    values : sequence
        Bound in order.
    memory : str
        What the engine may hold; beyond it works on disk.
    threads : int

    Returns
    -------
    list of tuple

    Examples
    --------
    >>> rows_of("SELECT n FROM range(5) t(n) WHERE n > ?", [3])
    [(4,)]
    """
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "threads": threads,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(":memory:", config=settings) as connection:
        return connection.execute(query, list(values)).fetchall()
