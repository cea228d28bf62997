"""Walking the map: results are named by what they rest on, reused when nothing changed, rebuilt when damaged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from taggant import run as walking
from taggant.errors import InputError, UnknownName
from taggant.ledger.ledger import Ledger
from taggant.model.record import Body, Record, fresh_salt

ON = date(2025, 1, 1)


def record(table: str, key: str, body: Body, *supersedes: str) -> Record:
    """Build a record of schema version 1."""
    return Record(table=table, key=key, schema=1, body=body, supersedes=supersedes, salt=fresh_salt())


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case with one item of two dated parts."""
    rows = [
        record("source", "s", {"source_id": "s", "title": "Invented"}),
        record("item", "a", {"item_id": "a", "kind": "uav", "known": "2023-06", "source_id": "s"}),
    ]
    for n, marking in (("1", "25Q16 2117 6004"), ("2", "25Q16 2205 6004")):
        body: Body = {"component_id": n, "item_id": "a", "marking": marking, "brand": "Winbond", "source_id": "s"}
        rows.append(record("component", n, body))
    with Ledger.create(tmp_path) as ledger:
        ledger.commit(rows, author="test", message="the invented case")
    return tmp_path


def test_answers_carry_commit_inputs_and_text(case: Path) -> None:
    """Every finding can be walked back: the commit, the digests of what was read, and a sentence."""
    answers = walking.run(case, ["when-made"], on=ON)
    whole, item = answers.findings("when-made")
    assert whole["id"] == "when-made:case"
    assert item["headline"] == {
        "low": "2022-01-24", "point": "2022-01-24", "high": "2023-06-30", "level": None, "interval": "bounds",
        "unit": "date", "point_is": "earliest possible assembly, each decade the one nearest the other parts",
    }  # fmt: skip
    assert item["commit"] == answers.commit is not None
    assert isinstance(item["inputs"], list)
    assert all(str(i).startswith("sha256:") for i in item["inputs"])
    assert isinstance(item["text"], dict)
    assert "2022" in str(item["text"]["en"])
    assert item["supports"] == [{"kind": "component", "id": "2"}, {"kind": "component", "id": "1"}]


def test_a_second_run_reuses_and_gives_the_same(case: Path) -> None:
    """Nothing changed: nothing is computed, the findings are equal."""
    first, second = walking.run(case, ["when-made"], on=ON), walking.run(case, ["when-made"], on=ON)
    assert [r.is_reused for r in first.results] == [False, False]
    assert [r.is_reused for r in second.results] == [True, True]
    assert first.findings("when-made") == second.findings("when-made")


def test_a_changed_row_computes_again_only_what_reads_it(case: Path) -> None:
    """A new source changes no step; a corrected marking changes both; a new day of the answer changes both."""
    walking.run(case, ["when-made"], on=ON)
    with Ledger.open(case) as ledger:
        ledger.commit([record("source", "t", {"source_id": "t", "title": "More"})], author="test", message="a source")
    assert [r.is_reused for r in walking.run(case, ["when-made"], on=ON).results] == [True, True]
    with Ledger.open(case) as ledger:
        old = ledger.get("component", "2")
        assert old is not None
        body = {**old.body, "marking": "25Q16 2210 6004"}
        ledger.commit([record("component", "2", body, old.record_id)], author="test", message="read again")
    answers = walking.run(case, ["when-made"], on=ON)
    assert [r.is_reused for r in answers.results] == [False, False]
    headline = answers.findings("when-made")[1]["headline"]
    assert isinstance(headline, dict)
    assert headline["low"] == "2022-02-28"
    assert [r.is_reused for r in walking.run(case, ["when-made"], on=date(2025, 1, 2)).results] == [False, False]


def test_as_known_before_the_correction(case: Path) -> None:
    """`as_of` answers from what the ledger held at that commit."""
    with Ledger.open(case) as ledger:
        before = ledger.head()
        old = ledger.get("component", "2")
        assert before is not None
        assert old is not None
        body = {**old.body, "marking": "25Q16 2210 6004"}
        ledger.commit([record("component", "2", body, old.record_id)], author="test", message="read again")
    earlier = walking.run(case, on=ON, as_of=before.commit_id)
    assert earlier.commit == before.commit_id
    headline = earlier.findings("when-made")[1]["headline"]
    assert isinstance(headline, dict)
    assert headline["low"] == "2022-01-24"


@pytest.mark.parametrize("damage", ["cut", "gone", "garbled"])
def test_a_damaged_result_is_computed_again(case: Path, damage: str) -> None:
    """What lies under runs/ can be lost or spoilt at any time: the answer is the same."""
    first = walking.run(case, ["when-made"], on=ON)
    folder = first.results[0].folder
    if damage == "cut":
        table = folder / "made_range.parquet"
        table.write_bytes(table.read_bytes()[:-10])
    elif damage == "gone":
        (folder / "made_range.parquet").unlink()
    else:
        (folder / "step.json").write_text("{", encoding="utf-8")
    second = walking.run(case, ["when-made"], on=ON)
    assert [r.is_reused for r in second.results] == [False, True]
    assert second.findings("when-made") == first.findings("when-made")


def test_findings_are_tables_too(case: Path) -> None:
    """`finding` and `finding_support` hold every finding of the run."""
    answers = walking.run(case, ["when-made"], on=ON)
    assert answers.table("finding").collect()["finding_id"].to_list() == ["when-made:case", "when-made:a"]
    support = answers.table("finding_support").collect()
    assert ("when-made:a", "component", "2", "supports") in set(support.iter_rows())


def test_what_is_not_there_is_named(case: Path, tmp_path: Path) -> None:
    """Unknown question, table outside the run, folder without a ledger."""
    with pytest.raises(UnknownName, match="when-made"):
        walking.run(case, ["when-mad"], on=ON)
    with pytest.raises(InputError, match="not part of this run"):
        walking.run(case, ["when-made"], on=ON).table("claim")
    with pytest.raises(InputError):
        walking.run(tmp_path / "nothing", on=ON)


def test_a_case_without_rows_is_answered_by_a_refusal(tmp_path: Path) -> None:
    """An empty case: one finding that says what would be enough, nothing else."""
    Ledger.create(tmp_path).close()
    findings = walking.run(tmp_path, on=ON).findings("when-made")
    assert [f["id"] for f in findings] == ["when-made:case"]
    assert findings[0]["refused"] is not None
    assert findings[0]["commit"] is None
