"""A bundle that is not what it was: whatever changed is named, and nothing is restored from it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from taggant.errors import EvidenceBroken, InputError
from taggant.evidence.bundling import layout
from taggant.evidence.bundling.checking import check_bundle
from taggant.evidence.bundling.restoring import restore_case

from .rewriting import relist


def _named(bundle: Path) -> str:
    return "\n".join(str(p) for p in check_bundle(bundle).report.problems)


def _flip(path: Path, at: int = 0) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)


def _an_exhibit(bundle: Path) -> Path:
    return sorted((bundle / layout.EXHIBITS).glob("*/*"))[0]


def test_a_flipped_bit_anywhere_is_named(bundle: Path) -> None:
    """Seeded flips over every file of the bundle: each names the file it fell on, or the list that names it."""
    rng = random.Random("flips of a bundle")
    files = sorted(p for p in bundle.rglob("*") if p.is_file())
    for path in [*files, *rng.choices(files, k=60)]:
        before = path.read_bytes()
        at = rng.randrange(len(before)) if before else None
        if at is None:
            continue
        flipped = bytearray(before)
        flipped[at] ^= 1 << rng.randrange(8)
        path.write_bytes(flipped)
        try:
            report = check_bundle(bundle).report
            assert not report.is_sound, f"{path}: byte {at}"
        except InputError:
            # bagit.txt is there still; only a label of a newer format is refused before it is looked at.
            assert path.relative_to(bundle).as_posix() == layout.LABEL
        path.write_bytes(before)
    assert check_bundle(bundle).report.is_sound


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda b: _an_exhibit(b).unlink(), "it is missing"),
        (lambda b: (b / layout.RECORDS).unlink(), "records.jsonl): it is missing"),
        (lambda b: (b / layout.LABEL).unlink(), "bundle.json): it is missing"),
        (lambda b: (b / "manifest-sha512.txt").unlink(), "manifest-sha512.txt): it is missing"),
        (lambda b: (b / "tagmanifest-sha256.txt").unlink(), "tagmanifest-sha256.txt): it is missing"),
        (lambda b: (b / "bag-info.txt").unlink(), "bag-info.txt): it is missing"),
        (lambda b: (b / "data" / "extra.txt").write_text("x"), "data/extra.txt): no list names it"),
        (lambda b: (b / "extra.txt").write_text("x"), "(extra.txt): no list names it"),
        (lambda b: (b / "signature").mkdir() or (b / "signature" / "note").write_text("x"), "no list names it"),
        (lambda b: _flip(_an_exhibit(b)), "its name is its sha256, and its bytes now have"),
        (lambda b: (b / layout.RECORDS).write_bytes((b / layout.RECORDS).read_bytes()[:-9]), "has no end"),
    ],
)
def test_each_damage_is_named(bundle: Path, damage: Callable[[Path], object], said: str) -> None:
    """What is gone, added or changed is named with its path; a restore refuses and leaves nothing."""
    damage(bundle)
    assert said in _named(bundle)
    with pytest.raises(EvidenceBroken, match="no case was made"):
        restore_case(bundle, bundle.with_name("case"))
    assert not bundle.with_name("case").exists()


def test_lists_made_anew_do_not_hide_a_changed_record(bundle: Path) -> None:
    """Somebody rewrites a title and every list: the record's own id still tells."""
    records = (bundle / layout.RECORDS).read_bytes()
    assert b"An invented report" in records
    (bundle / layout.RECORDS).write_bytes(records.replace(b"An invented report", b"An inverted report"))
    relist(bundle)
    said = _named(bundle)
    assert "its bytes now give the id" in said
    assert "manifest" not in said


def test_lists_made_anew_do_not_hide_a_record_taken_out(bundle: Path) -> None:
    """A record is taken out with every list, the label's count and the digest: its commit still tells."""
    lines = (bundle / layout.RECORDS).read_bytes().splitlines(keepends=True)
    (bundle / layout.RECORDS).write_bytes(b"".join(lines[:-1]))
    label = orjson.loads((bundle / layout.LABEL).read_bytes())
    label["n_records"] -= 1
    (bundle / layout.LABEL).write_bytes(orjson.dumps(label, option=orjson.OPT_SORT_KEYS) + b"\n")
    relist(bundle)
    assert "it was made with 1" in _named(bundle)


def test_lists_made_anew_do_not_hide_a_changed_author(bundle: Path) -> None:
    """A commit says somebody else made it: its id tells."""
    commits = (bundle / layout.COMMITS).read_bytes()
    (bundle / layout.COMMITS).write_bytes(commits.replace(b'"author":"bo"', b'"author":"al"', 1))
    relist(bundle)
    assert "now give the id" in _named(bundle)


def test_a_commit_taken_out_breaks_the_chain(bundle: Path) -> None:
    """The last commit and its records are cut off, lists made anew: the head log and the label tell."""
    lines = (bundle / layout.COMMITS).read_bytes().splitlines(keepends=True)
    gone = orjson.loads(lines[-1])["id"].encode()
    (bundle / layout.COMMITS).write_bytes(b"".join(lines[:-1]))
    records = (bundle / layout.RECORDS).read_bytes().splitlines(keepends=True)
    (bundle / layout.RECORDS).write_bytes(b"".join(r for r in records if gone not in r))
    relist(bundle)
    assert "names a commit that is not here" in _named(bundle)


def test_a_changed_moment_of_arrival_is_named(bundle: Path) -> None:
    """The head log says a head came earlier: its seal tells."""
    heads = (bundle / layout.HEADS).read_bytes()
    year = orjson.loads(heads.splitlines()[0])["arrived_at"][:4].encode()
    (bundle / layout.HEADS).write_bytes(heads.replace(year, b"1999", 1))
    relist(bundle)
    assert "line 1 of the head log is not what was written" in _named(bundle)


def test_an_exhibit_put_in_another_place_is_named(bundle: Path) -> None:
    """An exhibit that is swapped for another of the same size, lists made anew: its name is its digest."""
    path = _an_exhibit(bundle)
    _flip(path)
    relist(bundle)
    assert "its name is its sha256" in _named(bundle)


def test_a_proof_of_something_else_is_named(bundle: Path) -> None:
    """A proof whose path was changed proves nothing, and says so under its own name."""
    proof = sorted((bundle / layout.PROOFS).iterdir())[0]
    said = orjson.loads(proof.read_bytes())
    said["index"] = said["index"] + 1
    proof.write_bytes(orjson.dumps(said))
    relist(bundle)
    assert proof.name in _named(bundle)


def test_a_file_the_lists_of_the_case_folder_name_and_lack(bundle: Path) -> None:
    """A working note that is gone with every list made anew is still named by the list of the case folder."""
    (bundle / layout.CASE_FOLDER / "notes.md").unlink()
    relist(bundle)
    assert "notes.md of the case folder" in _named(bundle)


def test_the_exit_codes_are_those_of_a_case(bundle: Path) -> None:
    """0 sound, 3 broken, 2 no bundle: at the terminal as in `verify CASE`."""
    from taggant.cli import main

    def code(*words: str) -> int:
        with pytest.raises(SystemExit) as end:
            main([*words])
        return int(end.value.code or 0)

    assert code("verify", str(bundle)) == 0
    _flip(_an_exhibit(bundle))
    assert code("verify", str(bundle)) == 3
    assert code("verify", str(bundle), "--json") == 3
    assert code("restore", str(bundle), str(bundle.with_name("case"))) == 3
    shutil.rmtree(bundle)
    bundle.mkdir()
    assert code("verify", str(bundle)) == 2
