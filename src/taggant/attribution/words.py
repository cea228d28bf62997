"""What is said of weights in figures and words, and why there is none.

Invariant: a weight leaves this room as "times as likely"; its logarithm stays among the weights for machines.
"""

from __future__ import annotations

from decimal import Decimal

from taggant.attribution.block_weights import NONE
from taggant.attribution.module_weights import Weighed
from taggant.reference import load_scales, load_variants
from taggant.statistics.calibration import FEWEST

METHOD, VERSION = "block-dirichlet-lr-v1", "1"
UNIT = "times as likely"


def titles(variant: str | None) -> str | None:
    """What is this variant called? A variant the reference does not know keeps its own name.

    Parameters
    ----------
    variant : str or None

    Returns
    -------
    str or None

    Notes
    -----
    *Assumes:* nothing. *Not for:* producers.

    Examples
    --------
    >>> titles("gerbera"), titles("A")
    ('Gerbera', 'A')
    """
    return next((v.title for v in load_variants() if v.id == variant), variant)


def times(llr10: float) -> str:
    """How many times likelier is that, in figures?

    Parameters
    ----------
    llr10 : float

    Returns
    -------
    str

    Notes
    -----
    *Assumes:* a base-10 weight. *Not for:* weights above the bounds.

    Examples
    --------
    >>> times(0.9), times(2.0)
    ('7.9', '100')
    """
    ratio = 10**llr10
    return f"{ratio:.1f}" if ratio < 9.95 else f"{ratio:,.0f}".replace(",", " ")


def in_words(llr10: float) -> str:
    """What does the ENFSI scale call a weight of this size?

    Parameters
    ----------
    llr10 : float
        Of what is held to be likelier: not negative.

    Returns
    -------
    str
        "weak support" and so on, beside the figure and never instead of it.

    Notes
    -----
    *Assumes:* the bands as `reference/scales/enfsi-2015.toml` has them; some of them rest on secondary pages, which
    that file says. *Not for:* a posterior: the words are for the ratio.

    References
    ----------
    .. [1] ENFSI (2015). *Guideline for Evaluative Reporting in Forensic Science*, version 3.0.

    Examples
    --------
    >>> in_words(0.5), in_words(1.2)
    ('weak support', 'moderate support')
    """
    scale = next(s for s in load_scales() if s.id == "enfsi-2015")
    ratio = Decimal(repr(10**llr10))
    found = (v for v in scale.levels if (v.low or 0) <= ratio and (v.high is None or ratio < v.high))
    return next(found, scale.levels[0]).words


def as_ratio(llr10: float) -> float:
    """Give a base-10 weight as a ratio of three figures.

    Parameters
    ----------
    llr10 : float

    Returns
    -------
    float

    Notes
    -----
    *Assumes:* a base-10 weight. *Not for:* weights above the bounds.

    Examples
    --------
    >>> as_ratio(0.9)
    7.94
    """
    return float(f"{10**llr10:.3g}")


def refusal_of(whole: Weighed, name: str | None = None) -> tuple[str, str]:
    """Why is there no weight, and what would be enough?

    Parameters
    ----------
    whole : Weighed
    name : str, optional
        A variant; None: any.

    Returns
    -------
    tuple of str

    Notes
    -----
    *Assumes:* there is none. *Not for:* weights.

    Examples
    --------
    >>> from taggant.attribution.evidence import Evidence
    >>> from taggant.attribution.module_weights import weigh_module
    >>> empty = Evidence(rules={}, seen={}, references={}, incidents={})
    >>> refusal_of(weigh_module(empty, "engine", seed=1))[0]
    'no item is known otherwise for this module'
    """
    counts = whole.counts
    sides = {v: len(own) for v, own in counts.incidents_of.items()}
    if not sides:
        return (
            "no item is known otherwise for this module",
            f"items of at least two variants known otherwise, from {FEWEST} incidents a side: {2 * FEWEST} incidents",
        )
    if not whole.is_validated:
        told = ", ".join(f"{titles(v)} {n}" for v, n in sides.items())
        if len(sides) == 1:
            missing = max(0, FEWEST - next(iter(sides.values()))) + FEWEST
        else:
            missing = min(c.n_missing for v, c in whole.checks.items() if v != NONE)
        return (
            f"items known otherwise come from too few incidents ({told})",
            f"{missing} more incidents of items known otherwise ({FEWEST} a side)",
        )
    check = whole.checks.get(name or "")
    if check is not None and not check.is_validated:
        return (
            f"items of this variant known otherwise come from {check.n_own} incidents",
            f"{check.n_missing} more incidents of items known otherwise",
        )
    tells = sorted(f for b in counts.blocks for f in b.features)
    if not tells:
        return (
            "no feature tells the variants apart beyond chance",
            "a feature whose levels differ between reference items of the variants",
        )
    return (
        "nothing was seen of the features that tell variants apart",
        f"one reading of {' or '.join(tells)}",
    )
