"""Who had it when: transfers in order of time, what was seen and what is only inferred, and where nothing is known.

Invariant: an inferred link never closes a gap: the last one surely known to have held a thing is the last observed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from taggant.model.derived_tables import DERIVED
from taggant.model.tables import frame_schema
from taggant.tracing.parties import PartyBook

_FAR = date(9999, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The changes of hands of one thing.

    Attributes
    ----------
    name : str
        `item:…`, `component:…` or `goods:…`.
    links : tuple of mapping
        Rows of `custody_link`, in order.
    holder : str or None
        The last one surely known to have held it: who received it last in an observed link.
    held_from : date or None
        Since no later than this day.
    lost_by : date or None
        By this day it was no longer there: it was recovered, or an inferred link gives it away.
    """

    name: str
    links: tuple[Mapping[str, Any], ...]
    holder: str | None
    holder_id: str | None
    held_from: date | None
    lost_by: date | None

    @property
    def n_observed(self) -> int:
        """Links somebody saw."""
        return sum(link["shown_as"] == "observed" for link in self.links)


def custody_links(transfer: pl.DataFrame, book: PartyBook) -> pl.DataFrame:
    """Which hands did each thing go through, in order?

    Parameters
    ----------
    transfer : polars.DataFrame
    book : PartyBook

    Returns
    -------
    polars.DataFrame
        Table `custody_link`. A transfer of an item is of the item's chain; of a component, of the component's; of
        neither, of goods of that name. One without a stated manner counts as inferred.

    Notes
    -----
    *Assumes:* the first possible day orders links; of one day, the one whose giver received it just before comes later.
    *Not for:* trade as a whole.

    Examples
    --------
    >>> from taggant.model.typed_tables import TYPED
    >>> none = pl.DataFrame(schema=frame_schema(TYPED["transfer"]))
    >>> custody_links(none, PartyBook({}, {}, {})).height
    0
    """
    chains: dict[str, list[dict[str, Any]]] = {}
    for row in transfer.iter_rows(named=True):
        chains.setdefault(_chain_of(row), []).append(row)
    made: list[dict[str, Any]] = []
    for name, rows in sorted(chains.items()):
        rows.sort(key=lambda r: (r["on_from"] or r["on_until"] or _FAR, r["on_until"] or _FAR, r["transfer_id"]))
        before: str | None = None
        for n, row in enumerate(rows):
            giver, taker = row["from_party"], row["to_party"]
            gap = None
            if taker is None:
                gap = "who received it is not known"
            elif giver is None:
                gap = "who gave it is not known"
            elif n and before is not None and _differ(before, giver, book):
                gap = f"between {before} and {giver} nothing is known"
            made.append(
                {
                    "link_id": f"{name}#{n + 1}", "chain": name, "n": n + 1, "transfer_id": row["transfer_id"],
                    "shipment_id": row["shipment_id"], "item_id": row["item_id"], "component_id": row["component_id"],
                    "what": row["what"], "from_party": giver, "from_party_id": book.find(giver), "to_party": taker,
                    "to_party_id": book.find(taker), "on_from": row["on_from"], "on_until": row["on_until"],
                    "shown_as": row["shown_as"] or "inferred", "gap": gap, "source_id": row["source_id"],
                }
            )  # fmt: skip
            before = taker if taker is not None else before
    return pl.DataFrame(made, schema=frame_schema(DERIVED["custody_link"]))


def _differ(one: str, other: str, book: PartyBook) -> bool:
    a, b = book.find(one), book.find(other)
    return a != b if a is not None and b is not None else one.casefold() != other.casefold()


def _chain_of(row: Mapping[str, Any]) -> str:
    if row["item_id"] is not None:
        return f"item:{row['item_id']}"
    if row["component_id"] is not None:
        return f"component:{row['component_id']}"
    return f"goods:{row['what'] or row['transfer_id']}"


def chains_of(links: pl.DataFrame, item: pl.DataFrame, component: pl.DataFrame) -> list[Chain]:
    """What is known of each thing's way: who held it last for sure, since when, and by when it was gone?

    Parameters
    ----------
    links : polars.DataFrame
        Table `custody_link`.
    item, component : polars.DataFrame
        For the day a thing was recovered.

    Returns
    -------
    list of Chain
        Things first, goods after, by name.

    Notes
    -----
    *Assumes:* a thing recovered had left its lawful holder before.
    *Not for:* saying who diverted it: the point of diversion is a span of time and a place last known.

    Examples
    --------
    >>> none = pl.DataFrame(schema=frame_schema(DERIVED["custody_link"]))
    >>> chains_of(none, pl.DataFrame(), pl.DataFrame())
    []
    """
    seen: dict[str, date] = {}
    if item.height:
        for row in item.iter_rows(named=True):
            days = [d for d in (row["recovered_until"], row["known_until"]) if d is not None]
            if days:
                seen[f"item:{row['item_id']}"] = min(days)
    if component.height:
        for row in component.iter_rows(named=True):
            day = seen.get(f"item:{row['item_id']}")
            if day is not None:
                seen[f"component:{row['component_id']}"] = day
    found = []
    for (name,), rows in links.group_by("chain", maintain_order=True):
        ordered = tuple(rows.sort("n").to_dicts())
        found.append(_chain(str(name), ordered, seen.get(str(name))))
    return sorted(found, key=lambda c: (c.name.startswith("goods:"), c.name))


def _chain(name: str, links: tuple[Mapping[str, Any], ...], recovered: date | None) -> Chain:
    observed = [k for k, link in enumerate(links) if link["shown_as"] == "observed" and link["to_party"] is not None]
    last = observed[-1] if observed else None
    holder = holder_id = held = None
    if last is not None:
        holder, holder_id = links[last]["to_party"], links[last]["to_party_id"]
        held = links[last]["on_until"]
    after = links[(last + 1 if last is not None else 0) :]
    ends = [link["on_until"] for link in after if link["on_until"] is not None]
    if recovered is not None:
        ends.append(recovered)
    return Chain(
        name=name, links=links, holder=holder, holder_id=holder_id, held_from=held, lost_by=min(ends) if ends else None
    )
