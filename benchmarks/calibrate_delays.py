"""How often does the interval of a lag hold the truth, in invented worlds whose delays are known?

`python -m benchmarks.calibrate_delays [WORLDS]` prints Markdown; nothing in it is typed by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np

from taggant.statistics.delays import delay_posterior

WINDOW, WIDTH = 36.0, 0.25
LAWS: tuple[tuple[str, Callable[[np.random.Generator], float], float], ...] = (
    ("exponential, mean 6 months", lambda rng: float(rng.exponential(6)), 6 * float(np.log(10))),
    ("gamma of shape 2, mean 6", lambda rng: float(rng.gamma(2, 3)), 11.6692),
    ("lognormal, mean 6, sd 1", lambda rng: float(np.exp(rng.normal(np.log(6) - 0.5, 1))), 6 * np.exp(0.781552)),
    ("exponential, mean 12 months", lambda rng: float(rng.exponential(12)), 12 * float(np.log(10))),
)
COUNTS = (8, 20, 60)


def cell(law: Callable[[np.random.Generator], float], truth: float, n: int, worlds: int, seed: int) -> list[float]:
    """Coverage by belief and by bootstrap, of those sixfold wide at most, and the share of those."""
    rng = np.random.default_rng(seed)
    belief = boot = usable = inside = 0
    for _ in range(worlds):
        made: list[float] = []
        delay: list[float] = []
        while len(made) < n:
            u, x = rng.uniform(0, WINDOW), law(rng)
            if u + x <= WINDOW:
                made.append(u)
                delay.append(x)
        u_, x_ = np.array(made), np.array(delay)
        low = np.maximum(x_ - WIDTH / 2, 0)
        found = delay_posterior(
            low, low + WIDTH, np.maximum(WINDOW - u_, low), np.maximum(WINDOW - u_, low) + WIDTH / 2
        )
        a, b = found.lag(0.9, 0.025), found.lag(0.9, 0.975)
        c, d = np.quantile(found.bootstrap_lags(0.9, rng, 200), [0.025, 0.975])
        holds = a <= truth <= b
        belief += holds
        boot += c <= truth <= d
        if b <= 6 * a:
            usable += 1
            inside += holds
    return [belief / worlds, boot / worlds, usable / worlds, inside / usable if usable else float("nan")]


def main() -> None:
    """Print the table."""
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print("# Delays estimated in invented worlds\n")
    print("Made by `python -m benchmarks.calibrate_delays`; not typed.")
    print("Made evenly over 36 months, known by the end of them; quarter-month dates.")
    print(f"{worlds} worlds a row; one standard error of a share of .95 is {np.sqrt(0.95 * 0.05 / worlds):.3f}.\n")
    print("| delay | incidents | 95% by belief holds the truth | 95% by bootstrap holds it | narrow enough to be used "
          "| of those, belief holds it |")  # fmt: skip
    print("|---|---|---|---|---|---|")
    for name, law, truth in LAWS:
        for n in COUNTS:
            row = cell(law, truth, n, worlds, 7)
            print(f"| {name} | {n} | " + " | ".join("–" if np.isnan(v) else f"{v:.3f}" for v in row) + " |", flush=True)


if __name__ == "__main__":
    main()
