"""What was seen of each module of each item, feature by feature, and what it does not say.

Invariant: seen, absent, erased, destroyed, contradictory and not examined stay apart; only the first three are levels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from taggant.reference import load_features, load_kinds

GONE = ("destroyed", "not examined", "unreadable")
"""Values that say nothing of the level; what destroyed it is taken not to depend on the variant."""
EXTRA = ("absent", "erased")
"""Values that are levels whenever somebody recorded them, declared or not."""
OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureRule:
    """One feature of one module: its dependence block, the levels told apart, and what an expert says of it."""

    module: str
    feature: str
    block: str
    levels: tuple[str, ...]
    bearing: str | None
    tells_apart: tuple[str, ...]
    stated: tuple[tuple[str, str, float], ...]
    """(level, variant, likelihood) as pages state them."""
    basis: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One feature of one item: its level, or why there is none."""

    level: str | None
    state: str
    """seen, absent, destroyed, contradictory"""
    sources: tuple[str, ...]
    readings: tuple[tuple[str, str], ...]
    """(level, source) of every observation."""
    is_doubtful: bool = False
    is_unknown_level: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceItem:
    """An item whose variant is known otherwise, for one module."""

    item_id: str
    variant: str
    producer: str | None
    incident: str
    source_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything the case says of variants: features, what was seen, and reference items, by module."""

    rules: Mapping[str, Mapping[str, FeatureRule]]
    seen: Mapping[str, Mapping[str, Mapping[str, Seen]]]
    """module → item → feature → what was seen"""
    references: Mapping[str, tuple[ReferenceItem, ...]]
    incidents: Mapping[str, str]
    voices: Mapping[str, str] = field(default_factory=dict)
    """source → who is behind it: the publisher at the end of what it relays."""
    unruled: tuple[tuple[str, str, int], ...] = ()
    """(module, feature, observations) that no declaration covers."""

    def voice(self, source_id: str) -> str:
        """Who is behind this source?"""
        return self.voices.get(source_id, source_id)


def gather_evidence(
    *, item: pl.DataFrame, examination: pl.DataFrame, observation: pl.DataFrame, feature: pl.DataFrame,
    reference_item: pl.DataFrame, source: pl.DataFrame,
) -> Evidence:  # fmt: skip
    """What was seen of each module, and which items are known otherwise?

    Parameters
    ----------
    item, examination, observation, feature, reference_item, source : DataFrame
        Typed tables.

    Returns
    -------
    Evidence

    Notes
    -----
    *Assumes:* what a complete examination does not list is absent; two sources that see different levels contradict.
    *Not for:* weights: `module_weights`.

    Examples
    --------
    >>> from taggant.model.tables import frame_schema
    >>> from taggant.model.typed_tables import TYPED
    >>> names = ("item", "examination", "observation", "feature", "reference_item", "source")
    >>> gather_evidence(**{n: pl.DataFrame(schema=frame_schema(TYPED[n])) for n in names}).references
    {}
    """
    incidents = {r["item_id"]: r["incident_id"] or r["item_id"] for r in item.iter_rows(named=True)}
    readings: dict[tuple[str, str, str], list[tuple[str, str, bool]]] = defaultdict(list)
    for r in observation.iter_rows(named=True):
        if r["value"] is not None and r["item_id"] in incidents:
            at = (r["module"], r["item_id"], r["feature"])
            readings[at].append((r["value"].strip(), r["source_id"], r["read_quality"] == "doubtful"))
    rules = _rules(feature)
    used: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (module, _, name), found in readings.items():
        used[module, name] |= {level for level, _, _ in found}
    unruled = tuple(
        (module, name, sum(len(found) for at, found in readings.items() if (at[0], at[2]) == (module, name)))
        for module, name in sorted(used)
        if name not in rules.get(module, {})
    )
    complete = _complete(examination, {r["item_id"]: r["kind"] for r in item.iter_rows(named=True)})
    for module, items in complete.items():
        for name in rules.get(module, {}):
            if any((module, i, name) not in readings for i in items) and (module, name) in used:
                used[module, name].add("absent")
    rules = {m: {n: _with_extra(rule, used.get((m, n), set())) for n, rule in own.items()} for m, own in rules.items()}
    seen: dict[str, dict[str, dict[str, Seen]]] = defaultdict(lambda: defaultdict(dict))
    for (module, item_id, name), found in readings.items():
        known = rules.get(module, {}).get(name)
        if known is not None:
            seen[module][item_id][name] = _seen(known, found)
    for module, examined in complete.items():
        for item_id, source_id in examined.items():
            for name in rules.get(module, {}):
                if (module, name) in used and name not in seen[module][item_id]:
                    seen[module][item_id][name] = Seen(
                        level="absent", state="absent", sources=(source_id,), readings=(("absent", source_id),)
                    )
    references: dict[str, list[ReferenceItem]] = defaultdict(list)
    for r in reference_item.iter_rows(named=True):
        if r["variant"] is not None and r["item_id"] in incidents:
            known_item = ReferenceItem(
                item_id=r["item_id"],
                variant=r["variant"],
                producer=r["producer"],
                incident=incidents[r["item_id"]],
                source_id=r["source_id"],
            )
            references[r["module"]].append(known_item)
    return Evidence(
        rules=rules,
        seen={m: {i: dict(f) for i, f in own.items() if f} for m, own in seen.items()},
        references={m: tuple(own) for m, own in references.items()},
        incidents=incidents,
        voices=_voices(source),
        unruled=unruled,
    )


def _rules(feature: pl.DataFrame) -> dict[str, dict[str, FeatureRule]]:
    """Features of the reference, then those of the case, which come before them."""
    found: dict[str, dict[str, FeatureRule]] = defaultdict(dict)
    for f in load_features():
        found[f.module][f.feature] = FeatureRule(
            module=f.module, feature=f.feature, block=f.block, levels=f.levels, bearing=f.bearing,
            tells_apart=f.tells_apart, stated=tuple((x.level, x.variant, float(x.value)) for x in f.likelihoods),
            basis=f.source_url,
        )  # fmt: skip
    for r in feature.iter_rows(named=True):
        levels = tuple(level.strip() for level in r["levels"] or ())
        if OTHER not in levels:
            levels = (*levels, OTHER)
        known = found[r["module"]].get(r["feature"])
        found[r["module"]][r["feature"]] = FeatureRule(
            module=r["module"], feature=r["feature"], block=r["block"] or r["feature"], levels=levels,
            bearing=None if known is None else known.bearing,
            tells_apart=() if known is None else known.tells_apart,
            stated=() if known is None else known.stated, basis=None if known is None else known.basis,
        )  # fmt: skip
    return found


def _with_extra(rule: FeatureRule, used: set[str]) -> FeatureRule:
    extra = tuple(level for level in EXTRA if level in used and level not in rule.levels)
    if not extra:
        return rule
    return FeatureRule(
        module=rule.module, feature=rule.feature, block=rule.block, levels=(*rule.levels, *extra),
        bearing=rule.bearing, tells_apart=rule.tells_apart, stated=rule.stated, basis=rule.basis,
    )  # fmt: skip


def _complete(examination: pl.DataFrame, kinds: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Module → item → source of a complete examination that opened it; a whole item covers the modules of its kind."""
    modules = {kind.id: [m.id for m in kind.modules] for kind in load_kinds()}
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for r in examination.sort("examination_id").iter_rows(named=True):
        if r["complete"] is True and r["item_id"] in kinds:
            for module in (r["module"],) if r["module"] is not None else modules.get(kinds[r["item_id"]], []):
                found[module].setdefault(r["item_id"], r["source_id"])
    return found


