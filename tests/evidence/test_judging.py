"""Judging: decisions are kept, superseded, taken back; workbooks are read row by row, and nothing is a formula."""

from __future__ import annotations

import io
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from rich.console import Console

from taggant.cli import main
from taggant.cli.review_cards import Lines, review_cards
from taggant.errors import BadTables, InputError, UnknownName
from taggant.evidence.intake import import_case
from taggant.evidence.judging import Suggestion, checked_value, decide, suggestions, take_back
from taggant.evidence.templates import new_case
from taggant.evidence.todo_workbook import read_todo, write_todo
from taggant.ledger.ledger import Ledger
from taggant.model.suggestions import suggestion_kind


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger."""
    with Ledger.create(tmp_path / "case") as made:
        yield made


def readings(**numbers: str) -> pl.DataFrame:
    """Readings of serials by item."""
    return pl.DataFrame(
        {"item_id": list(numbers), "source_id": "s", "state": "read", "normalised": list(numbers.values())}
    )


def proposed(ledger: Ledger, **numbers: str) -> list[Suggestion]:
    """Suggestions of serials."""
    return suggestions(ledger, "serial-reading", readings(**numbers))


def test_a_decision_is_superseded_not_edited(ledger: Ledger) -> None:
    """The second stands, the history has both, with who and why."""
    [one] = proposed(ledger, a="K1")
    decide(ledger, one, "confirm", author="ada")
    decide(ledger, one, "replace", author="bob", value="K-7", why="looked again")
    [now] = proposed(ledger, a="K1")
    assert (now.state, now.value, now.why, now.by) == ("replaced", "K-7", "looked again", "bob")
    assert [e.author for e in ledger.history("judgement", "serial-reading|a")] == ["ada", "bob"]


def test_taking_back_gives_what_stood_before(ledger: Ledger) -> None:
    """First nothing, then the first decision."""
    [one] = proposed(ledger, a="K1")
    first = decide(ledger, one, "confirm", author="ada")
    second = decide(ledger, one, "reject", author="ada")
    take_back(ledger, second, author="ada")
    assert proposed(ledger, a="K1")[0].state == "confirmed"
    take_back(ledger, first, author="ada")
    assert proposed(ledger, a="K1")[0].state == "unjudged"
    with pytest.raises(InputError, match="taken back already"):
        take_back(ledger, first, author="ada")


@pytest.mark.parametrize(
    ("kind", "value"),
    [("made-range", "yesterday"), ("made-range", "../2021"), ("made-range", " "), ("serial-reading", "391"),
     ("serial-reading", "391/2024"), ("part-candidate", None)],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_refused_when_it_is_given(kind: str, value: str | None) -> None:
    """The accident prevented: it would stop every later run."""
    with pytest.raises(InputError, match=r"Give (when|the)"):
        checked_value(suggestion_kind(kind), value)


def test_a_value_without_a_replacement_and_an_unknown_verdict_are_named(ledger: Ledger) -> None:
    """Nothing is kept."""
    [one] = proposed(ledger, a="K1")
    with pytest.raises(InputError, match="Leave the value empty"):
        decide(ledger, one, "confirm", author="ada", value="K2")
    with pytest.raises(UnknownName, match="Did you mean confirm"):
        decide(ledger, one, "confirmed", author="ada")
    assert ledger.head() is None


# --- cards ---------------------------------------------------------------------------------------


def sit(ledger: Ledger, keys: str, **numbers: str) -> tuple[str, list[str], str]:
    """One sitting with keys from a pipe: its last words, the states after it, and what was shown."""
    shown = io.StringIO()
    tally = review_cards(
        ledger, proposed(ledger, **numbers), author="ada", keys=Lines(io.StringIO(keys).readline),
        console=Console(file=shown, width=100),
    )  # fmt: skip
    return tally.words, [s.state for s in proposed(ledger, **numbers)], shown.getvalue()


def test_keys_are_read_one_a_line_or_several_in_one(ledger: Ledger) -> None:
    """Both ways of a pipe give the same decisions."""
    words, states, shown = sit(ledger, "yn\nu no light\ne K-9 -- clear now\n", a="K1", b="K2", c="K3", d="K4")
    assert states == ["confirmed", "rejected", "unsure", "replaced"]
    assert words == "decided: 1 confirm, 1 reject, 1 unsure, 1 replace; 0 left"
    assert "Is this the serial of the item?" in shown
    d = proposed(ledger, d="K4")[0]
    assert (d.value, d.why) == ("K-9", "clear now")


def test_an_e_alone_takes_the_next_line(ledger: Ledger) -> None:
    """As `printf 'e\\nK-9\\n'` sends it."""
    assert sit(ledger, "e\nK-9\n", a="K1")[1] == ["replaced"]


def test_undo_skip_help_and_an_end_of_input(ledger: Ledger) -> None:
    """What was decided before the keys ended is kept; the rest waits."""
    words, states, shown = sit(ledger, "?\nx\ny\nz\nz\ns\ny\n", a="K1", b="K2", c="K3")
    assert states == ["unjudged", "confirmed", "unjudged"]
    assert words == "decided: 1 confirm, 1 taken back; 2 left"
    assert "'x' is no key" in shown
    assert "nothing was decided in this sitting" in shown


def test_a_bad_value_from_a_pipe_stops_and_keeps_what_came_before(ledger: Ledger) -> None:
    """Nobody is there to ask again."""
    with pytest.raises(InputError, match="'391' is not letters"):
        sit(ledger, "y\ne 391\ny\n", a="K1", b="K2", c="K3")
    assert [s.state for s in proposed(ledger, a="K1", b="K2", c="K3")] == ["confirmed", "unjudged", "unjudged"]


# --- workbooks -----------------------------------------------------------------------------------


def fill(path: Path, *cells: tuple[str, Any]) -> None:
    """Type into the sheet of serials."""
    book = openpyxl.load_workbook(path)
    for where, value in cells:
        book["serial-reading"][where] = value
    book.save(path)
    book.close()


def test_a_workbook_comes_back_as_decisions_in_one_commit(ledger: Ledger, tmp_path: Path) -> None:
    """Two decided, one left open; read a second time nothing is new."""
    todo = tmp_path / "todo.xlsx"
    some = proposed(ledger, a="K1", b="K2", c="K3")
    assert write_todo(todo, some) == 3
    fill(todo, ("C2", "Confirm"), ("C3", "replace"), ("D3", "K-8"), ("E3", "blurred"))
    report = read_todo(ledger, todo, {"serial-reading": some}, author="ada")
    assert (report.n_decided, report.n_open, len(ledger.log())) == (2, 1, 1)
    assert [s.state for s in proposed(ledger, a="K1", b="K2", c="K3")] == ["confirmed", "replaced", "unjudged"]
    again = read_todo(ledger, todo, {"serial-reading": proposed(ledger, a="K1", b="K2", c="K3")}, author="ada")
    assert (again.n_same, again.commit) == (2, None)


def test_wrong_rows_are_all_named_and_stop_the_rest_unless_partial(ledger: Ledger, tmp_path: Path) -> None:
    """Row and column of each; with partial the right one is taken."""
    todo = tmp_path / "todo.xlsx"
    some = proposed(ledger, a="K1", b="K2", c="K3", d="K4", e="K5")
    write_todo(todo, some)
    fill(todo, ("C2", "confirm"), ("C3", "perhaps"), ("C4", "replace"), ("A5", "zz"), ("C5", "reject"),
         ("B6", "K6"), ("C6", "confirm"))  # fmt: skip
    with pytest.raises(BadTables, match="4 things to mend") as caught:
        read_todo(ledger, todo, {"serial-reading": some}, author="ada")
    assert [(i.row, i.column) for i in caught.value.issues] == [
        (3, "verdict"), (4, "value"), (5, "suggestion"), (6, "proposes")
    ]  # fmt: skip
    assert ledger.head() is None
    report = read_todo(ledger, todo, {"serial-reading": some}, author="ada", partial=True)
    assert (report.n_decided, report.n_left_out) == (1, 4)


def test_one_suggestion_is_decided_once(ledger: Ledger, tmp_path: Path) -> None:
    """A copied row is named, not taken as the last word."""
    todo = tmp_path / "todo.xlsx"
    some = proposed(ledger, a="K1", b="K2")
    write_todo(todo, some)
    fill(todo, ("C2", "confirm"), ("A3", "a"), ("B3", "K1"), ("C3", "reject"))
    with pytest.raises(BadTables) as caught:
        read_todo(ledger, todo, {"serial-reading": some}, author="ada")
    assert caught.value.issues[0].kind == "duplicate key"


def test_a_mark_that_looks_like_a_formula_stays_text(ledger: Ledger, tmp_path: Path) -> None:
    """The accident prevented: a spreadsheet that runs what is printed on a chip. Control letters are replaced."""
    todo = tmp_path / "todo.xlsx"
    some = proposed(ledger, **{"=1+1": '=HYPERLINK("http://x")', "b": "K\x01"})
    write_todo(todo, some)
    sheet = openpyxl.load_workbook(todo)["serial-reading"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    fill(todo, ("C3", "confirm"))
    report = read_todo(ledger, todo, {"serial-reading": some}, author="ada")
    assert report.n_decided == 1


def test_nothing_to_write_and_nothing_to_read_are_said(ledger: Ledger, tmp_path: Path) -> None:
    """Both say the next step."""
    with pytest.raises(InputError, match="--all"):
        write_todo(tmp_path / "todo.xlsx", [])
    with pytest.raises(InputError, match="--out first"):
        read_todo(ledger, tmp_path / "none.xlsx", {}, author="ada")


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of another kind")
def test_at_a_keyboard_one_key_is_an_answer(tmp_path: Path) -> None:
    """As a person at a terminal: yes; another value with its reason; stop."""
    import pty
    import termios

    case = new_case(tmp_path / "case", "Kestrel")
    (case / "sources.csv").write_text("source_id,title\ns,A list\n")
    rows = "".join(f"i{n},uav,K-{n},s,2024-01-0{n}\n" for n in (1, 2, 3))
    (case / "items.csv").write_text(f"item_id,kind,serial_as_marked,source_id,recovered\n{rows}")
    with Ledger.create(case) as ledger:
        import_case(ledger, case, author="ada")
    handle, other_end = pty.openpty()
    command = ["-c", "from taggant.cli import main; main()", "review", str(case), "serial-reading", "--author", "ada"]
    child = subprocess.Popen([sys.executable, *command], stdin=other_end, stdout=other_end, stderr=other_end)
    os.close(other_end)
    session = (
        ("y n e u s z ? q", "y"), ("2 of 3", ""), ("y n e u s z ? q", "e"), ("letter for letter:", "K-9\n"),
        ("no reason)", "seen\n"), ("3 of 3", ""), ("y n e u s z ? q", "q"), ("1 left", ""),
    )  # fmt: skip
    shown, at = "", 0
    try:
        for wait, keys in session:
            shown = read_until(handle, shown, wait, at=at)
            at = shown.index(wait, at) + len(wait)
            if len(keys) == 1:
                # The terminal goes from lines to keys after the prompt, and drops what came before.
                while termios.tcgetattr(handle)[3] & termios.ICANON:
                    time.sleep(0.02)
            os.write(handle, keys.encode())
        assert child.wait(timeout=60) == 0
    finally:
        child.kill()
        child.wait()
        os.close(handle)
    assert "decided: 1 confirm, 1 replace; 1 left" in shown
    with Ledger.open(case) as ledger:
        bodies = [row.body for row in ledger.live("judgement")]
    assert [(b["verdict"], b.get("value"), b.get("why")) for b in bodies] == [
        ("confirm", None, None), ("replace", "K-9", "seen"),
    ]  # fmt: skip


def read_until(handle: int, shown: str, words: str, *, at: int, seconds: float = 60.0) -> str:
    """All the terminal has shown, once these words stand in it behind what was looked at already."""
    until = time.monotonic() + seconds
    while words not in shown[at:]:
        assert time.monotonic() < until, shown
        if select.select([handle], [], [], 0.2)[0]:
            try:
                shown += os.read(handle, 65536).decode(errors="replace")
            except OSError:  # Linux says so when the other side is closed
                assert words in shown[at:], shown
    return shown


def test_a_decision_can_be_given_by_the_command_and_by_a_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--only … --verdict`, keys from standard input, `--json`; an unknown suggestion is answered with the known."""
    case = new_case(tmp_path / "case", "Kestrel")
    (case / "sources.csv").write_text("source_id,title\ns,A list\n")
    (case / "items.csv").write_text("item_id,kind,serial_as_marked,source_id\ni1,uav,K-1,s\ni2,uav,K-2,s\n")
    with Ledger.create(case) as ledger:
        import_case(ledger, case, author="ada")

    def run(*words: str, keys: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(keys))
        with pytest.raises(SystemExit) as stop:
            main(["review", str(case), *words])
        assert stop.value.code in (0, 2)
        out = capsys.readouterr()
        return out.out + out.err

    assert "confirm: serial-reading:i1" in run("--only", "serial-reading:i1", "--verdict", "confirm", "--author", "ada")
    assert "decided: 1 unsure; 0 left" in run("serial-reading", keys="u\n")
    states = {s["suggestion"]: s["state"] for s in json.loads(run("serial-reading", "--json"))}
    assert states == {"i1": "confirmed", "i2": "unsure"}
    assert "nothing waits for a decision" in run("serial-reading")
    assert "no suggestion of kind serial-reading is named 'i9'" in run("--only", "serial-reading:i9")
    assert "is no KIND:ID" in run("--only", "i1")
