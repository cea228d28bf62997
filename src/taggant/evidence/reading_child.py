"""The process that opens files from outside: bounded in memory and time, it answers in lines of JSON and knows no case.

Invariant: whatever a file does to a parser happens here; the worst that can follow is that this process ends.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from taggant.evidence import bounds


def main() -> None:
    """Answer one line of JSON for each line of JSON on standard input."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a parser that prints must not speak in our name
    _bound_memory()
    for line in sys.stdin.buffer:
        job = orjson.loads(line)
        _bound_time(job.get("seconds", bounds.CPU_SECONDS))
        try:
            answer = _answer(job)
        except MemoryError:
            answer = {"failed": "memory"}
        except RecursionError:
            answer = {"failed": "depth"}
        except Exception as err:  # noqa: BLE001 — parsers of other people raise anything; the reason goes to the parent
            answer = {"failed": f"{type(err).__name__}: {err}"[:300]}
        answer["peak_bytes"] = _peak()
        answers.write(orjson.dumps(answer, option=orjson.OPT_NON_STR_KEYS) + b"\n")
        answers.flush()


def _answer(job: dict[str, Any]) -> dict[str, Any]:
    path = Path(job["path"])
    if job["do"] == "unpack":
        from taggant.evidence.unpacking import TooMuch, Unpacker

        unpacker = Unpacker(Path(job["to"]), path.stat().st_size)
        with suppress(TooMuch):  # which bound was reached stands in `problems`
            unpacker.unpack(path, job["media_type"])
        return {"members": [asdict(m) for m in unpacker.members], "problems": unpacker.problems}
    from taggant.evidence.exhibit_reading import read_exhibit

    reading = read_exhibit(path, job["media_type"])
    return {"reading": None if reading is None else reading.as_json()}


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits: the clock of the parent and the bounds of each reader remain
        return
    resource.setrlimit(resource.RLIMIT_AS, (bounds.MEMORY_BYTES, bounds.MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (bounds.FILE_BYTES + 1024**2, bounds.FILE_BYTES + 1024**2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _bound_time(seconds: int) -> None:
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))


def _peak() -> int:
    # What `getrusage` gives is inherited from the process that started this one; the kernel's own mark is not.
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        if found is not None:
            return int(found[1]) * 1024
    try:
        import resource
    except ImportError:
        return 0
    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale


if __name__ == "__main__":
    main()
