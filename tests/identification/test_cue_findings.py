"""Cues of re-marking as rows and findings: what does not fit is said with its harmless readings."""

from __future__ import annotations

import polars as pl

from taggant.identification.cue_findings import note_cues
from taggant.model.finding import Answer
from taggant.report.phrases import say

from .test_dating import TI, items, parts


def noted(*marks: tuple[str, str | None, str | None]) -> Answer:
    """Run the step on one item."""
    return note_cues(component=parts(*marks), item=items({"item_id": "a"}), as_of=None)


def rows(answer: Answer) -> list[dict[str, object]]:
    """Give the rows of its table."""
    table = answer.tables["remark_cue"]
    assert isinstance(table, pl.DataFrame)
    return table.to_dicts()


def test_nothing_is_said_of_no_part_of_unmarked_parts_and_of_parts_that_fit() -> None:
    """No row, no finding."""
    assert rows(noted()) == []
    fitting = noted(("1", None, TI), ("2", "TMS320F28335PGFA G4A-22AXTXW", TI))
    assert rows(fitting) == []
    assert fitting.findings == ()


def test_a_date_before_the_family_was_launched_is_a_cue() -> None:
    """The newest microcontrollers of that house cannot bear a code of 2017 alone: known by 2024, MSPM0 is of 2023."""
    answer = noted(("1", "MSPM0G3507 17C76FW", TI), ("2", "VP230 27M APP2", TI))
    assert [(r["component_id"], r["kind"]) for r in rows(answer)] == [("1", "before launch")]
    finding = answer.findings[0]
    assert finding.question == "whose-parts"
    assert finding.on is None
    said = say("whose-parts.cue", {name: v.as_json() for name, v in finding.values.items()}).text  # type: ignore[misc]
    assert "no verdict" in said
    assert "the token may be a lot, not a date" in said


def test_a_part_gives_each_kind_of_cue_once() -> None:
    """Two codes of another house are one cue."""
    answer = noted(("1", "STM32F405RGT6 FBBGAU2231A FBBGAU2232A", "STMicroelectronics"))
    assert [r["kind"] for r in rows(answer)] == ["format of another maker"]
