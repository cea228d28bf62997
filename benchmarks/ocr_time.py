"""How long reading a photograph takes beside plain RapidOCR: processor seconds, in turns, one thread.

Run: ``python -m benchmarks.ocr_time [photographs] [rounds]``; prints the rows of
``docs/measured/photographs-time.md``. The three ways of reading take turns on each photograph and change their order,
so that what else the machine does falls on all alike.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.cases.photographs.drawing import difficulties, draw_all

from taggant.identification.mark_reader import MarkReader
from taggant.identification.photographs import Photograph, open_photograph
from taggant.identification.second_reader import SecondReader

_FROM = 16


def measure(n: int, rounds: int) -> list[str]:
    """One row a difficulty and round."""
    ours, alone = MarkReader(second=SecondReader(), threads=1), MarkReader(threads=1)
    ways: dict[str, Callable[[Photograph], object]] = {"both": ours.read, "one": alone.read, "plain": alone.plain}
    rows = []
    with tempfile.TemporaryDirectory() as at:
        for d in difficulties()[:2]:
            photos = []
            for one in draw_all(d)[_FROM : _FROM + n]:
                path = Path(at) / f"{one.name}.jpg"
                path.write_bytes(one.jpeg)
                photos.append(open_photograph(path))
            for way in ways.values():
                way(photos[0])
            for turn in range(rounds):
                spent = dict.fromkeys(ways, 0.0)
                for k, photo in enumerate(photos):
                    order = list(ways) if (k + turn) % 2 else list(ways)[::-1]
                    for name in order:
                        began = time.process_time()
                        ways[name](photo)
                        spent[name] += time.process_time() - began
                b, o, p = (spent[name] / len(photos) for name in ("both", "one", "plain"))
                rows.append(f"| {d.name} | {turn + 1} | {b:.2f} | {o:.2f} | {p:.2f} | {b / p:.2f} | {o / p:.2f} |")
    return rows


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    print("\n".join(measure(*(given + [6, 2][len(given) :]))))
