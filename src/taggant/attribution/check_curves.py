"""Lines that show how weights did on items whose variant is known: Tippett, rewriting by pooling, entropy left.

Invariant: a line is made of the same left-out weights as the bounds, and of nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import Any

import numpy as np

from taggant.attribution.checks import VariantCheck
from taggant.statistics.calibration import LN10, expected_entropy, pooled_weights, tippett

_ODDS = np.linspace(-2.0, 2.0, 41)
"""log10 odds beforehand at which the entropy left is drawn."""


def curve_rows(module: str, check: VariantCheck) -> Iterator[dict[str, Any]]:
    """Which lines show how the weights of this variant did?

    Parameters
    ----------
    module : str
    check : VariantCheck

    Yields
    ------
    dict
        A row of `variant_curve`; none below five incidents a side.

    Notes
    -----
    *Assumes:* weights are of items left out one incident at a time.
    *Not for:* reading a bound off a line: `variant_check` has it.

    References
    ----------
    .. [1] Meuwly, D., Ramos, D., Haraksim, R. (2017). A guideline for the validation of likelihood ratio methods used
       for forensic evidence evaluation. *Forensic Sci. Int.* 276, 142–153. doi:10.1016/j.forsciint.2016.03.048

    Examples
    --------
    >>> list(curve_rows("m", VariantCheck(variant="a", n_own=1, n_others=1, n_missing=8)))
    []
    """
    if not check.is_validated or not check.own or not check.others:
        return
    own, others = np.array(check.own) * LN10, np.array(check.others) * LN10
    lines: dict[str, list[tuple[float, float]]] = {}
    at, share_own, share_others = tippett(own, others)
    lines["tippett own"] = list(zip(at, share_own, strict=True))
    lines["tippett others"] = list(zip(at, share_others, strict=True))
    best_own, best_others = pooled_weights(own, others)
    both = np.concatenate([own, others]) / LN10, np.concatenate([best_own, best_others]) / LN10
    lines["pav"] = sorted(set(zip(both[0].tolist(), both[1].tolist(), strict=True)))
    priors = [(float(x), 1 / (1 + 10 ** -float(x))) for x in _ODDS]
    silence = np.zeros(1)
    for name, sides in (
        ("ece", (own, others)),
        ("ece of the best rewriting", (best_own, best_others)),
        ("ece of silence", (silence, silence)),
    ):
        lines[name] = [(x, expected_entropy(*sides, prior)) for x, prior in priors]
    for curve, points in lines.items():
        for n, (x, y) in enumerate(points, 1):
            yield {
                "module": module, "variant": check.variant, "curve": curve, "n": n, "x": round(float(x), 6),
                "y": round(float(y), 6) if isfinite(y) else None,
            }  # fmt: skip
