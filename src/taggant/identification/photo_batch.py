"""Many photographs: each read once, its result on disk before the next is begun, in any number of workers.

Invariant: a result is written whole or not at all, under the digest of the photograph and the name of the method. A
batch that was stopped goes on where it stopped, and what cannot be read is named without stopping the rest.
"""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path
from typing import Any

import orjson
from PIL import Image

from taggant.errors import InputError, TaggantError
from taggant.identification.barcodes import read_barcodes
from taggant.identification.mark_reader import READER, MarkReader
from taggant.identification.photographs import MOST_PIXELS, open_photograph
from taggant.identification.second_reader import SecondReader, packs_found
from taggant.writing.lookalikes import scripts_of

Progress = Callable[[str, int, int], None]


def photographs_in(paths: Iterable[Path]) -> list[Path]:
    """Which files are meant by these paths?

    Parameters
    ----------
    paths : iterable of Path

    Returns
    -------
    list of Path
        Those named, and every file of a folder named, in order; hidden ones left out.

    Raises
    ------
    InputError
        A path does not exist.

    Notes
    -----
    *Assumes:* a name that begins with a dot is not evidence.
    *Not for:* telling photographs from other files: that is seen when they are opened.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise InputError(f"{path} does not exist", next="Name a photograph or a folder of photographs")
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in inside:
            if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts):
                found.setdefault(file, None)
    return list(found)


def read_batch(
    files: Sequence[Path],
    *,
    kept: Path | None = None,
    workers: int = 1,
    second: bool | None = None,
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Which marks stand on these photographs?

    Parameters
    ----------
    files : sequence of Path
    kept : Path, optional
        A folder for results and crops; what lies there is not read again. None: nothing is kept.
    workers : int
        Processes.
    second : bool or None
        A second reader for Cyrillic and Persian: True (refused where it is missing), False, or None: where it is found.
    progress : callable, optional
        Called with (what, done, of).

    Returns
    -------
    list of dict
        One a file, in their order: ``file, sha256, width, height, turned, notes, lines, barcodes, reader, skipped``.
        `skipped` holds what, where and next for a file that cannot be read; then there are no lines.

    Raises
    ------
    MissingExtra
        The readers are not installed.

    Notes
    -----
    *Assumes:* the same bytes read by the same method give the same result, so copies are read once.
    *Not for:* deciding: every line is a suggestion until a person has judged it.
    """
    wants_second = packs_found()[0] is not None if second is None else second
    method = f"{READER}+second" if wants_second else READER
    if kept is not None:
        (kept / "crops").mkdir(parents=True, exist_ok=True)
    digests = [_digest(f) for f in files]
    done: dict[str, dict[str, Any]] = {}
    todo: dict[str, Path] = {}
    for file, digest in zip(files, digests, strict=True):
        held = None if kept is None else _held(kept / f"{digest}-{method}.json")
        if held is not None:
            done[digest] = held
        else:
            todo.setdefault(digest, file)
    if progress is not None:
        progress("reading photographs", len(done), len(done) + len(todo))
    for digest, result in _read_all(todo, kept=kept, workers=workers, second=wants_second, method=method):
        done[digest] = result
        if progress is not None:
            progress("reading photographs", len(done), len(set(digests)))
    return [{"file": str(file), **done[digest]} for file, digest in zip(files, digests, strict=True)]


def _read_all(
    todo: dict[str, Path], *, kept: Path | None, workers: int, second: bool, method: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    if workers <= 1 or len(todo) < 2:
        reader = None
        for digest, file in todo.items():
            reader = reader or _reader(second, None)
            yield digest, _read_one(reader, file, digest, kept, method)
        return
    threads = max(1, (os.cpu_count() or 1) // workers)
    context = multiprocessing.get_context("spawn")  # ONNX Runtime's threads do not survive a fork
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(second, threads)) as pool:
        waiting: dict[Future[dict[str, Any]], str] = {}
        left = iter(todo.items())
        try:
            while True:
                for digest, file in left:
                    waiting[pool.submit(_in_worker, file, digest, kept, method)] = digest
                    if len(waiting) >= 2 * workers:
                        break
                if not waiting:
                    return
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    yield waiting.pop(future), future.result()
        finally:
            pool.shutdown(cancel_futures=True)


_IN_WORKER: list[MarkReader] = []  # one reader a process: loading it takes seconds


def _begin(second: bool, threads: int) -> None:
    _IN_WORKER[:] = [_reader(second, threads)]


def _in_worker(file: Path, digest: str, kept: Path | None, method: str) -> dict[str, Any]:
    return _read_one(_IN_WORKER[0], file, digest, kept, method)


def _reader(second: bool, threads: int | None) -> MarkReader:
    return MarkReader(second=SecondReader() if second else None, threads=threads)


def _read_one(reader: MarkReader, file: Path, digest: str, kept: Path | None, method: str) -> dict[str, Any]:
    result: dict[str, Any] = {"sha256": digest, "width": None, "height": None, "turned": None, "notes": [],
                              "lines": [], "barcodes": [], "reader": method, "skipped": None}  # fmt: skip
    try:
        photo = open_photograph(file, most_pixels=MOST_PIXELS)
        lines = reader.read(photo)
        width, height = photo.width, photo.height
        result |= {
            "width": width, "height": height, "turned": reader.turned(lines), "notes": list(photo.notes),
            "lines": [
                {
                    "block": line.block, "line": line.place, "text": line.text, "confidence": round(line.confidence, 4),
                    "suggested": line.suggested, "folded": line.folded, "scripts": list(scripts_of(line.suggested)),
                    "second": None if line.second is None or not line.second.text else {
                        "reader": line.second.reader, "text": line.second.text,
                        "confidence": round(line.second.confidence, 4),
                    },
                    "region": line.region(width, height), "crop": _crop(line.crop, kept),
                }
                for line in lines
            ],
            "barcodes": [
                {
                    "symbology": code.symbology, "text": code.text, "form": code.form,
                    "fields": [f.as_json() for f in code.fields], "region": code.region(width, height),
                }
                for code in read_barcodes(photo)
            ],
        }  # fmt: skip
    except InputError as err:
        result["skipped"] = {"what": err.what, "where": str(file), "next": err.next}
    if kept is not None:
        _write_whole(kept / f"{digest}-{method}.json", orjson.dumps(result))
    return result


def _crop(pixels: Any, kept: Path | None) -> str | None:
    """The crop as a file of its own, named by its digest; the region says where it was cut."""
    if kept is None:
        return None
    held = io.BytesIO()
    Image.fromarray(pixels).save(held, "PNG")
    name = hashlib.sha256(held.getvalue()).hexdigest()
    path = kept / "crops" / f"{name}.png"
    if not path.exists():
        _write_whole(path, held.getvalue())
    return f"sha256:{name}"


def _write_whole(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as err:
        part.unlink(missing_ok=True)
        raise TaggantError(
            f"{path.name} cannot be written: {err.strerror}", where=str(path.parent),
            so_what="What was read before is kept", next="Make room or name another folder, and run it again",
        ) from err  # fmt: skip


def _held(path: Path) -> dict[str, Any] | None:
    """A result read before; None for none, or for one that is torn (it is then read again)."""
    try:
        held = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return held if isinstance(held, dict) and held.get("sha256") == path.name.split("-", 1)[0] else None


def _digest(file: Path) -> str:
    with file.open("rb") as held:
        return hashlib.file_digest(held, "sha256").hexdigest()
