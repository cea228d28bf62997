"""The tables of whose-parts: countries of the brands, the items one by one, and the makers.

Invariant: every number is one of `composition`, a sum over its items, or a value of the item's own finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from taggant.report.brand_chart import Brand, brand_charts, brands, levels
from taggant.report.cells import Cell, Way
from taggant.report.dossier import Dossier, Finding
from taggant.report.finding_view import whole_percent
from taggant.report.links import anchor
from taggant.report.phrases import day, integer, label
from taggant.report.sections import (
    Extra,
    Group,
    Heading,
    Line,
    Section,
    count_cell,
    members_cell,
    named_cell,
)
from taggant.report.visible import visible

COUNTRIES_MOST = 4
"""Countries with a column of their own among the items."""

MAKERS_MOST = 25
ITEMS_MOST = 60
_NAMED_MOST = 3
_ITEM = "whose-parts.item"


def listed_parts_view(dossier: Dossier, findings: Sequence[Finding], way: Way) -> Extra:
    """What does the page of whose-parts show beside its findings?

    Parameters
    ----------
    dossier : Dossier
        With the table `composition`.
    findings : sequence of dict
        Of whose-parts.
    way : callable
        Where things are.

    Returns
    -------
    Extra
        A chart and up to three tables; nothing when no part is listed.

    Notes
    -----
    *Assumes:* findings of items are on the same page.
    *Not for:* comparing items: how many parts are listed depends on how far each was taken apart.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> listed_parts_view(Dossier(case=case, answers={}, frames={}), [], lambda t, k: None).sections
    ()
    """
    some = brands(dossier)
    return Extra(
        charts=brand_charts(some),
        sections=(
            *_countries(dossier, some, way),
            *_items(dossier, some, findings, way),
            *_makers(dossier, way),
        ),
    )


def percent_words(low: float, high: float) -> str:
    """How is a share written when what cannot be told is counted both ways?

    Parameters
    ----------
    low, high : float
        From 0 to 1.

    Returns
    -------
    str
        Whole percent.

    Notes
    -----
    *Assumes:* `low` is not above `high`.
    *Not for:* reading shares back: the table has them in full.

    Examples
    --------
    >>> percent_words(0.142857, 0.285714), percent_words(0.5, 0.5), percent_words(0.003, 0.05)
    ('14 – 29 %', '50 %', '< 1 – 5 %')
    """
    return f"{' – '.join(dict.fromkeys((whole_percent(low), whole_percent(high))))} %"


def _countries(dossier: Dossier, some: tuple[Brand, ...], way: Way) -> tuple[Section, ...]:
    """The chart as a table: every country, each with an anchor of its own."""
    n_all, n_untold = sum(b.n for b in some), sum(b.n for b in some if b.code is None)
    if not n_all:
        return ()
    lines = []
    for brand in some:
        could_be = brand.n if brand.code is None else brand.n + n_untold
        cells = (
            named_cell(brand.name),
            count_cell(brand.n),
            count_cell(could_be),
            named_cell(percent_words(brand.n / n_all, could_be / n_all)),
            count_cell(len(brand.by_item)),
            members_cell(_where_most(dossier, brand.by_item, way)),
        )
        lines.append(Line(cells, brand.anchor))
    columns = (
        Heading(label("country")),
        Heading(label("parts-listed"), True),
        Heading(label("parts-at-most"), True),
        Heading(label("share-of-parts"), True),
        Heading(label("in-items"), True),
        Heading(label("most-in")),
    )
    return (
        Section(
            heading=label("brands"), table="composition", columns=columns, groups=(Group(tuple(lines)),),
            look="few", is_named=True,
        ),
    )  # fmt: skip


def _where_most(dossier: Dossier, by_item: Mapping[str, int], way: Way) -> list[tuple[str, str | None]]:
    """The items with most of them, each with its number; the rest as a number."""
    ordered = sorted(by_item.items(), key=lambda pair: (-pair[1], pair[0]))
    named = [(f"{dossier.name('item', key)} ({integer(n)})", way("item", key)) for key, n in ordered[:_NAMED_MOST]]
    n_rest = len(ordered) - len(named)
    return [*named, (label("and-more", {"n": n_rest}), None)] if n_rest else [*named]


def _items(dossier: Dossier, some: tuple[Brand, ...], findings: Sequence[Finding], way: Way) -> tuple[Section, ...]:
    """A row an item with listed parts, most parts first."""
    own = [f for f in findings if f["statement"]["key"] == _ITEM and f["subject"].get("item_id")]
    if not own:
        return ()
    top = [b for b in some if b.code is not None][:COUNTRIES_MOST]
    rest = [b for b in some if b.code is not None][COUNTRIES_MOST:]
    untold = [b for b in some if b.code is None]
    own.sort(key=lambda f: (-f["statement"]["values"]["n_components"]["value"], f["subject"]["item_id"]))
    after = own[0]["statement"]["values"]["after"]["value"]
    columns = (
        Heading(label("item")),
        Heading(label("parts-listed"), True),
        Heading(label("marks-different"), True),
        Heading(label("makers"), True),
        *(Heading(b.name, True) for b in top),
        *((Heading(label("other-countries"), True),) if rest else ()),
        Heading(label("not-listed"), True),
        Heading(label("dated"), True),
        Heading(label("made-after", {"after": day(after)}), True),
        Heading(label("tier-1"), True),
    )
    lines = []
    for finding in own[:ITEMS_MOST]:
        key = finding["subject"]["item_id"]
        said = {name: value["value"] for name, value in finding["statement"]["values"].items()}
        row = dossier.row("item", key) or {}
        under = [(label("item-several"), None)] if row.get("stands_for") == "several" else []
        sure, possible = said["n_surely_after"], said["n_possibly_after"]
        after_words = integer(sure) if sure == possible else f"{integer(sure)} – {integer(possible)}"
        cells: tuple[Cell | None, ...] = (
            named_cell(dossier.name("item", key), href=way("item", key), under=under),
            count_cell(said["n_components"], href=f"#{anchor('rests', finding['id'])}"),
            count_cell(said["n_marks"]),
            count_cell(said["n_makers"]),
            *(count_cell(b.by_item.get(key, 0)) for b in top),
            *((count_cell(sum(b.by_item.get(key, 0) for b in rest)),) if rest else ()),
            count_cell(sum(b.by_item.get(key, 0) for b in untold)),
            count_cell(said["n_dated"]),
            named_cell(after_words),
            count_cell(said["n_tier_1"]),
        )
        lines.append(Line(cells))
    return (
        Section(
            heading=label("item-by-item"), table="composition", columns=columns, groups=(Group(tuple(lines)),),
            n_more=len(own) - len(lines), note=label("item-by-item-note"), look="matrix", is_named=True,
        ),
    )  # fmt: skip


def _makers(dossier: Dossier, way: Way) -> tuple[Section, ...]:
    """The makers of the case, most parts first; those that cannot be told last."""
    counts = levels(dossier, "maker")
    told = sorted(
        ((name, own) for name, own in counts.items() if name is not None),
        key=lambda pair: (-sum(pair[1].values()), pair[0]),
    )
    shown: list[tuple[str, Mapping[str, int]]] = [(visible(name), own) for name, own in told[:MAKERS_MOST]]
    if None in counts:
        shown.append((label("maker-untold"), counts[None]))
    if not shown:
        return ()
    lines = tuple(
        Line((
            named_cell(name),
            count_cell(sum(own.values())),
            count_cell(len(own)),
            members_cell(_where_most(dossier, own, way)),
        ))
        for name, own in shown
    )  # fmt: skip
    columns = (
        Heading(label("maker")),
        Heading(label("parts-listed"), True),
        Heading(label("in-items"), True),
        Heading(label("found-in")),
    )
    return (
        Section(
            heading=label("makers-told"), table="composition", columns=columns, groups=(Group(lines),),
            n_more=max(len(told) - MAKERS_MOST, 0), look="few", is_named=True,
        ),
    )  # fmt: skip
