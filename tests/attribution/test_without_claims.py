"""What sources say of a producer weighs nothing: a case without those claims gives the same verdicts, run whole."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from taggant.evidence.intake import import_case
from taggant.ledger.ledger import Ledger
from taggant.run import Run, run

TABLES = ("item_variant", "variant_block", "variant_check", "build_stage", "shared_set")


def _case(name: str, to: Path, *, without: str | None) -> Run:
    """Import a shipped case, less the claims of one topic, and answer what-is-it."""
    with as_file(files("taggant.cases").joinpath(name)) as folder:
        shutil.copytree(folder, to, ignore=shutil.ignore_patterns("photographs", ".taggant"))
    claims = to / "claims.csv"
    rows = list(csv.DictReader(claims.read_text(encoding="utf-8").splitlines()))
    kept = [r for r in rows if r["topic"] != without]
    assert without is None or len(kept) < len(rows)
    with claims.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)
    with Ledger.create(to) as ledger:
        import_case(ledger, to, author="test")
    return run(to, ["what-is-it"])


def _said(answers: Run) -> list[Mapping[str, object]]:
    """Findings, less what names the commit and the bytes read."""
    return [{k: v for k, v in f.items() if k not in ("commit", "inputs")} for f in answers.findings("what-is-it")]


@pytest.mark.parametrize("name", ["geran", "kestrel"])
def test_without_every_claim_of_a_producer_no_verdict_changes(name: str, tmp_path: Path) -> None:
    """Topic `producer.identified` deleted, observations kept: the tables and every finding are the same."""
    whole = _case(name, tmp_path / "whole", without=None)
    less = _case(name, tmp_path / "less", without="producer.identified")
    for table in TABLES:
        a, b = whole.table(table).collect(), less.table(table).collect()
        assert a.equals(b), table
        assert a.height > 0 or table in ("shared_set", "build_stage")
    assert _said(whole) == _said(less)
