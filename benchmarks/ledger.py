"""How fast is the ledger? `python -m benchmarks.ledger` measures, prints a table and writes `docs/measured/ledger.md`.

Each measurement runs in a process of its own, so that peak memory is that of the one thing measured.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from taggant.ledger.ledger import Ledger
from taggant.ledger.verify import verify
from taggant.model.declared import schema_of
from taggant.model.record import Body, Record, fresh_salt
from taggant.model.tables import Kind

ROWS = 100_000
COMMITS = 10_000
EXHIBIT_BYTES = 1_000_000_000
_TEXT_KINDS = (Kind.TEXT, Kind.ID, Kind.LEVEL, Kind.COUNTRY, Kind.LOCATOR)
_OUT = Path(__file__).parent.parent / "docs" / "measured" / "ledger.md"
_ORIGIN = "sha256:" + "5e" * 32
_WHO = {"author": "bench", "message": "measured"}


def component_records(n: int) -> Iterator[Record]:
    """Give rows as an import makes them: a component with 18 text columns, some 20 characters each."""
    columns = [c.name for c in schema_of("component").columns if c.kind in _TEXT_KINDS][:18]
    for i in range(n):
        body: Body = {c: f"{c[:8]} of row {i}" for c in columns}
        yield Record(
            table="component",
            key=f"c{i:07d}",
            schema=1,
            body=body,
            salt=fresh_salt(),
            origin=f"{_ORIGIN}#row={i + 2}",
        )


def import_rows(case: Path) -> dict[str, float]:
    """One commit of many rows: made, encoded, hashed, indexed, on disk."""
    with Ledger.create(case) as ledger:
        started = time.perf_counter()
        made = sum(1 for _ in component_records(ROWS))
        making = time.perf_counter() - started
        started = time.perf_counter()
        ledger.commit(component_records(made), **_WHO)
        seconds = time.perf_counter() - started
    size = _size(case)
    return {"rows": ROWS, "seconds": seconds, "making": making, "bytes": size}


def read_rows(case: Path) -> dict[str, float]:
    """The importer's question: which live row has which key, and what does each say?"""
    with Ledger.open(case) as ledger:
        started = time.perf_counter()
        index = ledger.live_index("component")
        seconds = time.perf_counter() - started
        started = time.perf_counter()
        for row in index.values():
            _ = row.body
        return {"rows": len(index), "seconds": seconds, "bodies": time.perf_counter() - started}


def verify_rows(case: Path) -> dict[str, float]:
    """Every record hashed again and held against the store."""
    report = verify(case)
    if report.problems:
        raise SystemExit(f"the benchmark's own ledger is not sound: {report.problems[0]}")
    return {"rows": report.n_records, "seconds": report.seconds}


def snapshot_rows(case: Path) -> dict[str, float]:
    """A snapshot built, reused, updated after a commit of 1,000 corrections, and built anew after it."""
    with Ledger.open(case) as ledger:
        seconds = {"built": _snapshot_seconds(ledger), "reused": _snapshot_seconds(ledger)}
        rows = [row for row, _ in zip(ledger.live("component"), range(1_000), strict=False)]
        changed = [
            Record(
                table="component",
                key=row.key,
                schema=1,
                body={**row.body, "note": "corrected"},
                supersedes=(row.record_id,),
                salt=fresh_salt(),
            )
            for row in rows
        ]
        first = ledger.head()
        started = time.perf_counter()
        ledger.commit(changed, **_WHO)
        seconds["correcting"] = time.perf_counter() - started
        seconds["updated"] = _snapshot_seconds(ledger)
        shutil.rmtree(ledger.folder / "snapshot")
        seconds["anew"] = _snapshot_seconds(ledger)
        started = time.perf_counter()
        rows_then = sum(1 for _ in ledger.live("component", None if first is None else first.commit_id))
        return {**seconds, "as_of": time.perf_counter() - started, "rows": rows_then}


def _snapshot_seconds(ledger: Ledger) -> float:
    started = time.perf_counter()
    ledger.snapshot("component")
    return time.perf_counter() - started


def small_commits(case: Path) -> dict[str, float]:
    """Many commits of one row each, every one on disk before the next."""
    records = component_records(COMMITS)
    with Ledger.create(case) as ledger:
        started = time.perf_counter()
        for record in records:
            ledger.commit([record], **_WHO)
        seconds = time.perf_counter() - started
    started = time.perf_counter()
    report = verify(case)
    if report.problems or report.n_commits != COMMITS:
        raise SystemExit("the benchmark's own ledger is not sound")
    return {"commits": COMMITS, "seconds": seconds, "bytes": _size(case), "verify": time.perf_counter() - started}


