"""`taggant board` at the terminal: several marks, one answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from taggant.cli import main

MARKS = ("TMS320F28335PGFA G4A-22AXTXW G4", "PS767D301 22T AE8S", "winbond 25Q128JVSQ 2118")


def said(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    """Run it and give its JSON."""
    with pytest.raises(SystemExit) as end:
        main(["board", *words, "--json"])
    assert end.value.code == 0
    body = json.loads(capsys.readouterr().out)
    assert isinstance(body, dict)
    return body


def test_the_newest_part_bounds_the_board(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """From arguments and from a file alike; the one mark without a decade carries the answer and is named."""
    body = said(capsys, *MARKS, "--recovered", "2023-09")
    assert body["headline"]["low"] == "2021-04-26"  # type: ignore[index]
    assert [p["token"] for p in body["parts"]] == ["22AXTXW", "22T", "2118"]  # type: ignore[attr-defined]
    assert body["parts"][0]["made"] == [["2012-02-01", "2012-03-01"], ["2022-02-01", "2022-03-01"]]  # type: ignore[index]
    assert "2118" in str(body["text"])
    assert "alone moves" in str(body["text"])
    file = tmp_path / "marks.txt"
    file.write_text("\n".join(MARKS) + "\n\n", encoding="utf-8")
    assert said(capsys, "--file", str(file), "--recovered", "2023-09") == body


def test_a_board_without_a_date_is_refused_with_what_would_do(capsys: pytest.CaptureFixture[str]) -> None:
    """One mark that says nothing."""
    body = said(capsys, "X")
    assert body["headline"] is None
    assert body["refused"]["enough"]  # type: ignore[index]


def test_no_mark_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    """What, and the next step."""
    with pytest.raises(SystemExit) as end:
        main(["board"])
    assert end.value.code == 2
    assert "no marking is given" in capsys.readouterr().err
