"""Opening files from outside in a process of their own, and saying clearly when one is too much.

Invariant: the process that holds the ledger parses nothing of an exhibit. A reader that dies takes one file with it.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from taggant.evidence import bounds

_ANSWER_BYTES = 512 * 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came of one file.

    Attributes
    ----------
    answer : dict or None
        None: it was too much, or cannot be read; `why` says so.
    why : str or None
    seconds : float
        On the clock.
    peak_bytes : int
        The most memory the reading process has held so far.
    """

    answer: dict[str, Any] | None
    why: str | None
    seconds: float
    peak_bytes: int


class BoundedReader:
    """A reading process, started when first needed and again after each death; use it in a `with` statement."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def read(self, path: Path, media_type: str, *, seconds: int = bounds.CPU_SECONDS) -> Answered:
        """What does this file say?"""
        return self._ask({"do": "read", "path": str(path), "media_type": media_type, "seconds": seconds}, seconds)

    def unpack(self, path: Path, media_type: str, to: Path, *, seconds: int = 2 * bounds.CPU_SECONDS) -> Answered:
        """What is in this archive? Its members are written into `to`, each under its number."""
        job = {"do": "unpack", "path": str(path), "media_type": media_type, "to": str(to), "seconds": seconds}
        return self._ask(job, seconds)

    def _ask(self, job: dict[str, Any], seconds: int) -> Answered:
        began = time.monotonic()
        child = self._child or self._start()
        if child.stdin is None:
            raise RuntimeError("the reading process was started without a pipe")
        line = b""
        try:
            child.stdin.write(orjson.dumps(job) + b"\n")
            child.stdin.flush()
            line = self._line(child, began + 2 * seconds)
        except BrokenPipeError:
            pass  # it died: said below
        took = time.monotonic() - began
        if not line:
            code = self._end()
            return Answered(answer=None, why=_why_dead(code, took, seconds), seconds=took, peak_bytes=0)
        answer: dict[str, Any] = orjson.loads(line)
        peak = int(answer.pop("peak_bytes", 0))
        failed = answer.get("failed")
        if failed is None:
            return Answered(answer=answer, why=None, seconds=took, peak_bytes=peak)
        self._end()  # a process that ran out of memory or stack is not trusted with the next file
        words = {
            "memory": f"it needs more than {bounds.MEMORY_BYTES // 1024**2:,} MB of memory",
            "depth": "it is nested too deep",
        }
        return Answered(
            answer=None, why=words.get(failed, f"it cannot be read: {failed}"), seconds=took, peak_bytes=peak
        )

    def _start(self) -> subprocess.Popen[bytes]:
        quiet = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
        self._rest = b""
        self._child = subprocess.Popen(
            [sys.executable, "-m", "taggant.evidence.reading_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | quiet,
        )
        return self._child

    def _line(self, child: subprocess.Popen[bytes], until: float) -> bytes:
        """The next line, or what there is of none when the process ends or the time is over."""
        if child.stdout is None:
            raise RuntimeError("the reading process was started without a pipe")
        pieces = [self._rest]
        size = len(self._rest)
        while b"\n" not in pieces[-1]:
            left = until - time.monotonic()
            if left <= 0 or not select.select([child.stdout], [], [], left)[0]:
                return b""
            piece = os.read(child.stdout.fileno(), 1024 * 1024)
            size += len(piece)
            if not piece or size > _ANSWER_BYTES:
                return b""
            pieces.append(piece)
        line, _, self._rest = b"".join(pieces).partition(b"\n")
        return line

    def _end(self) -> int | None:
        child, self._child = self._child, None
        if child is None:
            return None
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # it is dead already
                    pipe.close()
        try:
            return child.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            return None


def _why_dead(code: int | None, took: float, seconds: int) -> str:
    if code is None or took >= 2 * seconds or code == -24:  # SIGXCPU
        return f"it needs more than {seconds} seconds"
    if code in (-9, -6, -11, -7):
        return "the reader broke on it, as it does on damaged or hostile files"
    return f"the reader ended without an answer (code {code})"
