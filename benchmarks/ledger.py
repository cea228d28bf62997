"""How fast is the ledger? `python -m benchmarks.ledger` measures, prints a table and writes `docs/measured/ledger.md`.

Each measurement runs in a process of its own, so that peak memory is that of the one thing measured. What is compared
with a peer is measured in turns with it, three times, and the medians are compared: a busy machine slows both.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias, TypeVar

from benchmarks.import_rows import write_case
from taggant.evidence.intake import import_case, import_files
from taggant.ledger.ledger import Ledger
from taggant.ledger.verify import verify
from taggant.model.record import Body, Record, fresh_salt

ROWS = 1_000_000
TURNS = 3
COMMITS = 10_000
EXHIBIT_BYTES = 1_000_000_000
SMALL_FILES, SMALL_BYTES = 2_000, 50_000
_OUT = Path(__file__).parent.parent / "docs" / "measured" / "ledger.md"
_READ_SO = """
## How to read it

With more running processes than cores, seconds measure the neighbours; CPU seconds and ratios taken in turns do not.

- **Import** is bound by making and hashing the records and by three search trees; the database works in a second thread.
- **Verify** hashes in one process, while the database checks its own structure in a second thread.
  So on two idle cores it takes half its CPU seconds at best, and the floor of 300,000 records a second asks for at most 6.7 CPU seconds for a million.
- **An exhibit** cannot be taken in faster than the disk takes a copy. The floor against `openssl` is met by hashing alone, in verify; taking in is to be held against the copy.
"""  # noqa: E501
_WHO = {"author": "bench", "message": "measured"}
Measured: TypeAlias = dict[str, float]
T = TypeVar("T")


def import_rows(case: Path) -> Measured:
    """`taggant add`: read the list, check it, keep it as an exhibit, one commit of all rows, on disk."""
    with Ledger.create(case) as ledger:
        started, cpu = time.perf_counter(), time.process_time()
        report = import_case(ledger, case, author="bench")
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    n = report.tables["component"].n_added
    return {"rows": n, "seconds": seconds, "cpu": cpu, "bytes": _size(case / ".taggant" / "ledger.sqlite")}


def sqlite_utils(case: Path) -> Measured:
    """The peer: the same rows into a plain table, by its command."""
    file = case / "peer.db"
    command = [Path(sys.executable).with_name("sqlite-utils"), "insert", file, "component", case / "components.csv"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run([*map(str, command), "--csv", "--pk", "component_id", "--silent"], check=True)
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    file.unlink()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": seconds, "cpu": cpu}


def verify_rows(case: Path) -> Measured:
    """Every record hashed again and held against the store; every exhibit hashed."""
    cpu = _cpu()
    report = verify(case)
    if report.problems:
        raise SystemExit(f"the benchmark's own ledger is not sound: {report.problems[0]}")
    return {"rows": report.n_records, "seconds": report.seconds, "cpu": _cpu() - cpu}


def read_rows(case: Path) -> Measured:
    """The importer's question: which live row has which key, and what does each say?"""
    with Ledger.open(case) as ledger:
        index, seconds = _timed(lambda: ledger.live_index("component"))
        _, bodies = _timed(lambda: [row.body for row in index.values()])
    return {"rows": len(index), "seconds": seconds, "bodies": bodies}


def snapshot_rows(case: Path) -> Measured:
    """A snapshot built, reused, updated after a commit of 1,000 corrections; all rows as of the commit before."""
    with Ledger.open(case) as ledger:
        _, built = _timed(lambda: ledger.snapshot("component"))
        _, reused = _timed(lambda: ledger.snapshot("component"))
        rows = [row for row, _ in zip(ledger.live("component"), range(1_000), strict=False)]
        first = ledger.head()
        changed = [_corrected(row.key, row.body, row.record_id) for row in rows]
        _, correcting = _timed(lambda: ledger.commit(changed, **_WHO))
        _, updated = _timed(lambda: ledger.snapshot("component"))
        then = None if first is None else first.commit_id
        n_then, as_of = _timed(lambda: sum(1 for _ in ledger.live("component", then)))
    return {
        "built": built, "reused": reused, "correcting": correcting, "updated": updated, "as_of": as_of, "rows": n_then
    }  # fmt: skip


def _corrected(key: str, body: Body, old: str) -> Record:
    changed: Body = {**body, "note": "corrected"}
    return Record(table="component", key=key, schema=1, body=changed, supersedes=(old,), salt=fresh_salt())


