"""Weights of one module: counts of levels in blocks, turned into likelihoods of every item under every variant.

Invariant: an item never helps to weigh itself: its incident is left out of the counts that weigh it.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from taggant.attribution.evidence import FeatureRule, ReferenceItem, Seen
from taggant.statistics.calibration import LN10
from taggant.statistics.dirichlet import Association, association

Floats = NDArray[np.float64]
Pattern = tuple[str | None, ...]
NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockCounts:
    """One dependence block: what each item shows of it, and how reference items match every such pattern."""

    name: str
    features: tuple[str, ...]
    """Those that tell variants apart; the others move nothing."""
    dropped: tuple[str, ...]
    index: NDArray[np.int64]
    """Item → pattern."""
    patterns: tuple[Pattern, ...]
    n_levels: Floats
    """Joint levels of the features each pattern shows."""
    observed: NDArray[np.bool_]
    equal: NDArray[np.bool_]
    """(pattern, reference): the reference shows all features the pattern shows; and shows them alike."""


class ModuleCounts:
    """All of one module that weights are made from.

    Parameters
    ----------
    seen : mapping
        Item → feature → what was seen.
    rules : mapping
        Feature → its declaration.
    references : sequence of ReferenceItem
    incidents : mapping of str to str
        Item → incident.
    seed : int
        For the shuffles that say which features tell variants apart.
    kept : set of str, optional
        Features that tell apart, decided elsewhere; None: decide here.
    """

    def __init__(
        self,
        seen: Mapping[str, Mapping[str, Seen]],
        rules: Mapping[str, FeatureRule],
        references: Sequence[ReferenceItem],
        incidents: Mapping[str, str],
        *,
        seed: int,
        kept: set[str] | None = None,
    ) -> None:
        self.items = tuple(sorted(set(seen) | {r.item_id for r in references}))
        self.at = {item_id: n for n, item_id in enumerate(self.items)}
        self.incidents = np.array([incidents[i] for i in self.items], dtype=object)
        self.references = tuple(references)
        self.variants = tuple(sorted({r.variant for r in references}))
        self.owner = np.array([self.variants.index(r.variant) for r in references], dtype=np.int64)
        self.of_incident = np.array([r.incident for r in references], dtype=object)
        # An incident speaks once for a variant, however many of its items are known.
        alike = Counter((r.variant, r.incident) for r in references)
        self.weight = np.array([1 / alike[r.variant, r.incident] for r in references], dtype=float)
        self.seen, self.rules = seen, rules
        names = sorted({f for own in seen.values() for f in own if f in rules})
        wanted = {f for f in names if self._tells(f, seed).is_real} if kept is None else kept & set(names)
        self.blocks = tuple(
            self._block(block, [f for f in names if rules[f].block == block], wanted)
            for block in sorted({rules[f].block for f in names})
        )

    def _tells(self, feature: str, seed: int) -> Association:
        """Does this feature depend on the variant, among reference items, one an incident?"""
        levels, owners, used = [], [], set()
        for r in self.references:
            found = self.seen.get(r.item_id, {}).get(feature)
            if found is not None and found.level is not None and (r.variant, r.incident) not in used:
                used.add((r.variant, r.incident))
                levels.append(self.rules[feature].levels.index(found.level))
                owners.append(self.variants.index(r.variant))
        rng = np.random.default_rng([seed, zlib.crc32(feature.encode())])
        return association(np.array(levels, dtype=np.int64), np.array(owners, dtype=np.int64), rng=rng)

    def _block(self, name: str, features: Sequence[str], wanted: set[str]) -> BlockCounts:
        kept = tuple(f for f in features if f in wanted)
        shown: list[Pattern] = []
        for item_id in self.items:
            own = self.seen.get(item_id, {})
            shown.append(tuple(own[f].level if f in own else None for f in kept))
        patterns = tuple(dict.fromkeys(shown))
        where = {p: n for n, p in enumerate(patterns)}
        of_references = [shown[self.at[r.item_id]] for r in self.references]
        observed = np.array(
            [[all(r[k] is not None for k, level in enumerate(p) if level is not None) for r in of_references]
             for p in patterns], dtype=bool,
        ).reshape(len(patterns), len(of_references))  # fmt: skip
        equal = np.array(
            [[all(r[k] == level for k, level in enumerate(p) if level is not None) for r in of_references]
             for p in patterns], dtype=bool,
        ).reshape(len(patterns), len(of_references))  # fmt: skip
        sizes = [
            float(np.prod([len(self.rules[f].levels) for f, level in zip(kept, p, strict=True) if level is not None]))
            for p in patterns
        ]
        return BlockCounts(
            name=name, features=kept, dropped=tuple(f for f in features if f not in wanted),
            index=np.array([where[p] for p in shown], dtype=np.int64), patterns=patterns,
            n_levels=np.array(sizes), observed=observed, equal=equal,
        )  # fmt: skip

    @cached_property
    def incidents_of(self) -> dict[str, set[str]]:
        """Variant → incidents of its reference items."""
        return {v: {r.incident for r in self.references if r.variant == v} for v in self.variants}

    def likelihoods(
        self, *, alpha: float | None = None, without: NDArray[np.bool_] | None = None, only: tuple[int, ...] = ()
    ) -> dict[str, Floats]:
        """How likely is what each item shows, under each variant and none of them, block by block?

        Parameters
        ----------
        alpha : float, optional
            Prior count a level; 1/K when left out.
        without : array of bool, optional
            References left out of the counts.
        only : tuple of int
            Variants considered; all when empty.

        Returns
        -------
        dict
            Block → natural logs, shape (items, variants + 1); the last column is none of them.

        Notes
        -----
        *Assumes:* blocks are independent given the variant. *Not for:* items that are references themselves: leave
        their incident out.
        """
        counted = self._counted(only)
        if without is not None:
            counted = np.where(without[:, None], 0.0, counted)
        found: dict[str, Floats] = {}
        for block in self.blocks:
            logs = _logs(block.equal @ counted, block.observed @ counted, block.n_levels, alpha)
            found[block.name] = logs[block.index]
        return found

    def _counted(self, only: tuple[int, ...]) -> Floats:
        """Reference → variant: what it counts for it, an incident in all once."""
        owners = np.eye(len(self.variants))[self.owner].reshape(len(self.references), len(self.variants))
        owners = owners[:, list(only)] if only else owners
        return np.asarray(owners * self.weight[:, None], dtype=float)

    def own_left_out(self, *, alpha: float | None = None, only: tuple[int, ...] = ()) -> dict[str, Floats]:
        """The same, each item weighed without the references of its own incident.

        Parameters
        ----------
        alpha : float, optional
        only : tuple of int

        Returns
        -------
        dict

        Notes
        -----
        *Assumes:* incidents are independent. *Not for:* `without` of one's own: `likelihoods`.
        """
        counted = self._counted(only)
        found = self.likelihoods(alpha=alpha, only=only)
        items, references, rows = self._own_references
        if not rows.size:
            return found
        for block in self.blocks:
            # Counts of the whole less those of the item's own incident, for the items that have one.
            patterns = block.index[items]
            seen, of = ((table @ counted)[block.index[rows]] for table in (block.equal, block.observed))
            at = np.searchsorted(rows, items)
            np.subtract.at(seen, at, block.equal[patterns, references][:, None] * counted[references])
            np.subtract.at(of, at, block.observed[patterns, references][:, None] * counted[references])
            found[block.name][rows] = _logs(seen, of, block.n_levels[block.index[rows]], alpha)
        return found

    @cached_property
    def _own_references(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Pairs of an item and a reference of its own incident; last, the items of such pairs, each once."""
        by_incident: dict[str, list[int]] = {}
        for n, incident in enumerate(self.of_incident):
            by_incident.setdefault(incident, []).append(n)
        pairs = [(n, r) for n, incident in enumerate(self.incidents) for r in by_incident.get(incident, ())]
        both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return both[:, 0], both[:, 1], np.unique(both[:, 0])


