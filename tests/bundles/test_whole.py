"""A whole case in a bundle: what is in it, that other programs open it, and that it gives the same case back."""

from __future__ import annotations

import logging
import os
import subprocess
from pathlib import Path

import bagit
import orjson
import pytest
from rocrate.rocrate import ROCrate

from taggant.errors import EvidenceBroken, InputError, TaggantError
from taggant.evidence.bundling import layout
from taggant.evidence.bundling.checking import check_bundle
from taggant.evidence.bundling.making import make_bundle
from taggant.evidence.bundling.restoring import restore_case
from taggant.evidence.intake import import_case
from taggant.evidence.sealing import OpeningKey
from taggant.ledger import jsonl
from taggant.ledger.ledger import Ledger
from taggant.ledger.merging import conflicts
from taggant.ledger.proofs import check_proof
from taggant.ledger.verify import verify

from .conftest import CASE, build


def _files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def _open_files(case: Path) -> dict[str, bytes]:
    return {name: content for name, content in _files(case).items() if not name.startswith(".taggant/")}


def test_the_same_case_gives_the_same_bytes(kept_case: Path, kept_bundle: Path, tmp_path: Path) -> None:
    """Made again, and made from the case that was restored from it, the bundle is the same to the last byte."""
    make_bundle(kept_case, tmp_path / "again")
    assert _files(tmp_path / "again") == _files(kept_bundle)
    restore_case(kept_bundle, tmp_path / "restored")
    make_bundle(tmp_path / "restored", tmp_path / "from-restored")
    assert _files(tmp_path / "from-restored") == _files(kept_bundle)


def test_restored_it_is_the_same_case(
    kept_case: Path, kept_bundle: Path, tmp_path: Path, store_address: str | None
) -> None:
    """Head, records, exhibits, head log, conflicts and open files, in either store; and it verifies."""
    made = restore_case(kept_bundle, tmp_path / "restored", store_address=store_address)
    with Ledger.open(kept_case) as old, Ledger.open(tmp_path / "restored") as new:
        assert b"".join(jsonl.lines(new)) == b"".join(jsonl.lines(old))
        assert new.head() == old.head()
        assert list(new.exhibits) == list(old.exhibits)
        assert new.counts() == old.counts()
        assert [c.key for c in conflicts(new)] == [c.key for c in conflicts(old)] == ["s1"]
        assert new.head("2100-01-01") == old.head("2100-01-01")
        first = old.log()[-1]
        assert new.counts(first.commit_id) == old.counts(first.commit_id)
    assert _open_files(tmp_path / "restored") == _open_files(kept_case)
    report = verify(tmp_path / "restored")
    assert (report.problems, report.n_records) == ((), made.n_records)
    assert made.n_exhibits == 8  # three states of sources.csv, items, case.toml, a photograph, a container, its member


def test_a_case_in_postgresql_is_bundled_alike(postgres: str, tmp_path: Path) -> None:
    """From a database into a folder, and from there into a file: the same lines."""
    build(tmp_path / "case", postgres)
    make_bundle(tmp_path / "case", tmp_path / "bundle")
    restore_case(tmp_path / "bundle", tmp_path / "restored")
    with Ledger.open(tmp_path / "case") as old, Ledger.open(tmp_path / "restored") as new:
        assert jsonl.digest(new) == jsonl.digest(old)


def test_an_empty_case_is_bundled_and_restored(tmp_path: Path) -> None:
    """No commit, no exhibit, no case file: still a bundle, and a case again."""
    Ledger.create(tmp_path / "case").close()
    made = make_bundle(tmp_path / "case", tmp_path / "bundle")
    assert (made.label.head, made.label.n_records) == (None, 0)
    assert check_bundle(tmp_path / "bundle").report.is_sound
    bagit.Bag(str(tmp_path / "bundle")).validate()
    restore_case(tmp_path / "bundle", tmp_path / "restored")
    with Ledger.open(tmp_path / "restored") as ledger:
        assert ledger.head() is None


