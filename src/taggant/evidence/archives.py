"""Archives from outside: checked by their list of members before anything in them is read.

Invariant: nothing is unpacked to disk, and nothing that would not fit in memory is unpacked at all.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from taggant.errors import Issue
from taggant.evidence.filetypes import EMPTY, XLSX, ZIP, file_type
from taggant.evidence.issues import IssueList
from taggant.evidence.sheets import FILE_BOUND, too_large

UNPACKED_BOUND = 1024**3
RATIO_BOUND = 200
"""Unpacked to packed size of a large member. A sheet of one word in every cell has 24; a bomb up to 1,000."""
_SMALL_MEMBER = 16 * 1024**2
_MEMBER_BOUND = 5_000


def is_safe_workbook(path: Path, label: str, issues: IssueList) -> bool:
    """Whether this file is a workbook that may be opened; if not, the reason is added to the list."""
    size = path.stat().st_size
    if size > FILE_BOUND:
        issues.add(too_large(label, size))
        return False
    kind = file_type(path)
    if kind is EMPTY:
        issues.add(Issue(kind="empty file", what="the file is empty", file=label, next="Write a header, or remove it"))
        return False
    if kind not in {XLSX, ZIP}:
        issues.add(
            Issue(
                kind="not what its name says",
                what=f"the file is named as an Excel workbook and is {kind.words}",
                file=label,
                value=kind.media_type,
                next="Open it in a spreadsheet program and save it as XLSX or as CSV UTF-8",
            )
        )
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            problem = _archive_problem(archive)
    except Exception as err:  # noqa: BLE001 — zipfile passes on whatever its decompressors raise on damaged bytes
        problem = ("torn file", f"the workbook cannot be unpacked: {err}", "Save it again, or restore it from a copy")
    if problem is None:
        return True
    issues.add(Issue(kind=problem[0], what=problem[1], file=label, next=problem[2]))
    return False


def _archive_problem(archive: zipfile.ZipFile) -> tuple[str, str, str] | None:
    again = "Open it in a spreadsheet program and save it as a new XLSX file"
    members = archive.infolist()
    if len(members) > _MEMBER_BOUND:
        return "archive bomb", f"the workbook has {len(members):,} parts; a real one has some dozens", again
    unpacked = sum(m.file_size for m in members)
    if unpacked > UNPACKED_BOUND:
        return "archive bomb", f"the workbook would unpack to {unpacked:,} bytes; we read {UNPACKED_BOUND:,}", again
    for member in members:
        if member.file_size > _SMALL_MEMBER and member.file_size > RATIO_BOUND * max(member.compress_size, 1):
            times = member.file_size // max(member.compress_size, 1)
            return "archive bomb", f"its part {member.filename!r} unpacks to {times:,} times its size", again
        if member.flag_bits & 1:
            return "password", "the workbook is under a password", "Save it without a password"
    if "xl/workbook.xml" not in archive.namelist():
        return "not what its name says", "the file is an archive and holds no Excel workbook", again
    for member in members:
        if member.filename.endswith((".xml", ".rels")):
            with archive.open(member) as stream:
                # Entities can be declared only in a DOCTYPE, and no workbook has one.
                if b"<!DOCTYPE" in stream.read(65_536):
                    return "hostile XML", f"its part {member.filename!r} declares a document type", again
    return None
