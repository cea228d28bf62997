"""A bundle at a level: what is above it is in no byte, its ids are, and what is destroyed stays destroyed."""

from __future__ import annotations

from pathlib import Path

import bagit
import orjson
import pytest
from rocrate.rocrate import ROCrate

from taggant.errors import InputError, UnknownName
from taggant.evidence.bundling import layout
from taggant.evidence.bundling.checking import check_bundle
from taggant.evidence.bundling.making import make_bundle
from taggant.evidence.bundling.restoring import restore_case
from taggant.evidence.intake import import_case
from taggant.evidence.purging import purge
from taggant.ledger import jsonl
from taggant.ledger.ledger import Ledger
from taggant.ledger.verify import verify

SECRET = "Zanzibar-heron-9182"


def _case(place: Path, *, tlp: str = "CLEAR") -> Path:
    """A case of two sources, one of which is RED, with a RED item and a photograph, and words in every place."""
    case = place / "case"
    case.mkdir()
    (case / "case.toml").write_text(
        f'uuid = "3f0c7b1e-8f0a-4a3e-9a51-0a5d0c3b7f10"\ntitle = "Kestrel"\ntlp = "{tlp}"\nsubject = "{SECRET}"\n'
    )
    (case / "sources.csv").write_text(f"source_id,title,tlp\nopen,An open report,\nshut,{SECRET},RED\n")
    (case / "items.csv").write_text(f"item_id,kind,source_id\nk-1,uav,open\n{SECRET}-item,uav,shut\n")
    (case / "notes.md").write_text(SECRET)
    (case / "report").mkdir()
    (case / "report" / "index.html").write_text(SECRET)
    with Ledger.create(case) as ledger:
        import_case(ledger, case, author=f"{SECRET}-ada", message=f"from {SECRET}")
    return case


def test_what_is_above_the_level_is_in_no_byte(tmp_path: Path) -> None:
    """Rows, keys, files as received, notes, pages, words of commits: none of it, in content or name."""
    case = _case(tmp_path)
    answers = {"when-made": [{"text": {"en": SECRET}}]}
    made = make_bundle(case, tmp_path / "bundle", level="GREEN", answers=answers)
    assert not made.label.is_whole
    for path in (tmp_path / "bundle").rglob("*"):
        assert SECRET not in path.name
        assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path
    records = [orjson.loads(line) for line in (tmp_path / "bundle" / layout.RECORDS).read_bytes().splitlines()]
    shown = {(r["record"]["table"], r["record"]["key"]) for r in records if r["record"] is not None}
    assert {("source", "open"), ("item", "k-1")} <= shown
    bare = [r for r in records if r["record"] is None]
    assert len(bare) == made.label.n_withheld > 0
    assert all(set(r) == {"commit", "id", "record", "why"} for r in bare)


def test_its_ids_still_give_the_roots(tmp_path: Path) -> None:
    """Sound for verify, bagit and rocrate; an id taken out, put in or changed is named."""
    case = _case(tmp_path)
    bundle = tmp_path / "bundle"
    make_bundle(case, bundle, level="GREEN")
    check = check_bundle(bundle)
    assert check.report.problems == ()
    assert any("ids only" in note for note in check.report.notes)
    bagit.Bag(str(bundle)).validate()
    assert ROCrate(str(bundle)).name == "A case"
    with Ledger.open(case) as ledger:
        ids = {orjson.loads(line).get("id") for line in jsonl.lines(ledger)}
    records = (bundle / layout.RECORDS).read_bytes()
    assert {orjson.loads(line)["id"] for line in records.splitlines()} <= ids
    gone = next(line for line in records.splitlines(keepends=True) if b'"why":"withheld"' in line)
    (bundle / layout.RECORDS).write_bytes(records.replace(gone, b""))
    assert any("it was made with" in p.what for p in check_bundle(bundle).report.problems)


