"""A list as received: whose it is, told by its content; its entries; how whole it is.

Invariant: the file is never changed; what is made from it names its sha256.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import ModuleType

import polars as pl

from taggant.errors import InputError
from taggant.model.tables import frame_schema
from taggant.model.tracing_tables import LISTING
from taggant.sources.eu_fsf import read as eu_fsf
from taggant.sources.expectations import expectations_of
from taggant.sources.files import content_of, text_of
from taggant.sources.health import HealthLine, health_of
from taggant.sources.listed import Entry, day_of
from taggant.sources.ofac_sdn import read as ofac_sdn
from taggant.sources.opensanctions import read as opensanctions
from taggant.sources.own import read as own
from taggant.sources.seco import read as seco
from taggant.sources.uk_sanctions import read as uk_sanctions
from taggant.sources.un_sc import read as un_sc
from taggant.sources.us_csl import read as us_csl

READER_VERSION = "lists-v1"
_HEAD = 65_536
_BESIDE = (("ofac_sdn", "alt"), ("ofac_sdn", "add"))
_DAY_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_]?(\d\d)[-_]?(\d\d)(?!\d)")

SOURCES: tuple[tuple[str, ModuleType], ...] = (
    ("ofac_sdn", ofac_sdn),
    ("us_csl", us_csl),
    ("eu_fsf", eu_fsf),
    ("un_sc", un_sc),
    ("uk_sanctions", uk_sanctions),
    ("seco", seco),
    ("opensanctions", opensanctions),
    ("own", own),
)
"""Folder and reader, asked in this order whether a file is theirs; a list of your own comes last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListVersion:
    """One version of one list.

    Attributes
    ----------
    list_id : str
        The source's id; for a list of your own the stem of its file.
    file : str
    version : str
        sha256:… of the file as received.
    beside : tuple of str
        sha256:… of files read with it (OFAC's alt and add).
    shape : str
        Which of the source's files it is.
    on : date or None
        The day the list stood so.
    on_basis : str or None
        "given", "stated in the file", "name of the file".
    n_entries, n_names, n_rows : int
    counts : mapping of str to int
        Entries by kind; "" for what the list does not say.
    health : tuple of HealthLine
    entries : polars.DataFrame
        Table `listing`.
    """

    list_id: str
    title: str
    publisher: str | None
    file: str
    version: str
    beside: tuple[str, ...]
    shape: str
    on: date | None
    on_basis: str | None
    encoding: str
    n_entries: int
    n_names: int
    n_rows: int
    counts: Mapping[str, int]
    health: tuple[HealthLine, ...]
    entries: pl.DataFrame

    def as_json(self) -> dict[str, object]:
        """Give what a receipt says of it."""
        return {
            "list": self.list_id,
            "title": self.title,
            "publisher": self.publisher,
            "file": self.file,
            "sha256": self.version.removeprefix("sha256:"),
            "beside": list(self.beside),
            "shape": self.shape,
            "on": None if self.on is None else self.on.isoformat(),
            "on_basis": self.on_basis,
            "reader": READER_VERSION,
            "encoding": self.encoding,
            "entries": self.n_entries,
            "names": self.n_names,
            "counts": dict(self.counts),
            "health": [line.as_json() for line in self.health],
        }


