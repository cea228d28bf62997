"""The weight of what experts say of features: stated, never validated, never mixed with what the data say.

Invariant: one block speaks once, with the strongest of its words; a level typical of every variant asked about moves
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10

from taggant.attribution.evidence import FeatureRule, Seen
from taggant.reference import Variant, load_variants
from taggant.reference.bearing_files import load_bearing_weights

METHOD, VERSION = "expert-stated-v1", "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertWeight:
    """log10 likelihood ratio of one variant against the others an expert tells it from, as a range."""

    low: float
    high: float
    basis: tuple[str, ...]

    @property
    def middle(self) -> float:
        """The middle of the range."""
        return (self.low + self.high) / 2


def expert_blocks(
    rules: Mapping[str, FeatureRule], seen: Mapping[str, Seen], variants: Sequence[str]
) -> Mapping[str, Mapping[str, ExpertWeight]]:
    """What do experts' words make of what was seen, block by block?

    Parameters
    ----------
    rules : mapping
        Feature → its declaration, of one module.
    seen : mapping
        Feature → what was seen, of one item.
    variants : sequence of str
        Variants asked about.

    Returns
    -------
    mapping
        Block → variant → weight; blocks of which no expert says anything are not in it.

    Notes
    -----
    *Assumes:* a level typical of some variants speaks for each of them alike, against those it is said to tell apart.
    *Not for:* validated weights: the words' numbers are a choice (reference/bearing_weights.toml).

    Examples
    --------
    >>> expert_blocks({}, {}, ["shahed-136-iran"])
    {}
    """
    known = {v.id: v for v in load_variants()}
    words = {b.word: (float(b.low), float(b.high)) for b in load_bearing_weights()}
    found: dict[str, dict[str, ExpertWeight]] = {}
    for name, what in sorted(seen.items()):
        rule = rules.get(name)
        if rule is None or what.level is None:
            continue
        for variant, weight in _of_feature(rule, what.level, variants, known, words).items():
            block = found.setdefault(rule.block, {})
            block[variant] = weight if variant not in block else _stronger(block[variant], weight)
    return found


def expert_total(blocks: Mapping[str, Mapping[str, ExpertWeight]], variant: str) -> ExpertWeight | None:
    """What do the blocks come to for one variant?

    Parameters
    ----------
    blocks : mapping
        As `expert_blocks` gives.
    variant : str

    Returns
    -------
    ExpertWeight or None
        None when no expert says anything.

    Notes
    -----
    *Assumes:* blocks are independent. *Not for:* comparing with a validated weight.

    Examples
    --------
    >>> expert_total({}, "x") is None
    True
    """
    own = [b[variant] for b in blocks.values() if variant in b]
    if not own:
        return None
    basis = tuple(dict.fromkeys(text for w in own for text in w.basis))
    return ExpertWeight(low=sum(w.low for w in own), high=sum(w.high for w in own), basis=basis)


def _of_feature(
    rule: FeatureRule, level: str, variants: Sequence[str], known: Mapping[str, Variant],
    words: Mapping[str, tuple[float, float]],
) -> dict[str, ExpertWeight]:  # fmt: skip
    stated = {variant: value for at, variant, value in rule.stated if at == level and variant in variants}
    if len(stated) > 1:
        source = (f"{rule.module}.{rule.feature}={level}: likelihoods as stated, {rule.basis}",)
        found = {}
        for variant, value in stated.items():
            rest = [v for other, v in stated.items() if other != variant]
            weight = log10(max(value, 1e-3) / max(sum(rest) / len(rest), 1e-3))
            found[variant] = ExpertWeight(low=weight, high=weight, basis=source)
        return found
    if rule.bearing is None:
        return {}
    marks = [
        (v, t) for v in variants if v in known for t in known[v].typical
        if (t.module, t.feature, t.level) == (rule.module, rule.feature, level)
    ]  # fmt: skip
    typical = {v for v, _ in marks}
    asked = {v for v in variants if v in rule.tells_apart} | typical
    if not typical:
        return {}
    basis = tuple(
        dict.fromkeys(f"{rule.module}.{rule.feature}={level}: {rule.bearing} ({t.status}), {t.url}" for _, t in marks)
    )
    low, high = words[rule.bearing]
    if rule.bearing == "not diagnostic" or typical >= asked:
        return {v: ExpertWeight(low=0.0, high=0.0, basis=basis) for v in asked}
    return {
        v: ExpertWeight(low=low, high=high, basis=basis)
        if v in typical
        else ExpertWeight(low=-high, high=-low, basis=basis)
        for v in asked
    }


def _stronger(one: ExpertWeight, other: ExpertWeight) -> ExpertWeight:
    """Of two words in one block the stronger; when they disagree, a range that holds both."""
    basis = tuple(dict.fromkeys((*one.basis, *other.basis)))
    if one.middle * other.middle < 0:
        return ExpertWeight(low=min(one.low, other.low), high=max(one.high, other.high), basis=basis)
    strong = one if abs(one.middle) >= abs(other.middle) else other
    return ExpertWeight(low=strong.low, high=strong.high, basis=basis)
