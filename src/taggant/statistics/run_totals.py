"""How long are several independent runs together? Their posteriors, convolved.

Invariant: runs are never pooled: each keeps its own posterior, and only the lengths are added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np

from taggant.errors import InputError
from taggant.statistics.serial_runs import FloatArray, RunPosterior

_BEYOND = 1e-5
"""The chance, of each run, of being longer than the grid: far less than any quantile that is reported."""
_MOST_EXACT, _COARSE_CELLS = 1 << 19, 1 << 12
"""Up to half a million lengths a cell is one length; beyond, a run has some thousand cells."""


@dataclass(frozen=True, kw_only=True)
class RunTotal:
    """The posterior of the sum.

    Attributes
    ----------
    least : int
        Sum of the fewest numbers each run can have.
    mean, sd : float
        Exact; infinite where a run's is.
    step : int
        Lengths a cell of the grid holds; 1: quantiles are exact.
    """

    least: int
    mean: float
    sd: float
    step: int
    cumulative: FloatArray

    def quantile(self, level: float) -> int:
        """Which is the least total n with P(total ≤ n) ≥ level?"""
        if not 0 < level < self.cumulative[-1]:
            raise InputError(f"a level of {level} is not between 0 and 1", next="Give for example 0.95")
        return self.least + self.step * int(np.searchsorted(self.cumulative, level))


def total_of_runs(runs: Sequence[RunPosterior]) -> RunTotal:
    r"""How many numbers do these runs have together, if what is known of one says nothing of another?

    .. math:: p(n) = (p_1 * p_2 * \ldots * p_B)(n)

    Parameters
    ----------
    runs : sequence of RunPosterior, length B ≥ 1
        One posterior a run.

    Returns
    -------
    RunTotal
        Sum of the lengths (items) of the runs seen.

    Raises
    ------
    InputError
        No run is given.

    Notes
    -----
    *Assumes:* runs are independent given their serials.
    *Not for:* runs of which nothing was seen; totals over five or more runs with the prior 1/N as headline: its bias
    adds up there, 1/N² covers better.

    References
    ----------
    .. [1] Goodman, L. A. (1954). Some practical techniques in serial number analysis. *J. Am. Stat. Assoc.* 49(265),
       97–112.

    Examples
    --------
    >>> from taggant.statistics.serial_runs import run_posterior
    >>> one = run_posterior([19, 40, 42, 60], start="1", prior="flat")
    >>> total_of_runs([one]).quantile(0.5), round(total_of_runs([one, one]).mean, 1)
    (75, 177.0)
    """
    if not runs:
        raise InputError("no run is given", next="Give at least one")
    reach = max(run.quantile(1 - _BEYOND) - run.least + 1 for run in runs)
    step = 1 if reach <= _MOST_EXACT else ceil(reach / _COARSE_CELLS)
    n_cells = ceil(reach / step)
    n_total = len(runs) * n_cells
    spectrum = np.ones(n_total // 2 + 1, dtype=complex)
    for run in runs:
        spectrum *= np.fft.rfft(run.cells(step=step, n_cells=n_cells), n=n_total)
    cumulative = np.cumsum(np.fft.irfft(spectrum, n=n_total))
    # A cell stands for the middle of its lengths, so a sum of B cells lies B · (step − 1) / 2 above their lower ends.
    middle = len(runs) * (step - 1) // 2
    return RunTotal(
        least=sum(run.least for run in runs) + middle,
        mean=sum(run.mean for run in runs),
        sd=sqrt(sum(run.sd**2 for run in runs)),
        step=step,
        cumulative=cumulative,
    )
