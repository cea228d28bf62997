"""How fast and how well are names found? `python -m benchmarks.screening` writes docs/measured/screening.md.

Every method runs in a process of its own on one core, peers in environments of their own under a cache folder
(`TAGGANT_PEERS`, made when missing). Ratios are of one run; times are medians of three and more.

The split, written down before any constant was tuned: a query is of half A when the first byte of sha256(qid) is even,
of half B when it is odd. Constants were tuned on half A. The figures are of half B.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

_OUT = Path(__file__).parent.parent / "docs" / "measured" / "screening.md"
_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_PEER_SCRIPT = Path(__file__).parent / "screening_peers.py"
_CACHE = Path(os.environ.get("TAGGANT_PEERS", Path.home() / ".cache" / "taggant-peers"))
_PACKAGES = {
    "tfidf": ["sparse-dot-topn", "scikit-learn", "anyascii"],
    "tantivy": ["tantivy", "anyascii"],
    "rapidfuzz": ["rapidfuzz", "anyascii", "numpy"],
    "splink": ["splink>=5,<6", "anyascii", "duckdb", "pandas"],
    "nomenklatura": ["nomenklatura"],
}
_WORDS = {
    "taggant": "Taggant, one core",
    "taggant-2": "Taggant, two cores",
    "tfidf": "TF-IDF of 3 letters, transliterated, sparse_dot_topn",
    "tantivy": "tantivy, BM25 of 3 letters",
    "rapidfuzz": "RapidFuzz token sort, every pair",
    "splink": "Splink 5 on DuckDB",
    "nomenklatura": "nomenklatura blocker + logic-v2",
}
_MOST = 10
_FEW = {"rapidfuzz": 800, "nomenklatura": 400}
"""Slow peers are asked a seeded share of the queries; ours is then counted on the same ones."""


def half(qid: str) -> str:
    """Of which half is this query?"""
    return "B" if hashlib.sha256(qid.encode()).digest()[0] % 2 else "A"


def python_of(peer: str) -> Path:
    """The Python of this peer's environment; it is made when missing (nomenklatura compiles PyICU: libicu-dev, g++)."""
    folder = _CACHE / peer
    python = folder / "bin" / "python"
    marked = folder / "ready"
    if not marked.is_file():
        uv = Path(sys.executable).parent / "uv"
        subprocess.run([uv, "venv", "--quiet", "--allow-existing", folder], check=True)
        subprocess.run(
            [uv, "pip", "install", "--quiet", *_PACKAGES[peer]],
            check=True,
            env=os.environ | {"VIRTUAL_ENV": str(folder)},
        )
        marked.touch()
    return python


