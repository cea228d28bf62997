"""One failure of a simple formula, and what is done instead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One row: what the simple way does, what it should do, and what ours does in the same worlds.

    `ours` says either that the level is restored, or that the answer warns; `does` says which.
    """

    what: str
    setting: str
    simple: str
    should: str
    ours: str
    does: str


def share(hits: int, of: int) -> str:
    """Give a share with one standard error of the number of worlds."""
    p = hits / of
    return f"{p:.3f} ± {np.sqrt(max(p * (1 - p), 1 / of) / of):.3f}"
