"""A second process that looks through some of the records of a SQLite ledger, so that two cores hash.

Usage: python -m taggant.ledger.scan_child URI; then a line `FIRST LAST` on its input for each run of rows. It answers
with a line of JSON — how many bytes of ids follow, the runs, the odd ones; null where it cannot tell — and the ids.
"""

from __future__ import annotations

import gc
import json
import sqlite3
import sys
from contextlib import closing

from taggant.ledger.record_scan import SELECT_BETWEEN, scan


def main() -> None:
    """Answer until the input ends."""
    gc.disable()
    out = sys.stdout.buffer
    with closing(sqlite3.connect(sys.argv[1], uri=True)) as connection:
        for line in sys.stdin:
            first, last = (int(word) for word in line.split())
            try:
                rows = connection.execute(SELECT_BETWEEN, (first, last)).fetchall()
                found = scan(rows, first=first) if len(rows) == last - first + 1 else None
            except sqlite3.Error:
                found = None  # the first process reads these rows itself, and names what it cannot read
            said = None if found is None else {"runs": found.runs, "odd": found.odd}
            ids = b"" if found is None else found.ids
            out.write(json.dumps({"first": first, "n_bytes": len(ids), "found": said}).encode() + b"\n")
            out.write(ids)
            out.flush()


if __name__ == "__main__":
    main()
