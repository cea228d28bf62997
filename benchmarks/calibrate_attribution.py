"""How often attribution and composition are right in invented worlds: print the tables of the manual.

Run: python -m benchmarks.calibrate_attribution [N]   (N worlds each, 40 when left out)
"""

from __future__ import annotations

import sys
from math import sqrt

import numpy as np
from tests.recovery.variant_measures import share_rates, variant_rates
from tests.recovery.variant_worlds import OPEN_SET_WORLDS, SHARE_WORLDS, SIZE_WORLDS, VARIANT_WORLDS, YEAR_WORLD


def main(n: int) -> None:
    """Print the tables."""
    print(f"{n} worlds each; standard errors in brackets.\n")
    print("| world | blocks that tell apart | new variant called none | known called by its name | beyond the bound |")
    print("|---|---|---|---|---|")
    for world in VARIANT_WORLDS:
        r = variant_rates(world, n)
        print(f"| {world.name}: {world.n_blocks} blocks, K={world.n_levels}, {world.n_common} common, "
              f"{world.n_references} references | {r.n_blocks:.1f} | {r.where(0)[1]:.2f} ({r.where(0)[2]:.2f}) | "
              f"{r.own_called_own:.2f} | {r.above_bound:.3f} |", flush=True)  # fmt: skip
    print("\n| blocks that differ | blocks that tell apart | new variant called none | worlds with ten or more that "
          "tell apart | there called none | known called by its name |")  # fmt: skip
    print("|---|---|---|---|---|---|")
    enough: list[float] = []
    for world in OPEN_SET_WORLDS:
        r = variant_rates(world, n)
        enough += [rate for blocks, rate in r.by_world if blocks >= 10 and world.n_levels >= 4]
        _, rate, error = r.where(0)
        many, there, there_error = r.where(10)
        print(f"| {world.name} | {r.n_blocks:.1f} | {rate:.2f} ({error:.2f}) | {many} | "
              f"{f'{there:.2f} ({there_error:.2f})' if many > 1 else '–'} | {r.own_called_own:.2f} |",
              flush=True)  # fmt: skip
    if len(enough) > 1:
        error = float(np.std(enough, ddof=1)) / sqrt(len(enough))
        print(f"\nFour levels, ten blocks or more that tell apart: {len(enough)} worlds, called none "
              f"{float(np.mean(enough)):.3f} ({error:.3f}).")  # fmt: skip
    print("\n| world | false alarm | if parts were independent | found | day covered | difference covered |")
    print("|---|---|---|---|---|---|")
    for share in (*SHARE_WORLDS, *SIZE_WORLDS, YEAR_WORLD):
        s = share_rates(share, n)
        print(f"| {share.name}: {share.n_incidents} × {share.n_parts}, ρ {share.rho}, codes of {share.code_months:.0f} "
              f"months | {_with_error(s.false_alarm, n)} | {_with_error(s.false_alarm_independent, n)} | "
              f"{_with_error(s.power, n)} | {_with_error(s.covers_day, n)} | {_with_error(s.covers_difference, n)} |",
              flush=True)  # fmt: skip


def _with_error(share: float, n: int) -> str:
    """A share of n and its standard error, that of one more hit and one more miss."""
    p = (share * n + 1) / (n + 2)
    return f"{share:.3f} ({sqrt(p * (1 - p) / n):.3f})"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
