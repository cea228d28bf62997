"""Several people label the same things: how well does each label, and what are the things? A library function only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from taggant.errors import InputError, NotEnoughData

_NEVER = 1e-300


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """What labels come to.

    Attributes
    ----------
    classes : tuple of str
        Sorted.
    marginals : array, shape (k,)
        Share of each class.
    confusion : mapping-like array, shape (n_observers, k, k)
        How often observer j calls a thing of class a (row) by class b (column).
    observers, items : tuple of str
    posterior : array, shape (n_items, k)
    log_likelihood : float
    n_rounds : int
    """

    classes: tuple[str, ...]
    observers: tuple[str, ...]
    items: tuple[str, ...]
    marginals: NDArray[np.float64]
    confusion: NDArray[np.float64]
    posterior: NDArray[np.float64]
    log_likelihood: float
    n_rounds: int


def dawid_skene(
    labels: Sequence[tuple[str, str, str]], *, tolerance: float = 1e-10, most_rounds: int = 5000
) -> Labelled:
    r"""What is each thing, and how does each observer err, when nobody knows the truth?

    .. math:: T_{ia} \propto p_a \prod_j \prod_b (\pi^{(j)}_{ab})^{n^{(j)}_{ib}}

    with :math:`p_a` the share of class a, :math:`\pi^{(j)}_{ab}` how often observer j calls class a by b, and
    :math:`n^{(j)}_{ib}` how often observer j called thing i by b; by EM from the majority of labels.

    Parameters
    ----------
    labels : sequence of (item, observer, label)
        The same observer may label a thing more than once.
    tolerance : float
        Rounds end when the log likelihood grows by less.
    most_rounds : int

    Returns
    -------
    Labelled

    Raises
    ------
    NotEnoughData
        Fewer than three observers, or only one class.
    InputError
        The rounds do not end.

    Notes
    -----
    Assumes: observers err independently, given what the thing is; each in the same way on every thing.
    Not for: sources that copy each other; fewer than three observers; grading claims.

    References
    ----------
    .. [1] Dawid, A. P., Skene, A. M. (1979). Maximum likelihood estimation of observer error-rates using the EM
       algorithm. *Applied Statistics* 28(1), 20-28. https://doi.org/10.2307/2346806

    Examples
    --------
    >>> votes = [(str(i), o, "x" if i < 3 else "y") for i in range(6) for o in "abc"]
    >>> [round(float(p), 2) for p in dawid_skene(votes).marginals]
    [0.5, 0.5]
    """
    items = tuple(dict.fromkeys(i for i, _, _ in labels))
    observers = tuple(sorted({o for _, o, _ in labels}))
    classes = tuple(sorted({c for _, _, c in labels}))
    if len(observers) < 3 or len(classes) < 2:
        raise NotEnoughData(
            f"{len(observers)} observers with {len(classes)} classes cannot be told apart",
            enough="three observers and two classes",
        )
    counts = np.zeros((len(items), len(observers), len(classes)))
    at = [{name: n for n, name in enumerate(some)} for some in (items, observers, classes)]
    for i, o, c in labels:
        counts[at[0][i], at[1][o], at[2][c]] += 1
    posterior = counts.sum(axis=1)
    posterior /= posterior.sum(axis=1, keepdims=True)
    before = -np.inf
    for n in range(1, most_rounds + 1):
        marginals = posterior.mean(axis=0)
        confusion = np.einsum("ia,ijb->jab", posterior, counts)
        sums = confusion.sum(axis=2, keepdims=True)
        confusion = np.divide(confusion, sums, out=np.zeros_like(confusion), where=sums > 0)
        # What nobody does is as good as never, not minus infinity: 0 · -inf is no number.
        logs, prior = np.log(np.maximum(confusion, _NEVER)), np.log(np.maximum(marginals, _NEVER))
        used = counts[:, :, None, :] * logs[None]
        joint = prior[None] + used.sum(axis=(1, 3))
        top = joint.max(axis=1, keepdims=True)
        total = top[:, 0] + np.log(np.exp(joint - top).sum(axis=1))
        posterior = np.exp(joint - total[:, None])
        likelihood = float(total.sum())
        if abs(likelihood - before) < tolerance:
            return Labelled(
                classes=classes, observers=observers, items=items, marginals=marginals, confusion=confusion,
                posterior=posterior, log_likelihood=likelihood, n_rounds=n,
            )  # fmt: skip
        before = likelihood
    raise InputError(f"{most_rounds} rounds did not settle", next="Allow more with most_rounds")
