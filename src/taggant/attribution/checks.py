"""How well weights of a module did on items whose variant is known, and how large a weight that allows to print.

Invariant: nothing is printed above the bound that items left out in turn allow; below five incidents a side nothing is
printed at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from taggant.attribution.block_weights import NONE, ModuleCounts, against_others
from taggant.statistics.calibration import FEWEST, LN10, Calibration, calibrate, cllr, cllr_min, elub

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantCheck:
    """One variant against all others, on reference items left out one incident at a time.

    Attributes
    ----------
    n_own, n_others : int
        Incidents of the variant, and of the others.
    n_missing : int
        Incidents more, of both sides together, that would be enough.
    own, others : tuple of float
        log10 weights, one an incident, before the bounds.
    low, high : float or None
        log10 of the least and the most that may be printed; None: too few incidents.
    """

    variant: str
    n_own: int
    n_others: int
    n_missing: int
    own: tuple[float, ...] = ()
    others: tuple[float, ...] = ()
    cost: float | None = None
    cost_min: float | None = None
    cost_flat: float | None = None
    low: float | None = None
    high: float | None = None
    calibration: Calibration | None = None

    @property
    def is_validated(self) -> bool:
        """Whether a weight may be printed at all."""
        return self.low is not None

    def held(self, llr10: Floats) -> Floats:
        """Calibrate these weights and hold them to the bounds."""
        if self.low is None or self.high is None or self.calibration is None:
            return np.full_like(llr10, np.nan)
        return np.clip(self.calibration.apply(llr10 * LN10) / LN10, self.low, self.high)


def check_variants(counts: ModuleCounts) -> Mapping[str, VariantCheck]:
    """How strong a weight do the reference items of this module allow, for each variant and for none of them?

    Parameters
    ----------
    counts : ModuleCounts

    Returns
    -------
    mapping of str to VariantCheck
        By variant; "none" is checked by taking each variant in turn out of those known.

    Notes
    -----
    *Assumes:* reference items are as the items to be judged; incidents are independent.
    *Not for:* items of variants nobody knows: how often those are called none is measured in the manual.

    Examples
    --------
    >>> check_variants(ModuleCounts({}, {}, [], {}, seed=1))
    {}
    """
    sides = {v: len(own) for v, own in counts.incidents_of.items()}
    found: dict[str, VariantCheck] = {}
    if not sides:
        return found
    known = {i for own in counts.incidents_of.values() for i in own}
    where = np.array([counts.at[r.item_id] for r in counts.references], dtype=np.int64)
    scores = _weights(counts, where, None)
    flat = _weights(counts, where, 1.0)
    for n, variant in enumerate(counts.variants):
        others = len(
            set().union(*(own for v, own in counts.incidents_of.items() if v != variant)) if len(sides) > 1 else ()
        )
        found[variant] = _check(
            variant,
            *_sides(counts, scores[:, n], counts.owner == n),
            flat=_sides(counts, flat[:, n], counts.owner == n),
            n_own=sides[variant],
            n_others=others,
        )
    if len(sides) >= 3:
        found[NONE] = _check_none(counts, where, scores, len(known))
    else:
        narrow = [c for c in found.values() if c.low is not None and c.high is not None]
        low = max((c.low for c in narrow if c.low is not None), default=None)
        high = min((c.high for c in narrow if c.high is not None), default=None)
        found[NONE] = VariantCheck(
            variant=NONE, n_own=0, n_others=len(known), n_missing=0, low=low, high=high,
            calibration=None if low is None else calibrate([0.0], [0.0], method="raw"),
        )  # fmt: skip
    return found


def _weights(counts: ModuleCounts, where: NDArray[np.int64], alpha: float | None) -> Floats:
    logs = sum(counts.own_left_out(alpha=alpha).values(), np.zeros((len(counts.items), len(counts.variants) + 1)))
    return against_others(logs)[where]


def _check_none(counts: ModuleCounts, where: NDArray[np.int64], scores: Floats, n_known: int) -> VariantCheck:
    """Take each variant in turn out of those known: its items are then of none of them."""
    own: list[float] = []
    for n in range(len(counts.variants)):
        rest = tuple(v for v in range(len(counts.variants)) if v != n)
        logs = sum(counts.own_left_out(only=rest).values(), np.zeros((len(counts.items), len(rest) + 1)))
        own += _by_incident(counts, against_others(logs)[where][:, -1], counts.owner == n)
    others = _by_incident(counts, scores[:, -1], np.ones(len(counts.references), dtype=bool))
    return _check(NONE, own, others, flat=(own, others), n_own=len(own), n_others=n_known)


def _sides(counts: ModuleCounts, scores: Floats, is_own: NDArray[np.bool_]) -> tuple[list[float], list[float]]:
    return _by_incident(counts, scores, is_own), _by_incident(counts, scores, ~is_own)


def _by_incident(counts: ModuleCounts, scores: Floats, chosen: NDArray[np.bool_]) -> list[float]:
    """One weight an incident and variant: the mean of its items'."""
    groups: dict[tuple[str, int], list[float]] = {}
    for n in np.flatnonzero(chosen):
        groups.setdefault((str(counts.of_incident[n]), int(counts.owner[n])), []).append(float(scores[n]))
    return [float(np.mean(g)) for g in groups.values()]


def _check(
    variant: str, own: list[float], others: list[float], *, flat: tuple[list[float], list[float]], n_own: int,
    n_others: int,
) -> VariantCheck:  # fmt: skip
    missing = max(0, FEWEST - n_own) + max(0, FEWEST - n_others)
    if missing or not own or not others:
        return VariantCheck(
            variant=variant, n_own=n_own, n_others=n_others, n_missing=missing, own=tuple(own), others=tuple(others)
        )
    a, b = np.array(own) * LN10, np.array(others) * LN10
    rewrite = calibrate(a, b)
    low, high = elub(rewrite.apply(a), rewrite.apply(b))
    return VariantCheck(
        variant=variant, n_own=n_own, n_others=n_others, n_missing=0, own=tuple(own), others=tuple(others),
        cost=cllr(a, b), cost_min=cllr_min(a, b),
        cost_flat=cllr(np.array(flat[0]) * LN10, np.array(flat[1]) * LN10),
        low=low, high=high, calibration=rewrite,
    )  # fmt: skip
