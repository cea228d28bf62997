"""The re-import rule: which rows of a file are new, changed, or in conflict with the ledger?

Invariant: a row is written only when it changed in the file since its last import from that file and nobody changed it
in the ledger since; whoever changed the same row in both places is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from taggant.errors import Issue
from taggant.evidence.cells import write_cell
from taggant.evidence.issues import IssueList, shown
from taggant.evidence.rows import TypedRows
from taggant.ledger.rows import LiveRow
from taggant.model.record import Value

OnConflict: TypeAlias = Literal["stop", "file", "ledger"]
Stated: TypeAlias = "Mapping[str, tuple[Value, ...]]"
"""Key → the row's values in the schema's order: what a file said at its last import."""


@dataclass(slots=True)
class Comparison:
    """What is to be written of one sheet.

    Attributes
    ----------
    writes : dict
        Position of the row → ids of the live records it supersedes (none: a new row).
    n_added, n_changed, n_unchanged, n_left_out : int
    """

    writes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    n_added: int = 0
    n_changed: int = 0
    n_unchanged: int = 0
    n_left_out: int = 0


def compare(
    here: TypedRows,
    base: Stated,
    there: Mapping[str, LiveRow],
    was_recorded: Callable[[str], bool],
    issues: IssueList,
    *,
    on_conflict: OnConflict,
) -> Comparison:
    """Which rows of this file are to be written?

    Parameters
    ----------
    here : TypedRows
        The file now; rows with issues are left out.
    base : mapping
        The same file at its last import; empty at its first.
    there : mapping
        Key → live row of the ledger.
    was_recorded : callable
        Whether a key was ever in the ledger; asked only for rows of the base that are not live.
    issues : IssueList
        One issue for each column in which a row changed here and there.
    on_conflict : {"stop", "file", "ledger"}
        Whether a conflict is an issue, or is settled for the file or for the ledger.

    Returns
    -------
    Comparison
    """
    done = Comparison()
    if not base and not there and not here.spoilt and not here.repeated and None not in here.keys:
        done.writes = dict.fromkeys(range(len(here)), ())
        done.n_added = len(here)
        return done
    names = tuple(here.columns)
    for at, (key, *values) in enumerate(zip(here.keys, *here.columns.values(), strict=True)):
        if key is None or at in here.spoilt:
            done.n_left_out += 1
            continue
        if at in here.repeated:
            done.n_unchanged += 1
            continue
        before = base.get(key)
        live = there.get(key)
        if live is None:
            if before is None or not was_recorded(key):
                done.writes[at] = ()
                done.n_added += 1
            elif before == tuple(values):
                done.n_unchanged += 1  # withdrawn in the ledger, and nobody touched it here since: it stays withdrawn
            else:
                _settle(done, here, at, names, values, None, issues, on_conflict)
            continue
        if before is not None and before == tuple(values):
            done.n_unchanged += 1
            continue
        body = live.body
        in_ledger = [body.get(name) for name in names]
        if in_ledger == values:
            done.n_unchanged += 1
        elif before is not None and list(before) == in_ledger:
            done.writes[at] = (live.record_id,)
            done.n_changed += 1
        else:
            _settle(done, here, at, names, values, live, issues, on_conflict)
    return done


def _settle(
    done: Comparison,
    here: TypedRows,
    at: int,
    names: tuple[str, ...],
    values: list[Value],
    live: LiveRow | None,
    issues: IssueList,
    on_conflict: OnConflict,
) -> None:
    if on_conflict == "file":
        done.writes[at] = () if live is None else (live.record_id,)
        done.n_changed += 1
        return
    done.n_left_out += 1
    if on_conflict == "ledger":
        return
    settle = "Settle it: import again with --on-conflict file or ledger, or write the ledger's value into the file"
    row, key = here.numbers[at], here.keys[at]
    if live is None:
        issues.add(
            Issue(
                kind="conflict",
                what=f"the row {key!r} was changed here and withdrawn in the ledger",
                file=here.label,
                row=row,
                value=shown(str(key)),
                next=settle,
            )
        )
        return
    body = live.body
    for name, value in zip(names, values, strict=True):
        if value == body.get(name):
            continue
        mine, theirs = (shown(write_cell(v)) if v is not None else "empty" for v in (value, body.get(name)))
        issues.add(
            Issue(
                kind="conflict",
                what=f"{name} of {key!r} is {mine!r} here and {theirs!r} in the ledger",
                file=here.label,
                row=row,
                column=name,
                value=mine,
                next=settle,
            )
        )
