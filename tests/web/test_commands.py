"""The commands of this room as a person types them: pages at a level, a server on this machine, each question."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from taggant.cli import main
from taggant.steps import QUESTIONS

from .invented import CANARY


def _call(*words: str | Path) -> int:
    with pytest.raises(SystemExit) as stop:
        main([str(w) for w in words])
    return int(stop.value.code or 0)


def test_report_is_clear_unless_somebody_says_more(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --tlp nothing above CLEAR is written, and how much is left out is said; with RED it is there."""
    assert _call("report", case, "--site", "--out", tmp_path / "clear") == 0
    said = capsys.readouterr()
    assert "9 rows above TLP:CLEAR" in said.err
    assert "index.html" in said.out
    assert _call("report", case, "--site", "--out", tmp_path / "red", "--tlp", "red") == 0
    for name, is_there in (("clear", False), ("red", True)):
        text = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / name).rglob("*.html"))
        assert (CANARY in text) is is_there
    assert _call("report", case, "--site", "--tlp", "purple") == 2
    assert "CLEAR" in capsys.readouterr().err


@pytest.mark.parametrize("question", [q.name for q in QUESTIONS if q.is_built])
def test_show_prints_every_question_that_is_built(
    case: Path, question: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sentence, its method, no traceback; nothing of a mark steers the terminal."""
    assert _call("show", case, question) == 0
    said = capsys.readouterr().out
    assert "Method" in said
    assert "\x1b" not in said


def test_serve_refuses_another_host(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2 with the reason, before anything is opened."""
    assert _call("serve", case, "--host", "0.0.0.0") == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "Accounts and roles are not built yet" in said
    assert "taggant report CASE --site" in said


def test_serve_answers_and_stops(case: Path, tmp_path: Path) -> None:
    """The command in a process of its own: it says where, answers there, and ends when it is told to."""
    folder = Path(shutil.copytree(case, tmp_path / "case"))
    door = "from taggant.cli import main; main()"
    words = [sys.executable, "-c", door, "serve", str(folder), "--port", "0", "--tlp", "clear"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert server.stdout is not None
            line = ""
            until = time.monotonic() + 15
            while "http://" not in line and time.monotonic() < until:
                line = server.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+/", line)
            assert found, line
            with urllib.request.urlopen(found[0] + "index.json", timeout=5) as answer:
                text = answer.read().decode()
            assert "Sparrow" in text
            assert CANARY not in text
        finally:
            server.terminate()
            server.wait(10)
