"""Run by the store tests: makes one-row commits as fast as it can, beside others.

Usage: python committing_child.py CASE NAME N
"""

from __future__ import annotations

import sys
from pathlib import Path

from taggant.ledger.ledger import Ledger
from taggant.model.record import Record, fresh_salt


def main() -> None:
    """Make N commits of one row each."""
    case, name, n = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    with Ledger.open(case) as ledger:
        for i in range(n):
            key = f"{name}-{i}"
            record = Record(table="source", key=key, schema=1, body={"source_id": key}, salt=fresh_salt())
            ledger.commit([record], author=name, message=key)


if __name__ == "__main__":
    main()
