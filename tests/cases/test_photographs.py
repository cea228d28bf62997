"""Photographs drawn by us are read: lines, order, barcodes, the second alphabet; a stopped batch goes on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from taggant.cli import main
from taggant.errors import InputError
from taggant.evidence.intake import import_case
from taggant.identification.photo_batch import photographs_in, read_batch
from taggant.ledger.ledger import Ledger
from taggant.model.judgements import suggested
from taggant.run import run
from taggant.writing.lookalikes import fold_shapes, scripts_of

from .make_kestrel import CASE
from .photographs.drawing import Drawn, difficulties, draw, draw_all


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Drawn, ...]]:
    """Four easy photographs, one turned each way, in a folder."""
    folder = tmp_path_factory.mktemp("photographs")
    photographs = draw_all(difficulties()[0], n=4)
    for one in photographs:
        (folder / f"{one.name}.jpg").write_bytes(one.jpeg)
    return folder, photographs


@pytest.fixture(scope="module")
def read(drawn: tuple[Path, tuple[Drawn, ...]]) -> dict[str, dict[str, Any]]:
    """What the first reader alone says of them."""
    return {Path(one["file"]).stem: one for one in read_batch(photographs_in([drawn[0]]), second=False)}


def test_latin_lines_are_read_in_order_however_turned(
    drawn: tuple[Path, tuple[Drawn, ...]], read: dict[str, dict[str, Any]]
) -> None:
    """Every Latin line of the easy photographs, in the order of its package; the turn of the whole is told."""
    for one in drawn[1]:
        found = [fold_shapes(line["suggested"]) for line in read[one.name]["lines"]]
        assert read[one.name]["turned"] == one.turned
        for package in one.packages:
            if any("Cyrl" in scripts_of(line) for line in package):
                continue
            places = [found.index(fold_shapes(line)) for line in package]
            assert places == sorted(places)


def test_regions_lie_where_the_line_stands(drawn: tuple[Path, tuple[Drawn, ...]], tmp_path: Path) -> None:
    """A mark drawn in the upper left has its region there, in percent of the upright image."""
    one = draw(difficulties()[0], "one", [("TH4410ADR",)], code=None, turn=0, seed="where")
    (tmp_path / "one.jpg").write_bytes(one.jpeg)
    (line,) = read_batch([tmp_path / "one.jpg"], second=False)[0]["lines"]
    x, y, wide, high = map(float, line["region"].removeprefix("xywh=percent:").split(","))
    assert 5 < x < 15
    assert 5 < y < 20
    assert wide > 2 * high


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_datamatrix_is_read_field_by_field(tmp_path: Path, turn: int) -> None:
    """Part, date code and lot of an invented label."""
    code = "[)>\x1e06\x1d1PTH7A\x1d9D2214\x1d1TL55\x1e\x04"
    (tmp_path / "a.jpg").write_bytes(draw(difficulties()[1], "a", [("TH7",)], code=code, turn=turn, seed="code").jpeg)
    (symbol,) = read_batch([tmp_path / "a.jpg"], second=False)[0]["barcodes"]
    assert (symbol["symbology"], symbol["text"]) == ("DataMatrix", code)
    assert [(f["identifier"], f["value"], f["made"]) for f in symbol["fields"]] == [
        ("1P", "TH7A", None), ("9D", "2214", ["2022-04-04", "2022-04-11"]), ("1T", "L55", None),
    ]  # fmt: skip


@pytest.mark.needs("tesseract")
def test_the_second_reader_stands_beside_the_first(tmp_path: Path) -> None:
    """Cyrillic letters without a Latin twin are suggested from the second reading; the first stays as it was said."""
    one = draw(difficulties()[0], "b", [("БЛОК 44", "ДАТА 11.22"), ("MAX3232E",)], code=None, turn=0, seed="two")
    (tmp_path / "b.jpg").write_bytes(one.jpeg)
    lines = read_batch([tmp_path / "b.jpg"], second=True)[0]["lines"]
    assert [line["suggested"] for line in lines][2] == "MAX3232E"
    assert any("Cyrl" in line["scripts"] for line in lines[:2])
    for line in lines[:2]:
        assert line["second"]["reader"].startswith("tesseract")
        assert line["text"] != ""


def test_what_cannot_be_read_is_named_and_the_rest_done(
    drawn: tuple[Path, tuple[Drawn, ...]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Empty, no image, far too large: each is skipped with its reason; CMYK is read; the good one is read."""
    shutil.copy(drawn[0] / "easy-01.jpg", tmp_path / "good.jpg")
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("no image", encoding="utf-8")
    Image.new("1", (20_000, 10_000)).save(tmp_path / "large.png")
    Image.new("CMYK", (300, 200)).save(tmp_path / "print.tif")
    main_exit(["photo", str(tmp_path), "--no-second", "--json"])
    found = {Path(one["file"]).name: one for one in json.loads(capsys.readouterr().out)}
    assert {name for name, one in found.items() if one["skipped"]} == {"empty.jpg", "notes.txt", "large.png"}
    assert all(one["skipped"]["next"] for one in found.values() if one["skipped"])
    assert found["good.jpg"]["lines"]
    assert found["print.tif"]["lines"] == []


