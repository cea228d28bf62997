"""A million party rows from a CSV: interrupted, gone on with, memory watched. `python -m benchmarks.screening_bulk`.

Prints the section that stands in docs/measured/screening.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl

_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_LIST = _DATA / "lists" / "sdn_2024-05-03.csv.gz"


def rows(n: int) -> Iterator[tuple[str, str]]:
    """Names of the benchmark's list, misspelt or not, and made of real words; seeded."""
    draw = random.Random(20261128)
    names = pl.read_parquet(_DATA / "screening" / "list.parquet")["name"].to_list()
    others = [r["query"] for r in pl.read_csv(_DATA / "screening" / "queries.csv").iter_rows(named=True)]
    words = [w for name in others for w in name.split()]
    for _ in range(n):
        if draw.random() < 0.2:
            name = draw.choice(names)
        else:
            name = " ".join(draw.choice(words) for _ in range(draw.randint(2, 4)))
        yield name, draw.choice(("AE", "TR", "CN", "KZ", "RU"))


def watched(words: list[str], *, stop_after: float | None = None) -> tuple[int, float, list[int]]:
    """Run the command; give its exit code, its seconds, and its memory in MB every five seconds."""
    started = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    memory = []
    while process.poll() is None:
        time.sleep(1)
        seconds = time.perf_counter() - started
        status = Path(f"/proc/{process.pid}/status")
        text = status.read_text(encoding="ascii") if status.exists() else ""
        memory += [int(line.split()[1]) // 1024 for line in text.splitlines() if line.startswith("VmRSS")]
        if stop_after is not None and seconds > stop_after:
            process.send_signal(signal.SIGINT)
            process.wait()
    return process.returncode, time.perf_counter() - started, memory[::5] or [0]


def bulk_lines(n: int, *, stop_after: float) -> Iterator[str]:
    """Make the rows, screen them, stop, go on; say how it went."""
    with tempfile.TemporaryDirectory() as folder:
        table, out = Path(folder) / "parties.csv", Path(folder) / "hits.csv"
        with table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("name", "country"))
            writer.writerows(rows(n))
        words = [str(Path(sys.executable).parent / "taggant"), "screen", str(table), "--list", str(_LIST),
                 "--out", str(out)]  # fmt: skip
        code, first, _ = watched(words, stop_after=stop_after)
        mark = json.loads(out.with_name("hits.csv.mark").read_text(encoding="utf-8"))
        again, second, memory = watched(words)
        done = json.loads(out.with_name("hits.csv.mark").read_text(encoding="utf-8"))
        n_lines = sum(1 for _ in out.open(encoding="utf-8")) - 1
    rest = done["parties"] - mark["parties"]
    late = memory[len(memory) // 4 :]
    yield f"## {done['parties']:,} party rows of a CSV against OFAC's list of 3 May 2024"
    yield ""
    yield (
        f"Interrupted (Ctrl-C) after {first:.0f} s with {mark['parties']:,} rows done (exit {code}); the same command "
        f"went on there and did the other {rest:,} in {second:.0f} s by the clock (exit {again}): "
        f"{rest / second:,.0f} rows a second."
    )
    yield (
        f"{done['alerted']:,} rows have {done['hits']:,} hits, and the file has a line for each: none twice, none lost."
        if n_lines == done["hits"] and done["is_whole"]
        else f"The file has {n_lines:,} lines for {done['hits']:,} hits: not whole."
    )
    yield f"Memory was {min(late)} to {max(late)} MB from the first quarter to the end."


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--stop-after", type=float, default=45.0)
    given = parser.parse_args()
    for line in bulk_lines(given.rows, stop_after=given.stop_after):
        print(line)


if __name__ == "__main__":
    main()
