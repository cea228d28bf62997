"""Containers among the files of an import: what is in an archive, a mailbox or a web archive becomes exhibits too.

Invariant: a container is kept whole, as received; its members are exhibits of their own that say what they came in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from taggant.errors import Issue
from taggant.evidence.bounded_reader import BoundedReader
from taggant.evidence.deposit import Taken, Weighed
from taggant.evidence.filetypes import file_type
from taggant.evidence.folder import NamedFile
from taggant.evidence.issues import IssueList, shown
from taggant.evidence.report import Progress
from taggant.evidence.unpacking import NO_ROOM, NOT_OPENED, opener_of
from taggant.ledger.ledger import Ledger
from taggant.ledger.rows import LiveRow
from taggant.model.record import Body
from taggant.model.tables import join_key

INSIDE = "!/"
"""Stands between the name of a container and that of its member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One member of one container.

    Attributes
    ----------
    part_of, exhibit_id : str
        The container, and the member, by their digests.
    member : str
        Its name there; where two have one name, with its number.
    """

    part_of: str
    member: str
    exhibit_id: str
    kind: str
    url: str | None
    at: str | None

    @property
    def key(self) -> str:
        """Key of its row."""
        return join_key([self.part_of, self.member])

    def body(self) -> Body:
        """The row of `exhibit_part`."""
        body: Body = {
            "part_of": self.part_of, "member": self.member, "exhibit_id": self.exhibit_id, "kind": self.kind,
            "url": self.url, "retrieved": self.at,
        }  # fmt: skip
        return {name: value for name, value in body.items() if value is not None}


def open_containers(
    taken: Taken, held: Mapping[str, LiveRow], ledger: Ledger, issues: IssueList, to: Path, tell: Progress
) -> list[Part]:
    """What is in the containers among the new exhibits?

    Parameters
    ----------
    taken : Taken
        Its `exhibits` grow by the members that are not held yet.
    held : mapping of str to LiveRow
        Exhibits held.
    ledger : Ledger
    issues : IssueList
        Members not taken, and bounds that were reached.
    to : Path
        A folder made for this, whose files live until the commit.
    tell : callable

    Returns
    -------
    list of Part

    Notes
    -----
    *Assumes:* members are named as the container names them; a name is never a path of ours.
    *Not for:* typed tables: a `components.csv` in an archive is an exhibit, as received.
    """
    parts: list[Part] = []
    given = [w for w in taken.exhibits if _is_container(w, issues)]
    with BoundedReader() as reader:
        for n, weighed in enumerate(given):
            tell("unpacking", n, len(given))
            folder = to / str(n)
            folder.mkdir()
            parts += _open(weighed, reader, folder, taken, held, ledger, issues)
    return parts


def _is_container(weighed: Weighed, issues: IssueList) -> bool:
    media_type = file_type(weighed.file.path).media_type
    if media_type in NOT_OPENED:
        issues.add(
            Issue(
                kind="not unpacked",
                what=f"this is {NOT_OPENED[media_type]}, which is not unpacked; it is kept whole",
                file=weighed.file.name,
                value=media_type,
                next="To have its members as exhibits, unpack it with the program that made it and add the folder too",
                is_note=True,
            )
        )
    return opener_of(media_type) is not None


def _open(
    weighed: Weighed,
    reader: BoundedReader,
    folder: Path,
    taken: Taken,
    held: Mapping[str, LiveRow],
    ledger: Ledger,
    issues: IssueList,
) -> list[Part]:
    found = reader.unpack(weighed.file.path, file_type(weighed.file.path).media_type, folder)
    if found.answer is None:
        _refused(weighed, "not unpacked", found.why or "it cannot be read", "", issues)
        return []
    for problem in found.answer["problems"]:
        _refused(weighed, problem["kind"], problem["what"], problem["where"], issues)
    if any(p["kind"] in ("archive bomb", NO_ROOM) for p in found.answer["problems"]):
        return []  # of a bomb nothing is taken: what came first is chosen by whoever made it; nor half for want of room
    return _weighed(weighed, found.answer["members"], folder, taken, held, ledger)


def _weighed(
    weighed: Weighed,
    members: Sequence[Mapping[str, Any]],
    folder: Path,
    taken: Taken,
    held: Mapping[str, LiveRow],
    ledger: Ledger,
) -> list[Part]:
    parts: list[Part] = []
    ids: dict[int | None, str] = {None: weighed.exhibit_id}
    names: dict[int | None, str] = {None: weighed.file.name}
    used: set[tuple[str, str]] = set()
    for m in members:
        path = folder / str(m["number"])
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        container = m["container"]
        exhibit_id = ids[m["number"]] = f"sha256:{digest}"
        names[m["number"]] = f"{names[container]}{INSIDE}{m['name']}"
        member = m["name"] if (ids[container], m["name"]) not in used else f"{m['name']} ({m['number']})"
        used.add((ids[container], member))
        parts.append(
            Part(part_of=ids[container], member=member, exhibit_id=exhibit_id, kind=m["kind"], url=m["url"], at=m["at"])
        )
        is_held = exhibit_id in held and ledger.exhibits.path(digest).is_file()
        taken.n_known += is_held
        if not is_held:
            name = names[m["number"]]
            file = NamedFile(name, path)
            taken.exhibits.append(Weighed(file, exhibit_id, path.stat().st_size, is_held=False, is_member=True))
    return parts


_ROOM = "Make room where temporary files lie (or name another place in TMPDIR), and add it again"


def _refused(weighed: Weighed, kind: str, what: str, where: str, issues: IssueList) -> None:
    is_bomb = kind in ("archive bomb", "not unpacked", "torn archive", "nested archives")
    so = "Add it with --partial to keep the archive whole as an exhibit" + (
        ", without its members" if is_bomb else ", without this member"
    )
    issues.add(
        Issue(
            kind=kind,
            what=what,
            file=f"{weighed.file.name}{INSIDE}{where}".removesuffix(INSIDE),
            value=shown(where.rsplit(INSIDE, 1)[-1]) if where else None,
            next=_ROOM if kind == NO_ROOM else so if kind != "password" else f"{so}, or unpack it and add the folder",
        )
    )
