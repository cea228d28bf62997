"""Bundles made to harm: nothing outside is read or written, nothing is believed, and it ends soon, in little room."""

from __future__ import annotations

import os
import resource
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from taggant.errors import EvidenceBroken, InputError, TaggantError
from taggant.evidence.bundling import layout
from taggant.evidence.bundling.bag import is_plain, shown, walk
from taggant.evidence.bundling.checking import check_bundle
from taggant.evidence.bundling.restoring import restore_case

from .rewriting import relist

TRAVERSALS = [
    "../outside.txt", "/etc/passwd", "data/../../outside.txt", "data//x", "data/./x", "C:\\x", "data\\..\\x",
    "data/x\x00y", "data/\x1b[31mred", "~/x\n", "data/%2e%2e/x", "",
]  # fmt: skip


def _named(bundle: Path) -> str:
    return "\n".join(str(p) for p in check_bundle(bundle).report.problems)


def _refused(bundle: Path) -> None:
    """No case is made, and nothing is left beside it."""
    before = sorted(p.name for p in bundle.parent.iterdir())
    with pytest.raises((EvidenceBroken, InputError)):
        restore_case(bundle, bundle.with_name("case"))
    assert sorted(p.name for p in bundle.parent.iterdir()) == before


@pytest.mark.parametrize("path", [p for p in TRAVERSALS if "\n" not in p and p])
def test_a_list_that_leads_outside(bundle: Path, path: str) -> None:
    """Each such line is named by its number, and the file it means is not opened."""
    outside = bundle.with_name("outside.txt")
    os.mkfifo(outside)  # opening it to read would wait for ever
    with (bundle / "manifest-sha256.txt").open("ab") as file:
        file.write(b"0" * 64 + b"  " + path.encode() + b"\n")
    said = _named(bundle)
    assert "names no file of this bundle" in said
    assert "\x1b" not in said
    outside.unlink()
    _refused(bundle)


@pytest.mark.parametrize("path", TRAVERSALS)
def test_what_is_no_plain_path(path: str) -> None:
    """None of these is a place below a folder."""
    assert not is_plain(path)


@pytest.mark.parametrize(
    "name", ["../outside.txt", "/tmp/outside.txt", ".taggant/ledger.sqlite", ".Taggant/store.json", "a/../../b", ""]
)
def test_a_case_file_that_leads_outside(bundle: Path, name: str) -> None:
    """The list of the case folder names a place outside it, or in the machine's own room; all lists fit."""
    lines = (bundle / layout.CASE_FILES).read_bytes().splitlines()
    said = orjson.loads(lines[0])
    said["file"] = name
    (bundle / layout.CASE_FILES).write_bytes(b"\n".join([orjson.dumps(said), *lines[1:], b""]))
    relist(bundle)
    assert "is no place in a case folder" in _named(bundle)
    _refused(bundle)


@pytest.mark.parametrize("at", ["../outside.txt", "/etc/passwd", "bag-info.txt", "data/bundle.json"])
def test_a_case_file_taken_from_elsewhere(bundle: Path, at: str) -> None:
    """It says that its bytes lie where no bytes of the case folder lie."""
    lines = (bundle / layout.CASE_FILES).read_bytes().splitlines()
    said = orjson.loads(lines[0])
    said["at"] = at
    (bundle / layout.CASE_FILES).write_bytes(b"\n".join([orjson.dumps(said), *lines[1:], b""]))
    relist(bundle)
    assert "is no place in a bundle" in _named(bundle)
    _refused(bundle)


def test_a_case_file_that_lies_about_its_bytes(bundle: Path) -> None:
    """It names an exhibit of the bundle under another digest; a restored file would not be what is listed."""
    lines = (bundle / layout.CASE_FILES).read_bytes().splitlines()
    some = [orjson.loads(line) for line in lines]
    some[0]["sha256"] = "0" * 64
    (bundle / layout.CASE_FILES).write_bytes(b"".join(orjson.dumps(s) + b"\n" for s in some))
    relist(bundle)
    assert "its bytes are others" in _named(bundle)
    _refused(bundle)


def _link(bundle: Path) -> None:
    (bundle / "data" / "link").symlink_to("/etc/passwd")


def _linked_folder(bundle: Path) -> None:
    (bundle / "data" / "linked").symlink_to("/", target_is_directory=True)


def _exhibit_is_a_link(bundle: Path) -> None:
    path = sorted((bundle / layout.EXHIBITS).glob("*/*"))[0]
    target = bundle.with_name("same-bytes")
    path.rename(target)
    path.symlink_to(target)


def _pipe(bundle: Path) -> None:
    os.mkfifo(bundle / "data" / "pipe")


def _name_that_is_no_text(bundle: Path) -> None:
    Path(os.fsdecode(os.fsencode(str(bundle)) + b"/data/\xff\xfe.txt")).write_text("x")


