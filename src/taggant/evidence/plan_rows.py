"""The plans of `case.toml` as rows of the table `plan`, compared, recorded and withdrawn like all rows.

Invariant: a plan's origin is its place among the [[plan]] tables of the file, counted from 1.
"""

from __future__ import annotations

from taggant.evidence.casefile import NAME, Case
from taggant.evidence.rows import TypedRows, key_of
from taggant.model.typed_tables import TYPED


def plan_rows(case: Case) -> TypedRows:
    """Which rows of `plan` does this case file state?

    Parameters
    ----------
    case : Case

    Returns
    -------
    TypedRows
        One row a plan, in the order of the file; none when it states no plan.

    Notes
    -----
    *Assumes:* the case file was checked: no title stands twice, numbers and dates can be read.

    Examples
    --------
    >>> from taggant.evidence.casefile import Plan
    >>> case = Case(uuid="0b0e", title="Kestrel", plans=(Plan(title="100 by May", scope="Kestrel", quantity="100"),))
    >>> plan_rows(case).keys, plan_rows(case).numbers
    (['100 by May'], [1])
    """
    schema = TYPED["plan"]
    plans = case.plans
    return TypedRows(
        schema,
        NAME,
        "",
        columns={name: [getattr(plan, name, None) for plan in plans] for name in schema.names},
        keys=[key_of(plan.title) for plan in plans],
        numbers=list(range(1, len(plans) + 1)),
        row_word="plan",
    )
