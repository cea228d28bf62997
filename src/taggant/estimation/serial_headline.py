"""Which numbers of a run carry its headline, and how wide that is when the analyses named beforehand disagree.

Invariant: the analyses are fixed before any number is seen: the run as asked for; begun at 1 or after a round number,
unless the smallest number speaks against it; some number misread; without the largest number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from taggant.errors import NotEnoughData
from taggant.statistics.serial_formulas import Spread, spread, start_p
from taggant.statistics.serial_misreads import MISREAD
from taggant.statistics.serial_runs import Prior, RunPosterior, Start, round_starts, run_posterior
from taggant.statistics.serial_windows import WindowPosterior, window_posterior

LEVEL = 0.95
FEWEST = 3
"""Below three independent serials the prior says more than they do (our choice, printed among the parameters)."""
START_P = 0.01
"""A beginning at 1, or after a full hundred or thousand, is allowed for until the smallest number is this strange."""
_INFLUENTIAL_FROM = 2.0
_VERY_UNEVEN_P = 0.01
_SURELY = 0.95
_MOST_APART = 0.1
_FEWEST_TO_COMPARE = 4
_MOST_COMPARED = 2000
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Influence:
    """What the run would be without its largest number, where that must be said before the low end is believed.

    `kind`: influential — the largest number moves the upper end more than twofold; uneven — the numbers lie so
    unevenly (p < 0.01) that they are hardly a fair draw.
    """

    kind: Literal["influential", "uneven"]
    low_without: int
    high_without: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Numbers that do not lie in the run of the others.

    Attributes
    ----------
    numbers : tuple of int
        Each misread, or another run's, with a probability of at least 0.95.
    probability : float
        The least of theirs; 1 where there are none.
    is_too_many : bool
        So many (more than one and more than a tenth, or fewer than three are left) that the numbers are hardly one run.
    """

    numbers: tuple[int, ...]
    probability: float
    is_too_many: bool


def numbers_apart(
    serials: Sequence[int],
    *,
    chances: Sequence[float] | None = None,
    start: Start = "positive",
    prior: Prior = "1/N",
    n_independent: int | None = None,
) -> Apart:
    """Which numbers are misread, or another run's, by what the others say?

    Parameters
    ----------
    serials : sequence of int
        Numbers of distinct items.
    chances : sequence of float, optional
        Of being misread; None: 0.03 each.
    start, prior, n_independent
        As for `window_posterior`.

    Returns
    -------
    Apart

    Notes
    -----
    *Assumes:* most numbers are the run's. Numbers are apart when the mixture gives each a probability of 0.95 or more
    to lie outside, and the end without them is less than half: else older items that are likelier to be found would
    look like misread newer ones.
    *Not for:* fewer than four numbers, or more than two thousand (one number decides nothing there).

    Examples
    --------
    >>> numbers_apart([12, 40, 33, 21, 99999999]).numbers, numbers_apart([12, 40, 33, 21, 62]).numbers
    ((99999999,), ())
    """
    distinct = tuple(sorted(set(serials)))
    if chances is not None:
        given: dict[int, float] = {}
        for number, chance in zip(serials, chances, strict=True):
            given[number] = min(chance, given.get(number, 1.0))
        of = tuple(given[x] for x in distinct)
    else:
        of = (MISREAD["likely"],) * len(distinct)
    window = _window(distinct, of, start, prior, n_independent)
    if window is None:
        return Apart(numbers=(), probability=1.0, is_too_many=False)
    out = {x: p for x, p in window.outside.items() if p >= _SURELY}
    kept = [x for x in distinct if x not in out]
    if out and len(kept) >= FEWEST:
        k = None if n_independent is None else min(n_independent, len(kept))
        whole, without = (
            run_posterior(some, start=start, prior="1/N2", n_independent=n).quantile(LEVEL)
            for some, n in ((distinct, n_independent), (kept, k))
        )
        if whole <= _INFLUENTIAL_FROM * without:
            out = {}
    n_left = len(distinct) - len(out)
    is_too_many = bool(out) and (n_left < FEWEST or (len(out) > 1 and len(out) > _MOST_APART * len(distinct)))
    return Apart(numbers=tuple(sorted(out)), probability=min(out.values(), default=1.0), is_too_many=is_too_many)


def misread_end(serials: Sequence[int], like: RunPosterior) -> int | None:
    """Up to how many, if any of the numbers may be misread? The 95% quantile of the mixture.

    Parameters
    ----------
    serials : sequence of int
    like : RunPosterior
        Whose start, prior and count of finds are used.

    Returns
    -------
    int or None
        None: fewer than four numbers, or too many for one to matter.

    Notes
    -----
    *Assumes:* a chance of 0.03 that a number is misread: the house's for a reading called likely.
    *Not for:* numbers read doubtfully: leave them out.

    Examples
    --------
    >>> numbers = [19, 40, 42, 60]
    >>> misread_end(numbers, run_posterior(numbers))
    101
    """
    distinct = tuple(sorted(set(serials)))
    k = min(like.n_seen, len(distinct))
    window = _window(distinct, (MISREAD["likely"],) * len(distinct), like.start, like.prior, k)
    return None if window is None else window.length.quantile(LEVEL)


def named_numbers(numbers: Sequence[int]) -> str:
    """Name numbers in a sentence: the first five, and how many more.

    Notes
    -----
    *Assumes:* the rest stand in a table.
    *Not for:* items: they are named by their marks.
    """
    more = f" and {len(numbers) - _MOST_NAMED} more" if len(numbers) > _MOST_NAMED else ""
    return ", ".join(map(str, numbers[:_MOST_NAMED])) + more