def test_no_case_is_made_from_a_part(tmp_path: Path) -> None:
    """Refused with what is lacking; nothing is left behind."""
    make_bundle(_case(tmp_path), tmp_path / "bundle", level="GREEN")
    with pytest.raises(InputError, match="leaves out what is not for TLP:GREEN"):
        restore_case(tmp_path / "bundle", tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


def test_at_the_highest_level_everything_goes_and_comes_back(tmp_path: Path) -> None:
    """Nothing is above RED: the bundle says its level, and is the whole case."""
    case = _case(tmp_path)
    made = make_bundle(case, tmp_path / "bundle", level="RED")
    assert (made.label.is_whole, made.label.level, made.label.n_withheld) == (True, "RED", 0)
    restore_case(tmp_path / "bundle", tmp_path / "restored")
    with Ledger.open(case) as old, Ledger.open(tmp_path / "restored") as new:
        assert jsonl.digest(old) == jsonl.digest(new)


def test_a_case_nobody_released_gives_ids_alone(tmp_path: Path) -> None:
    """Without a level in its file a case is RED: at GREEN only ids go."""
    case = _case(tmp_path, tlp="RED")
    made = make_bundle(case, tmp_path / "bundle", level="GREEN")
    assert made.label.n_withheld == made.label.n_records
    assert made.label.n_exhibits == 0
    assert check_bundle(tmp_path / "bundle").report.is_sound


def test_a_level_nobody_knows_is_refused(tmp_path: Path) -> None:
    """PURPLE is none of TLP 2.0."""
    with pytest.raises(UnknownName, match="PURPLE"):
        make_bundle(_case(tmp_path), tmp_path / "bundle", level="PURPLE")
    assert not (tmp_path / "bundle").exists()


def test_what_was_purged_is_gone_from_the_bundle_and_from_what_is_restored(tmp_path: Path) -> None:
    """The ids remain, with the purge record that says why; the same lines come back; verify is content with both."""
    case = _case(tmp_path)
    (case / "photos").mkdir()
    (case / "photos" / "wing.jpg").write_bytes(b"\xff\xd8\xff" + b"face" * 100)
    with Ledger.open(case) as ledger:
        import_case(ledger, case, author="ada")
        photo = next(row.key for row in ledger.live("exhibit") if row.body["file"] == "photos/wing.jpg")
        purge(ledger, "exhibit", photo, author="keeper", reason="a face")
    made = make_bundle(case, tmp_path / "bundle")
    assert made.label.n_purged == 1
    assert not any(b"facefaceface" in p.read_bytes() for p in (tmp_path / "bundle").rglob("*") if p.is_file())
    check = check_bundle(tmp_path / "bundle")
    assert check.report.problems == ()
    restore_case(tmp_path / "bundle", tmp_path / "restored")
    with Ledger.open(case) as old, Ledger.open(tmp_path / "restored") as new:
        assert jsonl.digest(old) == jsonl.digest(new)
        assert list(old.exhibits) == list(new.exhibits)
    assert verify(tmp_path / "restored").problems == ()


def test_bytes_that_are_gone_without_a_purge_are_damage(tmp_path: Path) -> None:
    """Somebody empties a record and says it was purged; no purge record says so."""
    from .rewriting import relist

    make_bundle(_case(tmp_path), tmp_path / "bundle")
    path = tmp_path / "bundle" / layout.RECORDS
    lines = path.read_bytes().splitlines()
    said = orjson.loads(lines[0])
    bare = {
        "commit": said["commit"], "id": said["id"], "record": None, "why": "purged", "table": "source", "key": "open",
        "is_withdrawal": False, "supersedes": [],
    }  # fmt: skip
    path.write_bytes(b"\n".join([orjson.dumps(bare), *lines[1:], b""]))
    relist(tmp_path / "bundle")
    assert "no purge record says why" in "\n".join(p.what for p in check_bundle(tmp_path / "bundle").report.problems)