def _seen(rule: FeatureRule, found: Sequence[tuple[str, str, bool]]) -> Seen:
    told = [(level, source, doubt) for level, source, doubt in found if level not in GONE]
    sources = tuple(sorted({source for _, source, _ in found}))
    if not told:
        return Seen(level=None, state="destroyed", sources=sources, readings=())
    named = [(level if level in rule.levels else OTHER, source, doubt) for level, source, doubt in told]
    readings = tuple((level, source) for level, source, _ in named)
    levels = {level for level, _, _ in named}
    is_unknown = any(level not in rule.levels for level, _, _ in told)
    is_doubtful = all(doubt for _, _, doubt in named)
    if len(levels) > 1:
        return Seen(level=None, state="contradictory", sources=sources, readings=readings, is_doubtful=is_doubtful)
    level = next(iter(levels))
    return Seen(
        level=level, state="seen", sources=sources, readings=readings, is_doubtful=is_doubtful,
        is_unknown_level=is_unknown,
    )  # fmt: skip


def _voices(source: pl.DataFrame) -> dict[str, str]:
    """Each source's publisher, at the end of what it relays by default; circles end where they began."""
    rows = {r["source_id"]: r for r in source.iter_rows(named=True)}
    found: dict[str, str] = {}
    for source_id in rows:
        at, walked = source_id, {source_id}
        while rows[at]["relays"]:
            following = rows[at]["relays"][0]
            if following not in rows or following in walked:
                break
            at = following
            walked.add(at)
        found[source_id] = rows[at]["publisher"] or at
    return found
