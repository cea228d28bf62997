"""Old record bodies, read as if they had been written today.

Invariant: a stored record is never rewritten. Each step here is a pure function from a body of schema version N to one
of version N + 1; reading applies as many as it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from taggant.errors import EvidenceBroken
from taggant.model.record import Body

Step = Callable[[Body], Body]

STEPS: Mapping[tuple[str, int], Step] = {}
"""(table, version N) → the function that makes version N + 1. Version 1 is the first of every table."""


def upgrade(table: str, schema: int, body: Body, *, to: int, steps: Mapping[tuple[str, int], Step] = STEPS) -> Body:
    """What does this body say in today's schema?

    Parameters
    ----------
    table : str
        Name of the typed table.
    schema, to : int
        Version the body was written in, and the version wanted (today's, from `model.tables`).
    body : dict
        Column → value. Not changed.
    steps : mapping, optional
        The upgrade functions; tests bring their own.

    Returns
    -------
    dict
        The body in version `to`; the same object when nothing had to be done.

    Raises
    ------
    EvidenceBroken
        The body is newer than this program, or a step is missing.

    Examples
    --------
    >>> upgrade("item", 1, {"item_id": "a"}, to=2, steps={("item", 1): lambda b: {**b, "kind": None}})
    {'item_id': 'a', 'kind': None}
    """
    if schema > to:
        raise EvidenceBroken(
            f"a record of table {table!r} has schema version {schema}; this program knows up to {to}",
            next="Update Taggant and read the case again",
        )
    for version in range(schema, to):
        step = steps.get((table, version))
        if step is None:
            raise EvidenceBroken(
                f"no upgrade leads from version {version} of table {table!r} to {version + 1}",
                next="Update Taggant and read the case again",
            )
        body = step(body)
    return body
