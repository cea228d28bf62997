"""A list fetched from its publisher: gone on with after a stop, not fetched twice when nothing changed.

Invariant: a half-fetched file is never taken for a list: it is called `.part` until every byte is there.
"""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from taggant.errors import InputError
from taggant.sources.files import MOST_BYTES

_PIECE = 1 << 16
_SECONDS = 60
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What was fetched.

    Attributes
    ----------
    path : Path
    is_new : bool
        False: the publisher says that nothing changed.
    resumed_from : int
        Bytes that were there before.
    etag, modified : str or None
        What the publisher said of the version.
    """

    path: Path
    is_new: bool
    resumed_from: int
    etag: str | None
    modified: str | None


def fetch(address: str, folder: Path, *, name: str | None = None, progress: Progress | None = None) -> Fetched:
    """Bring this file here, from where an earlier attempt stopped?

    Parameters
    ----------
    address : str
        http or https.
    folder : Path
    name : str, optional
        What to call it; the last part of the address when left out.
    progress : callable, optional
        Called with (what, bytes done, of).

    Returns
    -------
    Fetched

    Raises
    ------
    InputError
        It cannot be reached, is no web address, or is too large; what was fetched stays for the next attempt.

    Notes
    -----
    *Assumes:* the publisher's ETag or Last-Modified names a version; a rest is only asked for of the same version.
    *Not for:* pages that must be clicked through.

    Examples
    --------
    >>> fetch("ftp://example.org/x", Path())
    Traceback (most recent call last):
    ...
    taggant.errors.InputError: 'ftp://example.org/x' is no web address. Give one that begins with https://.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise InputError(f"{address!r} is no web address", next="Give one that begins with https://")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or Path(parts.path).name or "list")
    part, said = path.with_name(path.name + ".part"), path.with_name(path.name + ".version.json")
    before = json.loads(said.read_text()) if said.is_file() else {}
    headers = {"User-Agent": "taggant"}
    start = part.stat().st_size if part.is_file() else 0
    tag = before.get("etag") or before.get("modified")
    if start and tag:
        headers |= {"Range": f"bytes={start}-", "If-Range": tag}
    elif path.is_file() and before.get("is_whole"):
        if before.get("etag"):
            headers["If-None-Match"] = before["etag"]
        elif before.get("modified"):
            headers["If-Modified-Since"] = before["modified"]
    try:
        request = urllib.request.Request(address, headers=headers)  # noqa: S310 - the scheme was checked
        with urllib.request.urlopen(request, timeout=_SECONDS) as opened:  # noqa: S310
            answer = cast(HTTPResponse, opened)
            if answer.status != 206:
                start = 0
            etag, modified = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
            version = {"address": address, "etag": etag, "modified": modified, "is_whole": False}
            said.write_text(json.dumps(version))
            length = answer.headers.get("Content-Length")
            total = start + int(length) if length else 0
            if total > MOST_BYTES:
                raise InputError(f"{address} has {total:,} bytes", next="Give the address of a list")
            _take(answer, part, start, total, path.name, progress)
    except urllib.error.HTTPError as err:
        err.close()
        if err.code == 304:
            return Fetched(
                path=path, is_new=False, resumed_from=0, etag=before.get("etag"), modified=before.get("modified")
            )
        if err.code == 416:  # the part is longer than the file: begin again next time
            part.unlink(missing_ok=True)
        raise InputError(
            f"{address} answers {err.code} {err.reason}", so_what="Nothing was taken in",
            next="Open the publisher's page and give the file: taggant lists add CASE FILE",
        ) from err  # fmt: skip
    except (OSError, urllib.error.URLError) as err:
        here = part.stat().st_size if part.is_file() else 0
        raise InputError(
            f"{address} cannot be fetched: {err}", so_what=f"{here:,} bytes are kept",
            next="Run the same command again: it goes on from there; or give a local file: taggant lists add CASE FILE",
        ) from err  # fmt: skip
    done = part.stat().st_size
    if total and done != total:
        raise InputError(
            f"{address} broke off at {done:,} of {total:,} bytes", so_what=f"{done:,} bytes are kept",
            next="Run the same command again: it goes on from there",
        )  # fmt: skip
    shutil.move(part, path)
    said.write_text(json.dumps(version | {"is_whole": True}))
    return Fetched(path=path, is_new=True, resumed_from=start, etag=etag, modified=modified)


def _take(answer: HTTPResponse, part: Path, start: int, total: int, name: str, progress: Progress | None) -> None:
    done = start
    with part.open("ab" if start else "wb") as file:
        while piece := answer.read(_PIECE):
            file.write(piece)
            done += len(piece)
            if done > MOST_BYTES:
                raise InputError(f"{name} is larger than {MOST_BYTES:,} bytes", next="Give the address of a list")
            if progress is not None:
                progress(name, done, total or done)
