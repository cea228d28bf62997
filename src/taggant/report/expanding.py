"""What lies around one part or party: hands that met it, then the hands that met those, as far as asked.

Invariant: a node's layer is the least number of changes of hands between it and the start; no link is drawn that no row
states.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from taggant.errors import UnknownName

_SEEN = "observed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One box: a party, a thing, or somebody not known.

    Attributes
    ----------
    name : str
        Party id, `item:…`, the name as written, or `? after …`, `? before …`.
    words : str
        What is written in it.
    kind : str
        "party" (a row of the case), "name" (as written on papers only), "thing" or "unknown".
    layer : int
        Steps from the start.
    """

    name: str
    words: str
    kind: str
    layer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """All links from one node to another, reached in this step; `of_thing` leads from a thing to hands it met."""

    step: int
    one: str
    other: str
    n: int
    n_observed: int
    of_thing: bool
    what: tuple[str, ...]
    first_on: date | None
    last_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """What lies within so many steps of a start.

    Attributes
    ----------
    start : str
    steps : int
    nodes : tuple of Node
        By layer, then name.
    arrows : tuple of Arrow
    rows : tuple of mapping
        The rows of `trade_link` drawn, each with `step`: in which it was reached.
    n_beyond : int
        Links that lead on from the last layer.
    """

    start: str
    steps: int
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    rows: tuple[Mapping[str, Any], ...]
    n_beyond: int

    def as_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "start": self.start,
            "steps": self.steps,
            "nodes": [{"name": n.name, "words": n.words, "kind": n.kind, "layer": n.layer} for n in self.nodes],
            "links": [
                {
                    "step": a.step, "from": a.one, "to": a.other, "n": a.n, "n_observed": a.n_observed,
                    "of_thing": a.of_thing, "what": list(a.what),
                    "first_on": None if a.first_on is None else a.first_on.isoformat(),
                    "last_until": None if a.last_until is None else a.last_until.isoformat(),
                }
                for a in self.arrows
            ],
            "rows": [dict(row) for row in self.rows],
            "n_beyond": self.n_beyond,
        }  # fmt: skip


def expand(
    links: Sequence[Mapping[str, Any]],
    start: str,
    *,
    steps: int,
    parties: Mapping[str, Mapping[str, Any]],
    things: Iterable[str] = (),
) -> Expansion:
    """Who and what lies within so many changes of hands of this part or party?

    Parameters
    ----------
    links : sequence of mapping
        Rows of `trade_link`.
    start : str
        A party (id, name or alias, or a name as papers write it), or the id of an item or component.
    steps : int
        How far, 1 or more.
    parties : mapping of str to mapping
        Party id → its row.
    things : iterable of str
        Ids of items and components of the case, which may be in no link.

    Returns
    -------
    Expansion

    Raises
    ------
    UnknownName
        Nobody and nothing bears this name.

    Notes
    -----
    *Assumes:* a name is a party; a thing met all the hands its rows name.
    *Not for:* blame: who stands near a thing in papers need have done nothing.

    Examples
    --------
    >>> row = {"link_id": "1", "from_party": "A", "to_party": "B", "shown_as": "observed", "on_from": None}
    >>> found = expand([row, row | {"from_party": "B", "to_party": "C"}], "A", steps=1, parties={})
    >>> [(n.name, n.layer) for n in found.nodes], found.n_beyond
    ([('A', 0), ('B', 1)], 1)
    """
    ends = [(_end(row, "from"), _end(row, "to")) for row in links]
    first, is_thing = _start(links, ends, start, parties, things)
    layer: dict[str, int] = {first: 0}
    step_of: dict[int, int] = {}
    edge = {first}
    for step in range(1, steps + 1):
        reached: set[str] = set()
        for k, (row, pair) in enumerate(zip(links, ends, strict=True)):
            if k in step_of:
                continue
            of_start = step == 1 and is_thing and first in (row.get("item_id"), row.get("component_id"))
            if of_start or edge & set(pair):
                step_of[k] = step
                reached |= {node for node in pair if node not in layer}
        layer |= dict.fromkeys(reached, step)
        edge = reached
    # A link between two of the last layer is within, too; but one step from a thing are its own links only.
    if not (is_thing and steps == 1):
        for k, pair in enumerate(ends):
            if k not in step_of and pair[0] in layer and pair[1] in layer:
                step_of[k] = max(layer[pair[0]], layer[pair[1]])
    beyond = sum(k not in step_of and bool(set(pair) & layer.keys()) for k, pair in enumerate(ends))
    chosen = [
        (k, links[k], ends[k])
        for k in sorted(step_of, key=lambda k: (step_of[k], links[k].get("on_from") or date.max, k))
    ]
    arrows = _arrows([({**row, "step": step_of[k]}, pair) for k, row, pair in chosen], of_thing=False)
    if is_thing:
        own = [
            ({**row, "step": 1}, (first, node)) for _, row, pair in chosen for node in pair
            if first in (row.get("item_id"), row.get("component_id"))
        ]  # fmt: skip
        arrows += _arrows(own, of_thing=True)
    nodes = sorted(
        (_node(name, at, first, parties, is_thing) for name, at in layer.items()), key=lambda n: (n.layer, n.name)
    )
    return Expansion(
        start=first, steps=steps, nodes=tuple(nodes), arrows=tuple(arrows),
        rows=tuple({**row, "step": step_of[k]} for k, row, _ in chosen), n_beyond=beyond,
    )  # fmt: skip


