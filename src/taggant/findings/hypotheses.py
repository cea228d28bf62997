"""Competing hypotheses: how far each piece of evidence parts them, and what would change the mind.

Invariant: every rival stays in the table, however little speaks for it; a likelihood nobody stated is not made up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from taggant.errors import InputError, NotEnoughData


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What evidence does to rival readings.

    Attributes
    ----------
    posterior : mapping of str to float
        Hypothesis → probability, if the stated likelihoods hold and pieces of evidence err apart.
    llr10 : mapping of str to mapping of str to float
        Evidence → hypothesis → log10 of its likelihood against the mean of the rivals, weighted by their prior.
    diagnosticity : mapping of str to float
        Evidence → log10 of the largest over the smallest likelihood it has: 0 parts nothing.
    without : mapping of str to mapping of str to float
        Evidence → the posterior without it.
    turns_on : tuple of str
        Evidence whose loss alone makes another hypothesis the likeliest.
    to_turn_llr10 : float
        Weight that new evidence against the likeliest would need before another is as likely.
    """

    posterior: Mapping[str, float]
    llr10: Mapping[str, Mapping[str, float]]
    diagnosticity: Mapping[str, float]
    without: Mapping[str, Mapping[str, float]]
    turns_on: tuple[str, ...]
    to_turn_llr10: float


def weigh_hypotheses(
    likelihoods: Mapping[str, Mapping[str, float]], *, priors: Mapping[str, float] | None = None
) -> Weighed:
    r"""Which of several rival readings does the evidence bear out, and what would change that?

    .. math:: P(H_k \mid e) \propto P(H_k) \prod_i P(e_i \mid H_k), \qquad
              D_i = \log_{10} \frac{\max_k P(e_i \mid H_k)}{\min_k P(e_i \mid H_k)}

    Parameters
    ----------
    likelihoods : mapping of str to mapping of str to float
        Evidence → hypothesis → how likely the evidence is if the hypothesis holds, above 0 and at most 1.
        Every piece of evidence states it for every hypothesis.
    priors : mapping of str to float, optional
        By default all alike.

    Returns
    -------
    Weighed

    Raises
    ------
    NotEnoughData
        Fewer than two hypotheses.
    InputError
        A likelihood or prior is missing, or out of range.

    Notes
    -----
    Assumes: the hypotheses are all there are; pieces of evidence are independent once a hypothesis is given. Where one
    root speaks twice, give it once.
    Not for: likelihoods nobody can defend; the answer is as good as they are.

    References
    ----------
    .. [1] Heuer, R. J. (1999). *Psychology of Intelligence Analysis*, ch. 8. Center for the Study of Intelligence.

    Examples
    --------
    >>> marks, imports = {"own make": 0.8, "cover": 0.4}, {"own make": 0.5, "cover": 0.5}
    >>> w = weigh_hypotheses({"Cyrillic marks": marks, "no imports seen": imports})
    >>> round(w.posterior["own make"], 3), round(w.diagnosticity["no imports seen"], 3)
    (0.667, 0.0)
    """
    names = tuple(dict.fromkeys(h for row in likelihoods.values() for h in row))
    if priors is not None:
        names = tuple(dict.fromkeys((*names, *priors)))
    if len(names) < 2:
        raise NotEnoughData(f"{len(names)} hypotheses leave nothing to weigh", enough="two rival readings")
    given = {h: 1 / len(names) for h in names} if priors is None else dict(priors)
    _check(likelihoods, given, names)
    scale = sum(given.values())
    given = {h: p / scale for h, p in given.items()}
    posterior = _posterior(likelihoods, given, names)
    best = max(names, key=lambda h: posterior[h])
    without = {e: _posterior({k: v for k, v in likelihoods.items() if k != e}, given, names) for e in likelihoods}
    second = max(posterior[h] for h in names if h != best)
    return Weighed(
        posterior=posterior,
        llr10={e: {h: _against(row, given, h) for h in names} for e, row in likelihoods.items()},
        diagnosticity={e: math.log10(max(row.values()) / min(row.values())) for e, row in likelihoods.items()},
        without=without,
        turns_on=tuple(e for e, p in without.items() if max(names, key=lambda h, p=p: p[h]) != best),  # type: ignore[misc]
        to_turn_llr10=math.log10(posterior[best] / second),
    )


def _check(likelihoods: Mapping[str, Mapping[str, float]], given: Mapping[str, float], names: Sequence[str]) -> None:
    for e, row in likelihoods.items():
        for h in names:
            if h not in row:
                raise InputError(
                    f"evidence {e!r} has no likelihood under {h!r}", next="State one, or leave the evidence out"
                )
            if not 0 < row[h] <= 1:
                raise InputError(
                    f"a likelihood of {row[h]} of {e!r} under {h!r} is not above 0 and at most 1", next="Give 0.01"
                )
    for h in names:
        if not 0 < given.get(h, 0) <= 1:
            raise InputError(f"hypothesis {h!r} has no prior between 0 and 1", next="Give each hypothesis one")


def _posterior(
    likelihoods: Mapping[str, Mapping[str, float]], given: Mapping[str, float], names: Sequence[str]
) -> dict[str, float]:
    logs = {h: math.log(given[h]) + sum(math.log(row[h]) for row in likelihoods.values()) for h in names}
    top = max(logs.values())
    total = sum(math.exp(v - top) for v in logs.values())
    return {h: math.exp(v - top) / total for h, v in logs.items()}


def _against(row: Mapping[str, float], given: Mapping[str, float], h: str) -> float:
    rivals = [k for k in given if k != h]
    mean = sum(given[k] * row[k] for k in rivals) / sum(given[k] for k in rivals)
    return math.log10(row[h] / mean)
