"""What may be set side by side: items examined alike and completely; and a listed brand beside what the mark tells.

Invariant: counts of listed parts hang on how far a teardown went. Without two complete examinations of the same module
at one depth there is no comparison, but a refusal that says what would be enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from taggant.estimation.listed_parts import ListedPart
from taggant.model.finding import Finding, Reference, StatedValue
from taggant.model.result import Assumption, Changed, Diagnostic, Interval, Refusal, Result

METHOD, VERSION = "equal-depth-counts-v1", "1"
DISAGREEMENT_METHOD, DISAGREEMENT_VERSION = "listed-against-marked-v1", "1"


def item_name(item: Mapping[str, object]) -> str:
    """How is an item called in a sentence?

    Parameters
    ----------
    item : mapping
        A row of table `item`.

    Returns
    -------
    str

    Notes
    -----
    Assumes: nothing. Not for: telling items apart; that is what `item_id` is for.

    Examples
    --------
    >>> item_name({"item_id": "x", "kind": "uav", "designation": "Kestrel", "serial_as_marked": None})
    'Kestrel (x)'
    """
    return f"{item['designation'] or item['kind']} {item['serial_as_marked'] or '(' + str(item['item_id']) + ')'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeGroup:
    """Items of one kind of which one module was examined to one depth, each completely; module None: the whole item."""

    kind: str
    module: str | None
    depth: str
    examinations: Mapping[str, str]
    """Item → the examination that lists it completely."""


class Examined:
    """The items of a case, how they were examined, and what was listed of them."""

    def __init__(
        self, items: pl.DataFrame, examinations: pl.DataFrame, parts: Mapping[str, Sequence[ListedPart]]
    ) -> None:
        self.items = {str(it["item_id"]): it for it in items.iter_rows(named=True)}
        self.examinations = examinations.sort("examination_id").to_dicts()
        self.parts = parts

    @property
    def complete(self) -> list[dict[str, object]]:
        """The examinations stated to be complete."""
        return [e for e in self.examinations if e["complete"] is True]

    def of_item(self, item_id: str) -> tuple[int, list[str]]:
        """Give how many examinations an item has, and which of them are stated to be complete."""
        own = [e for e in self.examinations if e["item_id"] == item_id]
        return len(own), [str(e["examination_id"]) for e in own if e["complete"] is True]

    def groups(self) -> list[AlikeGroup]:
        """Give the groups of two items and more that may be compared.

        Lists that may mix several items are in none; where no part is listed at all there is nothing to compare.
        """
        found: dict[tuple[str, str, str], dict[str, str]] = {}
        for e in self.complete:
            item = self.items.get(str(e["item_id"]))
            if item is None or item["stands_for"] == "several" or e["depth"] is None:
                continue
            key = (str(item["kind"]), str(e["module"] or ""), str(e["depth"]))
            found.setdefault(key, {}).setdefault(str(e["item_id"]), str(e["examination_id"]))
        return [
            AlikeGroup(kind=kind, module=module or None, depth=depth, examinations=own)
            for (kind, module, depth), own in sorted(found.items())
            if len(own) > 1 and any(any(self.placed(i, module or None)) for i in own)
        ]

    def placed(self, item_id: str, module: str | None) -> tuple[list[ListedPart], list[ListedPart]]:
        """Give the parts listed in a module of an item, and those that are placed in none and may belong there."""
        own = self.parts.get(item_id, ())
        if module is None:
            return list(own), []
        return [p for p in own if p.module == module], [p for p in own if p.module is None]


def compare(examined: Examined, *, on: date | None) -> list[Finding]:
    """Which items may be compared by their listed parts, and what do they show?

    Parameters
    ----------
    examined : Examined
    on : date or None
        The day the answer is for.

    Returns
    -------
    list of Finding
        One per group of items of which the same module was examined to the same depth, each completely; or one refusal.

    Notes
    -----
    Assumes: "complete" is meant of every part a person could list at that depth.
    Not for: items examined unequally: their totals say how long somebody looked.
    """
    groups = examined.groups()
    return [_compared(examined, g, on) for g in groups] or [_refused(examined, on)]


def _compared(examined: Examined, group: AlikeGroup, on: date | None) -> Finding:
    placed = {i: examined.placed(i, group.module) for i in group.examinations}
    least = min(placed, key=lambda i: (len(placed[i][0]), i))
    most = max(placed, key=lambda i: (len(placed[i][0]), i))
    makers = [{p.maker for p in own if p.maker is not None} for own, _ in placed.values()]
    shared, every = set.intersection(*makers), set.union(*makers)
    n_unplaced = sum(len(unplaced) for _, unplaced in placed.values())
    references = {i: (Reference("item", i), *(p.reference for p in own)) for i, (own, _) in placed.items()}
    every_part = [p for own, _ in placed.values() for p in own]
    return Finding(
        finding_id=f"whose-parts:compare:{group.kind}:{group.module or 'whole'}:{group.depth}",
        question="whose-parts",
        on=on,
        statement="whose-parts.compare",
        values={
            "kind": StatedValue(group.kind),
            "module": StatedValue(group.module),
            "depth": StatedValue(group.depth),
            "n_items": StatedValue(len(placed), "items", tuple(Reference("item", i) for i in placed)),
            "least_item": StatedValue(item_name(examined.items[least]), None, (Reference("item", least),)),
            "n_least": StatedValue(len(placed[least][0]), "components", references[least]),
            "most_item": StatedValue(item_name(examined.items[most]), None, (Reference("item", most),)),
            "n_most": StatedValue(len(placed[most][0]), "components", references[most]),
            "n_shared_makers": StatedValue(
                len(shared), "makers", tuple(p.reference for p in every_part if p.maker in shared)
            ),
            "n_any_makers": StatedValue(
                len(every), "makers", tuple(p.reference for p in every_part if p.maker is not None)
            ),
        },
        subject={"module": group.module} if group.module is not None else {},
        result=Result(
            method=METHOD,
            version=VERSION,
            n_used=len(placed),
            headline=Interval(
                low=min(len(own) for own, _ in placed.values()),
                high=max(len(own) + len(unplaced) for own, unplaced in placed.values()),
                interval="from the shortest listing to the longest, unplaced parts counted both ways",
                unit="components of an item",
            ),
            assumptions=(
                Assumption(
                    "Complete means the same to everybody who examined",
                    "weak",
                    "sources state that a listing is complete, not what was left out as too small to list",
                ),
                Assumption(
                    "A maker that cannot be told is none of those named",
                    "weak" if any(p.maker is None for p in every_part) else "ok",
                    f"{sum(p.maker is None for p in every_part)} of {len(every_part)} parts have no maker told",
                ),
            ),
            diagnostics=(
                Diagnostic("parts placed in no module", n_unplaced, "they may belong to this one, or to another"),
            ),
            sensitivity=(
                Changed(
                    "without the parts placed in no module",
                    len(placed[least][0]),
                    len(placed[most][0]),
                ),
            ),
        ),
        supports=tuple(Reference("examination", e) for e in group.examinations.values()),
    )


def _refused(examined: Examined, on: date | None) -> Finding:
    complete, n = examined.complete, len(examined.examinations)
    why = (
        "how many parts are listed depends on how far an item was taken apart, and no two items of one kind have the "
        "same module examined to the same depth and stated to be complete"
    )
    enough = "two items of one kind with the same module examined to the same depth, each stated to be complete"
    return Finding(
        finding_id="whose-parts:compare",
        question="whose-parts",
        on=on,
        statement="whose-parts.compare.refused",
        values={
            "n_examinations": StatedValue(
                n,
                "examinations",
                tuple(Reference("examination", str(e["examination_id"])) for e in examined.examinations),
            ),
            "n_complete": StatedValue(
                len(complete),
                "examinations",
                tuple(Reference("examination", str(e["examination_id"])) for e in complete),
            ),
            "why": StatedValue(why),
            "enough": StatedValue(enough),
        },
        result=Result(method=METHOD, version=VERSION, n_used=0, refused=Refusal(why, enough)),
    )


def disagreements(candidates: pl.DataFrame, items: pl.DataFrame, *, on: date | None) -> list[Finding]:
    """Which parts are listed under one house's name while mark or maker tell another?

    Parameters
    ----------
    candidates, items : polars.DataFrame
        Tables `part_candidate` and `item`.
    on : date or None
        The day the answer is for.

    Returns
    -------
    list of Finding
        One a part, by item and component.

    Notes
    -----
    Assumes: a part family is made by the house the reference names.
    Not for: saying which of the two is wrong: the listing, the reading, or the mark itself.
    """
    by_id = {str(it["item_id"]): it for it in items.iter_rows(named=True)}
    apart = candidates.filter(pl.col("disagreement").is_not_null()).sort("item_id", "component_id")
    return [_disagreement(c, by_id, on) for c in apart.iter_rows(named=True)]


def _disagreement(c: Mapping[str, object], items: Mapping[str, Mapping[str, object]], on: date | None) -> Finding:
    itself = Reference("component", str(c["component_id"]))
    item_id = str(c["item_id"])
    part_number, brand, maker = (_text(c[n]) for n in ("disagreement_part", "brand", "disagreement_maker"))
    name = item_name(items[item_id]) if item_id in items else item_id
    return Finding(
        finding_id=f"whose-parts:disagreement:{itself.id}",
        question="whose-parts",
        on=on,
        statement="whose-parts.disagreement" if part_number else "whose-parts.disagreement.told",
        values={
            "component": StatedValue(itself.id, None, (itself,)),
            "item": StatedValue(name, None, (Reference("item", item_id),)),
            "brand": StatedValue(brand, None, (itself,)),
            "maker": StatedValue(maker, None, (itself,)),
            "marking": StatedValue(_text(c["marking"]), None, (itself,)),
            "part_number": StatedValue(part_number, None, (itself,)),
        },
        subject={"item_id": item_id},
        result=Result(
            method=DISAGREEMENT_METHOD,
            version=DISAGREEMENT_VERSION,
            n_used=1,
            headline=Interval(
                low=0, high=1, interval="unknown counted both ways", unit="parts made by the house listed"
            ),
            assumptions=(
                Assumption(
                    "The part number belongs to one house alone",
                    "ok" if part_number else "untestable",
                    "so the reference has it" if part_number else f"no family tells it, but the {c['maker_basis']}",
                ),
                Assumption("The mark is genuine and read right", "untestable", "no photograph is compared here"),
            ),
        ),
        supports=(itself,),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
