"""Below AMBER a place is shown to the radius the case sets, in every output, and the page says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from taggant.cli import app
from taggant.evidence.intake import import_case
from taggant.ledger.ledger import Ledger

from .canaries import photograph, seen

LAT, LON = "49.98317", "36.24719"
_OUTPUTS = {
    "site": ["report", "{case}", "--site", "--out", "{out}"],
    "csv": ["export", "{case}", "--csv", "{out}"],
    "parquet": ["export", "{case}", "--parquet", "{out}"],
    "lines": ["export", "{case}", "--jsonl", "--out", "{out}/lines.jsonl"],
    "files": ["checkout", "{case}", "--to", "{out}"],
    "bundle": ["bundle", "{case}", "{out}/bundle"],
}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One find whose place was first typed a little wrong, and a photograph that says where it was taken."""
    folder = tmp_path_factory.mktemp("blur") / "case"
    folder.mkdir()
    (folder / "case.toml").write_text(
        'uuid = "5b6f0c1e-0000-4f0a-9c77-0e1a4be57e13"\ntitle = "K"\nas_of = "2025-01-01"\n'
        'tlp = "CLEAR"\nblur_km = 10\n'
    )
    (folder / "sources.csv").write_text("source_id,title\ns1,A report\n")
    (folder / "items.csv").write_text("item_id,kind,incident_id,source_id,locator\ni1,uav,f1,s1,\n")
    (folder / "photos").mkdir()
    photograph(folder / "photos" / "one.jpg", ["QzCamera"] * 5)
    (folder / "photos.csv").write_text("file,item_id,source_id\nphotos/one.jpg,i1,s1\n")
    with Ledger.create(folder) as ledger:
        for lat in (LAT[:-1] + "1", LAT):
            rows = f"incident_id,place,country,lat,lon,radius_km,source_id\nf1,a field,UA,{lat},{LON},0.1,s1\n"
            (folder / "incidents.csv").write_text(rows)
            import_case(ledger, folder, author="tester")
    return folder


@pytest.mark.parametrize("output", _OUTPUTS)
def test_the_place_is_in_no_byte_below_amber(
    case: Path, tmp_path: Path, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither as it stands now nor as it stood before; nor is the one in the photograph."""
    monkeypatch.setenv("TAGGANT_AUTHOR", "tester")
    out = tmp_path / "out"
    out.mkdir()
    words = [w.format(case=case, out=out) for w in _OUTPUTS[output]]
    app(args=[*words, "--tlp", "GREEN"], standalone_mode=False)
    found = [name for name, content in seen(out) for word in (LAT[:-1], LON) if word.encode() in content]
    assert found == []
    camera = [name for name, content in seen(out) if b"48.518" in content or b"QzCamera" in content]
    assert camera == [], "what the photograph itself says of where and by whom"
    if output == "site":
        pages = {p.name: p.read_text() for p in out.rglob("*.html")}
        assert any("the true one is within 10 km" in text for text in pages.values())


def test_at_amber_the_place_is_as_stated(case: Path, tmp_path: Path) -> None:
    """Who may see AMBER sees the point."""
    out = tmp_path / "out"
    app(args=["export", str(case), "--csv", str(out), "--tlp", "AMBER"], standalone_mode=False)
    assert LAT in (out / "incident.csv").read_text()
    app(args=["export", str(case), "--csv", str(out), "--tlp", "CLEAR"], standalone_mode=False)
    assert "10.0" in (out / "incident.csv").read_text(), "the radius stated is that of the blur"
