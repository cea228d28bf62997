"""The site written to a folder: every file of it, and nothing left of an earlier one.

Invariant: a page an earlier writing left in the folder and this one did not make is removed: it may show what is above
the level now chosen. Nothing else in the folder is touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from taggant.errors import InputError
from taggant.report.addresses import HOME
from taggant.report.site import Site

LIST = "files.json"
"""Names every file of the site, so that the next writing knows which were ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePaths:
    """What was written, and what was removed."""

    index: Path
    n_written: int
    n_removed: int


def write_site(folder: Path, site: Site) -> SitePaths:
    """Which files are the pages of this case?

    Parameters
    ----------
    folder : Path
        Made when absent; files of the same names are replaced, pages of an earlier writing removed.
    site : Site

    Returns
    -------
    SitePaths

    Raises
    ------
    InputError
        A finding or table lacks what a page must show, or the folder cannot be written.

    Notes
    -----
    *Assumes:* the dossier holds only what may be shown.
    *Not for:* redaction.

    Examples
    --------
    >>> import tempfile
    >>> from taggant.report.dossier import CaseView, Dossier
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_site(Path(folder), Site(Dossier(case=case, answers={}, frames={}))).index.name
    'index.html'
    """
    key = _key(site)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        before = _listed(folder)
        if _is_whole(folder, key):
            return SitePaths(index=folder / HOME, n_written=0, n_removed=0)
        addresses = list(site.addresses)
        # The list of both is written first: a killed writing leaves no page that the next does not know of.
        _write(folder / LIST, _list([*addresses, *before]))
        n_removed = sum(_removed(folder, address) for address in before if address not in set(addresses))
        for address in addresses:
            file = site.file(address)
            if file is not None:
                _write(folder / address, file.content)
        _write(folder / LIST, _list(addresses, key=key, digest=_digest(folder, addresses)))
    except OSError as err:
        raise InputError(
            f"the pages cannot be written: {err.strerror}", where=str(folder), next="Name a folder you may write to"
        ) from err
    return SitePaths(index=folder / HOME, n_written=len(addresses) + 1, n_removed=n_removed)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)


def _list(addresses: list[str], *, key: str | None = None, digest: str | None = None) -> bytes:
    said = {"key": key, "digest": digest, "files": sorted(set(addresses))}
    return (json.dumps(said, indent=0) + "\n").encode()


def _key(site: Site) -> str:
    """Which sha256 names what the pages are made from: the program with its templates, and what the case may show."""
    dossier = site.dossier
    made_from = (_package_digest(), repr(dossier.case), repr(dossier.commits))
    answers = json.dumps({q: list(f) for q, f in dossier.answers.items()}, sort_keys=True, default=str)
    whole = sha256("\n".join((*made_from, answers)).encode(errors="surrogatepass"))
    for name in sorted(dossier.frames):
        whole.update(f"{name}\0".encode())
        whole.update(dossier.frames[name].lazy().collect().write_ipc(None).getvalue())
    return whole.hexdigest()


@cache
def _package_digest() -> str:
    whole = sha256()
    root = Path(str(files("taggant")))
    for path in sorted(p for p in root.rglob("*") if p.is_file() and p.suffix != ".pyc" and "cases" not in p.parts):
        whole.update(f"{path.relative_to(root).as_posix()}\0".encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _is_whole(folder: Path, key: str) -> bool:
    """Whether an earlier writing of the very same pages lies there, every byte of it."""
    path = folder / LIST
    if not path.is_file():
        return False
    said = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(said, dict) or said.get("key") != key or not isinstance(said.get("files"), list):
        return False
    return said.get("digest") is not None and said["digest"] == _digest(folder, said["files"])


def _digest(folder: Path, addresses: Iterable[str]) -> str | None:
    whole = sha256()
    try:
        for address in sorted(set(addresses)):
            if Path(address).is_absolute() or ".." in Path(address).parts:
                return None  # no page of ours: the list was written by somebody else
            content = (folder / address).read_bytes()
            whole.update(f"{address}\0{len(content)}\0".encode(errors="surrogatepass"))
            whole.update(content)
    except OSError:
        return None  # a page was taken away: all are written again
    return whole.hexdigest()


def _listed(folder: Path) -> list[str]:
    """The files an earlier writing made; none when there was none, or its list is not one of ours."""
    try:
        listed = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except ValueError as err:
        raise InputError(
            f"{LIST} there is no list of pages",
            where=str(folder),
            so_what="Pages of an earlier writing, perhaps above the level now chosen, could not be found and removed",
            next="Name an empty folder",
        ) from err
    files = listed.get("files", []) if isinstance(listed, dict) else []
    return [name for name in files if isinstance(name, str)]


def _removed(folder: Path, address: str) -> bool:
    """Remove one page of an earlier writing; never a file outside the folder, whatever the list says."""
    path = folder / address
    if ".." in Path(address).parts or Path(address).is_absolute() or path.is_symlink() or not path.is_file():
        return False
    if not path.resolve().is_relative_to(folder.resolve()):
        return False
    path.unlink()
    return True
