"""How long do 1,000 pages take, beside trafilatura alone, and does memory stay flat? And a text of 50 MB?

    python -m benchmarks.claims_speed [PAGES] [MEGABYTES]

Pages are those of the first corpus, over and over; each is read from disk as a user's would be.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from taggant.claims.documents import read_document
from taggant.claims.reading import read_claims

PAGES = sorted((Path(__file__).parents[1] / "tests" / "claims" / "corpus" / "articles").glob("*.html"))
SENTENCE = "Nobody at the works would say how many crates had left the yard by night, and the rain went on. "


def peak_mb() -> float:
    """Give the most memory this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def pages(n: int) -> dict[str, Any]:
    """Read n pages; note memory after a tenth and at the end."""
    import trafilatura

    some = list(islice(cycle(PAGES), n))
    for path in PAGES[:3]:  # what is loaded once is not counted
        trafilatura.extract(path.read_text(encoding="utf-8"))
        read_claims(read_document(path))
    start = time.process_time()
    for path in some:
        trafilatura.extract(path.read_text(encoding="utf-8"))
    alone = time.process_time() - start
    start = time.process_time()
    early = 0.0
    for k, path in enumerate(some):
        read_claims(read_document(path))
        if k == n // 10:
            early = peak_mb()
    return {
        "pages": n, "trafilatura_s": round(alone, 2), "reading_s": round(time.process_time() - start, 2),
        "memory_after_a_tenth_mb": round(early), "memory_at_the_end_mb": round(peak_mb()),
    }  # fmt: skip


def long_text(megabytes: int) -> dict[str, Any]:
    """Read one text of so many megabytes with one claim at its end."""
    claim = "The ministry said that the plant made 300 Kestrel-2 drones in 2024."
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.txt")
        paragraph = SENTENCE * 8 + "\n\n"
        path.write_text(paragraph * (megabytes * 1_000_000 // len(paragraph)) + claim, encoding="utf-8")
        size = path.stat().st_size
        start = time.process_time()
        found = read_claims(read_document(path))
        seconds = time.process_time() - start
    return {
        "bytes": size, "seconds": round(seconds, 1), "claims": len(found), "memory_mb": round(peak_mb()),
    }  # fmt: skip


if __name__ == "__main__":
    n, mb = (int(a) for a in (sys.argv[1:] + ["1000", "50"][len(sys.argv) - 1 :]))
    print(json.dumps({**({"pages": pages(n)} if n else {}), **({"long": long_text(mb)} if mb else {})}, indent=1))
