"""A second copy of a case, on another disk or for another person, that can be merged back.

Invariant: the copy's ledger holds the same commits, hashed again on the way; what people type lies beside it as it lay.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from taggant.errors import EvidenceBroken, InputError
from taggant.evidence.casefile import NAME
from taggant.evidence.report import Progress
from taggant.ledger.ledger import Ledger
from taggant.ledger.merging import MergeReport, merge

_MADE_AGAIN = (".taggant", "report", ".~lock*", "~$*")


def clone_case(
    source: Path, to: Path, *, store_address: str | None = None, progress: Progress | None = None
) -> MergeReport:
    """What does a copy of this case hold?

    Parameters
    ----------
    source, to : Path
        The case's folder, and the folder to make; it must not exist or be empty.
    store_address : str, optional
        Keep the copy's records in PostgreSQL instead of a file.
    progress : callable, optional

    Returns
    -------
    MergeReport
        Commits, records and exhibits that are in the copy.

    Raises
    ------
    InputError
        The source is no case, or the folder is not empty.
    EvidenceBroken
        Something of the source is not what it was; the unfinished copy is removed.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise InputError("the folder is not empty", where=str(to), next="Name a new folder")
    if to.absolute().is_relative_to(source.absolute()):
        raise InputError("the copy would lie in the case itself", where=str(to), next="Name a folder beside it")
    was_there = to.is_dir()
    with Ledger.open(source) as there:
        try:
            # Links are not followed: the copy holds what the folder holds, and nothing it points to.
            shutil.copytree(source, to, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*_MADE_AGAIN))
            with Ledger.create(to, store_address=store_address) as here:
                return merge(here, there, author="clone", progress=progress)
        except (EvidenceBroken, OSError):
            shutil.rmtree(to, ignore_errors=True)
            if was_there:
                to.mkdir(exist_ok=True)
            raise


def check_same_case(one: Path, other: Path) -> None:
    """Refuse to merge the ledgers of two different cases.

    Raises
    ------
    InputError
        The uuids of the two `case.toml` differ.
    """
    names = [_uuid(folder) for folder in (one, other)]
    if None not in names and names[0] != names[1]:
        raise InputError(
            f"these are two different cases: {names[0]} and {names[1]}",
            where=f"{one / NAME}, {other / NAME}",
            so_what="Nothing was merged",
            next="Import the other case's files with a source of their own: taggant add",
        )


def _uuid(folder: Path) -> str | None:
    import tomllib

    file = folder / NAME
    if not file.is_file():
        return None
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8")).get("uuid")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise InputError(f"{NAME} cannot be read: {err}", where=str(file), next="Mend it, then run it again") from err
    return None if said is None else str(said)
