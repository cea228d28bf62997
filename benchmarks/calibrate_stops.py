"""How often the test of a silence is wrong in worlds whose truth is known: size, and the words of the rule.

Run: ``python -m benchmarks.calibrate_stops``; writes ``docs/measured/cessation.md``. Window 36 months, seeded.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np

from taggant.statistics.cessation import stop_evidence, stop_words
from taggant.statistics.silence import Sightings, end_upper_limit, sightings, silence_p

_T = 36.0
_PAGE = Path(__file__).parents[1] / "docs" / "measured" / "cessation.md"


def _world(
    rng: np.random.Generator, n: int, *, law: str, mean: float, stop: float = _T, left: float = 1.0
) -> Sightings:
    """n sightings; supply ends at `stop`, and declines to the share `left` at the end of the window."""
    made: list[float] = []
    known: list[float] = []
    rate = -np.log(left) / _T
    while len(made) < n:
        u = rng.uniform(0, stop, 4 * n)
        x = rng.exponential(mean, 4 * n) if law == "exponential" else rng.gamma(2.0, mean / 2, 4 * n)
        seen = (u + x <= _T) & (rng.uniform(size=4 * n) < np.exp(-rate * u))
        made += u[seen].tolist()
        known += (u + x)[seen].tolist()
    return sightings(made[:n], known=known[:n], start=0, until=_T)


def _share(hits: int, of: int) -> str:
    p = hits / of
    return f"{p:.3f} ± {np.sqrt(max(p * (1 - p), 1 / of) / of):.3f}"


def page(n_size: int, n_words: int) -> str:
    """Draw the worlds and give the page."""
    rows = [
        "# A silence judged in invented worlds\n",
        "Made by `python -m benchmarks.calibrate_stops`; not typed.",
        "Window 36 months, sightings fixed in number, one look.",
        "After ± stands one standard error of the number of worlds drawn.\n",
        f"## Size: share of {n_size} worlds that go on in which p falls below .05\n",
        "| delay | n = 2 | n = 5 | n = 20 |\n|---|---|---|---|",
    ]
    for law, mean in (("exponential", 6.0), ("exponential", 12.0), ("gamma", 6.0)):
        cells = []
        for n in (2, 5, 20):
            rng = np.random.default_rng([20260707, n, int(mean), len(law)])
            hits = sum(silence_p(_world(rng, n, law=law, mean=mean)) < 0.05 for _ in range(n_size))
            cells.append(_share(hits, n_size))
        rows.append(f"| {law}, mean {mean:g} months | {' | '.join(cells)} |")
    rows.append("\n## Limit: share of worlds whose true end (month 24) lies below the 95% limit\n")
    rows.append("| n = 3 | n = 6 | n = 12 | n = 30 |\n|---|---|---|---|")
    cells = []
    for n in (3, 6, 12, 30):
        rng = np.random.default_rng([24, n])
        below = 0
        for _ in range(n_words):
            limit = end_upper_limit(_world(rng, n, law="exponential", mean=6.0, stop=24.0))
            below += limit is None or limit >= 24.0
        cells.append(_share(below, n_words))
    rows.append(f"| {' | '.join(cells)} |")
    rows.append(f"\n## Words: share of {n_words} worlds in which each is said (delay exponential, mean 6 months)\n")
    rows.append("| truth | n | stopped | stopped or sharply reduced | silence longer than expected | cannot be told |")
    rows.append("|---|---|---|---|---|---|")
    truths = {"goes on": {}, "declines to a half": {"left": 0.5}, "declines to a tenth": {"left": 0.1},
              "stopped at 24": {"stop": 24.0}, "stopped at 18": {"stop": 18.0}}  # fmt: skip
    for truth, how in truths.items():
        for n in (6, 20, 40):
            rng = np.random.default_rng([20260713, n, len(truth)])
            said: Counter[str] = Counter()
            for _ in range(n_words):
                s = _world(rng, n, law="exponential", mean=6.0, **how)
                said[stop_words(stop_evidence([(s, None)]))] += 1
            cells = [_share(said[w], n_words) for w in ("stopped", "reduced", "silent", "cannot tell")]
            rows.append(f"| {truth} | {n} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    _PAGE.write_text(page(many, max(200, many // 4)), encoding="utf-8")
    print(_PAGE.read_text(encoding="utf-8"))
