"""Has it stopped? Likelihoods of an end and of a decline, the posterior, and the word they allow: numbers only.

Invariant: everything is conditional on each sighting's own delay, so no law of delays is ever needed or assumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from taggant.errors import InputError
from taggant.statistics.effort import Array, Effort, constant_effort
from taggant.statistics.silence import Sightings, gained

_PIECES = 24  # stretches of the window after the last sighting, beside those the delays cut
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(6)
DECLINES = np.linspace(0.0, 9.0, 46)
"""Rates of decline the rival averages over, times the length of the window: 0 is no decline, 9 leaves e⁻⁹ of it.

In the simulations of the word rule: 0 to 0.25 a month over 36 months.
"""


def log_likelihood(s: Sightings, taus: npt.ArrayLike, effort: Effort | None = None) -> Array:
    r"""How well does an end at each of these times explain the sightings?

    .. math:: L(\tau) = \prod_i \Bigl\{ q_i \frac{1[u_i \le \tau]}{G_i(\min(\tau, T-x_i))}
              + \frac{1-q_i}{G_i(T-x_i)} \Bigr\}

    Parameters
    ----------
    s : Sightings
    taus : array_like of float, shape (m,)
    effort : Effort, optional

    Returns
    -------
    numpy.ndarray of float64, shape (m,)
        Natural logarithm, up to the constant :math:`\prod e(u_i + x_i)` all rivals share; −inf where a sure sighting is
        later than the end.

    Notes
    -----
    *Assumes:* a false sighting is as likely at any time as a true one of a supply that goes on.
    *Not for:* absolute likelihoods.

    Examples
    --------
    >>> from taggant.statistics.silence import sightings
    >>> log_likelihood(sightings([5.0], start=0, until=10), [4.0, 5.0, 10.0]).round(3).tolist()
    [-inf, -1.609, -2.303]
    """
    e = constant_effort(s.start, s.until) if effort is None else effort
    tau = np.asarray(taus, dtype=float)
    total = np.zeros(len(tau))
    with np.errstate(divide="ignore"):
        for u, x, q, seeable in zip(s.made, s.delay, s.valid, s.last_seeable, strict=True):
            before = float(e(s.start + x))
            whole = float(e(seeable + x)) - before
            if whole <= 0:  # nothing was looked for in its reach: it says nothing
                continue
            part = e(np.minimum(tau, seeable) + x) - before
            inside = (tau >= u) & (part > 0)
            total += np.log(np.where(inside, q / np.where(part > 0, part, 1.0), 0.0) + (1 - q) / whole)
    return total


def log_likelihood_decline(s: Sightings, effort: Effort | None = None, *, rates: Array = DECLINES) -> Array:
    r"""How well does a supply that declines, and never stops, explain the sightings?

    Density of each made time :math:`\propto e^{-\beta u} e(u + x)` on :math:`[T_0, T - x]`.

    Parameters
    ----------
    s : Sightings
    effort : Effort, optional
    rates : numpy.ndarray of float64, shape (b,)
        β times the length of the window.

    Returns
    -------
    numpy.ndarray of float64, shape (b,)
        Natural logarithm, up to the same constant as `log_likelihood`.

    Notes
    -----
    *Assumes:* an exponential decline over the whole window.
    *Not for:* telling a trend of production from one of effort.

    Examples
    --------
    >>> from taggant.statistics.silence import sightings
    >>> s = sightings([5.0], start=0, until=10)
    >>> bool(np.isclose(log_likelihood_decline(s)[0], log_likelihood(s, [10.0])[0]))
    True
    """
    e = constant_effort(s.start, s.until) if effort is None else effort
    total = np.zeros(len(rates))
    for k, rate in enumerate(np.asarray(rates, dtype=float) / (s.until - s.start)):
        x = s.delay
        reach = e.tilted(s.start + x, np.full(s.n, s.until), float(rate))
        flat = gained(s, e, s.last_seeable)
        able = (reach > 0) & (flat > 0)
        true = np.log(s.valid[able]) - rate * (s.made[able] - s.start) - np.log(reach[able])
        with np.errstate(divide="ignore"):
            false = np.log(1 - s.valid[able]) - np.log(flat[able])
        total[k] = float(np.logaddexp(true, false).sum())
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class StopEvidence:
    """What the sightings say of a stop, before any prior chance of one.

    Attributes
    ----------
    log_bf_stop : float
        Natural log of the Bayes factor: ended at some time in the window, against still going on at a constant rate.
    log_bf_decline : float
        The same for a decline that never ends, averaged over its rates.
    taus, cdf : numpy.ndarray of float64, shape (m,)
        Posterior of the end, given that it ended.
    """

    log_bf_stop: float
    log_bf_decline: float
    taus: Array
    cdf: Array

    @property
    def bf_stop(self) -> float:
        """Bayes factor for a stop against going on."""
        return float(np.exp(min(self.log_bf_stop, 700.0)))

    @property
    def bf_over_decline(self) -> float:
        """Bayes factor for a stop against a decline."""
        return float(np.exp(min(self.log_bf_stop - self.log_bf_decline, 700.0)))

    def posterior(self, prior: float) -> float:
        """Chance that it stopped, from the prior chance."""
        odds = np.log(prior) - np.log1p(-prior) + self.log_bf_stop
        return float(1 / (1 + np.exp(-odds)))

    def end_quantile(self, level: float) -> float:
        """When it ended, given that it did."""
        return float(np.interp(level, self.cdf, self.taus))


def stop_evidence(draws: Sequence[tuple[Sightings, Effort | None]]) -> StopEvidence:
    """What do the sightings say of a stop, over all draws of their dates and of the effort?

    Parameters
    ----------
    draws : sequence of (Sightings, Effort or None), length ≥ 1
        One for sure dates and effort; several draws of interval dates or of estimated effort. All of one window.

    Returns
    -------
    StopEvidence
        Evidences are averaged over draws, never Bayes factors.

    Notes
    -----
    *Assumes:* before looking, the end is as likely at any time of the window (times before the last sighting get
    likelihood 0, not prior 0).
    *Not for:* words: `stop_words`.

    Examples
    --------
    >>> from taggant.statistics.silence import sightings
    >>> s = sightings([3, 10, 14, 20, 7], known=[11, 12, 29, 25, 8], start=0, until=36)
    >>> round(stop_evidence([(s, None)]).bf_stop, 6)
    1.034378
    """
    if not draws:
        raise InputError("no sightings", next="Give at least one draw")
    first = draws[0][0]
    length = first.until - first.start
    cuts = np.unique(
        np.concatenate(
            [[first.start, first.until], *(s.made for s, _ in draws),
             *(np.clip(s.last_seeable, s.start, s.until) for s, _ in draws)]
        )
    )  # fmt: skip
    if len(cuts) > 400:  # many draws: pieces of even length are fine enough
        cuts = np.linspace(first.start, first.until, 401)
    newest = max(float(s.made.max()) if s.n else s.start for s, _ in draws)
    even = np.linspace(newest, first.until, _PIECES + 1) if newest < first.until else np.array([first.until])
    cuts = np.unique(np.concatenate([cuts, even]))
    left, right = cuts[:-1], cuts[1:]
    taus = (left[:, None] + right[:, None]) / 2 + (right - left)[:, None] / 2 * _NODES
    weights = (right - left)[:, None] / 2 * _WEIGHTS
    flat = taus.ravel()
    log_stop = np.stack([log_likelihood(s, flat, e) for s, e in draws])
    mean_stop = logsumexp(log_stop, axis=0) - np.log(len(draws))
    going_on = float(logsumexp([log_likelihood(s, [s.until], e)[0] for s, e in draws]) - np.log(len(draws)))
    declines = np.stack([log_likelihood_decline(s, e) for s, e in draws])
    decline = float(logsumexp(declines) - np.log(declines.size))
    mass = mean_stop + np.log(weights.ravel())
    evidence = float(logsumexp(mass))
    share = np.exp(mass - evidence).reshape(taus.shape).sum(axis=1)
    return StopEvidence(
        log_bf_stop=evidence - np.log(length) - going_on,
        log_bf_decline=decline - going_on,
        taus=cuts,
        cdf=np.concatenate([[0.0], np.cumsum(share)]),
    )


def stop_words(evidence: StopEvidence) -> str:
    """Which word may be said?

    Parameters
    ----------
    evidence : StopEvidence

    Returns
    -------
    str
        "stopped": Bayes factor at least 20, and at least 10 over a decline. "reduced" (stopped or sharply reduced): at
        least 20 only. "silent" (silence longer than expected): 3 to 20. "cannot tell" otherwise.

    Notes
    -----
    *Assumes:* one sighting for each independent event. If supply continues, "stopped" is said in at most 4 of 1,000
    looks at one time; if it declines to a tenth, in at most 2 of 100.
    *Not for:* p-values: they say "stopped" far too often when supply declines, and at repeated looks.
    """
    if evidence.bf_stop >= 20:
        return "stopped" if evidence.bf_over_decline >= 10 else "reduced"
    return "silent" if evidence.bf_stop >= 3 else "cannot tell"
