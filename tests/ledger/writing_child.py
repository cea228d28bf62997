"""Run by the fault tests: adds exhibits and commits for ever, and says each one only when it was acknowledged.

Usage: python writing_child.py CASE NAME ROWS
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from taggant.ledger.ledger import Ledger
from taggant.model.record import Record, fresh_salt


def main() -> None:
    """Write until killed; one line `done N COMMIT SHA256` for each commit acknowledged."""
    case, name, rows = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    with Ledger.open(case) as ledger:
        print("ready", flush=True)
        for n in itertools.count():
            exhibit = ledger.exhibits.add_bytes(f"{name} {n} ".encode() * 20_000)
            records = [
                Record(
                    table="exhibit",
                    key=exhibit.exhibit_id,
                    schema=1,
                    body={"exhibit_id": exhibit.exhibit_id, "file": f"{name}-{n}", "size": exhibit.size},
                    salt=fresh_salt(),
                )
            ]
            for i in range(rows):
                key = f"{name}-{n}-{i}"
                body = {"source_id": key, "title": "x" * 300}
                records.append(Record(table="source", key=key, schema=1, body={**body}, salt=fresh_salt()))
            commit = ledger.commit(records, author=name, message=f"{name}-{n}")
            print("done", n, commit.commit_id, exhibit.sha256, flush=True)


if __name__ == "__main__":
    main()
