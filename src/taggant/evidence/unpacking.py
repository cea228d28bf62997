"""What is in an archive, a mailbox, a message or a web archive: each member as a file of its own. Runs bounded.

Invariant: a member is written under a number, never under its name, into a folder made for it; links, devices and names
that lead elsewhere are not taken; what is unpacked is counted as it is written, whatever the archive declares.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from taggant.evidence import bounds
from taggant.evidence.filetypes import file_type

_PIECE = 1024 * 1024
_MAGIC_TAR = 262


NO_ROOM = "no room to unpack"
"""The kind of a problem that is this machine's and not the archive's."""


class TooMuch(Exception):
    """A bound is reached: nothing more of the archive is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file unpacked.

    Attributes
    ----------
    container : int or None
        Number of the member it was in; None: the given file.
    number : int
        It lies in the folder under this name.
    name : str
        As the archive has it.
    kind : str
        "member" of an archive, "attachment" or "message" of mail, "response" of a web archive.
    url, at : str or None
        Of a response: the address it was given for, and when.
    """

    container: int | None
    number: int
    name: str
    kind: str
    media_type: str
    url: str | None = None
    at: str | None = None


@dataclass(slots=True)
class Unpacker:
    """Unpacks one given file into a folder, counting."""

    to: Path
    packed: int
    members: list[Member] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    n_bytes: int = 0

    def unpack(self, path: Path, media_type: str, *, container: int | None = None, depth: int = 1) -> None:
        """Take what is in this file, and what is in that."""
        opener = opener_of(media_type)
        if opener is None:
            return
        if depth > bounds.DEPTH:
            self._problem(
                "nested archives", f"archives lie more than {bounds.DEPTH} deep in each other", self._named(container)
            )
            return
        try:
            opener(self, path, container, depth)
        except TooMuch:
            raise
        # What readers of other people raise on torn bytes; writing has its own sentence (`keep`). None is passed over:
        # each becomes a problem that the import names.
        except (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError,
                NotImplementedError, KeyError, IndexError, AttributeError, zlib_error()) as err:  # fmt: skip
            self._problem(
                "torn archive", f"it cannot be unpacked to its end: {err or type(err).__name__}", self._named(container)
            )

    def keep(
        self,
        stream: IO[bytes],
        name: str,
        *,
        container: int | None,
        depth: int,
        kind: str = "member",
        url: str | None = None,
        at: str | None = None,
    ) -> None:
        """Write one member down, then look into it."""
        if len(self.members) >= bounds.MEMBERS:
            raise self._bomb(f"it holds more than {bounds.MEMBERS:,} files", container)
        number = len(self.members) + 1
        target = self.to / str(number)
        size = 0
        try:
            out = target.open("wb")
        except OSError as err:
            raise self._no_room(err, container) from err
        with out:
            while piece := stream.read(_PIECE):
                size += len(piece)
                self.n_bytes += len(piece)
                if size > bounds.FILE_BYTES or self.n_bytes > bounds.UNPACKED_BYTES:
                    raise self._bomb(f"it would unpack to more than {bounds.UNPACKED_BYTES:,} bytes", container)
                if self.n_bytes > bounds.RATIO_FREE_BYTES and self.n_bytes > bounds.RATIO * max(self.packed, 1):
                    raise self._bomb(
                        f"{self.packed:,} bytes unpack to more than {self.n_bytes:,}: {bounds.RATIO} times its size",
                        container,
                    )
                try:
                    out.write(piece)
                    out.flush()  # so that a full disk is told here, not when the file is closed
                except OSError as err:
                    raise self._no_room(err, container) from err
        media_type = file_type(target).media_type
        self.members.append(
            Member(
                container=container, number=number, name=shown_name(name), kind=kind, media_type=media_type,
                url=url, at=at,
            )
        )  # fmt: skip
        self.unpack(target, media_type, container=number, depth=depth + 1)

    def refuse(self, name: str, kind: str, what: str, container: int | None) -> None:
        """Say that a member was not taken."""
        self._problem(kind, what, f"{self._named(container)}{shown_name(name)}")

    def _bomb(self, what: str, container: int | None) -> TooMuch:
        self._problem("archive bomb", what, self._named(container))
        return TooMuch(what)

    def _no_room(self, err: OSError, container: int | None) -> TooMuch:
        what = f"what is unpacked cannot be written down here: {err.strerror or err}"
        self._problem(NO_ROOM, what, self._named(container))
        return TooMuch(what)

    def _named(self, container: int | None) -> str:
        names: list[str] = []
        while container is not None:
            member = self.members[container - 1]
            names.append(member.name)
            container = member.container
        return "".join(f"{name}!/" for name in reversed(names))

    def _problem(self, kind: str, what: str, where: str) -> None:
        if len(self.problems) < 1000:
            self.problems.append({"kind": kind, "what": what, "where": where})


def zlib_error() -> type[Exception]:
    """Give the error zlib raises."""
    import zlib

    return zlib.error


def shown_name(name: str) -> str:
    """Which short, printable text stands for this name in a record?

    Examples
    --------
    >>> shown_name("a\\x00b" + "c" * 600)[:3], len(shown_name("c" * 600))
    ('a�b', 500)
    """
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)
    return clean[: bounds.NAME_CHARACTERS] or "(without a name)"


def why_not_inside(name: str) -> str | None:
    """Why may this name not be a member's? None: it leads nowhere else.

    Examples
    --------
    >>> why_not_inside("photos/1.jpg"), why_not_inside("../../etc/passwd")
    (None, 'its name leads out of the archive')
    """
    parts = name.replace("\\", "/").split("/")
    if ".." in parts:
        return "its name leads out of the archive"
    if name.startswith(("/", "\\")) or (len(parts[0]) == 2 and parts[0][1] == ":"):
        return "its name is an absolute path"
    return None


# --- kinds of container --------------------------------------------------------------------------


def _zip(unpacker: Unpacker, path: Path, container: int | None, depth: int) -> None:
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        if len(infos) > bounds.MEMBERS:
            raise unpacker._bomb(f"it lists {len(infos):,} files; {bounds.MEMBERS:,} are taken at most", container)
        for info in infos:
            if info.is_dir():
                continue
            why = why_not_inside(info.filename)
            if why is not None:
                unpacker.refuse(info.filename, "leads outside", why, container)
            elif (info.external_attr >> 16) & 0o170000 == 0o120000:
                unpacker.refuse(info.filename, "link", "it is a link to somewhere else", container)
            elif info.flag_bits & 1:
                unpacker.refuse(info.filename, "password", "it is under a password", container)
            else:
                with archive.open(info) as stream:
                    unpacker.keep(stream, info.filename, container=container, depth=depth)


def _tar(unpacker: Unpacker, path: Path, container: int | None, depth: int, mode: str = "r:") -> None:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]  # the mode is one of four words
        for info in archive:
            if info.isdir():
                continue
            why = why_not_inside(info.name)
            if why is not None:
                unpacker.refuse(info.name, "leads outside", why, container)
            elif info.issym() or info.islnk():
                unpacker.refuse(info.name, "link", f"it is a link to {shown_name(info.linkname)!r}", container)
            elif not info.isreg():
                unpacker.refuse(
                    info.name, "not a file", "it is a device, pipe or another thing that is no file", container
                )
            else:
                stream = archive.extractfile(info)
                if stream is not None:
                    unpacker.keep(stream, info.name, container=container, depth=depth)


def _gz(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.GzipFile(path))


def _compressed(suffix: str, opener: Callable[[Path], IO[bytes]]) -> Opener:
    def unpack(unpacker: Unpacker, path: Path, container: int | None, depth: int) -> None:
        with opener(path) as stream:
            head = stream.read(1024)
        if head[257:_MAGIC_TAR] == b"ustar":
            _tar(unpacker, path, container, depth, mode=f"r:{suffix}")
        elif head.startswith(b"WARC/"):
            _warc(unpacker, path, container, depth)
        else:
            name = path.name if container is None else unpacker.members[container - 1].name
            with opener(path) as stream:
                unpacker.keep(stream, Path(name).stem or "content", container=container, depth=depth)

    return unpack


def _mail(unpacker: Unpacker, path: Path, container: int | None, depth: int) -> None:
    from io import BytesIO

    from taggant.evidence.mail import attachments, message_of

    if path.stat().st_size > bounds.MAIL_BYTES:
        raise ValueError(f"the message is larger than {bounds.MAIL_BYTES:,} bytes")
    for name, content in attachments(message_of(path.read_bytes())):
        # The name is kept as a word about the file: `../../x` in a message is no path to us, only odd.
        unpacker.keep(BytesIO(content), name, container=container, depth=depth, kind="attachment")


def _mailbox(unpacker: Unpacker, path: Path, container: int | None, depth: int) -> None:
    from io import BytesIO

    for n, content in enumerate(_messages(path), start=1):
        unpacker.keep(BytesIO(content), f"message-{n}.eml", container=container, depth=depth, kind="message")


def _messages(path: Path) -> Iterator[bytes]:
    """The messages of a mailbox (RFC 4155), read line by line so that a large one stays small in memory."""
    lines: list[bytes] = []
    size, is_after_blank, has_begun = 0, True, False
    with path.open("rb") as stream:
        while line := stream.readline(_PIECE):
            if line.startswith(b"From ") and is_after_blank:
                if has_begun:
                    yield b"".join(lines)
                lines, size, has_begun = [], 0, True
            else:
                lines.append(line[1:] if line.startswith(b">From ") else line)
                size += len(line)
                if size > bounds.MAIL_BYTES:
                    raise ValueError(f"a message is larger than {bounds.MAIL_BYTES:,} bytes")
            is_after_blank = not line.strip()
    if has_begun:
        yield b"".join(lines)


def _warc(unpacker: Unpacker, path: Path, container: int | None, depth: int) -> None:
    from warcio.archiveiterator import ArchiveIterator

    with path.open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type not in ("response", "resource"):
                continue
            url = record.rec_headers.get_header("WARC-Target-URI")
            status = record.http_headers.get_statuscode() if record.http_headers is not None else "200"
            if not str(status).startswith("2"):
                continue
            unpacker.keep(
                record.content_stream(), str(url or "response"), container=container, depth=depth, kind="response",
                url=None if url is None else shown_name(str(url)), at=record.rec_headers.get_header("WARC-Date"),
            )  # fmt: skip


Opener = Callable[[Unpacker, Path, "int | None", int], None]

_OPENERS: dict[str, Opener] = {
    "application/zip": _zip,
    "application/wacz": _zip,
    "application/x-tar": _tar,
    "application/gzip": _compressed("gz", _gz),
    "application/x-bzip2": _compressed("bz2", bz2.BZ2File),
    "application/x-xz": _compressed("xz", lzma.LZMAFile),
    "message/rfc822": _mail,
    "application/mbox": _mailbox,
    "application/warc": _warc,
}

NOT_OPENED = {
    "application/x-7z-compressed": "a 7z archive",
    "application/vnd.rar": "a RAR archive",
    "application/zstd": "a Zstandard archive",
}
"""Archives no permissively licensed reader is here for: kept whole, not unpacked, and said."""


def opener_of(media_type: str) -> Opener | None:
    """Give what unpacks files of this kind; None: they hold no files."""
    return _OPENERS.get(media_type)
