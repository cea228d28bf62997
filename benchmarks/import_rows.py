"""How fast is a long component list taken in, and how much memory does it need?

`python -m benchmarks.import_rows` prints a table and writes `docs/measured/import.md`. Each measurement runs in a
process of its own, so that one peak does not hide in another.
"""

from __future__ import annotations

import csv
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

SIZES = (100_000, 1_000_000)
REPORT = Path(__file__).resolve().parents[1] / "docs" / "measured" / "import.md"

_HEADER = (
    "component_id", "item_id", "module", "function", "marking", "brand", "maker", "maker_basis", "distributor",
    "brand_country", "country_marked", "part_number_stated", "made_stated", "read_quality", "quantity", "source_id",
    "locator", "exhibit", "tlp", "note",
)  # fmt: skip
_BRANDS = ("Texas Instruments", "STMicroelectronics", "Analog Devices", "Infineon", "Microchip", "u-blox", "Vishay")
_MODULES = ("flight controller", "navigation unit", "power unit", "engine control", "radio", "camera", "battery")
_COUNTRIES = ("US", "CH", "DE", "JP", "TW", "CN", "NL")


def write_case(folder: Path, n_rows: int) -> None:
    """Write a case whose component list is filled as real lists are: some columns repeat, some never do."""
    draw = random.Random(20260301)
    folder.mkdir(parents=True)
    case = 'uuid = "3f0c7b1e-8f0a-4a3e-9a51-0a5d0c3b7f10"\ntitle = "Benchmark"\n'
    (folder / "case.toml").write_text(case, encoding="utf-8")
    items = [f"m{n}" for n in range(200)]
    _write(folder / "sources.csv", ("source_id", "title"), [("s1", "An invented list")])
    _write(folder / "items.csv", ("item_id", "kind", "source_id"), [(i, "uav", "s1") for i in items])
    rows = []
    for n in range(n_rows):
        at = draw.randrange(len(_BRANDS))
        year, week = draw.randrange(2015, 2024), draw.randrange(1, 53)
        part = f"{draw.choice('ABCDLMNST')}{draw.choice('ABCDLMNST')}{draw.randrange(100, 99999)}"
        rows.append((
            f"c{n:07d}", draw.choice(items), draw.choice(_MODULES), "integrated circuit",
            f"{part} {year % 100}{week:02d} {draw.choice('ABC')}{draw.randrange(10000)}", _BRANDS[at], _BRANDS[at],
            "marking", "", _COUNTRIES[at], "", part, f"{year}-W{week:02d}" if n % 3 else "",
            draw.choice(("sure", "likely", "doubtful")), draw.choice(("1", "1", "2", "")), "s1",
            f"page={draw.randrange(1, 400)}&row={draw.randrange(1, 60)}", "", "", "",
        ))  # fmt: skip
    _write(folder / "components.csv", _HEADER, rows)


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])


def measure(folder: Path) -> dict[str, float]:
    """Import the case; then import it with one row changed. Meant to run in a process of its own."""
    from taggant.evidence.intake import import_case
    from taggant.ledger.ledger import Ledger

    marks: list[tuple[str, float]] = []
    file = folder / "components.csv"
    with Ledger.create(folder) as ledger:
        idle = _peak_mb()
        began, began_cpu = time.perf_counter(), time.process_time()
        report = import_case(
            ledger, folder, author="bench", progress=lambda what, *_: marks.append((what, time.perf_counter()))
        )
        first = time.perf_counter() - began
        cpu = time.process_time() - began_cpu
        peak = _peak_mb()
        n = report.tables["component"].n_added
        committing = next(at for what, at in marks if what == "keeping files") - began
        began = time.perf_counter()
        import_case(ledger, folder, author="bench")
        unchanged = time.perf_counter() - began
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("integrated circuit", "integrated circuit (one)", 1), encoding="utf-8")
        began = time.perf_counter()
        again = import_case(ledger, folder, author="bench")
        changed = time.perf_counter() - began
        if again.tables["component"].n_changed != 1:
            raise SystemExit(f"expected one changed row, got {again.tables['component']}")
    return {
        "rows": n, "bytes": len(text.encode()), "seconds": first, "cpu": cpu, "reading": committing, "idle_mb": idle,
        "peak_mb": peak, "unchanged_s": unchanged, "one_changed_s": changed, "last_peak_mb": _peak_mb(),
    }  # fmt: skip


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main(arguments: Sequence[str]) -> None:
    """Measure each size, print the table, write it down."""
    if arguments[:1] == ["--child"]:
        json.dump(measure(Path(arguments[1])), sys.stdout)
        return
    found = []
    for n_rows in [int(a) for a in arguments] or SIZES:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place, "case")
            write_case(folder, n_rows)
            child = subprocess.run(
                [sys.executable, "-m", "benchmarks.import_rows", "--child", str(folder)],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
        found.append(json.loads(child.stdout))
    text = _page(found)
    print(text)
    if not arguments:
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(text, encoding="utf-8")


def _page(found: Sequence[dict[str, float]]) -> str:
    lines = [
        "# Import of a component list",
        "",
        f"Measured with `python -m benchmarks.import_rows` on {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; 20 columns, 15 of them filled.",
        "Reading is everything before the first file is kept: hashing, parsing, checking, references, comparison.",
        f"The load of the machine was {os.getloadavg()[0]:.1f} at the end; with more than one process a core, "
        "CPU seconds say more than seconds.",
        "Peak memory is the largest resident size of the process that imports.",
        "",
        "| rows | file MB | seconds | rows/s | CPU s | reading s | peak MB | again s | one changed s | its peak MB |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {f['rows']:,.0f} | {f['bytes'] / 1e6:.0f} | {f['seconds']:.2f} | {f['rows'] / f['seconds']:,.0f} "
        f"| {f['cpu']:.2f} | {f['reading']:.2f} | {f['peak_mb']:,.0f} "
        f"| {f['unchanged_s']:.2f} | {f['one_changed_s']:.2f} | {f['last_peak_mb']:,.0f} |"
        for f in found
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
