"""The same makers in two units: chance would share common names, hardly rare ones."""

from __future__ import annotations

import numpy as np
import pytest

from taggant.attribution.shared_sets import shared_sets


def _units(n: int, *, common: int, rng: np.random.Generator) -> dict[str, list[str]]:
    """n units of 8 names each, drawn from 60 of unequal fame, and `common` names that all have."""
    fame = 1 / np.arange(1, 61)
    return {
        f"u{k}": [*(f"m{i}" for i in rng.choice(60, size=8, replace=False, p=fame / fame.sum())),
                  *(f"all{i}" for i in range(common))]
        for k in range(n)
    }  # fmt: skip


def test_chance_alone_is_rarely_called_more() -> None:
    """Twenty worlds of twelve units drawn alike: after the number of pairs, below .05 in at most two."""
    rng = np.random.default_rng(20261202)
    least = []
    for _ in range(20):
        found = shared_sets(_units(12, common=3, rng=rng), rng=rng)
        least.append(min((s.p_among_all for s in found), default=1.0))
    assert sum(p < 0.05 for p in least) <= 2


def test_rare_names_in_common_stand_out() -> None:
    """Four names nobody else lists, in two units: first in the list, and hardly by chance."""
    rng = np.random.default_rng(20261203)
    units = _units(12, common=3, rng=rng)
    for u in ("u3", "u7"):
        units[u] = [*units[u][:4], "r1", "r2", "r3", "r4"]
    found = shared_sets(units, rng=rng)
    assert {found[0].one, found[0].other} == {"u3", "u7"}
    assert {"r1", "r2", "r3", "r4"} <= set(found[0].shared)
    assert found[0].p_among_all < 0.1


def test_what_all_have_says_nothing() -> None:
    """Only names that everybody lists are shared: no pair is looked at."""
    assert shared_sets({f"u{k}": ["a", "b", "c", f"own{k}"] for k in range(6)}, rng=np.random.default_rng(1)) == ()


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_units(n: int) -> None:
    """With fewer than three units there is nothing to say how common a name is."""
    assert shared_sets({f"u{k}": ["a", "b", "c"] for k in range(n)}, rng=np.random.default_rng(1)) == ()
