"""References between rows: does the source, item or component that a cell names exist?

Invariant: a name resolves to a row of this import or a live row of the ledger, or its cell is named with the close one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from taggant.errors import Issue
from taggant.evidence.casefile import NAME as CASE_FILE
from taggant.evidence.casefile import Case
from taggant.evidence.issues import IssueList, did_you_mean, shown
from taggant.evidence.rows import TypedRows, key_of
from taggant.model.typed_tables import TYPED


def check_links(
    tables: Sequence[TypedRows],
    live_keys: Callable[[str], Collection[str]],
    unread: Collection[str],
    issues: IssueList,
    *,
    partial: bool,
) -> None:
    """Which cells name a row that does not exist?

    Parameters
    ----------
    tables : sequence of TypedRows
        All sheets of this import. Rows with such a cell are marked `spoilt`.
    live_keys : callable
        Table name → keys live in the ledger (and not withdrawn by this import).
    unread : collection of str
        Tables of which a sheet could not be read: a name in them may be right, so it is not called wrong.
    issues : IssueList
    partial : bool
        Whether rows with issues are left out of the import. Then what they name falls away with them, and again what
        those rows name, until nothing changes.
    """
    while _one_round(tables, live_keys, unread, issues, partial=partial) and partial:
        continue


def check_names(
    case: Case,
    tables: Sequence[TypedRows],
    live_sources: Collection[str],
    unread: Collection[str],
    issues: IssueList,
) -> set[int]:
    """Name each plan of the case file whose source does not exist; give their places."""
    if "source" in unread:
        return set()
    stated = {key for rows in tables if rows.schema.name == "source" for key in rows.keys if key is not None}
    wrong: set[int] = set()
    for at, plan in enumerate(case.plans):
        if plan.source_id is not None and key_of(plan.source_id) not in stated | set(live_sources):
            wrong.add(at)
            issues.add(
                Issue(
                    kind="unknown id",
                    what=f"no row of sources is named {shown(plan.source_id)!r}",
                    file=CASE_FILE,
                    column="plan.source_id",
                    value=shown(plan.source_id),
                    next=did_you_mean(plan.source_id, {*stated, *live_sources}, "Add a row to sources.csv"),
                )
            )
    return wrong


def _one_round(
    tables: Sequence[TypedRows],
    live_keys: Callable[[str], Collection[str]],
    unread: Collection[str],
    issues: IssueList,
    *,
    partial: bool,
) -> bool:
    stated: dict[str, set[str]] = {}
    for rows in tables:
        keys = rows.keys
        if partial and rows.spoilt:
            keys = [key for at, key in enumerate(keys) if at not in rows.spoilt]
        stated.setdefault(rows.schema.name, set()).update(key for key in keys if key is not None)
    has_new = False
    for rows in tables:
        for column in rows.schema.columns:
            if column.refers is None or (column.refers in unread and not partial):
                continue
            values = rows.columns[column.name]
            wanted = {value for value in set(values) if isinstance(value, str)}
            here = stated.get(column.refers, set())
            rest = {value for value in wanted if key_of(value) not in here}
            if rest:
                in_ledger = live_keys(column.refers)
                rest = {value for value in rest if key_of(value) not in in_ledger}
            if not rest:
                continue
            known = here.union(live_keys(column.refers))
            steps: dict[str, str] = {}
            for at, value in enumerate(values):
                if value not in rest or (partial and at in rows.spoilt):
                    continue
                has_new = True
                rows.spoilt.add(at)
                text = str(value)
                if text not in steps:
                    otherwise = f"Add a row {shown(text)!r} to {TYPED[column.refers].file}.csv"
                    is_listed = issues.has_room(rows.label, "unknown id", column.name)
                    steps[text] = did_you_mean(text, known, otherwise) if is_listed else otherwise
                issues.add(_unknown(rows, column.name, column.refers, at, text, steps[text]))
    return has_new


def _unknown(rows: TypedRows, column: str, refers: str, at: int, value: str, next_step: str) -> Issue:
    return Issue(
        kind="unknown id",
        what=f"no row of {TYPED[refers].file} is named {shown(value)!r}",
        file=rows.label,
        row=rows.numbers[at],
        column=column,
        value=shown(value),
        next=next_step,
    )