def run_peer(peer: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Measure a peer in its own process, on one core."""
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "in.json", Path(folder) / "out.json"
        given.write_text(json.dumps(body), encoding="utf-8")
        words = [
            str(python_of("nomenklatura" if peer == "pairs" else peer)),
            str(_PEER_SCRIPT),
            peer,
            str(given),
            str(out),
        ]
        _pinned(words)
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return found


def _pinned(words: Sequence[str], *, cores: str = "1") -> None:
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
    subprocess.run(["taskset", "-c", cores, *words], check=True, env=os.environ | single, stdout=subprocess.DEVNULL)


def run_ours(body: Mapping[str, Any], *, threads: int) -> dict[str, Any]:
    """Measure ours in a process of its own, on as many cores as threads."""
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "in.json", Path(folder) / "out.json"
        given.write_text(json.dumps(dict(body) | {"threads": threads}), encoding="utf-8")
        _pinned(
            [sys.executable, "-m", "benchmarks.screening", "--ours", str(given), str(out)],
            cores="1" if threads == 1 else "0,1",
        )
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return found


def ours(source: Path, out: Path) -> None:
    """The measured process: index built, queries asked, kernels warmed before (they are cached on disk)."""
    from taggant.writing.name_index import NameIndex

    given = json.loads(source.read_text(encoding="utf-8"))
    names = [n for n, _ in given["names"]]
    owners = [o for _, o in given["names"]]
    NameIndex(names[:300]).search(names[:300], threads=given["threads"])
    started = time.process_time()
    index = NameIndex(names)
    build = time.process_time() - started
    seconds, wall = [], []
    for _ in range(given["repeats"]):
        started, cpu = time.perf_counter(), time.process_time()
        found = index.search(given["queries"], most=_MOST, threads=given["threads"])
        seconds.append(time.process_time() - cpu)
        wall.append(time.perf_counter() - started)
    answers = []
    for rows, scores in zip(found.rows.tolist(), found.scores.tolist(), strict=True):
        best: dict[str, float] = {}
        for row, score in zip(rows, scores, strict=True):
            if row >= 0:
                for k in index.names_of(row).tolist():
                    best.setdefault(owners[k], score)
        answers.append(list(best.items())[:_MOST])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    body = {"build": build, "seconds": seconds, "wall": wall, "memory_mb": memory, "answers": answers}
    out.write_text(json.dumps(body), encoding="utf-8")


def figures(answers: Sequence[Sequence[tuple[str, float]]], expected: Sequence[str | None]) -> dict[str, float]:
    """Recall at 1 and 10; precision and recall at the best F1; recall when at most 1% of negatives alert."""
    positives = [k for k, e in enumerate(expected) if e is not None]
    at_1 = sum(bool(answers[k]) and answers[k][0][0] == expected[k] for k in positives)
    at_10 = sum(expected[k] in [o for o, _ in answers[k][:10]] for k in positives)
    tops = sorted(
        ((a[0][1], a[0][0] == e, e is not None) for a, e in zip(answers, expected, strict=True) if a),
        key=lambda t: -t[0],
    )
    best = (0.0, 0.0, 0.0)
    right = 0
    for n, (_, is_right, _) in enumerate(tops, start=1):
        right += is_right
        precision, recall = right / n, right / max(1, len(positives))
        if precision + recall > 0:
            best = max(best, (2 * precision * recall / (precision + recall), precision, recall))
    negatives = sorted((s for s, _, is_positive in tops if not is_positive), reverse=True)
    n_negatives = sum(e is None for e in expected)
    allowed = int(n_negatives * 0.01)
    threshold = negatives[allowed] if len(negatives) > allowed else -1.0
    quiet = sum(is_right for s, is_right, _ in tops if s > threshold)
    n = max(1, len(positives))
    return {
        "recall@1": at_1 / n, "recall@10": at_10 / n, "precision": best[1], "recall": best[2], "f1": best[0],
        "recall at 1%": quiet / n, "positives": len(positives), "negatives": n_negatives,
    }  # fmt: skip


def a_million(names: Sequence[tuple[str, str]], others: Sequence[str], n: int) -> list[tuple[str, str]]:
    """The list, and names made of words of the list and of real companies, up to n; seeded."""
    draw = random.Random(20261127)
    words = [w for name, _ in names for w in name.split() if len(w) > 3] + [w for o in others for w in o.split()]
    made = list(names)
    seen = {name for name, _ in names}
    while len(made) < n:
        name = " ".join(draw.choice(words) for _ in range(draw.randint(2, 5)))
        if name not in seen:
            seen.add(name)
            made.append((name, f"made-{len(made)}"))
    return made


def measured(peers: Sequence[str], names: Sequence[tuple[str, str]], rows: Sequence[tuple[str, str, str | None]],
             *, repeats: int, two_cores: bool = True) -> list[dict[str, Any]]:  # fmt: skip
    """Measure ours and peers on these names and queries, all in one run."""
    lines = []
    draw = random.Random(1)
    shares = {p: sorted(draw.sample(range(len(rows)), min(_FEW[p], len(rows)))) for p in peers if p in _FEW}
    jobs = ["taggant", *(["taggant-2"] if two_cores else []), *peers]
    for job in jobs:
        chosen = [rows[k] for k in shares[job]] if job in shares else list(rows)
        body = {"names": names, "queries": [q for _, q, _ in chosen], "repeats": repeats, "most": _MOST}
        done = (
            run_ours(body, threads=2 if job.endswith("2") else 1) if job.startswith("taggant") else run_peer(job, body)
        )
        lines.append(_line(job, done, chosen))
        if job == "taggant":
            mine = done
        if job in shares:
            same = dict(mine) | {"answers": [mine["answers"][k] for k in shares[job]]}
            lines[-1]["ours"] = _line("taggant", same, chosen)
        print(job, json.dumps({k: v for k, v in lines[-1].items() if k != "ours"}), flush=True)
    return lines


def _line(job: str, done: Mapping[str, Any], rows: Sequence[tuple[str, str, str | None]]) -> dict[str, Any]:
    of_b = [k for k, (qid, _, _) in enumerate(rows) if half(qid) == "B"]
    quality = figures([done["answers"][k] for k in of_b], [rows[k][2] for k in of_b])
    # One core: seconds of processor time, which neighbours on a shared machine move least. Two: the clock, at its best.
    rate = len(rows) / (min(done["wall"]) if job == "taggant-2" else statistics.median(done["seconds"]))
    by_clock = len(rows) / min(done["wall"])
    return {
        "job": job,
        "rate": rate,
        "by_clock": by_clock,
        "build": done["build"],
        "memory": done["memory_mb"],
        "n": len(rows),
        **quality,
    }


def _table(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    best_fast = max((x["rate"] for x in lines if x["job"] in ("tfidf", "tantivy")), default=None)
    out = [
        "| method | names/s | ours is | build s | memory MB | recall@1 | recall@10 | P / R at best F1 "
        "| recall, ≤ 1% of negatives | queries |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    mine = next(x for x in lines if x["job"] == "taggant")
    for x in lines:
        times = "" if x["job"].startswith("taggant") else f"{mine['rate'] / x['rate']:,.1f} ×"
        if x["job"] == "taggant-2":
            times = f"{x['by_clock'] / mine['by_clock']:.2f} × one core by the clock"
        out.append(
            f"| {_WORDS[x['job']]} | {x['rate']:,.0f} | {times} | {x['build']:.1f} | {x['memory']:,.0f} "
            f"| {x['recall@1']:.3f} | {x['recall@10']:.3f} | {x['precision']:.2f} / {x['recall']:.2f} "
            f"| {_alerts(x)} | {x['n']:,} |"
        )
        if "ours" in x:
            o = x["ours"]
            out.append(
                f"| — ours on the same {x['n']:,} | | | | | {o['recall@1']:.3f} | {o['recall@10']:.3f} "
                f"| {o['precision']:.2f} / {o['recall']:.2f} | {_alerts(o)} | |"
            )
    if best_fast is not None:
        out.append(f"\nAgainst the best fast peer: {mine['rate'] / best_fast:.1f} ×.")
    return out


def _alerts(line: Mapping[str, Any]) -> str:
    """Recall when at most 1% of negatives alert; of fewer than a hundred negatives 1% is none."""
    return f"{line['recall at 1%']:.2f}" if line["negatives"] >= 100 else "–"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--ours", nargs=2, type=Path)
    parser.add_argument("--peers", default="tfidf,tantivy,rapidfuzz,splink,nomenklatura")
    parser.add_argument("--million", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--bulk", type=int, default=1_000_000, help="party rows of a CSV; 0: not measured")
    given = parser.parse_args()
    if given.ours is not None:
        ours(*given.ours)
        return
    from benchmarks.screening_bulk import bulk_lines
    from benchmarks.screening_pairs import pair_lines, script_lines

    listed = pl.read_parquet(_DATA / "screening" / "list.parquet")
    asked = pl.read_csv(_DATA / "screening" / "queries.csv")
    names = list(zip(listed["name"], listed["id"], strict=True))
    rows = list(zip(asked["qid"], asked["query"], asked["expected_id"], strict=True))
    n_b = sum(half(qid) == "B" for qid, _, _ in rows)
    said = [
        "# Measured: screening",
        "",
        f"By `python -m benchmarks.screening` on {datetime.now(UTC).date().isoformat()} ({platform.system()} "
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load at the start {os.getloadavg()[0]:.1f}).",
        "Every method ran in a process of its own, pinned to one core, peers in environments of their own; "
        f"times are medians of {given.repeats}, in seconds of processor time (by the clock for two cores), "
        "all in one run.",
        "",
        "The split was written down before a constant was tuned: a query is of half A when the first byte of "
        "sha256(qid) is even, of half B when it is odd.",
        f"Constants were tuned on half A; recall and precision are of half B ({n_b:,} of {len(rows):,} queries). "
        "Speed is of all queries asked.",
        "Slow peers are asked a seeded share; ours on the same queries stands beneath.",
        "Ours finds the words like each word of the list when the list is indexed: that time is in its build. "
        "Nothing is kept from one repeat to the next.",
        "",
        f"## {len(names):,} names of {listed['id'].n_unique():,} entities",
        "",
    ]
    small = measured(given.peers.split(","), names, rows, repeats=given.repeats)
    said += _table(small)
    if given.million:
        big = a_million(names, [q for _, q, e in rows if e is None], given.million)
        fast = [p for p in given.peers.split(",") if p in ("tfidf", "tantivy")]
        said += ["", f"## {given.million:,} names (the list, and names made of its words)", ""]
        said += _table(measured(fast, big, rows[:1000], repeats=given.repeats))
    if given.bulk:
        said += ["", *bulk_lines(given.bulk, stop_after=45.0)]
    said += ["", *pair_lines(_DATA, run_peer if "nomenklatura" in given.peers else None), "", *script_lines(_DATA)]
    _OUT.write_text("\n".join(said) + "\n", encoding="utf-8")
    print(_OUT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
