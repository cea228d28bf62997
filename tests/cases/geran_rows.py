"""Reads the files of the real case as they lie, without the package's own readers, for the tests of that case."""

from __future__ import annotations

import csv
import re
from importlib.resources import files

CASE = files("taggant").joinpath("cases", "geran")
TABLES = (
    "sources", "incidents", "items", "examinations", "observations", "features", "references", "components", "markings",
    "claims", "use", "commitments", "hypotheses", "likelihoods", "parties", "transfers",
)  # fmt: skip
Row = dict[str, str]


def rows(table: str) -> list[Row]:
    """Give the rows of a table; a row longer or shorter than its header is an error."""
    lines = CASE.joinpath(f"{table}.csv").read_text(encoding="utf-8").splitlines()
    typed = list(csv.reader(lines, strict=True))
    header = typed[0]
    assert len(header) == len(set(header)), table
    return [dict(zip(header, row, strict=True)) for row in typed[1:]]


def relays() -> dict[str, list[str]]:
    """Give the sources each source repeats, nearest first."""
    return {row["source_id"]: [x for x in row["relays"].split(";") if x] for row in rows("sources")}


def chain(row: Row) -> list[str]:
    """Give the sources a claim came through, as its own cell says."""
    return [x for x in row["via"].split(";") if x and x != "own" and not x.startswith('"')]


def sources_reached() -> set[str]:
    """Give every source that is opened, or repeated by an opened one over any number of steps."""
    steps = relays()
    reached = {row["source_id"] for row in rows("sources") if row["url"]}
    reached |= {x for row in rows("claims") for x in chain(row)}
    queue = list(reached)
    while queue:
        for step in steps[queue.pop()]:
            if step not in reached:
                reached.add(step)
                queue.append(step)
    return reached


def address(row: Row) -> str:
    """Give the address a row leads to: its own, or its source's; nothing when neither is one."""
    sources = {s["source_id"]: s["url"] for s in rows("sources")}
    found = row.get("locator") or sources[row["source_id"]]
    return found if re.match(r"https?://\S+$", found) else ""