def exhibits(case: Path) -> dict[str, float]:
    """One large file taken in, beside `openssl dgst -sha256` of the same file and a plain copy."""
    source = case / "film.bin"
    case.mkdir(parents=True)
    piece = os.urandom(2**20)
    with source.open("wb") as file:
        for i in range(EXHIBIT_BYTES // len(piece)):
            file.write(i.to_bytes(8, "big") + piece[8:])
    size = source.stat().st_size
    result: dict[str, float] = {"bytes": size}
    with Ledger.create(case) as ledger:
        if shutil.which("openssl"):
            command = ["openssl", "dgst", "-sha256", str(source)]
            result["openssl"] = _seconds(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))
        result["copy"] = _seconds(lambda: _copied(source, case / "copy.bin"))
        result["seconds"] = _seconds(lambda: ledger.exhibits.add(source))
    return result


def _copied(source: Path, target: Path) -> None:
    """Copy and wait until it is on disk: what taking in costs without hashing."""
    with source.open("rb") as read, target.open("wb") as written:
        shutil.copyfileobj(read, written, 2**20)
        written.flush()
        os.fsync(written.fileno())


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _size(case: Path) -> int:
    return sum(p.stat().st_size for p in case.rglob("*") if p.is_file())


MEASUREMENTS: dict[str, Callable[[Path], dict[str, float]]] = {
    "import_rows": import_rows,
    "read_rows": read_rows,
    "verify_rows": verify_rows,
    "snapshot_rows": snapshot_rows,
    "small_commits": small_commits,
    "exhibits": exhibits,
}
_ON_THE_SAME_CASE = ("import_rows", "read_rows", "verify_rows", "snapshot_rows")


def _measured(name: str, folder: Path) -> dict[str, float]:
    case = folder / ("rows" if name in _ON_THE_SAME_CASE else name)
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.ledger", name, str(case)], check=True, capture_output=True, text=True
    )
    result: dict[str, float] = json.loads(child.stdout)
    return result


def _lines(m: dict[str, dict[str, float]]) -> list[tuple[str, str]]:
    """Say each measurement in words."""
    rows, read, check = m["import_rows"], m["read_rows"], m["verify_rows"]
    snap, small, film = m["snapshot_rows"], m["small_commits"], m["exhibits"]
    own, each = rows["seconds"] - rows["making"], small["seconds"] / COMMITS
    lines = [
        (f"commit of {ROWS:,} rows: made, encoded, hashed, on disk", _rate(ROWS, rows["seconds"], "rows/s")),
        ("— without the making of the rows (salts, texts)", _rate(ROWS, own, "rows/s")),
        ("— bytes a row in the ledger; peak memory", f"{rows['bytes'] / ROWS:,.0f}; {rows['peak_mb']:,.0f} MB"),
        ("live index of all rows; their bodies", f"{read['seconds']:.2f} s; {read['bodies']:.2f} s"),
        ("— peak memory", f"{read['peak_mb']:,.0f} MB"),
        ("verify", f"{_rate(check['rows'], check['seconds'], 'records/s')}; {check['peak_mb']:,.0f} MB"),
        ("snapshot built; reused", f"{snap['built']:.2f} s; {snap['reused']:.2f} s"),
        ("commit of 1,000 corrections", f"{snap['correcting']:.2f} s"),
        ("snapshot after it: updated; built anew instead", f"{snap['updated']:.2f} s; {snap['anew']:.2f} s"),
        ("all rows as of the commit before", f"{snap['as_of']:.2f} s"),
        (f"{COMMITS:,} commits of one row", f"{small['seconds']:.1f} s = {1e3 * each:.1f} ms each"),
        ("— bytes each; verify of them", f"{small['bytes'] / COMMITS:,.0f}; {small['verify']:.2f} s"),
        (f"exhibit of {film['bytes'] / 1e6:,.0f} MB taken in", _rate(film["bytes"] / 1e6, film["seconds"], "MB/s")),
        ("— plain copy of it, on disk", f"{film['copy']:.2f} s"),
    ]
    if "openssl" in film:
        ratio = film["openssl"] / film["seconds"]
        lines.append(
            ("— `openssl dgst -sha256` of it (no copy)", f"{film['openssl']:.2f} s; ratio of rates {ratio:.2f}")
        )
    return lines


def _rate(n: float, seconds: float, unit: str) -> str:
    return f"{seconds:.2f} s = {n / seconds:,.0f} {unit}"


def main() -> None:
    """Run one measurement (as a child), or all of them."""
    if len(sys.argv) == 3:
        result = MEASUREMENTS[sys.argv[1]](Path(sys.argv[2]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux gives KiB
        print(json.dumps({**result, "peak_mb": peak}))
        return
    with tempfile.TemporaryDirectory() as folder:
        lines = _lines({name: _measured(name, Path(folder)) for name in MEASUREMENTS})
    width = max(len(what) for what, _ in lines)
    for what, value in lines:
        print(f"{what:{width}}  {value}")
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    where = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    head = (
        "# Measured: the ledger\n\n"
        f"By `python -m benchmarks.ledger` on {datetime.now(UTC):%Y-%m-%d} ({where}, load at the end {load}).\n"
        "Every commit is on disk (`synchronous=FULL`) before it is acknowledged.\n\n"
        "| what | measured |\n|---|---|\n"
    )
    _OUT.parent.mkdir(parents=True, exist_ok=True)
    _OUT.write_text(head + "".join(f"| {what} | {value} |\n" for what, value in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