def _logs(seen: Floats, of: Floats, n_levels: Floats, alpha: float | None) -> Floats:
    """Natural logs of the shares of each pattern's levels, by variant; last, under none of them."""
    k = np.maximum(n_levels, 2)[:, None]
    a = 1 / k if alpha is None else np.full_like(k, alpha)
    shares = (np.maximum(seen, 0.0) + a) / (np.maximum(of, 0.0) + k * a)
    none = (shares.sum(axis=1) + 1 / k[:, 0]) / (shares.shape[1] + 1)
    logs = np.log(np.concatenate([shares, none[:, None]], axis=1))
    logs[n_levels <= 1] = 0.0  # nothing of the block was seen
    return np.asarray(logs, dtype=float)


def against_others(logs: Floats) -> Floats:
    r"""How strongly does each hypothesis stand against the others together, equal beforehand?

    .. math:: \log LR_h = \ell_h - \log \frac{1}{H-1} \sum_{g \ne h} e^{\ell_g}

    Parameters
    ----------
    logs : array of float, shape (items, H)
        Natural log likelihoods.

    Returns
    -------
    array of float, same shape
        log10.

    Notes
    -----
    *Assumes:* the rivals are equally likely beforehand. *Not for:* pairs: subtract.

    Examples
    --------
    >>> against_others(np.log(np.array([[0.9, 0.1, 0.1]]))).round(3).tolist()
    [[0.954, -0.699, -0.699]]
    """
    n = logs.shape[1]
    found = np.zeros_like(logs)
    if n < 2:
        return found
    for h in range(n):
        rest = np.delete(logs, h, axis=1)
        top = rest.max(axis=1)
        found[:, h] = logs[:, h] - top - np.log(np.exp(rest - top[:, None]).mean(axis=1))
    return found / LN10
