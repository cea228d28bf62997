"""Looking part numbers up among half a million: recall, precision, queries a second, beside plain ways of doing it.

Run: ``python -m benchmarks.parts``; writes ``docs/measured/parts.md``. The catalogue is made from stems that data sheets
and a maker's list name, where the shared data lie beside the repository, and from numbers built of the shipped families
otherwise; endings are drawn by a fixed seed.
"""

# ruff: noqa: E501 - rows of the page it writes

from __future__ import annotations

import csv
import os
import random
import time
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from taggant.reference import load_part_families
from taggant.writing.part_index import PartIndex, bare_part

_ROWS, _QUERIES, _SEED = 500_000, 2_000, 20261127
_PAGE = Path(__file__).parents[1] / "docs" / "measured" / "parts.md"
_ENDINGS = ("", "T", "TR", "A", "AE", "CP", "DR", "PWR", "RGER", "QFN", "I", "E", "U", "SOIC", "DGKR", "-Q1", "BGA", "MX", "NS",
            "CBT6", "ARUZ", "BCPZ", "EUE", "G4", "LF", "PBF", "-2", "-3", "-5", "1", "2", "H")  # fmt: skip
_CONFUSED = {
    "O": "0QD",
    "0": "OQD",
    "1": "IL",
    "I": "1L",
    "L": "1I",
    "5": "S",
    "S": "5",
    "8": "B",
    "B": "8",
    "2": "Z",
    "6": "G",
}


def _stems() -> list[str]:
    at = Path(os.environ.get("TAGGANT_SHARED_DATA", "/nowhere")) / "parts"
    if not at.is_dir():
        return sorted(
            {f"{s}{n}" for f in load_part_families() if (s := f.pattern.pattern[:4]).isalnum() for n in range(40)}
        )
    with (at / "kicad_parts_2020.csv").open(encoding="utf-8", newline="") as file:
        found = {r["part"] for r in csv.DictReader(file)}
    with (at / "ti.tsv").open(encoding="utf-8") as file:
        found |= {line.partition("\t")[0] for line in file}
    return sorted(p for p in found if len(bare_part(p)) >= 5 and any(c.isdigit() for c in p))


def catalogue() -> list[str]:
    """Half a million different numbers."""
    draw = random.Random(_SEED)
    found: set[str] = set()
    stems = _stems()
    while len(found) < _ROWS:
        found.update(s + draw.choice(_ENDINGS) + draw.choice(("", "", draw.choice(_ENDINGS))) for s in stems)
    return sorted(found)[:_ROWS]


def _misread(part: str, draw: random.Random) -> tuple[str, str]:
    kind = draw.choice(("confusion", "confusion", "separators", "ending", "edit"))
    at = [n for n, c in enumerate(part) if c in _CONFUSED]
    if kind == "confusion" and at:
        letters = list(part)
        for n in draw.sample(at, min(len(at), draw.choice((1, 1, 2)))):
            letters[n] = draw.choice(_CONFUSED[letters[n]])
        return kind, "".join(letters)
    if kind == "ending":
        return kind, part + draw.choice(("/NOPB", "-REEL7", "+T&R", "/TUBE"))
    if kind == "edit":
        n = draw.randrange(len(part))
        return kind, part[:n] + draw.choice("ABCEFHKMNPRTUVWXY") + part[n + 1 :]
    n = draw.randrange(2, len(part) - 1)
    return "separators", part[:n] + draw.choice((" ", "-", "/")) + part[n:]


