"""How often attribution and composition are right in invented worlds: print the table of the manual.

Run: python -m benchmarks.calibrate_attribution [N]   (N worlds each, 40 when left out)
"""

from __future__ import annotations

import sys

from tests.recovery.variant_measures import share_rates, variant_rates
from tests.recovery.variant_worlds import SHARE_WORLDS, VARIANT_WORLDS


def main(n: int) -> None:
    """Print both tables."""
    print("| world | blocks that tell apart | new variant called none | known called by its name | beyond the bound |")
    print("|---|---|---|---|---|")
    for world in VARIANT_WORLDS:
        r = variant_rates(world, n)
        print(f"| {world.name}: {world.n_blocks} blocks, K={world.n_levels}, {world.n_common} common, "
              f"{world.n_references} references | {r.n_blocks:.1f} | {r.none_called_none:.2f} | "
              f"{r.own_called_own:.2f} | {r.above_bound:.3f} |")  # fmt: skip
    print()
    print("| world | false alarm | if parts were independent | found | day covered | difference covered |")
    print("|---|---|---|---|---|---|")
    for share in SHARE_WORLDS:
        s = share_rates(share, n)
        print(f"| {share.name}: {share.n_incidents} × {share.n_parts}, ρ {share.rho}, codes of {share.code_months:.0f} "
              f"months | {s.false_alarm:.3f} | {s.false_alarm_independent:.3f} | {s.power:.2f} | {s.covers_day:.2f} | "
              f"{s.covers_difference:.2f} |")  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
