"""Which units of claims count things, so that a number of them may stand beside serials and launches?

Invariant: a unit nobody knows is not taken for items; the answer says that it was left out.
"""

from __future__ import annotations

_WORDS = """
item unit piece thing drone uav uas aircraft airframe airplane plane helicopter engine motor missile rocket bomb
munition round cartridge shell grenade mine torpedo launcher gun rifle pistol weapon vehicle tank boat vessel system set
kit decoy lot
"""
_THINGS = frozenset(_WORDS.split())


def counts_things(unit: str | None) -> bool:
    """Does this unit count things, one by one?

    Parameters
    ----------
    unit : str or None
        As a claim has it; None: items.

    Returns
    -------
    bool

    Notes
    -----
    *Assumes:* English words, singular or plural, as `claims.csv` has them.
    *Not for:* money, weights, shares, or words not in the list: those count nothing here.

    Examples
    --------
    >>> [counts_things(u) for u in (None, "drones", "US dollar", "gram of gold", "per cent", "US dollar a drone")]
    [True, True, False, False, False, False]
    """
    if unit is None:
        return True
    word = unit.strip().casefold()
    return word in _THINGS or word.removesuffix("s") in _THINGS
