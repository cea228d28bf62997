"""Bytes hashed while they are copied: of a large file one thread writes what another has just read and hashes.

Invariant: what is hashed is the very piece that is written, so a file that changes meanwhile gives the digest of the
copy and not of itself.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from taggant.ledger.syncing import start_writing

PIECE = 2**22
_FICLONE = 0x40049409  # linux/fs.h
_ASK_FOR_DISK = 2**26
"""So many bytes are written before the disk is told to begin with them: at the end less is waited for."""


def pour(take: Callable[[memoryview], int], handle: int) -> tuple[str, int]:
    """Which sha256 have the bytes that `take` gives, once they are written, and how many are they?

    Parameters
    ----------
    take : callable
        Fills a buffer and gives how many bytes it put in; 0 at the end.
    handle : int
        An open file to write to.

    Returns
    -------
    (str, int)
        Hexadecimal digest; bytes. They are with the system, not yet on disk.
    """
    digest, size, asked = hashlib.sha256(), 0, 0
    buffers = [memoryview(bytearray(PIECE))]
    n = _filled(take, buffers[0])
    if n < PIECE:  # a small file needs no thread
        digest.update(buffers[0][:n])
        _write(handle, buffers[0][:n])
        return digest.hexdigest(), n
    buffers.append(memoryview(bytearray(PIECE)))
    with ThreadPoolExecutor(1, thread_name_prefix="taggant-copy") as beside:
        writing: Future[None] | None = None
        turn = 0
        while n:
            piece = buffers[turn][:n]
            if writing is not None:
                writing.result()
            writing = beside.submit(_write, handle, piece)
            digest.update(piece)
            size += n
            if size - asked >= _ASK_FOR_DISK:
                start_writing(handle, asked, size - n - asked)
                asked = size - n
            turn ^= 1
            n = _filled(take, buffers[turn])
        if writing is not None:
            writing.result()
    return digest.hexdigest(), size


def cloned(source: int, copy: int) -> bool:
    """Whether the disk gave the open file `copy` the bytes of the open file `source` without copying them (reflink).

    Btrfs, XFS and others can: what is written to either file afterwards is not seen in the other.
    """
    try:
        import fcntl

        fcntl.ioctl(copy, _FICLONE, source)
    except (ImportError, OSError):  # another system, another disk, a disk that cannot: it is copied
        return False
    return True


def _filled(take: Callable[[memoryview], int], buffer: memoryview) -> int:
    """Fill the buffer as far as there is something: one call may give less."""
    n = 0
    while n < len(buffer) and (more := take(buffer[n:])):
        n += more
    return n


def _write(handle: int, piece: memoryview) -> None:
    written = 0
    while written < len(piece):
        written += os.write(handle, piece[written:])
