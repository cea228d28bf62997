"""The real case by the commands a person types, from nothing to the page; and what each says when it goes wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from taggant.cli import main


def call(*words: str | Path) -> int:
    """Run a command in this process; give its exit code."""
    with pytest.raises(SystemExit) as stop:
        main([str(w) for w in words])
    return int(stop.value.code or 0)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped case, imported and answered once."""
    folder = tmp_path_factory.mktemp("walk") / "demo"
    assert call("demo", folder, "--author", "test") == 0
    return folder


@pytest.fixture
def case(shipped: Path, tmp_path: Path) -> Path:
    """A copy of it for a test that writes."""
    return Path(shutil.copytree(shipped, tmp_path / "case"))


def shown(capsys: pytest.CaptureFixture[str], *words: str | Path) -> Any:
    """Run a command and give what it printed as JSON."""
    capsys.readouterr()
    assert call(*words, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_the_real_case_is_dated_as_the_published_marks_allow(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """M214 not before August 2021, Ы-391 not before the week of its processor, Ы-1276 not before that of its supply.

    Sources: https://war-sanctions.gur.gov.ua/en/components/663, …/4351, …/4907.
    """
    findings = {f["id"]: f for f in shown(capsys, "show", shipped, "when-made")}
    m214 = findings["when-made:m214"]["headline"]
    assert (m214["point"], m214["high"]) == ("2021-08-01", "2022-09-13")
    assert m214["low"] < m214["point"]
    y391 = findings["when-made:y-391"]
    assert y391["headline"]["low"] == "2022-08-22"  # 2022-W35 less the week its calendar may be off
    y1276 = findings["when-made:y-1276"]
    assert (y1276["headline"]["low"], y1276["headline"]["point"]) == ("2023-09-04", "2023-09-04")
    assert y1276["statement"]["key"] == "when-made.item.influential"
    assert y1276["supports"][0] == {"kind": "component", "id": "gur-4907"}


def test_every_finding_has_what_appendix_b_asks(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The machine interface is whole: no key is missing, refusals say what would be enough."""
    keys = """id question on verdict weights roots subject statement text headline quantiles mean sd beside likelihood
    method version parameters seed n_used left_out assumptions diagnostics sensitivity supports contradicts refused
    commit inputs"""
    for finding in shown(capsys, "show", shipped, "when-made"):
        assert set(finding) == set(keys.split())
        assert (finding["headline"] is None) != (finding["refused"] is None)
        if finding["refused"]:
            assert finding["refused"]["why"]
            assert finding["refused"]["enough"]


def test_the_pages_are_written_with_their_twins(shipped: Path) -> None:
    """Page, findings and table lie side by side."""
    assert {p.name for p in (shipped / "report").iterdir()} >= {"index.html", "when-made.html", "when-made.json"}


def test_a_second_demo_finds_nothing_new(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second run imports nothing, computes nothing, and writes the same bytes."""
    before = (case / "report" / "when-made.html").read_bytes()
    commits = shown(capsys, "log", case)
    assert call("demo", case, "--author", "test") == 0
    assert shown(capsys, "log", case) == commits
    assert (case / "report" / "when-made.html").read_bytes() == before


def test_verify_is_sound_and_names_a_flipped_byte(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0 when all holds; exit 3 and the exhibit's name when one byte differs."""
    assert call("verify", case) == 0
    exhibit = max(
        (p for p in (case / ".taggant" / "exhibits").rglob("*") if p.is_file()), key=lambda p: p.stat().st_size
    )
    exhibit.chmod(0o644)
    whole = bytearray(exhibit.read_bytes())
    whole[100] ^= 1
    exhibit.write_bytes(whole)
    capsys.readouterr()
    assert call("verify", case) == 3
    said = capsys.readouterr().err
    assert exhibit.name in said.replace("\n", "")
    assert "components.csv" in said


def test_a_correction_leaves_its_history(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A changed cell supersedes; both stand in the history with the file and row each was read from."""
    table = case / "components.csv"
    text = table.read_text(encoding="utf-8")
    assert text.count("URB2405S-6SWR3 RoHS 2337") == 1
    table.write_text(text.replace("URB2405S-6SWR3 RoHS 2337", "URB2405S-6SWR3 RoHS 2327"), encoding="utf-8")
    assert call("run", case, "--author", "test") == 0
    entries = shown(capsys, "history", case, "component", "gur-4907")
    assert [e["body"]["marking"].split()[-1] for e in entries] == ["2337", "2327"]
    assert all("#row=" in e["origin"] for e in entries)
    after = {f["id"]: f for f in shown(capsys, "show", case, "when-made")}["when-made:y-1276"]
    assert after["headline"]["low"] < "2023-09-04"
    first = shown(capsys, "log", case)[-1]["id"]
    before = {f["id"]: f for f in shown(capsys, "show", case, "when-made", "--as-of", first)}["when-made:y-1276"]
    assert before["headline"]["low"] == "2023-09-04"


def test_a_withdrawn_row_leaves_the_answer(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without its newest part the item is dated by the next."""
    assert call("withdraw", case, "component", "gur-4907", "--reason", "wrong airframe", "--author", "test") == 0
    after = {f["id"]: f for f in shown(capsys, "show", case, "when-made")}["when-made:y-1276"]
    assert after["headline"]["point"] < "2023-09-04"
    assert shown(capsys, "history", case, "component", "gur-4907")[-1]["body"] is None


def test_errors_say_what_where_and_the_next_step(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2; one sentence for people, one object for machines."""
    assert call("show", case, "what-next") == 2
    assert "not answered by this version" in capsys.readouterr().err
    assert call("show", case, "when-mad", "--json") == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert set(error) >= {"kind", "what", "where", "so_what", "next"}
    assert error["kind"] == "UnknownName"
    assert call("show", tmp_path, "when-made") == 2
    assert call("show", case, "when-made", "--set", "after=2023-01-01") == 2
    assert "no parameter is named 'after'" in capsys.readouterr().err
    assert call("report", case) == 2
    assert "--site" in capsys.readouterr().err
    assert call("demo", tmp_path) == 2
    assert "holds something else" in capsys.readouterr().err


def test_wrong_rows_are_shown_as_one_table_and_nothing_is_imported(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two mistakes in two files: both are listed, and the log is as it was."""
    commits = shown(capsys, "log", case)
    for name, old, new in (("items.csv", ",2022-09-13,", ",2022-09-31,"), ("components.csv", ",m214,", ",m241,")):
        text = (case / name).read_text(encoding="utf-8")
        assert old in text
        (case / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert call("add", case, "--author", "test", "--json") == 2
    issues = json.loads(capsys.readouterr().out)["error"]["issues"]
    assert {i["file"] for i in issues} == {"items.csv", "components.csv"}
    assert all(i["row"] and i["next"] for i in issues)
    assert shown(capsys, "log", case) == commits


def test_a_new_case_is_made_filled_and_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From `taggant new` to an answer with two typed tables."""
    folder = tmp_path / "mine"
    assert call("new", folder, "--title", "A find") == 0
    fill(folder / "sources.csv", {"source_id": "s", "title": "Our own inspection", "kind": "inspection"})
    fill(folder / "items.csv", {"item_id": "a", "kind": "uav", "recovered": "2023-09", "source_id": "s"})
    fill(
        folder / "components.csv",
        {"component_id": "c", "item_id": "a", "marking": "TMS320F28335PGFA G4A-22AXTXW G4", "source_id": "s"},
    )
    assert call("run", folder, "--author", "me") == 0
    finding = shown(capsys, "show", folder, "when-made")[1]
    assert finding["headline"]["high"] == "2023-09-30"
    assert finding["supports"] == [{"kind": "component", "id": "c"}]


def test_a_copy_of_the_typed_files_is_a_case(shipped: Path, tmp_path: Path) -> None:
    """A case folder that came without its ledger gets one when it is added."""
    copy = tmp_path / "copy"
    shutil.copytree(shipped, copy, ignore=shutil.ignore_patterns(".taggant", "report"))
    assert call("show", copy, "when-made") == 2
    assert call("add", copy, "--author", "test") == 0
    assert call("verify", copy) == 0


def fill(path: Path, row: dict[str, str]) -> None:
    """Write one row under the header of a template."""
    header = path.read_text(encoding="utf-8").splitlines()[0]
    cells = [row.get(name, "") for name in header.split(",")]
    path.write_text(f"{header}\n{','.join(cells)}\n", encoding="utf-8")


def test_decode_on_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    """The tool of the design's first example, for machines and for people; a wrong date and maker are refused."""
    decoded = shown(capsys, "decode", "TMS320F28335PGFA G4A-22AXTXW", "--recovered", "2023-09")
    assert decoded["candidates"][0]["maker"] == "Texas Instruments"
    assert decoded["candidates"][0]["date_code"]["ranges"][-1] == ["2022-02-01", "2022-03-01"]
    assert call("decode", "2386 MBR30150PT", "--maker", "PANJIT") == 0
    assert "no date-code rule of PANJIT" in " ".join(capsys.readouterr().out.split())
    assert call("decode", "X", "--recovered", "2023-13") == 2
    assert call("decode", "X", "--maker", "Texas Instrument") == 2
    assert "Did you mean Texas Instruments" in capsys.readouterr().err


def test_the_map_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """`taggant steps` names the ten questions and the steps."""
    assert call("steps") == 0
    out = capsys.readouterr().out
    assert "when-made" in out
    assert "date-parts" in out
    assert len(shown(capsys, "steps")["questions"]) == 10