@pytest.mark.parametrize(
    ("put", "said"),
    [
        (_link, "it is a link"),
        (_linked_folder, "it is a link"),
        (_exhibit_is_a_link, "it is a link"),
        (_pipe, "no regular file"),
        (_name_that_is_no_text, "its name holds"),
    ],
)
def test_what_is_no_plain_file(bundle: Path, put: Callable[[Path], None], said: str) -> None:
    """Links are not followed even when what they lead to is right; pipes are not opened."""
    put(bundle)
    assert said in _named(bundle)
    _refused(bundle)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (layout.LABEL, b"[" * 100_000),
        (layout.LABEL, b"{}"),
        (layout.LABEL, b"\xff\xfe{\x00}\x00"),
        (layout.COMMITS, b"[" * 100_000 + b"\n"),
        (layout.COMMITS, b"null\n"),
        (layout.RECORDS, b'{"record":' * 20_000 + b"\n"),
        (layout.RECORDS, b'{"commit":1,"id":2,"record":null}\n'),
        (layout.HEADS, b'{"n":1e999}\n'),
        (layout.CASE_FILES, b"\xff\n"),
        (layout.CRATE, b'{"@graph":[1,2,{"@id":7}]}'),
        ("bag-info.txt", b"Payload-Oxum: \xff\xfe\n"),
        ("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-16\n".encode("utf-16")),
        ("manifest-sha256.txt", "0  data/x\n".encode("utf-16")),
    ],
)
def test_what_cannot_be_read_is_named(bundle: Path, path: str, content: bytes) -> None:
    """Nesting without end, another type, another encoding: named under its file, with every list made anew."""
    (bundle / path).write_bytes(content)
    if path not in ("bag-info.txt", "manifest-sha256.txt"):
        relist(bundle)
    said = _named(bundle)
    assert said
    assert Path(path).name in said
    _refused(bundle)


def test_sizes_that_are_only_said(bundle: Path) -> None:
    """A Payload-Oxum of an exabyte, and a label with a number of records nobody could hold: compared, not believed."""
    text = (bundle / "bag-info.txt").read_text()
    kept = [line for line in text.splitlines() if not line.startswith("Payload-Oxum")]
    (bundle / "bag-info.txt").write_text("\n".join([*kept, f"Payload-Oxum: {10**18}.{10**9}", ""]))
    label = orjson.loads((bundle / layout.LABEL).read_bytes())
    label["n_records"] = 2**53
    (bundle / layout.LABEL).write_bytes(orjson.dumps(label))
    said = _named(bundle)
    assert "it says 1000000000000000000.1000000000" in said
    assert "it says n_records 9007199254740992" in said


def test_a_line_without_end_costs_little(bundle: Path) -> None:
    """A list and a records' file of one line of 100 MB (sparse): named, within seconds and 200 MB."""
    for path in ("manifest-sha256.txt", layout.RECORDS):
        with (bundle / path).open("wb") as file:
            file.truncate(100 * 2**20)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    said = _named(bundle)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{time.monotonic() - began:.1f} s, {grown:.0f} MB more")
    assert "has no end, or is too long for a record" in said
    assert len(said) < 50_000
    assert grown < 200


def test_more_than_the_disk_holds_is_refused_before_anything_is_copied(
    kept_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bundle larger than the room there: one sentence, and nothing made."""
    usage = type("Usage", (), {"free": 10})
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(TaggantError, match="10 are free there"):
        restore_case(kept_bundle, tmp_path / "case")
    assert list(tmp_path.iterdir()) == []


def test_archives_are_not_opened(tmp_path: Path) -> None:
    """A packed bundle, or a bomb, is to be unpacked by its receiver; no byte of it is."""
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bagit.txt", b"\0" * 50_000_000)
    with pytest.raises(InputError, match="Unpack the bundle"):
        check_bundle(tmp_path / "bundle.zip")


def test_a_folder_that_is_no_bundle(tmp_path: Path) -> None:
    """An empty folder, and none at all."""
    with pytest.raises(InputError, match=r"bagit\.txt is missing"):
        check_bundle(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        check_bundle(tmp_path / "nowhere")


def test_a_bundle_of_a_newer_program(bundle: Path) -> None:
    """Its format is not ours: an update is asked for, and nothing is called broken."""
    label = orjson.loads((bundle / layout.LABEL).read_bytes())
    (bundle / layout.LABEL).write_bytes(orjson.dumps({**label, "taggant_bundle": 99}))
    relist(bundle)
    with pytest.raises(InputError, match="has format 99"):
        check_bundle(bundle)


def test_thousands_of_wrong_files_are_not_all_said(bundle: Path) -> None:
    """3,000 files that no list names: the first thousand things are named, the rest counted."""
    for n in range(3_000):
        (bundle / "data" / f"x{n}").touch()
    problems = check_bundle(bundle).report.problems
    assert len(problems) == 1001
    assert "more are not named" in problems[-1].what


def test_names_are_shown_without_harm(tmp_path: Path) -> None:
    """A name with an escape sequence or half a letter is shown in plain letters; a Cyrillic one as it is."""
    assert shown("крыло.jpg") == "крыло.jpg"
    assert shown("a\x1b[2J") == "a\\x1b[2J"
    assert shown(os.fsdecode(b"\xff")).isascii()
    (tmp_path / "a\x1b[2J").touch()
    assert walk(tmp_path).odd == [("a\\x1b[2J", "its name holds what no bundle's name holds")]
