"""Is it kept: each commitment, by module, against dated evidence inside its time.

Invariant: what was asked is never called promised; evidence that cannot be placed inside the time counts for neither
side and is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

STOPS = ("manufacture", "transfer", "use")
_AGAINST = {"manufacture": ("production.made",), "transfer": ("transfer.delivered",), "use": ("use.launched",)}
_FOR = {"manufacture": (), "transfer": ("transfer.stopped",), "use": ()}
_COUNTED_MONTHS = 3
"""So many counts of use inside the time are enough by themselves: one may be an error."""
_ROOTS_ENOUGH = 2
_MODULES = {
    "components": "parts", "parts": "parts", "spare parts": "parts", "electronics": "electronics",
    "engines": "engine", "engine": "engine", "airframes": "airframe", "airframe": "airframe",
    "navigation unit": "navigation",
}  # fmt: skip
WHOLE = "whole item"
_OFFICES = ("government", "ministry", "minister", "president", "representative", "kremlin")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row that bears on a commitment.

    Attributes
    ----------
    kind, key : str
        Table and key of the row.
    module : str
    voice : str
        Root of a claim; for a thing, the thing itself.
    side : str
        `against`: what was to stop went on; `for`: it stopped or did not happen; `unplaced`: its time cannot be placed.
    is_own : bool
        The obliged party says it itself.
    is_thing : bool
        A documented thing, not a statement.
    is_denial : bool
        It denies that what was to stop happened at all in its time; that it stopped later denies nothing before.
    """

    kind: str
    key: str
    module: str
    voice: str
    side: str
    is_own: bool = False
    is_thing: bool = False
    is_denial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One commitment for one module.

    Attributes
    ----------
    verdict : str
        `kept`, `not kept` or `cannot tell`.
    why : str
        Which rule decided.
    settle : tuple of str
        What would settle it: keys of phrases.
    """

    commitment_id: str
    module: str
    stop: str
    verdict: str
    why: str
    settle: tuple[str, ...]
    evidence: tuple[Evidence, ...] = field(default=())

    def voices(self, side: str) -> set[str]:
        """Give the independent voices of one side."""
        return {e.voice for e in self.evidence if e.side == side}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of the case that may bear on commitments, as plain mappings."""

    claims: Sequence[Mapping[str, Any]] = ()
    roots: Mapping[str, str] = field(default_factory=dict)
    use: Sequence[Mapping[str, Any]] = ()
    source_roots: Mapping[str, str] = field(default_factory=dict)
    builds: Sequence[Mapping[str, Any]] = ()
    assembled: Mapping[str, date] = field(default_factory=dict)
    stops: Sequence[Mapping[str, Any]] = ()


def judge_commitment(commitment: Mapping[str, Any], rows: Rows) -> tuple[State, ...]:
    """Is this commitment kept, module by module?

    Parameters
    ----------
    commitment : mapping
        A row of `commitment`, its dates as ranges (`since_from`, `since_until`, `until_until`).
    rows : Rows
        What the case holds. `builds` are modules whose producer is known or weighed (item_id, module, producer);
        `assembled` the earliest day each item can have been put together; `stops` what *has it stopped* found.

    Returns
    -------
    tuple of State
        One a module: those it names; for `any`, those that evidence speaks of.

    Notes
    -----
    Assumes: evidence counts only when its time lies inside that of the commitment; two independent roots, the obliged
    party's own word, a documented thing, or use counted in three periods show that it is not kept; a denial by the
    obliged party weighs nothing against two roots; that it is kept is shown only by a stop that was found.
    Not for: whether the commitment binds in law.

    Examples
    --------
    >>> asked = {"commitment_id": "c", "obliged": "Ruritania", "forbids": ["any"], "stop": "transfer",
    ...          "since_from": date(2023, 8, 1), "since_until": date(2023, 9, 1), "until_until": None}
    >>> [(s.module, s.verdict) for s in judge_commitment(asked, Rows())]
    [('whole item', 'cannot tell')]
    """
    found = [*_from_claims(commitment, rows), *_from_use(commitment, rows), *_from_things(commitment, rows)]
    named = [m for m in commitment["forbids"] or ["any"] if m != "any"]
    seen = list(dict.fromkeys(e.module for e in found))
    modules = named or sorted(seen, key=lambda m: (m != WHOLE, m)) or [WHOLE]
    return tuple(_state(commitment, m, [e for e in found if e.module == m], rows) for m in modules)


