"""Who copied whom, as a graph: from each root to the sources that relay it, stated or suggested.

Invariant: an edge stands once for each pair, with the claims that rest on it; drawing makes no suggestion a statement.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer
from taggant.model.tables import frame_schema

if TYPE_CHECKING:
    from taggant.model.tables import Table


def draw_lineage(
    *, claim: Table, claim_root: Table, source: Table, suggested_relay: Table, as_of: date | None
) -> Answer:
    """Which source relays which, and how is that known?

    Parameters
    ----------
    claim, claim_root, source, suggested_relay : Table
        As declared in `model`.
    as_of : date or None
        Not used: who copied whom does not hang on the day asked.

    Returns
    -------
    Answer
        Table `lineage`: a row for each pair, the origin nearer to the root.

    Notes
    -----
    *Assumes:* a link of a chain relays the next one; a described origin has no day of its own.
    *Not for:* how often something was repeated in public: only sources of the case are counted.
    """
    del as_of
    sources = {r["source_id"]: r for r in source.collect().iter_rows(named=True)}
    said = {
        r["claim_id"]: r["said_from"] for r in claim.select("claim_id", "said_from").collect().iter_rows(named=True)
    }
    found: dict[tuple[str, str], dict[str, Any]] = {}
    days: dict[str, list[date]] = defaultdict(list)
    for row in claim_root.collect().sort("claim_id").iter_rows(named=True):
        links = row["links"] or []
        if links and said.get(row["claim_id"]) is not None:
            days[links[0]].append(said[row["claim_id"]])
        for relay, origin in itertools.pairwise(links):
            edge = found.setdefault((origin, relay), {"how": "stated", "claims": [], "reasons": None})
            edge["claims"].append(row["claim_id"])
    for row in suggested_relay.collect().iter_rows(named=True):
        origin, relay = row["origin_source_id"], row["relay_source_id"]
        if origin is not None and relay is not None and (origin, relay) not in found:
            found[origin, relay] = {"how": "suggested", "claims": [], "reasons": row["reasons"]}
    rows = [
        {
            "origin": origin, "relay": relay, "how": edge["how"], "n_claims": len(edge["claims"]),
            "claims": edge["claims"] or None, "reasons": edge["reasons"],
            "origin_source_id": origin if origin in sources else None,
            "relay_source_id": relay if relay in sources else None,
            "origin_on": _day(origin, sources, days), "relay_on": _day(relay, sources, days),
        }
        for (origin, relay), edge in sorted(found.items())
    ]  # fmt: skip
    return Answer({"lineage": pl.DataFrame(rows, schema=frame_schema(DERIVED["lineage"]))})


def _day(name: str, sources: Mapping[str, Mapping[str, Any]], days: Mapping[str, list[date]]) -> date | None:
    """The day a source was published; else the first day it is said to have said something."""
    row = sources.get(name)
    if row is not None and row["published_from"] is not None:
        published: date = row["published_from"]
        return published
    return min(days[name]) if days.get(name) else None