def measure() -> str:
    """Measure all and give the page."""
    draw = random.Random(_SEED + 1)
    parts = catalogue()
    start = time.perf_counter()
    index = PartIndex(parts)
    built = time.perf_counter() - start
    asked = [(parts[n], *_misread(parts[n], draw)) for n in draw.sample(range(len(parts)), _QUERIES)]
    start = time.perf_counter()
    answers = [index.search(q) for _, _, q in asked]
    seconds = (time.perf_counter() - start) / _QUERIES
    rows, all1, all10 = [], 0, 0
    for kind in ("confusion", "separators", "ending", "edit"):
        mine = [(p, a) for (p, k, _), a in zip(asked, answers, strict=True) if k == kind]
        at1 = sum(bool(a) and a[0].part == p for p, a in mine)
        at10 = sum(any(h.part == p for h in a) for p, a in mine)
        all1, all10 = all1 + at1, all10 + at10
        rows.append(f"| {kind} | {len(mine)} | {at1 / len(mine):.3f} | {at10 / len(mine):.3f} |")
    auto = [(p, a[0]) for (p, _, _), a in zip(asked, answers, strict=True) if a and a[0].may_match]
    right = sum(h.part == p for p, h in auto)
    few = asked[:40]
    start = time.perf_counter()
    plain = sum(process.extractOne(q, parts, scorer=fuzz.ratio)[0] == p for p, _, q in few)
    plain_s = (time.perf_counter() - start) / len(few)
    keys = {bare_part(p) for p in parts}
    exact = sum(bare_part(q) in keys and bare_part(q) == bare_part(p) for p, _, q in asked)
    tfidf1, tfidf_s = _tfidf(parts, few)
    return "\n".join(
        (
            "# Measured: looking part numbers up",
            "",
            "By `python -m benchmarks.parts`, on one core.",
            f"Catalogue: {len(parts):,} numbers, made of {len(_stems()):,} stems with endings drawn by seed; {_QUERIES:,} numbers misread by seed.",
            "",
            "| misread by | n | recall@1 | recall@10 |",
            "|---|---:|---:|---:|",
            *rows,
            f"| all | {_QUERIES} | {all1 / _QUERIES:.3f} | {all10 / _QUERIES:.3f} |",
            "",
            f"Taken by itself for the same part: {len(auto) / _QUERIES:.3f} of the queries, {right / max(len(auto), 1):.3f} of them right; recall at that precision {right / _QUERIES:.3f}.",
            "",
            "| way | s a query | beside ours | recall@1 |",
            "|---|---:|---:|---:|",
            f"| ours | {seconds:.5f} | 1 | {all1 / _QUERIES:.3f} |",
            f"| RapidFuzz ratio over all ({len(few)} queries) | {plain_s:.4f} | {plain_s / seconds:.0f} times slower | {plain / len(few):.3f} |",
            f"| TF-IDF of runs of three, cosine ({len(few)} queries) | {tfidf_s:.4f} | {tfidf_s / seconds:.0f} times slower | {tfidf1 / len(few):.3f} |",
            f"| exact after dropping separators | – | – | {exact / _QUERIES:.3f} |",
            "",
            f"The index is built in {built:.0f} s.",
            "The misreadings are ours and kinder or harsher than those of a workshop; *edit* puts one wrong letter anywhere, and in a catalogue this dense several numbers are then equally near.",
            "",
        )
    )


def _tfidf(parts: list[str], few: list[tuple[str, str, str]]) -> tuple[int, float]:
    from scipy.sparse import csr_matrix

    known: dict[str, int] = {}

    def matrix(texts: list[str], *, grow: bool) -> csr_matrix:
        rows, columns = [], []
        for n, text in enumerate(texts):
            padded = f" {text} "
            for k in range(len(padded) - 2):
                run = padded[k : k + 3]
                if grow:
                    known.setdefault(run, len(known))
                if run in known:
                    rows.append(n)
                    columns.append(known[run])
        return csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(texts), len(known)))

    every = matrix(parts, grow=True)
    weight = np.log(len(parts) / np.maximum(np.bincount(every.indices, minlength=len(known)), 1)).astype(np.float32)
    every = every.multiply(weight).tocsr()
    norms = np.sqrt(np.asarray(every.multiply(every).sum(axis=1)).ravel())
    start, right = time.perf_counter(), 0
    for part, _, asked in few:
        score = (every @ matrix([asked], grow=False).multiply(weight).T.tocsr()).toarray().ravel() / norms
        right += parts[int(score.argmax())] == part
    return right, (time.perf_counter() - start) / len(few)


if __name__ == "__main__":
    _PAGE.write_text(measure(), encoding="utf-8")