def main_exit(words: list[str]) -> None:
    """Run a command that ends well."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 0


def test_a_batch_killed_half_way_goes_on(drawn: tuple[Path, tuple[Drawn, ...]], tmp_path: Path) -> None:
    """Killed after the first result: nothing read is lost or read twice, and the whole is as if never killed."""
    kept = tmp_path / "kept"
    words = [sys.executable, "-c", "from taggant.cli import main; main()", "photo", str(drawn[0]), "--keep", str(kept),
             "--no-second", "--json"]  # fmt: skip
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        until = time.monotonic() + 60
        while not list(kept.glob("*.json")) and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(child.pid, signal.SIGKILL)
    before = {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in kept.glob("*.json")}
    assert before
    done = subprocess.run(words, capture_output=True, check=True)
    for name, (changed, content) in before.items():
        assert ((kept / name).stat().st_mtime_ns, (kept / name).read_bytes()) == (changed, content)
    found = json.loads(done.stdout)
    assert len(found) == 4
    assert all((kept / "crops" / f"{line['crop'].removeprefix('sha256:')}.png").is_file() for one in found
               for line in one["lines"])  # fmt: skip


def test_a_torn_result_is_read_again(drawn: tuple[Path, tuple[Drawn, ...]], tmp_path: Path) -> None:
    """Half a result is no result."""
    file = drawn[0] / "easy-01.jpg"
    (first,) = read_batch([file], kept=tmp_path, second=False)
    (held,) = tmp_path.glob("*.json")
    held.write_bytes(held.read_bytes()[:40])
    (again,) = read_batch([file], kept=tmp_path, second=False)
    assert again == first


def test_copies_are_read_once_and_listed_each(drawn: tuple[Path, tuple[Drawn, ...]], tmp_path: Path) -> None:
    """The same bytes under two names: two entries, one reading."""
    for name in ("a.jpg", "b.jpg"):
        shutil.copy(drawn[0] / "easy-01.jpg", tmp_path / name)
    told: list[int] = []
    found = read_batch(photographs_in([tmp_path]), second=False, progress=lambda _w, _d, of: told.append(of))
    assert [Path(one["file"]).name for one in found] == ["a.jpg", "b.jpg"]
    assert found[0]["lines"] == found[1]["lines"]
    assert max(told) == 1


def test_a_path_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """Before anything is read."""
    with pytest.raises(InputError, match="does not exist"):
        photographs_in([tmp_path / "none"])


def test_no_files_no_reading(tmp_path: Path) -> None:
    """An empty folder is an empty answer, and no reader is loaded."""
    assert read_batch(photographs_in([tmp_path])) == []


def test_photographs_of_a_case_become_suggestions(tmp_path: Path) -> None:
    """Each line of the invented case's photographs is a reading with its exhibit, region and item, to be judged."""
    folder = tmp_path / "case"
    folder.mkdir()
    for name in ("case.toml", "sources.csv", "incidents.csv", "items.csv", "photos.csv"):
        shutil.copy(CASE / name, folder / name)
    (folder / "photos").mkdir()
    shutil.copy(CASE / "photos" / "k-12-easy.jpg", folder / "photos")
    kept = (folder / "photos.csv").read_text(encoding="utf-8").splitlines()
    rows = [kept[0], *(row for row in kept[1:] if "k-12-easy" in row)]
    (folder / "photos.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    with Ledger.create(folder) as ledger:
        import_case(ledger, folder, author="test")
    found = run(folder, tables=["reading"]).table("reading").collect()
    assert set(found["item_id"]) == {"k-12"}
    assert {"AS5600", "2221RCN"} <= set(found["text"])
    assert found["region"].null_count() == 0
    assert found["reading_id"].is_unique().all()
    proposed = suggested(found, "reading")
    assert proposed.height == found.height
