"""Two lines of evidence that cannot both hold, and what would reconcile them.

Invariant: neither line is dropped; each way out says how much it asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from taggant.estimation.lines import EvidenceLine
from taggant.model.finding import StatedValue
from taggant.model.result import Diagnostic


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """One line says at least more than another says at most.

    Attributes
    ----------
    scope : str
    more, other : EvidenceLine
        The one that says more, and the one that says less.
    """

    scope: str
    more: EvidenceLine
    other: EvidenceLine

    @property
    def low(self) -> float:
        """At least, by the one."""
        return self.more.low or 0.0

    @property
    def high(self) -> float:
        """At most, by the other."""
        return self.other.high or 0.0

    @property
    def ratio(self) -> float:
        """At most so large a share of the one can be what the other means."""
        return self.high / self.low if self.low else 1.0

    def words(self) -> str:
        """Which says what."""
        return f"{self.more.name} says at least {self.low:.0f}, {self.other.name} at most {self.high:.0f}"

    def ways_out(self) -> list[tuple[str, str]]:
        """What would reconcile them, the least first: what, and how much it asks."""
        gap, share = self.low - self.high, f"{100 * self.ratio:.0f} %"
        found = [("scope", f"{gap:.0f} of what {self.more.name} counts are other types than {self.scope}")]
        if self.more.kind == "serials":
            found.append(("gaps", f"at most {share} of the numbers were given to an item"))
        if self.more.kind == "use":
            found.append(
                ("decoys, imports, stock", f"{gap:.0f} more of the launches were decoys, brought in or in stock")
            )
        if self.other.kind == "serials":
            found.append(("runs", f"{gap:.0f} have numbers of runs that were not seen"))
        if "claims" in (self.more.kind, self.other.kind):
            claims = self.more if self.more.kind == "claims" else self.other
            until = f" by {claims.speaks_to}" if claims.speaks_to is not None else ""
            found.append(("period", f"what {claims.name} says{until} is of another time: {gap:.0f} lie outside it"))
            found.append(("error", f"{claims.name} is off by a factor of {1 / self.ratio:.1f}"))
        return found

    def remedy(self) -> str:
        """What would settle it, in words."""
        return "one of: " + "; ".join(f"{kind}: {what}" for kind, what in self.ways_out())

    def said(self) -> tuple[Diagnostic, ...]:
        """The ways out as a result keeps them."""
        return tuple(
            Diagnostic(f"would reconcile {self.more.name} and {self.other.name}: {kind}", round(self.ratio, 3), what)
            for kind, what in self.ways_out()
        )

    def values(self) -> dict[str, StatedValue]:
        """Values of the sentence about it."""
        return {
            "more": StatedValue(self.more.name, None, self.more.rests_on),
            "less": StatedValue(self.other.name, None, self.other.rests_on),
            "at_least": StatedValue(round(self.low), "items", self.more.rests_on),
            "at_most": StatedValue(round(self.high), "items", self.other.rests_on),
            "way_out": StatedValue(self.ways_out()[0][1]),
        }


def clashes_of(scope: str, lines: Sequence[EvidenceLine]) -> tuple[Clash, ...]:
    """Which lines cannot both hold?

    Parameters
    ----------
    scope : str
    lines : sequence of EvidenceLine

    Returns
    -------
    tuple of Clash
        The widest apart first.

    Notes
    -----
    *Assumes:* a line with both ends is its 95% interval.
    *Not for:* claims against claims in detail: `infeasible_set` has the smallest sets.

    Examples
    --------
    >>> a = EvidenceLine(name="serials K", kind="serials", reading="", low=900.0, high=1100.0)
    >>> b = EvidenceLine(name="claims of x", kind="claims", reading="", low=100.0, high=300.0)
    >>> [c.words() for c in clashes_of("kites", [a, b])]
    ['serials K says at least 900, claims of x at most 300']
    """
    found = []
    for one, other in combinations(lines, 2):
        for more, less in ((one, other), (other, one)):
            if more.low is not None and less.high is not None and more.low > less.high:
                found.append(Clash(scope=scope, more=more, other=less))
    return tuple(sorted(found, key=lambda c: (c.ratio, c.more.name, c.other.name)))