def sha256_of(path: Path) -> str:
    """Which digest has this file as received?

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
        `sha256:…`.

    Raises
    ------
    InputError
        It cannot be read.

    Notes
    -----
    *Assumes:* the file does not change meanwhile.
    *Not for:* unpacked content.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "empty.csv"
    ...     path.touch()
    ...     sha256_of(path)[:14]
    'sha256:e3b0c44'
    """
    try:
        with path.open("rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError as err:
        raise InputError(f"{str(path)!r} cannot be read: {err.strerror}", next="Give the path of a list") from err


def told(content: bytes, *, name: str) -> tuple[str, ModuleType, str]:
    """Whose list is this, by its content?

    Parameters
    ----------
    content : bytes
    name : str
        Said in an error.

    Returns
    -------
    tuple of (folder, reader, shape)

    Raises
    ------
    InputError
        No reader knows it, or it is empty.

    Notes
    -----
    *Assumes:* the first 64 kB tell.
    *Not for:* the name of the file: it is not looked at.

    Examples
    --------
    >>> told(b"name,country\\nKupol,RU", name="x")[0]
    'own'
    """
    head = content[:_HEAD]
    if not head.strip():
        raise InputError(f"the list {name!r} is empty", so_what="Nothing was screened", next="Give a list with entries")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = text_of(content)[0][:_HEAD].encode()
    for folder, reader in SOURCES:
        shape = reader.accepts(head)
        if shape is not None:
            return folder, reader, shape
    raise InputError(
        f"no reader knows the list {name!r}",
        where=name,
        so_what="It is none of: " + ", ".join(expectations_of(f).title for f, _ in SOURCES),
        next="Give a table with a column `name`, or name the form in an issue",
    )


def read_lists(
    paths: Sequence[Path], *, on: date | None = None, previous: Mapping[str, ListVersion] | None = None
) -> list[ListVersion]:
    """Which lists are in these files, and how whole is each?

    Parameters
    ----------
    paths : sequence of Path
        OFAC's alt and add files are read together with the sdn file beside them.
    on : date, optional
        The day the lists stood so; otherwise what a file states, or its name.
    previous : mapping of str to ListVersion, optional
        The version held before, by list.

    Returns
    -------
    list of ListVersion
        In the order given; files read beside another are in that one.

    Raises
    ------
    InputError
        A file cannot be read or no reader knows it.

    Notes
    -----
    *Assumes:* each file is one list.
    *Not for:* refusing: see `refuse_unhealthy`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.csv"
    ...     _ = path.write_text("name,country\\nKupol,RU\\n")
    ...     version = read_lists([path])[0]
    >>> version.list_id, version.n_entries, version.entries["countries"].to_list()
    ('mine', 1, [['RU']])
    """
    taken = [(path, content_of(path)) for path in paths]
    known = [(path, content, *told(content, name=path.name)) for path, content in taken]
    beside = [
        (path, content) for path, content, folder, _, shape in known if folder == "ofac_sdn" and shape in ("alt", "add")
    ]
    has_sdn = any(folder == "ofac_sdn" and shape == "sdn" for _, _, folder, _, shape in known)
    found = []
    for path, content, folder, reader, shape in known:
        if (folder, shape) in _BESIDE and has_sdn:
            continue
        others = beside if folder == "ofac_sdn" and shape == "sdn" else []
        if folder == "ofac_sdn" and shape == "add":
            raise InputError(
                f"{path.name!r} holds addresses of OFAC's list and no names",
                next="Give sdn.csv with it: --list sdn.csv",
            )
        found.append(_version(path, content, folder, reader, shape, others, on=on, previous=previous or {}))
    return found


def _version(
    path: Path,
    content: bytes,
    folder: str,
    reader: ModuleType,
    shape: str,
    others: Sequence[tuple[Path, bytes]],
    *,
    on: date | None,
    previous: Mapping[str, ListVersion],
) -> ListVersion:
    expected = expectations_of(folder)
    list_id = _stem(path) if folder == "own" else expected.id
    day, basis = _day(reader, content, shape, path, on)
    text, encoding = ("", "utf-8") if content.lstrip()[:1] == b"<" else text_of(content)
    version = sha256_of(path)
    entries = list(reader.read(content, shape, beside=[c for _, c in others]))
    frame = _frame(_one_an_entity(entries), list_id=list_id, version=version, on=day)
    counts = Counter(kind or "" for kind in frame["kind"].to_list())
    n_rows = len(entries)
    found = ListVersion(
        list_id=list_id,
        title=expected.title if folder != "own" else path.name,
        publisher=expected.publisher,
        file=path.name,
        version=version,
        beside=tuple(sha256_of(p) for p, _ in others),
        shape=shape,
        on=day,
        on_basis=basis,
        encoding=encoding,
        n_entries=frame.height,
        n_names=int(frame["names"].list.len().sum() or 0),
        n_rows=n_rows,
        counts=dict(sorted(counts.items())),
        health=(),
        entries=frame,
    )
    return replace(found, health=tuple(health_of(found, expected, text, previous.get(list_id))))


def _stem(path: Path) -> str:
    return re.sub(r"(\.(csv|json|jsonl|xml|txt|tsv|gz|zip))+$", "", path.name, flags=re.IGNORECASE) or path.name


def _day(reader: ModuleType, content: bytes, shape: str, path: Path, on: date | None) -> tuple[date | None, str | None]:
    if on is not None:
        return on, "given"
    stated = getattr(reader, "published_on", None)
    day = (
        None
        if stated is None
        else day_of(stated(content, shape), day_first=shape not in ("xml", "advanced") or "uk" in reader.__name__)
    )
    if day is not None:
        return day, "stated in the file"
    in_name = _DAY_IN_NAME.search(path.name)
    day = None if in_name is None else day_of("-".join(in_name.groups()))
    if day is None and (month := re.search(r"(?<!\d)(20\d\d)-(\d\d)(?!\d)", path.name)) is not None:
        day = day_of(f"{month[1]}-{month[2]}-28")
    return day, None if day is None else "name of the file"


def _one_an_entity(entries: Sequence[Entry]) -> Iterator[Entry]:
    seen: Counter[str] = Counter()
    for entry in entries:
        seen[entry.entity] += 1
        # A list that numbers two entries alike still has two entries.
        yield entry if seen[entry.entity] == 1 else replace(entry, entity=f"{entry.entity} ({seen[entry.entity]})")


def _frame(entries: Iterator[Entry], *, list_id: str, version: str, on: date | None) -> pl.DataFrame:
    rows = [
        (
            list_id, version, on, e.entity, e.kind, e.names[0], list(e.names), list(e.countries), list(e.identifiers),
            list(e.programmes), e.listed_on, e.delisted_on, e.row,
        )
        for e in entries
        if e.names
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=frame_schema(LISTING), orient="row")