def _state(commitment: Mapping[str, Any], module: str, some: list[Evidence], rows: Rows) -> State:
    stop = commitment["stop"]
    against = [e for e in some if e.side == "against"]
    voices = {e.voice for e in against if not e.is_thing and e.kind == "claim"}
    outside = {e.voice for e in some if e.side == "for" and e.is_denial and not e.is_own} - voices
    n_counted = sum(e.kind == "use" for e in against)
    things = [e for e in against if e.is_thing]
    stopped = [s for s in rows.stops if _is_stop_of(s, commitment, module)]
    settle: list[str] = []
    if things:
        verdict, why = "not kept", "thing"
    elif any(e.is_own for e in against):
        verdict, why = "not kept", "own-word"
    elif n_counted >= _COUNTED_MONTHS:
        verdict, why = "not kept", "counted"
    elif len(voices) >= _ROOTS_ENOUGH and not outside:
        verdict, why = "not kept", "roots"
    elif stopped and not against:
        verdict, why = "kept", "stopped"
    elif not against and not any(e.side == "for" for e in some):
        verdict, why = "cannot tell", "nothing-dated"
    elif voices and outside:
        verdict, why = "cannot tell", "against-each-other"
    elif voices:
        verdict, why = "cannot tell", "one-root"
    else:
        verdict, why = "cannot tell", "only-said-to-stop"
    if verdict == "cannot tell":
        settle = ["second-root" if len(voices) == 1 else "root", f"thing-{stop}", f"stop-{stop}"]
        if any(e.side == "unplaced" for e in some):
            settle.append("dates")
    return State(
        commitment_id=commitment["commitment_id"], module=module, stop=stop, verdict=verdict, why=why,
        settle=tuple(settle), evidence=tuple(some),
    )  # fmt: skip


def _from_claims(commitment: Mapping[str, Any], rows: Rows) -> list[Evidence]:
    found = []
    stop = commitment["stop"]
    for c in rows.claims:
        is_against = c["topic"] in _AGAINST[stop]
        if not is_against and c["topic"] not in _FOR[stop]:
            continue
        if c["stance"] not in {"assert", "deny"}:
            continue
        says_on = is_against == (c["stance"] == "assert")
        side = ("against" if says_on else "for") if _is_inside(commitment, c["period_from"], c["period_until"]) else ""
        if not side:
            if _is_outside(commitment, c["period_from"], c["period_until"]):
                continue
            side = "unplaced"
        root = rows.roots.get(c["claim_id"], c["source_id"])
        found.append(
            Evidence(
                "claim",
                c["claim_id"],
                _module(c["scope"]),
                root,
                side,
                is_own=_is_own(commitment, c, root),
                is_denial=c["stance"] == "deny",
            )
        )
    return found


def _from_use(commitment: Mapping[str, Any], rows: Rows) -> list[Evidence]:
    if commitment["stop"] != "use":
        return []
    return [
        Evidence(
            "use", f"{u['period']};{u['designation']};{u['source_id']}", WHOLE,
            rows.source_roots.get(u["source_id"], u["source_id"]), "against",
        )
        for u in rows.use
        if (u["launched"] or 0) > 0 and _is_inside(commitment, u["period_from"], u["period_until"])
    ]  # fmt: skip


def _from_things(commitment: Mapping[str, Any], rows: Rows) -> list[Evidence]:
    """A module the obliged party built, in an item that cannot have been assembled before the commitment."""
    if commitment["stop"] == "use":
        return []
    found = []
    for b in rows.builds:
        on = rows.assembled.get(b["item_id"])
        if on is None or not _names(commitment, b["producer"] or "") or not _is_inside(commitment, on, None):
            continue
        found.append(
            Evidence("item", b["item_id"], b["module"] or WHOLE, b["item_id"], "against", is_thing=True)
        )  # fmt: skip
    return found


def _module(scope: str | None) -> str:
    return _MODULES.get((scope or "").lower(), WHOLE)


def _is_inside(commitment: Mapping[str, Any], start: date | None, until: date | None) -> bool:
    """Whether all of this time lies inside that of the commitment."""
    since = _binding(commitment)
    end = commitment.get("until_until")
    if start is None or (since is not None and start < since):
        return False
    if end is not None and start >= end:
        return False
    return until is None or end is None or until <= end or start < end


def _is_outside(commitment: Mapping[str, Any], start: date | None, until: date | None) -> bool:
    since, end = _binding(commitment), commitment.get("until_until")
    before = until is not None and since is not None and until <= since
    after = start is not None and end is not None and start >= end
    return before or after


def _binding(commitment: Mapping[str, Any]) -> date | None:
    """From when it certainly holds: the day itself, or the end of the month or year it is told by."""
    start, until = commitment["since_from"], commitment["since_until"]
    if start is not None and until is not None and (until - start).days == 1:
        return date(start.year, start.month, start.day)
    found: date | None = until or start
    return found


def _names(commitment: Mapping[str, Any], words: str) -> bool:
    """Whether these words name an obliged party: by the first letters of its name, as adjectives keep them."""
    return any(
        part.strip()[:4].lower() in words.lower()
        for part in (commitment["obliged"] or "").split(";")
        if len(part.strip()) >= 4
    )


def _is_own(commitment: Mapping[str, Any], c: Mapping[str, Any], root: str) -> bool:
    said = f"{c['speaker'] or ''} {root}"
    official = any(
        w in said.lower() for w in ("government", "ministry", "minister", "president", "representative", "kremlin")
    )
    return official and _names(commitment, said)


def _is_stop_of(s: Mapping[str, Any], commitment: Mapping[str, Any], module: str) -> bool:
    if s.get("stop") != commitment["stop"] or s.get("verdict") != "stopped":
        return False
    if not _names(commitment, s.get("producer") or ""):
        return False
    if s.get("module") not in (None, module) and module != WHOLE:
        return False
    since = _binding(commitment)
    by = s.get("end_high")
    return not (isinstance(by, date) and since is not None and by < since) and s.get("module") in (None, module)