def small_commits(case: Path) -> Measured:
    """Many commits of one row each, every one on disk before the next; beside it, what one fsync costs here."""
    with Ledger.create(case) as ledger:
        started = time.perf_counter()
        for n in range(COMMITS):
            body: Body = {"source_id": f"s{n}", "title": f"title {n}", "publisher": "bench"}
            ledger.commit([Record(table="source", key=f"s{n}", schema=1, body=body, salt=fresh_salt())], **_WHO)
        seconds = time.perf_counter() - started
    started = time.perf_counter()
    with (case / "fsync").open("wb", buffering=0) as file:
        for _ in range(500):
            file.write(b"x" * 8192)
            os.fsync(file.fileno())
    fsync = (time.perf_counter() - started) / 500
    report = verify(case)
    if report.problems or report.n_commits != COMMITS:
        raise SystemExit("the benchmark's own ledger is not sound")
    return {"seconds": seconds, "fsync": fsync, "bytes": _size(case) / COMMITS, "verify": report.seconds}


def exhibits(case: Path) -> Measured:
    """One large file taken in and verified, beside `openssl dgst -sha256` and a plain copy of it, in turns."""
    source = case / "film.bin"
    piece = os.urandom(2**20)
    with source.open("wb") as file:
        for i in range(EXHIBIT_BYTES // len(piece)):
            file.write(i.to_bytes(8, "big") + piece[8:])
        file.flush()
        os.fsync(file.fileno())
    return _taken_in(case, source, [source])


def small_exhibits(case: Path) -> Measured:
    """Many small files of one folder, the same way."""
    folder = case / "photographs"
    folder.mkdir(parents=True)
    files = [folder / f"{n}.jpg" for n in range(SMALL_FILES)]
    for file in files:
        file.write_bytes(b"\xff\xd8\xff" + os.urandom(SMALL_BYTES))
    os.sync()
    return _taken_in(case, folder, files)


def _taken_in(case: Path, given: Path, files: list[Path]) -> Measured:
    command = ["openssl", "dgst", "-sha256", *map(str, files)]
    turns: dict[str, list[tuple[float, float]]] = {}
    for turn in range(TURNS):
        with Ledger.create(case / f"turn{turn}") as ledger:
            did: dict[str, Callable[[], object]] = {
                "openssl": lambda: subprocess.run(command, check=True, capture_output=True),
                "copy": lambda: _copied(files, case / "copy.bin"),
                # From the command's point of view: hashed, looked at, copied, committed, all on disk.
                "taken in": lambda: import_files(ledger, [given], author="bench"),  # called at once
                "verified": lambda: verify(case / f"turn{turn}"),  # noqa: B023
            }
            for name, do in did.items():
                turns.setdefault(name, []).append(_both_clocks(do))
        shutil.rmtree(case / f"turn{turn}")
    measured: Measured = {"bytes": sum(f.stat().st_size for f in files), "files": len(files)}
    for name, each in turns.items():
        measured[name] = statistics.median(wall for wall, _ in each)
        measured[f"{name} cpu"] = statistics.median(cpu for _, cpu in each)
    return measured


def _both_clocks(do: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of CPU, those of other processes it started included."""
    before, started = _cpu(), time.perf_counter()
    do()
    return time.perf_counter() - started, _cpu() - before


def _cpu() -> float:
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + child.ru_utime + child.ru_stime


def _copied(files: list[Path], target: Path) -> None:
    """Copy one after the other and wait until each is on disk: what taking in costs without hashing."""
    for source in files:
        with source.open("rb") as read, target.open("wb") as written:
            shutil.copyfileobj(read, written, 2**20)
            written.flush()
            os.fsync(written.fileno())


def _timed(do: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    return do(), time.perf_counter() - started


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else sum(p.stat().st_size for p in path.rglob("*") if p.is_file())


MEASUREMENTS: dict[str, Callable[[Path], Measured]] = {
    f.__name__: f
    for f in (import_rows, sqlite_utils, verify_rows, read_rows, snapshot_rows, small_commits, exhibits, small_exhibits)
}


def _measured(name: str, case: Path) -> Measured:
    case.mkdir(parents=True, exist_ok=True)
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.ledger", name, str(case)], check=True, capture_output=True, text=True
    )
    result: Measured = json.loads(child.stdout)
    return result


def _in_turns(case: Path) -> tuple[list[Measured], list[Measured], list[Measured]]:
    ours, peers, checks = [], [], []
    for _ in range(TURNS):
        shutil.rmtree(case / ".taggant", ignore_errors=True)
        peers.append(_measured("sqlite_utils", case))
        ours.append(_measured("import_rows", case))
        checks.append(_measured("verify_rows", case))
    return ours, peers, checks


def _lines(folder: Path, n_rows: int) -> list[tuple[str, str]]:
    """Measure everything and say each in words."""
    case = folder / "rows"
    write_case(case, n_rows)
    ours, peers, checks = _in_turns(case)
    own, peer, check = (statistics.median(m["seconds"] for m in each) for each in (ours, peers, checks))
    cpu, peer_cpu, check_cpu = (statistics.median(m["cpu"] for m in each) for each in (ours, peers, checks))
    lines = [
        (f"import of {n_rows:,} component rows, read, checked, one commit", _rate(n_rows, own, "rows/s")),
        ("— CPU seconds; peak memory", f"{cpu:.1f}; {max(m['peak_mb'] for m in ours):,.0f} MB"),
        ("— bytes a row in the ledger", f"{ours[0]['bytes'] / n_rows:,.0f}"),
        ("`sqlite-utils insert` of the same rows", f"{_rate(n_rows, peer, 'rows/s')}; CPU {peer_cpu:.1f} s"),
        ("— ratio of rates (floor 3); ratio of CPU seconds", f"{peer / own:.2f}; {peer_cpu / cpu:.2f}"),
        (
            "verify of these records (floor 300,000/s)",
            f"{_rate(checks[0]['rows'], check, 'records/s')}; CPU {check_cpu:.1f} s; {checks[0]['peak_mb']:,.0f} MB",
        ),
    ]
    read, snap = _measured("read_rows", case), _measured("snapshot_rows", case)
    shutil.rmtree(case)
    small = _measured("small_commits", folder / "small")
    film = _measured("exhibits", folder / "film")
    megabytes = film["bytes"] / 1e6
    each = 1e3 * small["seconds"] / COMMITS
    return [
        *lines,
        ("live index of all rows; their bodies", f"{read['seconds']:.2f} s; {read['bodies']:.2f} s"),
        ("snapshot built; reused", f"{snap['built']:.1f} s; {snap['reused']:.2f} s"),
        ("— peak memory of the snapshots", f"{snap['peak_mb']:,.0f} MB"),
        ("commit of 1,000 corrections; snapshot updated", f"{snap['correcting']:.2f} s; {snap['updated']:.2f} s"),
        ("all rows as of the commit before", _rate(snap["rows"], snap["as_of"], "rows/s")),
        (f"{COMMITS:,} commits of one row, each on disk", f"{small['seconds']:.1f} s = {each:.1f} ms each"),
        ("— one fsync of 8 KiB here; bytes a commit", f"{1e3 * small['fsync']:.1f} ms; {small['bytes']:,.0f}"),
        ("— verify of them", f"{small['verify']:.2f} s"),
        *_exhibit_lines(film, f"one film of {megabytes:,.0f} MB"),
        *_exhibit_lines(_measured("small_exhibits", folder / "small_files"), f"{SMALL_FILES:,} photographs of 50 kB"),
    ]  # fmt: skip


def _exhibit_lines(found: Measured, what: str) -> list[tuple[str, str]]:
    megabytes = found["bytes"] / 1e6
    ratios = {
        clock: [f"{found[f'openssl{clock}'] / found[f'{name}{clock}']:.2f}" for name in ("taken in", "verified")]
        for clock in ("", " cpu")
    }
    return [
        (f"{what} taken in, all on disk", _rate(megabytes, found["taken in"], "MB/s")),
        ("— hashed by verify", _rate(megabytes, found["verified"], "MB/s")),
        ("— `openssl dgst -sha256`, read only", _rate(megabytes, found["openssl"], "MB/s")),
        ("— plain copy, on disk", _rate(megabytes, found["copy"], "MB/s")),
        ("— CPU seconds: taken in; verified; openssl; copy",
         "; ".join(f"{found[f'{n} cpu']:.2f}" for n in ("taken in", "verified", "openssl", "copy"))),
        ("— ratio to openssl (floor 0.8) by the clock: taken in; verified", "; ".join(ratios[""])),
        ("— ratio to openssl by CPU: taken in; verified", "; ".join(ratios[" cpu"])),
        ("— ratio to the plain copy by the clock: taken in", f"{found['copy'] / found['taken in']:.2f}"),
    ]  # fmt: skip


def _rate(n: float, seconds: float, unit: str) -> str:
    return f"{seconds:.2f} s = {n / seconds:,.0f} {unit}"


def main() -> None:
    """Run one measurement (as a child), or all of them; `--rows N` for fewer rows than a million."""
    n_rows = int(sys.argv[2]) if sys.argv[1:2] == ["--rows"] else ROWS
    if len(sys.argv) == 3 and n_rows == ROWS:
        result = MEASUREMENTS[sys.argv[1]](Path(sys.argv[2]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux gives KiB
        print(json.dumps({**result, "peak_mb": peak}))
        return
    with tempfile.TemporaryDirectory() as folder:
        lines = _lines(Path(folder), n_rows)
    width = max(len(what) for what, _ in lines)
    for what, value in lines:
        print(f"{what:{width}}  {value}")
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    where = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    head = (
        "# Measured: the ledger\n\n"
        f"By `python -m benchmarks.ledger` on {datetime.now(UTC):%Y-%m-%d} ({where}, load at the end {load}).\n"
        f"What is compared was measured in turns, {TURNS} times; medians.\n"
        "Every commit is on disk (`synchronous=FULL`) before it is acknowledged.\n\n"
        "| what | measured |\n|---|---|\n"
    )
    _OUT.parent.mkdir(parents=True, exist_ok=True)
    table = "".join(f"| {what} | {value} |\n" for what, value in lines)
    _OUT.write_text(head + table + _READ_SO, encoding="utf-8")


if __name__ == "__main__":
    main()