def test_bagit_opens_it_without_complaint(kept_bundle: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Complete and valid by both lists, and not a word in its log."""
    with caplog.at_level(logging.WARNING):
        bag = bagit.Bag(str(kept_bundle))
        bag.validate()
    assert caplog.records == []
    assert sorted(bag.algorithms) == ["sha256", "sha512"]
    assert bag.info["External-Identifier"] == "urn:uuid:3f0c7b1e-8f0a-4a3e-9a51-0a5d0c3b7f10"
    assert bag.info["External-Description"] == "Kestrel, крыло"


def test_rocrate_opens_it_without_complaint(kept_bundle: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Every file it describes is there, and each exhibit leads to the commit that brought it."""
    with caplog.at_level(logging.WARNING):
        crate = ROCrate(str(kept_bundle))
    assert caplog.records == []
    assert crate.name == "Kestrel, крыло"
    names = {str(e["name"]) for e in crate.data_entities}
    assert {"photos/wing «1».jpg", "Records", "Commits", "notes.md"} <= names
    photo = next(e for e in crate.data_entities if e["name"] == "photos/wing «1».jpg")
    commit = photo["prov:wasGeneratedBy"]
    assert (commit["agent"]["name"], commit["endTime"]) == ("ada", commit["prov:endedAtTime"])
    note = next(e for e in crate.data_entities if str(e["name"]).endswith("note.txt"))
    assert str(note["prov:wasDerivedFrom"][0]["name"]).endswith("parcel.zip")


def test_provenance_follows_the_commits(kept_bundle: Path) -> None:
    """Each commit is an activity on top of those it stands on, with its person and its program."""
    graph = {e["@id"]: e for e in orjson.loads((kept_bundle / layout.CRATE).read_bytes())["@graph"]}
    commits = [orjson.loads(line) for line in (kept_bundle / layout.COMMITS).read_bytes().splitlines()]
    assert any(len(c["commit"]["parents"]) == 2 for c in commits)
    for c in commits:
        activity = graph[f"#commit-{c['id']}"]
        on = [p["@id"] for p in activity.get("prov:wasInformedBy", [])]
        assert on == [f"#commit-{p}" for p in c["commit"]["parents"]]
        assert graph[activity["agent"]["@id"]]["name"] == c["commit"]["author"]
        assert all(part["@id"] in graph for part in activity["prov:wasAssociatedWith"])


def test_common_tools_check_it(kept_bundle: Path) -> None:
    """The command on the integrity page does what the page says."""
    command = ["sha256sum", "--check", "--quiet", "manifest-sha256.txt", "tagmanifest-sha256.txt"]
    assert " ".join(command) in (kept_bundle / layout.PAGE).read_text(encoding="utf-8")
    subprocess.run(command, cwd=kept_bundle, check=True)


def test_the_page_has_the_stages_of_the_berkeley_protocol(kept_bundle: Path) -> None:
    """In their order, with the exhibits, the commits and the decisions under them; and nothing runs in it."""
    page = (kept_bundle / layout.PAGE).read_text(encoding="utf-8")
    stages = [
        "Preparation", "Online inquiries", "Preliminary assessment", "Collection", "Preservation", "Verification",
        "Investigative analysis", "Reporting on findings",
    ]  # fmt: skip
    places = [page.index(f"<h2>{stage}") for stage in stages]
    assert places == sorted(places)
    assert "photos/wing «1».jpg" in page
    assert "obtained, 2024-03-17, from police" in page
    assert "<script" not in page


def test_every_exhibit_has_a_proof_that_stands_alone(kept_bundle: Path) -> None:
    """One file each; checked without the bundle it names the exhibit."""
    exhibits = sorted(p.name for p in (kept_bundle / layout.EXHIBITS).glob("*/*"))
    proofs = sorted(p.stem for p in (kept_bundle / layout.PROOFS).iterdir())
    assert proofs == exhibits
    for path in (kept_bundle / layout.PROOFS).iterdir():
        proven = check_proof(path)
        assert (proven.table, proven.key) == ("exhibit", f"sha256:{path.stem}")


def test_what_was_given_up_stands_apart(kept_bundle: Path) -> None:
    """A rejected suggestion is in its own file, with what was proposed and why; a confirmed one is not."""
    given_up = [orjson.loads(line) for line in (kept_bundle / layout.NOT_FOLLOWED).read_bytes().splitlines()]
    assert [(g["judgement"]["suggestion"], g["judgement"]["suggested"]) for g in given_up] == [("k1", "Ы-104")]
    assert len((kept_bundle / layout.JUDGEMENTS).read_bytes().splitlines()) == 2


def test_answers_that_were_computed_are_in_it(kept_case: Path, tmp_path: Path) -> None:
    """Findings word for word in a file a question; the page says their sentences."""
    finding = {"id": "f1", "question": "when-made", "text": {"en": "Made after <May>."}, "commit": "x"}
    make_bundle(kept_case, tmp_path / "bundle", answers={"when-made": [finding], "how-many": []})
    assert orjson.loads((tmp_path / "bundle/data/answers/when-made.json").read_bytes()) == [finding]
    assert not (tmp_path / "bundle/data/answers/how-many.json").exists()
    assert "Made after &lt;May&gt;." in (tmp_path / "bundle" / layout.PAGE).read_text(encoding="utf-8")
    assert check_bundle(tmp_path / "bundle").report.is_sound


def test_files_that_cannot_go_along_are_named(tmp_path: Path) -> None:
    """A link is not followed, a private key stays at home, a name no other system can write is left out."""
    case = tmp_path / "case"
    Ledger.create(case).close()
    (tmp_path / "secret").write_text("outside")
    (case / "link.txt").symlink_to(tmp_path / "secret")
    (case / "my.pem").write_text("-----BEGIN PRIVATE KEY-----\nMC4\n-----END PRIVATE KEY-----\n")
    (case / "50%.txt").write_text("a sign")
    (case / "two\nlines.txt").write_text("a break")
    (case / ".~lock.items.csv#").write_text("open in an office program")
    os.mkfifo(case / "pipe")
    made = make_bundle(case, tmp_path / "bundle")
    said = "\n".join(made.label.left_out)
    assert [w in said for w in ("link.txt", "my.pem", "50%.txt", r"two\nlines.txt", "pipe")] == [True] * 5
    assert "lock" not in said
    held = b"".join(_files(tmp_path / "bundle").values())
    assert b"outside" not in held
    assert b"MC4" not in held
    assert check_bundle(tmp_path / "bundle").report.is_sound


def test_what_is_sealed_or_to_be_sealed_stays_closed(tmp_path: Path) -> None:
    """A custodian's private key in the folder, a cell not yet sealed: neither goes along; a sealed cell does."""
    case = tmp_path / "case"
    case.mkdir()
    key = OpeningKey.fresh()
    (case / "case.toml").write_text(f'{CASE}seal_to = ["{key.public.line}"]\n', encoding="utf-8")
    (case / "sources.csv").write_text("source_id,title,note\ns1,A report,seal:Olha Marchuk\n")
    with Ledger.create(case) as ledger:
        import_case(ledger, case, author="ada")
    (case / "sources.csv").write_text("source_id,title,note\ns1,A report,seal:Petro Koval\n")
    key.write(case / "custodian.key")
    made = make_bundle(case, tmp_path / "bundle")
    said = "\n".join(made.label.left_out)
    assert "custodian.key: it is a private key" in said
    assert "sources.csv: cells of it are to be sealed" in said
    held = b"".join(_files(tmp_path / "bundle").values())
    assert b"sealed:" in held
    assert not any(word in held for word in (b"Olha", b"Petro", b"taggant-seal-private"))
    restore_case(tmp_path / "bundle", tmp_path / "restored")
    with Ledger.open(case) as old, Ledger.open(tmp_path / "restored") as new:
        assert jsonl.digest(old) == jsonl.digest(new)


def test_a_damaged_case_gives_no_bundle(tmp_path: Path) -> None:
    """A flipped byte in an exhibit, or an exhibit that is gone: named, and no folder is left behind."""
    build(tmp_path / "case")
    with Ledger.open(tmp_path / "case") as ledger:
        path = ledger.exhibits.path(next(iter(ledger.exhibits)))
    content = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    with pytest.raises(EvidenceBroken, match="now has the sha256"):
        make_bundle(tmp_path / "case", tmp_path / "bundle")
    path.unlink()
    with pytest.raises(EvidenceBroken, match="not held any more"):
        make_bundle(tmp_path / "case", tmp_path / "bundle")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["case", "parcel.zip"]


def test_the_place_must_be_free(kept_case: Path, kept_bundle: Path, tmp_path: Path) -> None:
    """Nothing is overwritten, and a bundle does not lie in the case it is of."""
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").write_text("mine")
    with pytest.raises(InputError, match="something is there already"):
        make_bundle(kept_case, tmp_path / "there")
    with pytest.raises(InputError, match="something is there already"):
        restore_case(kept_bundle, tmp_path / "there")
    with pytest.raises(InputError, match="in the case itself"):
        make_bundle(kept_case, kept_case / "bundle")
    assert (tmp_path / "there" / "file").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_said(kept_case: Path, tmp_path: Path) -> None:
    """A file stands where a folder should be made."""
    (tmp_path / "file").write_text("")
    with pytest.raises(TaggantError, match="cannot be made"):
        make_bundle(kept_case, tmp_path / "file" / "bundle")


def test_what_a_killed_process_left_is_taken_away(kept_case: Path, tmp_path: Path) -> None:
    """A half-written folder of a dead process goes with the next bundle; another bundle's does not."""
    for name in (".out.unfinished-abc", ".other.unfinished-abc"):
        (tmp_path / name / "data").mkdir(parents=True)
        (tmp_path / f"{name}.writing").write_text("")
    make_bundle(kept_case, tmp_path / "out")
    left = sorted(p.name for p in tmp_path.iterdir())
    assert left == [".other.unfinished-abc", ".other.unfinished-abc.writing", "out"]