@lru_cache(maxsize=256)
def _window(
    distinct: tuple[int, ...], chances: tuple[float, ...], start: Start, prior: Prior, n_independent: int | None
) -> WindowPosterior | None:
    if not _FEWEST_TO_COMPARE <= len(distinct) <= _MOST_COMPARED:
        return None
    if n_independent is not None and n_independent >= len(distinct):
        n_independent = None
    return window_posterior(distinct, chances=chances, start=start, prior=prior, n_independent=n_independent)


def starts_allowed(posterior: RunPosterior, serials: Sequence[int]) -> tuple[int, ...]:
    """At which first numbers must the upper end allow for a beginning, though nobody said so?

    Parameters
    ----------
    posterior : RunPosterior
    serials : sequence of int
        What it was made from.

    Returns
    -------
    tuple of int
        1 and round numbers, where the smallest number does not speak against them (`start_p` of 0.01 or more); none
        where the start was said.

    Notes
    -----
    *Assumes:* people begin at 1, or after a full hundred or thousand.
    *Not for:* a start that is known: say it.

    Examples
    --------
    >>> numbers = [1005, 1030, 1042, 1060]
    >>> starts_allowed(run_posterior(numbers), numbers)
    (1001,)
    """
    if posterior.start != "positive":
        return ()
    firsts = round_starts(posterior.smallest)
    return tuple(a for a in firsts if start_p(serials, a, n_independent=posterior.n_seen) >= START_P)


def begun_at(posterior: RunPosterior, serials: Sequence[int], first: int) -> RunPosterior:
    """What would be known of the run, had it begun at this number?

    Parameters
    ----------
    posterior : RunPosterior
    serials : sequence of int
    first : int
        Up to the smallest serial.

    Returns
    -------
    RunPosterior

    Notes
    -----
    *Assumes:* as `run_posterior`.
    *Not for:* several first numbers at once: start ``round``.

    Examples
    --------
    >>> begun_at(run_posterior([119, 140, 160]), [119, 140, 160], 101).least
    60
    """
    moved = [s - first + 1 for s in serials]
    n_max = posterior.n_max if posterior.n_max is None else max(posterior.n_max, max(moved))
    return run_posterior(
        moved, start="1", prior=posterior.prior, n_max=n_max, n_independent=min(posterior.n_seen, len(set(moved)))
    )


def upper_end(posterior: RunPosterior, serials: Sequence[int]) -> int:
    """Up to how many had been made, wherever of the allowed first numbers the run began?

    Parameters
    ----------
    posterior : RunPosterior
    serials : sequence of int

    Returns
    -------
    int
        The largest 95% quantile of the run as asked for and begun at each of `starts_allowed`.

    Notes
    -----
    *Assumes:* as `run_posterior`; then the end covers 95 of 100 runs that begin at 1 or after a round number too (the
    quantile of start ``positive`` alone: 86 to 88).
    *Not for:* an end that is the same under every prior: the table prints the others.

    Examples
    --------
    >>> numbers = [19, 40, 42, 60]
    >>> posterior = run_posterior(numbers)
    >>> posterior.quantile(0.95), upper_end(posterior, numbers)
    (102, 124)
    """
    ends = [posterior.quantile(LEVEL)]
    ends += [begun_at(posterior, serials, a).quantile(LEVEL) for a in starts_allowed(posterior, serials)]
    most = max(ends)
    return most if posterior.n_max is None else min(most, posterior.n_max)


def influence_of(serials: Sequence[int], posterior: RunPosterior) -> Influence | None:
    """Does the largest number alone decide how long the run is, or do the numbers lie too unevenly to say?

    Parameters
    ----------
    serials : sequence of int
        Numbers of distinct items.
    posterior : RunPosterior
        What they say of the run.

    Returns
    -------
    Influence or None
        None: neither; or three numbers or fewer, where taking one away leaves too few to compare with.

    Notes
    -----
    *Assumes:* twofold and p < 0.01 are our choice; one misread leading digit moves far more.
    *Not for:* telling whether the number is misread: `numbers_apart`.

    Examples
    --------
    >>> numbers = [20, 30, 45, 200]
    >>> influence_of(numbers, run_posterior(numbers)).kind
    'influential'
    """
    distinct = sorted(set(serials))
    other = like_but(distinct[:-1], posterior) if len(distinct) > FEWEST else None
    if other is None:
        return None
    without = upper_end(other, distinct[:-1])
    if upper_end(posterior, distinct) > _INFLUENTIAL_FROM * without:
        return Influence("influential", other.least, without)
    even = evenness(distinct, posterior.start)
    if even is not None and even.p < _VERY_UNEVEN_P:
        return Influence("uneven", other.least, without)
    return None


def evenness(distinct: Sequence[int], start: Start) -> Spread | None:
    """How evenly do the numbers lie? None with too few.

    Notes
    -----
    *Assumes:* and *Not for:* as `spread`.
    """
    try:
        return spread(distinct, start=1 if start == "1" else None)
    except NotEnoughData:
        return None


def like_but(distinct: Sequence[int], like: RunPosterior, **changed: object) -> RunPosterior | None:
    """What is known by these numbers, with the options of another posterior but for those changed?

    Returns
    -------
    RunPosterior or None
        None where there is no upper end at all.

    Notes
    -----
    *Assumes:* and *Not for:* as `run_posterior`.
    """
    options: dict[str, object] = {
        "start": like.start, "prior": like.prior, "n_max": like.n_max, "n_independent": min(like.n_seen, len(distinct)),
    }  # fmt: skip
    try:
        return run_posterior(distinct, **(options | changed))  # type: ignore[arg-type]  # checked there
    except NotEnoughData:
        return None
