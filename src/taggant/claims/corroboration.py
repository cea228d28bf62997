"""How much do several reports of one thing weigh together, when some copy others?

Invariant: each root counts once in the headline; independent copies are the upper bound; nothing stands in between
unless somebody states how often an edge copies.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from taggant.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report on whether something is so.

    Attributes
    ----------
    name : str
    says : bool
        True: it is so; False: it is not.
    copies : str or None
        The report it repeats; None: a root.
    hit, false_alarm : float
        How often such a source says so when it is so, and when it is not.
    copying : float
        With which probability it repeats what it copies instead of telling by itself, 0 to 1.
    """

    name: str
    says: bool
    copies: str | None = None
    hit: float = 0.8
    false_alarm: float = 0.2
    copying: float = 1.0


def likelihood_ratio(reports: Sequence[Report]) -> float:
    r"""How much likelier are these reports if the thing is so than if it is not?

    .. math:: P(e \mid H) = \prod_{\text{roots}} P(e_r \mid H) \prod_{i} \bigl[ \rho_i\, 1(e_i = e_{\text{parent}(i)})
              + (1 - \rho_i)\, P(e_i \mid H) \bigr]

    likewise for not-H; the answer is the ratio of the two. :math:`\rho_i` is the copying of the edge.

    Parameters
    ----------
    reports : sequence of Report
        A report may copy one report of the same sequence.

    Returns
    -------
    float
        Above 1: for it.

    Raises
    ------
    InputError
        A rate is not between 0 and 1, or a copied report is not among them.

    Notes
    -----
    Assumes: roots tell independently of each other; a copy that says the opposite of what it is said to copy without
    fail is no copy, and is a root of its own.
    Not for: numbers (`quantity_likelihood`), or for letters and digits of the Admiralty code.

    References
    ----------
    .. [1] Dong, X. L., Berti-Equille, L., Srivastava, D. (2009). Integrating conflicting data: the role of source
       dependence. *PVLDB* 2(1), 550-561. https://doi.org/10.14778/1687627.1687690

    Examples
    --------
    >>> first = Report(name="a", says=True)
    >>> round(likelihood_ratio([first, Report(name="b", says=True)]), 6)
    16.0
    >>> round(likelihood_ratio([first, Report(name="b", says=True, copies="a")]), 6)
    4.0
    >>> round(likelihood_ratio([first, Report(name="b", says=True, copies="a", copying=0.5)]), 6)
    6.0
    """
    by_name = {r.name: r for r in reports}
    log = 0.0
    for r in reports:
        for rate in (r.hit, r.false_alarm):
            if not 0 < rate < 1:
                raise InputError(f"a rate of {rate} of report {r.name!r} is not between 0 and 1", next="Give 0.8")
        if r.copies is not None and r.copies not in by_name:
            what = f"report {r.name!r} copies {r.copies!r}, which is not given"
            raise InputError(what, next="Give it, or leave `copies` out")
        if not 0 <= r.copying <= 1:
            raise InputError(f"a copying of {r.copying} of report {r.name!r} is not between 0 and 1", next="Give 1")
        so = r.hit if r.says else 1 - r.hit
        not_so = r.false_alarm if r.says else 1 - r.false_alarm
        agrees = r.copies is not None and by_name[r.copies].says == r.says
        copying = 0.0 if r.copies is None or (r.copying == 1 and not agrees) else r.copying
        log += math.log(copying * agrees + (1 - copying) * so) - math.log(copying * agrees + (1 - copying) * not_so)
    return math.exp(log)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corroborated:
    """What several reports come to.

    Attributes
    ----------
    each_root_once, as_if_independent : float
        Probability that it is so: with copies adding nothing, and with copies as good as roots.
    without : mapping of str to float
        Root → the first of the two without it and all that copies it.
    """

    each_root_once: float
    as_if_independent: float
    without: Mapping[str, float]


def corroborated(reports: Sequence[Report], *, prior: float = 0.5) -> Corroborated:
    """How likely is it, each root counted once, and what does each root carry?

    Parameters
    ----------
    reports : sequence of Report
    prior : float in (0, 1)
        Before any report.

    Returns
    -------
    Corroborated

    Raises
    ------
    InputError
        As `likelihood_ratio`; or the prior is not between 0 and 1.

    Notes
    -----
    Assumes: as `likelihood_ratio`.
    Not for: a verdict on a source.

    Examples
    --------
    >>> two = [Report(name="a", says=True), Report(name="b", says=True, copies="a")]
    >>> c = corroborated(two)
    >>> round(c.each_root_once, 6), round(c.as_if_independent, 6), c.without
    (0.8, 0.941176, {'a': 0.5})
    """
    from dataclasses import replace

    if not 0 < prior < 1:
        raise InputError(f"a prior of {prior} is not between 0 and 1", next="Give 0.5")

    def posterior(some: Sequence[Report]) -> float:
        odds = prior / (1 - prior) * likelihood_ratio(some)
        return odds / (1 + odds)

    once = [replace(r, copying=1.0) for r in reports]
    free = [replace(r, copies=None) for r in reports]
    root = {r.name: _root(r, {x.name: x for x in reports}) for r in reports}
    without = {
        name: posterior([r for r in once if root[r.name] != name]) for name in dict.fromkeys(root.values())
    }  # fmt: skip
    return Corroborated(each_root_once=posterior(once), as_if_independent=posterior(free), without=without)


def _root(r: Report, by_name: Mapping[str, Report]) -> str:
    seen = {r.name}
    while r.copies is not None and r.copies not in seen:
        seen.add(r.copies)
        r = by_name[r.copies]
    return r.name


def quantity_likelihood(value: float, low: float | None, high: float | None, *, sd_log: float = 0.25) -> float:
    r"""How well does a number fit what a claim says, relative to one inside its interval?

    .. math:: L(N) = \exp\Bigl(-\tfrac12 (d / \sigma)^2\Bigr), \qquad
              d = \max\bigl(0,\ \ln(\text{low}/N),\ \ln(N/\text{high})\bigr)

    Parameters
    ----------
    value : float
        The true number, N > 0.
    low, high : float or None
        What the claim says; None: open on that side.
    sd_log : float
        :math:`\sigma`: how far off such claims are, in natural log.

    Returns
    -------
    float
        1 inside the interval, falling to 0 outside.

    Raises
    ------
    InputError
        The number or the spread is not above zero.

    Notes
    -----
    Assumes: errors are as likely upward as downward, in log; 0.25 is a choice, not a measurement.
    Not for: numbers whose scope differs: no error model bridges that.

    Examples
    --------
    >>> quantity_likelihood(300.0, 250.0, 350.0), round(quantity_likelihood(600.0, 250.0, 350.0), 3)
    (1.0, 0.098)
    """
    if value <= 0 or sd_log <= 0:
        raise InputError("the number and the spread must be above zero", next="Leave out what is zero")
    below = math.log(low / value) if low else 0.0
    above = math.log(value / high) if high else 0.0
    return math.exp(-0.5 * (max(0.0, below, above) / sd_log) ** 2)