def _end(row: Mapping[str, Any], side: str) -> str:
    party, written = row.get(f"{side}_party_id"), row.get(f"{side}_party")
    if party or written:
        return str(party or written)
    other = row.get("to_party" if side == "from" else "from_party")
    return f"? {'before' if side == 'from' else 'after'} {other or row['link_id']}"


def _start(
    links: Sequence[Mapping[str, Any]],
    ends: Sequence[tuple[str, str]],
    start: str,
    parties: Mapping[str, Mapping[str, Any]],
    things: Iterable[str],
) -> tuple[str, bool]:
    named: dict[str, str] = {}
    for party_id, row in parties.items():
        for name in (row.get("name"), *(row.get("aliases") or ())):
            if name:
                named.setdefault(str(name).casefold(), party_id)
    # One that is confirmed to be another stands in links under that one's id.
    stands_as = {
        str(row[f"{side}_party"]).casefold(): pair[k]
        for row, pair in zip(links, ends, strict=True)
        for k, side in enumerate(("from", "to"))
        if row.get(f"{side}_party")
    }
    every_thing = {*things, *(str(row[c]) for row in links for c in ("item_id", "component_id") if row.get(c))}
    known = {node for pair in ends for node in pair if not node.startswith("? ")}
    if start in known:
        return start, False
    if start in every_thing:
        return start, True
    low = start.casefold()
    party = start if start in parties else named.get(low)
    if party is not None:
        names = (party, parties[party].get("name"), *(parties[party].get("aliases") or ()))
        return next((stands_as[str(n).casefold()] for n in names if n and str(n).casefold() in stands_as), party), False
    if low in stands_as:
        return stands_as[low], False
    raise UnknownName("part or party", start, sorted({*parties, *every_thing, *known}))


def _arrows(pairs: Iterable[tuple[Mapping[str, Any], tuple[str, str]]], *, of_thing: bool) -> list[Arrow]:
    grouped: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row, pair in pairs:
        grouped.setdefault(pair, []).append(row)
    return [
        Arrow(
            step=min(r["step"] for r in rows), one=one, other=other, n=len(rows),
            n_observed=sum(r.get("shown_as") == _SEEN for r in rows),
            of_thing=of_thing, what=tuple(dict.fromkeys(str(r["what"]) for r in rows if r.get("what"))),
            first_on=min((r["on_from"] for r in rows if r.get("on_from")), default=None),
            last_until=max((r["on_until"] for r in rows if r.get("on_until")), default=None),
        )
        for (one, other), rows in grouped.items()
    ]  # fmt: skip


def _node(name: str, layer: int, first: str, parties: Mapping[str, Mapping[str, Any]], is_thing: bool) -> Node:
    if is_thing and name == first:
        return Node(name=name, words=name, kind="thing", layer=layer)
    if name.startswith("? "):
        return Node(name=name, words="not known", kind="unknown", layer=layer)
    party = parties.get(name)
    words = name if party is None else str(party.get("name") or name)
    return Node(name=name, words=words, kind="name" if party is None else "party", layer=layer)
