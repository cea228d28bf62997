"""A word planted in every cell above a level is in no byte of anything that is handed over at that level."""

from __future__ import annotations

from pathlib import Path

import pytest

from taggant.cli import app
from taggant.evidence.intake import import_case
from taggant.ledger.ledger import Ledger
from taggant.model.tables import Kind
from taggant.model.typed_tables import TYPED

from .canaries import Planted, leaked, photograph, plant, seen
from .invented import CANARY, make_case

pytestmark = pytest.mark.usefixtures("_quiet")

_COMMANDS = {
    "site": ["report", "{case}", "--site", "--out", "{out}"],
    "csv": ["export", "{case}", "--csv", "{out}"],
    "parquet": ["export", "{case}", "--parquet", "{out}"],
    "lines": ["export", "{case}", "--jsonl", "--out", "{out}/lines.jsonl"],
    "files": ["checkout", "{case}", "--to", "{out}"],
    "bundle": ["bundle", "{case}", "{out}/bundle"],
    "todo": ["review", "{case}", "--out", "{out}/todo.xlsx", "--all"],
    "letters": ["request", "{case}", "sp-1", "--to", "Invented Works", "--out", "{out}", "--on", "2025-07-01"],
}
"""Each command that writes something to hand over; --tlp is added."""


@pytest.fixture
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAGGANT_AUTHOR", "tester")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Planted]:
    """An invented CLEAR case, with rows of words at every other level, and a photograph full of them."""
    folder = make_case(tmp_path_factory.mktemp("canaries") / "case")
    planted = Planted()
    words = [f"Qzw{planted.word('RED', 'photograph', 'camera data'):05d}" for _ in range(5)]
    (folder / "photos").mkdir()
    photograph(folder / "photos" / "open.jpg", words)
    (folder / "photos.csv").write_text("file,item_id,source_id\nphotos/open.jpg,sp-1,listing\n")
    with Ledger.open(folder) as ledger:
        import_case(ledger, folder, author="tester")
        plant(ledger, planted)
    return folder, planted


@pytest.mark.parametrize("level", ["CLEAR", "AMBER"])
@pytest.mark.parametrize("output", _COMMANDS)
def test_no_word_above_the_level_is_in_any_byte(
    case: tuple[Path, Planted], tmp_path: Path, output: str, level: str
) -> None:
    """HTML, JSON and CSV twins, Parquet, lines of JSON, typed files, PDF and DOCX, pictures: raw and unpacked."""
    folder, planted = case
    out = tmp_path / "out"
    if output in ("lines", "bundle", "todo"):
        out.mkdir()
    words = [w.format(case=folder, out=out) for w in _COMMANDS[output]]
    app(args=[*words, "--tlp", level], standalone_mode=False)
    assert any(out.rglob("*")), "nothing was written: nothing was tested"
    assert leaked(out, planted, level) == []
    if level == "CLEAR":  # words of the rows that came in typed files, and so stand in the files as received
        assert [name for name, content in seen(out) if CANARY.encode() in content] == []


def test_words_at_the_level_are_found(case: tuple[Path, Planted], tmp_path: Path) -> None:
    """The search itself finds what may be shown: a test that finds nothing anywhere would prove nothing."""
    folder, planted = case
    out = tmp_path / "out"
    app(args=["export", str(folder), "--csv", str(out), "--tlp", "GREEN"], standalone_mode=False)
    assert leaked(out, planted, "GREEN") == []
    found = leaked(out, planted, "CLEAR")
    tables = {line.split("/")[1] for line in found}
    assert {"GREEN"} == {line.split("/")[0] for line in found}
    assert tables >= {"source", "item", "component", "marking", "claim", "party", "shipment", "custody", "judgement"}


def test_every_typed_table_and_every_column_of_words_is_planted(case: tuple[Path, Planted]) -> None:
    """A table or column added later is planted without anybody thinking of it; the exceptions are named."""
    _, planted = case
    there = {(table, column) for _, table, column in planted.words.values()}
    wanted = {
        (schema.name, column.name)
        for schema in TYPED.values()
        for column in schema.columns
        if column.kind in (Kind.TEXT, Kind.LIST, Kind.URL, Kind.LOCATOR, Kind.DECIMAL) and column.refers is None
        if not column.levels and column.name != "tlp"
    }
    missing = {f"{table}.{column}" for table, column in wanted - there if column not in ("exhibit_id", "part_of")}
    exceptions = ("listing.", "list_version.", "purge.", "release.", "withholding.", "import.")
    assert {name for name in missing if not name.startswith(exceptions)} == set()


def test_camera_data_leaves_no_photograph(case: tuple[Path, Planted], tmp_path: Path) -> None:
    """At the highest level too: a letter's picture is pixels alone."""
    folder, planted = case
    out = tmp_path / "out"
    app(
        args=["request", str(folder), "sp-1", "--to", "W", "--out", str(out), "--tlp", "RED", "--on", "2025-07-01"],
        standalone_mode=False,
    )
    pictures = [name for name, _ in seen(out) if name.endswith(".jpg")]
    assert pictures
    camera = {n for n, said in planted.words.items() if said[1] == "photograph"}
    whole = b"".join(content for name, content in seen(out) if "open.jpg" in name)
    assert not any(f"Qzw{n:05d}".encode() in whole for n in camera)
    assert b"Exif" not in whole
