"""Serials from a table, and their picture: rows that cannot be read are named, runs are never thrown together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from taggant.cli import main
from taggant.cli.serial_table import read_serial_table
from taggant.errors import InputError


def _file(folder: Path, text: str) -> Path:
    path = folder / "found.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any] | None, str]:
    with pytest.raises(SystemExit) as left:
        main(["serials", *words, "--json"])
    code = int(left.value.code or 0)
    said = capsys.readouterr()
    return code, json.loads(said.out) if code == 0 else None, said.out + said.err


def test_letters_of_one_shape_are_one_run_and_incidents_count(tmp_path: Path) -> None:
    """Ы, ЬІ and Y are one letter; two numbers of one incident are one find; a doubtful one is left out."""
    path = _file(
        tmp_path, "serial,incident,read_quality\nЫ-391,a,\nЬІ-465,b,sure\nY1276,c,\nЫ-1311,c,\nЫ9,d,doubtful\n,e,\n"
    )
    read = read_serial_table(path)
    assert read.numbers == (391, 465, 1276, 1311)
    assert read.n_incidents == 3
    assert {(x.why, x.n) for x in read.left_out} == {("no serial is stated", 1), ("the number was read doubtfully", 1)}


def test_every_bad_row_is_named(tmp_path: Path) -> None:
    """Row, column and value of each."""
    path = _file(tmp_path, "serial;read_quality\nЫ-391;sure\nnone;\n12-7;\nЫ5;perhaps\n")
    with pytest.raises(InputError, match=r"3 rows of found\.csv.*row 3, serial 'none'.*row 4.*row 5, read_quality"):
        read_serial_table(path)


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("number\n", (), "no serial number|No serial|cannot be told"),
        ("incident\na\n", (), "no column 'serial'"),
        ("", (), "no column 'serial'; it has nothing"),
        ("serial\nM1\nЫ2\nЫ3\n", (), "2 runs"),
        ("serial\nM1\nЫ2\n", ("--prefix", "Q"), "prefix 'Q'"),
        ("serial\nM1\n", ("19", "40"), "both given"),
    ],
)
def test_what_cannot_be_read_is_said(
    text: str, words: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In plain words, with where; an empty table is a refusal."""
    import re

    code, body, err = _asked(capsys, *words, "--csv", str(_file(tmp_path, text)))
    if body is not None:
        assert body["refused"]["enough"]
        return
    assert code == 2
    assert re.search(said, " ".join(err.split()))


def test_the_answer_of_a_table_is_that_of_its_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same numbers give the same headline."""
    path = _file(tmp_path, "number\n19\n40\n42\n60\n")
    _, table, _ = _asked(capsys, "--csv", str(path), "--start", "1", "--prior", "flat")
    _, words, _ = _asked(capsys, "19", "40", "42", "60", "--start", "1", "--prior", "flat")
    assert table is not None
    assert words is not None
    assert table["headline"] == words["headline"]


def test_the_picture_shows_the_headline(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An SVG with the ends in it, a PNG; another ending and a refusal are said."""
    svg, png = tmp_path / "run.svg", tmp_path / "run.png"
    _, body, _ = _asked(capsys, "19", "40", "42", "60", "--plot", str(svg))
    assert body is not None
    assert f">{body['headline']['high']}<" in svg.read_text(encoding="utf-8")
    assert "<script" not in svg.read_text(encoding="utf-8")
    _asked(capsys, "19", "40", "42", "60", "--plot", str(png))
    assert png.read_bytes().startswith(b"\x89PNG")
    code, _, err = _asked(capsys, "19", "40", "42", "60", "--plot", str(tmp_path / "run.pdf"))
    assert (code, "ends neither" in err) == (2, True)
    code, _, err = _asked(capsys, "19", "40", "--plot", str(svg))
    assert (code, "no answer to draw" in " ".join(err.split())) == (2, True)
