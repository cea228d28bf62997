"""Whose words a claim repeats: the chain from the source that carries it to the end, and the root there.

Invariant: three outlets with one root are one voice. A chain that nobody states ends at the source itself, and that is
counted as an assumption, not hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FIRST_HAND = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """From the source that carries a claim to its root.

    Attributes
    ----------
    links : tuple of str
        Sources and described origins passed, the carrying source first, the root last. A described origin is written
        with the source that describes it: ``wsj: "a person familiar"``.
    root : str
        The last link; for a circle of relays, the first of its members by name.
    ended_by : str
        `stated`: `via` names the end, or says first-hand; `relays`: the sources' own relays lead there; `silence`:
        nobody says from whom, so the source itself counts as the root; `circle`: relays lead back.
    """

    links: tuple[str, ...]
    root: str
    ended_by: str


def chain(source_id: str, via: Sequence[str] | None, relays: Mapping[str, Sequence[str]]) -> Chain:
    r"""Whose words does this claim repeat, all the way back?

    Parameters
    ----------
    source_id : str
        The source that carries the claim.
    via : sequence of str or None
        As typed on the claim: source ids or described origins in double quotes, nearest first; ``["own"]`` for
        first-hand; None or empty: the source's own relays hold.
    relays : mapping of str to sequence of str
        Every source id of the case → the sources it repeats by default, nearest first. What is no key is a description.

    Returns
    -------
    Chain

    Notes
    -----
    Assumes: what a source relays by default it relays in each claim, unless `via` says otherwise. A described origin
    ("a person familiar") is told apart by who describes it: two papers' unnamed officials are two roots, since nothing
    shows them to be one. Not for: copies nobody states (`claims` compares texts for that, as suggestions).

    Examples
    --------
    >>> relays = {"daily": ["agency"], "agency": ["ministry"], "ministry": [], "paper": []}
    >>> chain("daily", None, relays).links
    ('daily', 'agency', 'ministry')
    >>> chain("daily", ["paper", '"a person familiar"'], relays).root
    'paper: "a person familiar"'
    >>> chain("daily", ["own"], relays)
    Chain(links=('daily',), root='daily', ended_by='stated')
    """
    links = [source_id]
    ended_by = "silence"
    stated = [v for v in via or () if v]
    if stated and stated[-1] == FIRST_HAND:
        stated, ended_by = stated[:-1], "stated"
        for link in stated:
            links.append(_named(link, links[-1], relays))
        return Chain(links=tuple(links), root=links[-1], ended_by=ended_by)
    for link in stated:
        links.append(_named(link, links[-1], relays))
        ended_by = "stated"
    while links[-1] in relays and relays[links[-1]]:
        for link in relays[links[-1]]:
            name = _named(link, links[-1], relays)
            if name in links:
                circle = links[links.index(name) :]
                return Chain(links=tuple(links), root=min(circle), ended_by="circle")
            links.append(name)
        ended_by = "relays"
    return Chain(links=tuple(links), root=links[-1], ended_by=ended_by)


def _named(link: str, describer: str, relays: Mapping[str, Sequence[str]]) -> str:
    """A source by its id; anything else is a description, told apart by who gives it."""
    if link in relays and not link.startswith('"'):
        return link
    words = link.strip('"“”«» ')
    # The describer may be a description itself ('an aide' of 'a person familiar'): it is part of the name then.
    return f'{describer}: "{words}"'
