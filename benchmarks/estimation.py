"""How long the estimates take, and how that grows: exact runs, curves, silences.

Run: ``python -m benchmarks.estimation``; writes ``docs/measured/estimation.md``. Best of several; one thread.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import sys  # noqa: E402 — threads are set before numpy is loaded
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402

from taggant.estimation.cessation import cessation_finding  # noqa: E402
from taggant.estimation.serials import production_from_serials  # noqa: E402
from taggant.estimation.stop_record import Record  # noqa: E402
from taggant.estimation.stop_sightings import Sighting  # noqa: E402
from taggant.statistics.cessation import stop_evidence  # noqa: E402
from taggant.statistics.serial_curve import Delay, serial_curve  # noqa: E402
from taggant.statistics.serial_runs import run_posterior  # noqa: E402
from taggant.statistics.silence import sightings  # noqa: E402

_PAGE = Path(__file__).parents[1] / "docs" / "measured" / "estimation.md"
_TIMES = 7


def best(what: Callable[[], object]) -> float:
    """Least CPU seconds of several runs: other work on the machine does not count."""
    times = []
    for _ in range(_TIMES):
        start = time.process_time()
        what()
        times.append(time.process_time() - start)
    return min(times)


def _curve(k: int) -> Callable[[], object]:
    rng = np.random.default_rng(k)
    made = np.sort(rng.uniform(0, 40, k))
    numbers = np.unique((made * 50 + rng.uniform(0, 1, k)).astype(int) + 1)
    made = made[: len(numbers)]
    x = np.linspace(0, 60, 601)
    law = Delay(x=x, cdf=1 - np.exp(-x / 4) * (x < 60))
    known = np.minimum(made + rng.exponential(3, len(made)), 47.9)
    return lambda: serial_curve(
        numbers.tolist(), made_from=np.floor(made).tolist(), made_until=(np.floor(made) + 1).tolist(),
        known_from=known.tolist(), known_until=(known + 0.03).tolist(),
        edges=np.linspace(0, 48, 17).tolist(), delay=law, first=None,
    )  # fmt: skip


def _silence(n: int) -> tuple[Callable[[], object], Callable[[], object]]:
    rng = np.random.default_rng(n)
    made = np.sort(rng.uniform(0, 24, n))
    known = made + rng.uniform(0, 10, n)
    record = Record(
        sightings=tuple(
            Sighting(made_from=float(m), made_until=float(m), known_from=float(d), known_until=float(d), name=str(i))
            for i, (m, d) in enumerate(zip(made, known, strict=True))
        ),
        until=36.0, start=0.0, effort_dates=(), scale="number",
    )  # fmt: skip
    seen = sightings(made.tolist(), known=known.tolist(), start=0, until=36.0)
    return (lambda: stop_evidence([(seen, None)])), (lambda: cessation_finding(record))


def page() -> tuple[str, list[str]]:
    """Measure; give the page and what misses its aim."""
    million = best(lambda: run_posterior([19, 40, 42, 60], start="1").cells(step=1, n_cells=1_000_000))
    curve = best(_curve(40))
    evidence, finding = (best(f) for f in _silence(20))
    aims = [
        ("exact posterior of a run on 10^6 lengths", million, 0.05),
        ("serial–date curve of a block of 40, unknown start", curve, 2.0),
        ("evidence of a stop, 20 sightings", evidence, 0.1),
        ("the whole answer of `taggant cessation`, 20 sightings, one draw", finding, 0.1),
    ]
    rows = [
        "# Estimation: times",
        "",
        "Made by `python -m benchmarks.estimation`; not typed.",
        f"CPU seconds, least of {_TIMES} runs, one thread, Python {sys.version.split()[0]}, numpy {np.__version__}.",
        "",
        "| what | measured | aim |",
        "|---|---|---|",
        *(f"| {what} | {1000 * took:.1f} ms | below {1000 * aim:.0f} ms |" for what, took, aim in aims),
        "",
        "## Growth",
        "",
        "| serials | run: whole answer | curve |",
        "|---|---|---|",
    ]
    for k in (10, 20, 40, 80, 160, 320):
        serials = np.random.default_rng(k).choice(50 * k, k, replace=False) + 1
        run = best(lambda s=serials: production_from_serials(s.tolist()))  # type: ignore[misc]
        rows.append(f"| {k} | {1000 * run:.1f} ms | {1000 * best(_curve(k)):.0f} ms |")
    many = best(lambda: production_from_serials(range(7, 1_000_007, 10)))
    rows += [
        f"| 100,000 | {1000 * many:.0f} ms | |",
        "",
        "| sightings | evidence of a stop | whole answer |",
        "|---|---|---|",
    ]
    for n in (5, 10, 20, 40, 80, 160):
        one, whole = _silence(n)
        rows.append(f"| {n} | {1000 * best(one):.1f} ms | {1000 * best(whole):.0f} ms |")
    return "\n".join([*rows, ""]), [what for what, took, aim in aims if took >= aim]


def main() -> int:
    """Write the page."""
    text, missed = page()
    _PAGE.write_text(text, encoding="utf-8")
    for what in missed:
        print(f"missed: {what}")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
