"""Whose-parts: how the listed parts of each item divide, as rows and as findings.

Invariant: what is counted is what was listed. How much was listed hangs on how far an item was taken apart, so counts
of two items are set side by side only where both were examined alike and completely.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from taggant.estimation.judged_suggestions import judged_candidates, judged_ranges
from taggant.estimation.listed_parts import ListedPart, composition_rows, listed_parts
from taggant.estimation.part_comparison import Examined, compare, disagreements, item_name
from taggant.estimation.part_shares import METHOD, VERSION, DayAsked, Shares, day_asked
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding, Reference, StatedValue
from taggant.model.judgements import is_confirmed_only
from taggant.model.result import Assumption, Diagnostic, LeftOut, Refusal, Result
from taggant.model.tables import frame_schema

if TYPE_CHECKING:
    from taggant.model.tables import Table


def count_origins(
    *,
    item: Table,
    examination: Table,
    part_candidate: Table,
    made_range: Table,
    judgement: Table,
    as_of: date | None,
    after: str,
    confirmed_only: str = "no",
) -> Answer:
    """Whose parts are listed of each item, from which brand countries, in which tiers, made after which day?

    Parameters
    ----------
    item, examination, part_candidate, made_range, judgement : Table
        As declared in `model`.
    as_of : date or None
        The day the answer is for.
    after : str
        EDTF. A part is made after it when it is made after its last day.
    confirmed_only : str
        ``yes``: makers and dates that no person has confirmed count as not told.

    Returns
    -------
    Answer
        Table `composition`; a finding for the case, one per item with a listed part, one per part whose listing and
        mark disagree, and the comparisons the examinations allow — or one refusal of them.

    Raises
    ------
    BadDate
        `after` is no date.
    InputError
        `after` is open towards the future: nothing is after it.

    Notes
    -----
    Assumes: the listed parts were fitted in the item; marks are read right.
    Not for: the share among all parts fitted; who sold a part; blame of a maker. A brand in a wreck is no accusation.

    Examples
    --------
    >>> from taggant.model.typed_tables import TYPED
    >>> typed = [TYPED[name] for name in ("item", "examination", "judgement")]
    >>> schemas = [*typed, DERIVED["part_candidate"], DERIVED["made_range"]]
    >>> tables = {s.name: pl.DataFrame(schema=frame_schema(s)).lazy() for s in schemas}
    >>> [f.statement for f in count_origins(**tables, as_of=None, after="2022-02-24").findings]
    ['whose-parts.case.refused', 'whose-parts.compare.refused']
    """
    day = day_asked(after)
    only, decided = is_confirmed_only(confirmed_only), judgement.collect()
    items = item.collect().sort("item_id")
    candidates = judged_candidates(part_candidate.collect(), decided, confirmed_only=only)
    ranges = judged_ranges(made_range.collect(), decided, confirmed_only=only)
    parts = listed_parts(candidates, ranges, items, since_on=day.since_on)
    examined = Examined(items, examination.collect(), parts)
    rows = [row for item_id, own in parts.items() for row in composition_rows(item_id, own)]
    findings = [
        _case(items, parts, day, as_of),
        *(
            _item(it, parts[it["item_id"]], examined, day, as_of)
            for it in items.iter_rows(named=True)
            if it["item_id"] in parts
        ),
        *disagreements(candidates, items, on=as_of),
        *compare(examined, on=as_of),
    ]
    return Answer({"composition": pl.DataFrame(rows, schema=frame_schema(DERIVED["composition"]))}, tuple(findings))


def _case(items: pl.DataFrame, parts: Mapping[str, Sequence[ListedPart]], day: DayAsked, as_of: date | None) -> Finding:
    listed = tuple(Reference("item", i) for i in items["item_id"] if i in parts)
    counts = {
        "n_items": StatedValue(items.height, "items", tuple(Reference("item", i) for i in items["item_id"])),
        "n_items_listed": StatedValue(len(listed), "items", listed),
    }
    if not listed:
        why, enough = "no part of any item is listed", "one row of components.csv"
        return Finding(
            finding_id="whose-parts:case",
            question="whose-parts",
            on=as_of,
            statement="whose-parts.case.refused",
            values={**counts, "why": StatedValue(why), "enough": StatedValue(enough)},
            result=Result(method=METHOD, version=VERSION, n_used=0, refused=Refusal(why, enough)),
        )
    shares = Shares([p for own in parts.values() for p in own])
    n_bare = items.height - len(listed)
    n_most = max(len(own) for own in parts.values())
    return Finding(
        finding_id="whose-parts:case",
        question="whose-parts",
        on=as_of,
        statement="whose-parts.case",
        values={**counts, **shares.values(day)},
        result=shares.result(
            day,
            listing=Assumption(
                "Parts of all items may be counted together",
                "weak",
                "an item taken apart further weighs more: these are counts of a listing, not of what is fitted",
            ),
            diagnostics=(Diagnostic("parts of the item listed longest", n_most, f"of {len(shares.parts)}"),),
            left_out=(LeftOut("no part of the item is listed", n_bare),) if n_bare else (),
        ),
        supports=listed,
    )


def _item(
    item: Mapping[str, object],
    parts: Sequence[ListedPart],
    examined: Examined,
    day: DayAsked,
    as_of: date | None,
) -> Finding:
    item_id, shares = str(item["item_id"]), Shares(parts)
    itself = Reference("item", item_id)
    n, complete = examined.of_item(item_id)
    why = f"{len(complete)} of {n} examinations {'is' if len(complete) == 1 else 'are'} stated to be complete"
    is_list = item["stands_for"] == "several"
    if is_list:
        why += "; the list may mix several items"
    return Finding(
        finding_id=f"whose-parts:{item_id}",
        question="whose-parts",
        on=as_of,
        statement="whose-parts.item",
        values={
            "item": StatedValue(item_name(item), None, (itself,)),
            **shares.values(day),
            "n_examinations": StatedValue(n, "examinations", (itself,)),
            "n_complete": StatedValue(
                len(complete), "examinations", tuple(Reference("examination", e) for e in complete)
            ),
        },
        subject={"item_id": item_id},
        result=shares.result(
            day,
            listing=Assumption(
                "What is not listed was not looked for, or is not there: which of the two is not known",
                "ok" if complete and len(complete) == n and not is_list else "weak",
                why,
            ),
        ),
        supports=shares.references,
    )
