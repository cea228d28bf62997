"""Suggestions with what persons decided on them: confirmed, rejected, replaced, unsure, changed since, or unjudged.

Invariant: the suggestion stays as the machine made it; a judgement stands beside it. A confirmation or a rejection
holds for what was proposed when it was given, and for nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import polars as pl

from taggant.errors import InputError
from taggant.model.result import Assumption, LeftOut
from taggant.model.suggestions import suggestion_kind
from taggant.model.tables import join_key

STATES = ("confirmed", "replaced", "rejected", "unsure", "changed", "unjudged")
"""What can be said of a suggestion; `changed`: it was judged, and the machine now proposes something else."""

SURE = ("confirmed", "replaced")
"""States a person stands behind."""

_OF_VERDICT = {"confirm": "confirmed", "reject": "rejected", "replace": "replaced", "unsure": "unsure"}

ADDED = ("suggestion", "suggested", "judged", "judged_value", "judged_why", "judged_by")
"""Columns `judged` adds."""

LEFT_OUT = MappingProxyType(
    {"rejected": "a person rejected what the machine proposed", "unconfirmed": "nobody has confirmed it"}
)
"""Why a suggestion is not used."""


def is_confirmed_only(text: str) -> bool:
    """Does this parameter ask for confirmed suggestions only?

    Raises
    ------
    InputError
        It is neither yes nor no.

    Examples
    --------
    >>> is_confirmed_only("yes"), is_confirmed_only("no")
    (True, False)
    """
    if text not in ("yes", "no"):
        raise InputError(
            f"confirmed_only is {text!r}", where="parameter confirmed_only", next="Give yes or no, or --confirmed-only"
        )
    return text == "yes"


def suggested(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    """What does each row of this table propose, and under which key?

    Parameters
    ----------
    frame : polars.DataFrame, shape (n, …)
        The table of the kind.
    kind : str
        Name of a `SuggestionKind`.

    Returns
    -------
    polars.DataFrame, shape (n, …)
        The same rows in the same order with two columns more: `suggestion`, the key; and `suggested`, the value as
        text, of several rows of one key joined by `` | ``. Both are null on rows that propose nothing.

    Notes
    -----
    *Assumes:* rows of one key stand in the order the step wrote them.
    *Not for:* showing values to a person: columns of dates are ISO text here.
    """
    k = suggestion_kind(kind)
    proposes = [True] * frame.height
    if k.where is not None:
        column, words = k.where
        proposes = [value in words for value in frame[column].to_list()]
    keys = [
        join_key(row) if is_one else None for row, is_one in zip(frame.select(k.key).iter_rows(), proposes, strict=True)
    ]
    values: dict[str, list[str]] = {}
    for key, row in zip(keys, frame.select(k.value).iter_rows(), strict=True):
        if key is not None:
            values.setdefault(key, []).append(" ".join(str(v) for v in row if v is not None))
    return frame.with_columns(
        pl.Series("suggestion", keys, dtype=pl.String),
        pl.Series("suggested", [None if k is None else " | ".join(values[k]) for k in keys], dtype=pl.String),
    )


def judged(frame: pl.DataFrame, judgement: pl.DataFrame, kind: str) -> pl.DataFrame:
    """What did persons decide on each of these suggestions?

    Parameters
    ----------
    frame : polars.DataFrame, shape (n, …)
        The table of the kind.
    judgement : polars.DataFrame
        Live judgements of every kind.
    kind : str
        Name of a `SuggestionKind`.

    Returns
    -------
    polars.DataFrame, shape (n, …)
        The same rows in the same order, with `ADDED`. `judged` is one of `STATES`, null on rows that propose nothing;
        `judged_value` is what replaces the value.

    Notes
    -----
    *Assumes:* one live judgement a suggestion (the ledger sees to it).
    *Not for:* two persons who disagree: the later judgement supersedes, and the history keeps both.

    Examples
    --------
    >>> from taggant.model.derived_tables import DERIVED
    >>> from taggant.model.tables import frame_schema
    >>> from taggant.model.typed_tables import TYPED
    >>> none = [pl.DataFrame(schema=frame_schema(t)) for t in (DERIVED["serial_reading"], TYPED["judgement"])]
    >>> judged(*none, "serial-reading").columns[-6:]
    ['suggestion', 'suggested', 'judged', 'judged_value', 'judged_why', 'judged_by']
    """
    with_keys = suggested(frame, kind)
    by_key: dict[str, Mapping[str, str | None]] = {
        row["suggestion"]: row
        for row in judgement.filter(pl.col("kind") == kind)
        .select("suggestion", "verdict", "value", "suggested", "why", "by")
        .iter_rows(named=True)
    }
    columns: dict[str, list[str | None]] = {name: [] for name in ADDED[2:]}
    for key, value in with_keys.select("suggestion", "suggested").iter_rows():
        one = by_key.get(key) if key is not None else None
        state = None if key is None else "unjudged" if one is None else _state(one, value)
        is_replaced = one is not None and state == "replaced"
        columns["judged"].append(state)
        columns["judged_value"].append(one["value"] if one is not None and is_replaced else None)
        columns["judged_why"].append(one["why"] if one is not None else None)
        columns["judged_by"].append(one["by"] if one is not None else None)
    return with_keys.with_columns(pl.Series(name, some, dtype=pl.String) for name, some in columns.items())


def _state(judgement: Mapping[str, str | None], value: str) -> str:
    verdict, then = str(judgement["verdict"]), judgement["suggested"]
    # A person's own value stands whatever the machine proposes next; a word about a proposal stands for that one only.
    if verdict != "replace" and then is not None and then != value:
        return "changed"
    return _OF_VERDICT[verdict]


@dataclass(frozen=True, slots=True)
class JudgedCount:
    """How many suggestions an answer rests on are in which state."""

    n: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def n_used(self) -> int:
        """How many are used: all but the rejected."""
        return sum(n for state, n in self.n.items() if state != "rejected")

    @property
    def n_unconfirmed(self) -> int:
        """How many are used that nobody stands behind."""
        return sum(n for state, n in self.n.items() if state in ("unsure", "changed", "unjudged"))

    def assumption(self, words: str) -> Assumption:
        """Say how many of them (`words`, in the plural) nobody has confirmed."""
        n, of = self.n_unconfirmed, self.n_used
        return Assumption(
            f"The {words} the machine proposes are right",
            "weak" if n else "ok",
            f"{n:,} of {of:,} unconfirmed" if n else f"all {of:,} confirmed by a person",
        )


def count_judged(states: Iterable[str | None]) -> JudgedCount:
    """How many suggestions are in which state?

    Parameters
    ----------
    states : iterable of str or None
        One a suggestion (not one a row); None: nothing was proposed.

    Returns
    -------
    JudgedCount

    Examples
    --------
    >>> some = count_judged(["confirmed", "unjudged", "unsure", "rejected", None])
    >>> some.n_used, some.n_unconfirmed, some.assumption("serials").why
    (3, 2, '2 of 3 unconfirmed')
    """
    return JudgedCount(MappingProxyType(dict(Counter(s for s in states if s is not None))))


def not_used(states: Iterable[str | None], *, confirmed_only: bool) -> tuple[LeftOut, ...]:
    """How many suggestions are left out, and why?

    Examples
    --------
    >>> [(x.why, x.n) for x in not_used(["rejected", "unjudged", "confirmed"], confirmed_only=True)]
    [('a person rejected what the machine proposed', 1), ('nobody has confirmed it', 1)]
    """
    reasons = Counter(why for s in states if (why := why_not_used(s, confirmed_only=confirmed_only)) is not None)
    return tuple(LeftOut(LEFT_OUT[why], reasons[why]) for why in LEFT_OUT if reasons[why])


def why_not_used(state: str | None, *, confirmed_only: bool) -> str | None:
    """Why is a suggestion in this state not used (a key of `LEFT_OUT`)? None: it is used, or proposes nothing.

    Examples
    --------
    >>> why_not_used("unsure", confirmed_only=True), why_not_used("unsure", confirmed_only=False)
    ('unconfirmed', None)
    """
    if state == "rejected":
        return "rejected"
    return "unconfirmed" if confirmed_only and state is not None and state not in SURE else None
