"""How long does it take to look for a mark in a million texts? Prints one table.

Run: python -m benchmarks.find [ROWS]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from taggant.ledger.searching import _ask, _folded
from taggant.model.findable import Findable
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED
from taggant.writing.patterns import sought

PATTERNS = ("Ы-391", "ЬІ-84*65", "TMS320F28335", "tms320?28335", "8465", "7", "Винбонд", "no such mark")


def invented(rows: int) -> pl.LazyFrame:
    """Components with a mark each: every one different, as on real parts; 5,000 makers."""
    rng = random.Random(1)
    families = (
        "TMS320F28335PGFA",
        "25Q16JVIQ",
        "STM32F405 RGT6",
        "VP230",
        "URB2405S-6SWR3",
        "XC6SLX16",
        "Ы",
        "ЬІ-",
        "Y ",
    )
    marks = [f"{rng.choice(families)} {rng.randrange(10**7)} {rng.randrange(100, 9999)}" for _ in range(rows)]
    makers = [f"Maker number {rng.randrange(5000)} Electronics" for _ in range(rows)]
    return (
        pl.DataFrame(
            {"component_id": [f"c{n}" for n in range(rows)], "marking": marks, "maker": makers},
            schema_overrides=frame_schema(TYPED["component"]),
        )
        .with_columns(tlp=pl.lit(None, dtype=pl.String))
        .lazy()
    )


def main() -> None:
    """Fold once, then ask."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    frame = invented(rows)
    columns = [Findable("component", "marking", "mark"), Findable("component", "maker", "name")]
    began = time.perf_counter()
    folded = _folded("component", frame, columns)
    seconds = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "find.parquet")
        folded.write_parquet(path)
        size = path.stat().st_size / 1e6
        print(f"{rows:,} rows, {folded.height:,} texts; folded once in {seconds:.1f} s; {size:.0f} MB")
        print("| pattern | places | ms | ms per million texts |\n|---|---:|---:|---:|")
        for pattern in PATTERNS:
            verbatim = sought(pattern)
            assert verbatim is not None
            mark, name = sought(pattern, folded_as="mark"), sought(pattern, folded_as="name")
            times = []
            for _ in range(3):
                began = time.perf_counter()
                n_texts, n, _ = _ask([str(path)], verbatim, mark, name, 200)
                times.append(1000 * (time.perf_counter() - began))
            ms = sorted(times)[1]
            print(f"| `{pattern}` | {n:,} | {ms:.0f} | {1e6 * ms / n_texts:.0f} |")


if __name__ == "__main__":
    main()
