"""The case file and the templates of a new case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from taggant.errors import BadTables, InputError
from taggant.evidence.casefile import Plan, read_case_toml
from taggant.evidence.intake import import_case
from taggant.evidence.templates import new_case
from taggant.ledger.ledger import Ledger

if TYPE_CHECKING:
    from .conftest import Desk

GOOD = """\
uuid = "3f0c7b1e-8f0a-4a3e-9a51-0a5d0c3b7f10"
title = "Kestrel"
as_of = 2025-07-01
tlp = "GREEN"

[[plan]]
title = "Six thousand"
scope = "S"
quantity = 6000
by = "2025-06"
source_id = "s1"

[has-it-stopped]
delay_days = 90
"""


def _read(tmp_path: Path, text: str | bytes) -> list[tuple[str, str | None]]:
    path = tmp_path / "case.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(BadTables) as caught:
        read_case_toml(path)
    assert all(issue.file == "case.toml" for issue in caught.value.issues)
    return [(issue.kind, issue.column) for issue in caught.value.issues]


def test_a_whole_case_file(tmp_path: Path) -> None:
    """Dates may be TOML dates, quantities TOML integers; parameters stand under their question."""
    (tmp_path / "case.toml").write_text(GOOD, encoding="utf-8")
    case = read_case_toml(tmp_path / "case.toml")
    assert (case.title, case.as_of, case.tlp) == ("Kestrel", "2025-07-01", "GREEN")
    assert case.plans == (Plan(title="Six thousand", scope="S", quantity="6000", by="2025-06", source_id="s1"),)
    assert case.parameters == {"has-it-stopped": {"delay_days": 90}}


def test_without_a_level_the_case_is_red(tmp_path: Path) -> None:
    """What nobody released must not leak."""
    (tmp_path / "case.toml").write_text("\n".join(GOOD.splitlines()[:2]), encoding="utf-8")
    assert read_case_toml(tmp_path / "case.toml").tlp == "RED"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [("missing value", "uuid"), ("missing value", "title")]),
        (GOOD.replace("as_of", "as_off"), [("unknown name", "as_off")]),
        (GOOD.replace("GREEN", "green"), [("unknown word", "tlp")]),
        (GOOD.replace("3f0c7b1e", "3f0c"), [("bad uuid", "uuid")]),
        (GOOD.replace('"Kestrel"', "3"), [("not text", "title")]),
        (GOOD.replace("2025-07-01", '"2025-13"'), [("bad date", "as_of")]),
        (GOOD.replace("6000", "6e3"), [("not text", "plan.quantity")]),
        (GOOD.replace("6000", '"6,000"'), [("not a number", "plan.quantity")]),
        (GOOD.replace("scope", "scop"), [("unknown name", "plan.scop"), ("missing value", "plan.scope")]),
        (GOOD.replace("[[plan]]", "[plan]"), [("bad plan", "plan")]),
        (GOOD.replace("[[plan]]", "[[plans]]"), [("unknown name", "plans")]),
        ("title = Kestrel", [("bad TOML", None)]),
        (b'title = "M\xfcller"', [("wrong encoding", None)]),
        ("a = " + "[" * 100_000, [("bad TOML", None)]),
    ],
)
def test_every_slip_is_named(tmp_path: Path, text: str | bytes, found: list[tuple[str, str | None]]) -> None:
    """A misspelt name is never ignored."""
    assert _read(tmp_path, text) == found


def test_the_case_file_is_part_of_the_import(desk: Desk) -> None:
    """Missing, wrong, or with a plan of an unknown source: nothing is imported."""
    desk.put("case.toml", GOOD.replace('"s1"', '"s9"'))
    issue = desk.one_issue()
    assert (issue.kind, issue.file, issue.value) == ("unknown id", "case.toml", "s9")
    (desk.folder / "case.toml").unlink()
    assert desk.one_issue().kind == "missing file"
    desk.put("case.toml", GOOD)
    desk.take_in()
    desk.put("case.toml", GOOD.replace("6000", "6001"))
    assert desk.take_in().exhibits_new == ("case.toml",)


def test_a_new_case_can_be_imported_as_it_is(tmp_path: Path) -> None:
    """Its case file is whole, its README has ten lines, its uuid is fresh."""
    first = new_case(tmp_path / "one", 'The "first" \\ case')
    second = new_case(tmp_path / "two", "Second")
    assert read_case_toml(first / "case.toml").title == 'The "first" \\ case'
    assert read_case_toml(first / "case.toml").uuid != read_case_toml(second / "case.toml").uuid
    assert len((first / "README.txt").read_text(encoding="utf-8").splitlines()) == 10
    with Ledger.create(first) as ledger:
        report = import_case(ledger, first, author="ada")
    assert (report.tables, report.issues) == ({}, ())


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    """Nothing that is there is touched."""
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="not empty"):
        new_case(tmp_path, "T")
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(InputError, match="not empty"):
        new_case(tmp_path / "mine.txt", "T")
    with pytest.raises(InputError, match="title"):
        new_case(tmp_path / "new", " ")
