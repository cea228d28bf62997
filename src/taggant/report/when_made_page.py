"""What the page of when-made draws upon: its view, its charts, and where each value leads.

Invariant: the page shows the view of `view.when_made` and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from markupsafe import Markup

from taggant.report.cells import Way
from taggant.report.chart_forms import both_forms
from taggant.report.charts import NARROW, WIDE, drawn_items, left_of_chart, when_made_spec
from taggant.report.dossier import Dossier
from taggant.report.links import anchor
from taggant.report.phrases import label, questions
from taggant.report.view import QUESTION, ItemView, WhenMade, when_made


def when_made_context(dossier: Dossier, *, way: Way) -> dict[str, Any]:
    """What does the page of when-made show?

    Parameters
    ----------
    dossier : Dossier
        With `made_range` among its tables.
    way : callable
        Where things are, as links on this page.

    Returns
    -------
    dict
        Names of the template → what stands for them.

    Raises
    ------
    InputError
        A finding or table lacks what the page must show.

    Notes
    -----
    *Assumes:* one finding an item.
    *Not for:* other questions.

    Examples
    --------
    >>> import polars as pl
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> empty = Dossier(case=case, answers={"when-made": []}, frames={"made_range": pl.DataFrame()})
    >>> when_made_context(empty, way=lambda t, k: None)["charts"]
    ()
    """
    findings = dossier.answers[QUESTION]
    answer = when_made(findings, dossier.frames, lang=dossier.case.language)
    known = frozenset({i.anchor for i in answer.items} | {p.anchor for i in answer.items for p in i.parts})
    first_year, n_earlier = left_of_chart(answer.items)

    def item_link(item: ItemView) -> Callable[[str, Sequence[str]], str]:
        return partial(_link, known, _parts_anchor(item))

    return {
        "answer": answer,
        "title": questions(lang=dossier.case.language)[QUESTION],
        "charts": _charts(answer.items),
        "n_not_drawn": len(answer.items) - len(drawn_items(answer.items)),
        "n_earlier": n_earlier,
        "first_year": str(first_year),
        "has_tolerance": any(p.tolerance_days for i in answer.items for p in i.parts),
        "methods": sorted({f"{f['method']} {f['version']}" for f in findings}),
        "left_out": _left_out(answer),
        "case_link": partial(_link, known, "items"),
        "item_link": item_link,
        "parts_anchor": _parts_anchor,
        "way": way,
    }


def _link(known: frozenset[str], otherwise: str, _name: str, references: Sequence[str]) -> str:
    """The one row a value rests on; the table that holds them all when they are several, or not on the page."""
    found = {a for a in map(_anchor_of, references) if a in known}
    return f"#{found.pop() if len(found) == 1 else otherwise}"


def _anchor_of(reference: str) -> str:
    kind, _, key = reference.partition(":")
    return anchor("component", key.rpartition("|")[0]) if kind == "made_range" else anchor(kind, key)


def _parts_anchor(item: ItemView) -> str:
    return anchor("parts", item.item_id)


def _charts(items: Sequence[ItemView]) -> tuple[Markup, ...]:
    """The chart twice: for wide and for narrow pages; CSS shows one. None when nothing is dated."""
    if left_of_chart(items)[0] is None:
        return ()
    wide, narrow = (when_made_spec(items, size=size) for size in (WIDE, NARROW))
    return both_forms("when-made", wide, narrow, title=label("chart-title"), desc=label("chart-desc"))


def _left_out(answer: WhenMade) -> list[Mapping[str, Any]]:
    """What the case's finding left out; without one, what the items' findings did, by reason."""
    if answer.case is not None and answer.case["left_out"]:
        return list(answer.case["left_out"])
    counts: dict[str, int] = {}
    for item in answer.items:
        for x in item.finding["left_out"]:
            counts[x["why"]] = counts.get(x["why"], 0) + x["n"]
    return [{"why": why, "n": n} for why, n in sorted(counts.items(), key=lambda w: (-w[1], w[0]))]
