"""Many records of one table at once, written column by column.

Invariant: the bytes are those `Record.canonical` gives, record by record (a test holds the two together). An import of
a million rows would else spend most of its time on making a million dictionaries only to write them down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

import orjson

from taggant.errors import InputError
from taggant.model.canonical import INTEGER_LIMIT, Plain, canonical, written
from taggant.model.record import Value

_TEXT = frozenset({str, type(None)})


class WrittenRecord(NamedTuple):
    """A record that is canonical bytes already.

    Attributes
    ----------
    table, key : str
    canonical : bytes
    supersedes : tuple of str
        Record ids (hex), sorted.
    is_withdrawal : bool
    """

    table: str
    key: str
    canonical: bytes
    supersedes: tuple[str, ...]
    is_withdrawal: bool = False


def write_columns(
    table: str,
    schema: int,
    keys: Sequence[str],
    columns: Mapping[str, Sequence[Value]],
    *,
    supersedes: Sequence[tuple[str, ...]],
    salts: Sequence[str],
    origin: str,
    numbers: Sequence[int],
) -> Iterator[WrittenRecord]:
    """Which canonical bytes have these rows as records?

    Parameters
    ----------
    table : str
    schema : int
        Version of the table's schema.
    keys : sequence of str, shape (n,)
    columns : mapping of str to sequence, each of shape (n,)
        None where a row has no value: the column is absent from that row's body.
    supersedes : sequence of tuple of str, shape (n,)
        Record ids each row supersedes, sorted.
    salts : sequence of str, shape (n,)
        16 random bytes in hex each.
    origin : str
        Where the rows were read, up to the number: `sha256:…#row=`.
    numbers : sequence of int, shape (n,)

    Yields
    ------
    WrittenRecord
        In the order given.

    Raises
    ------
    InputError
        A value cannot be kept: a float, an integer beyond 2⁵³, a text that is no Unicode.
    ValueError
        The sequences are not of one length.

    Notes
    -----
    *Assumes:* the rows of one call fit in memory as bytes; give some thousands at a time.

    Examples
    --------
    >>> (one,) = write_columns("source", 1, ["a"], {"source_id": ["a"]}, supersedes=[()], salts=["00" * 16],
    ...     origin="sha256:0#row=", numbers=[2])
    >>> one.canonical.decode()[:49]
    '{"body":{"source_id":"a"},"key":"a","origin":"sha'
    """
    if not keys:
        return
    for given in (supersedes, salts, numbers, *columns.values()):
        if len(given) != len(keys):
            raise ValueError(f"{len(given)} values for {len(keys)} rows")
    canonical(dict.fromkeys((*columns, table)))  # refuses names outside ASCII, as every record would be
    place = written(origin)[:-1]
    plain_tail = b'","schema":%d,"supersedes":[],"table":%b}' % (schema, written(table))
    pieces = [
        repeat(b'{"body":{'),
        *_body(columns, len(keys)),
        repeat(b'},"key":'),
        map(written, keys),
        repeat(b',"origin":' + place),
        map(b"%d".__mod__, numbers),
        repeat(b'","salt":"'),
        map(str.encode, salts),
        repeat(plain_tail)
        if not any(supersedes)
        else [
            plain_tail.replace(b'"supersedes":[]', b'"supersedes":' + written(list(ids))) if ids else plain_tail
            for ids in supersedes
        ],
    ]
    rows = map(b"".join, zip(*pieces, strict=False))  # strictness cannot be asked of endless repeats
    yield from map(WrittenRecord, repeat(table), keys, rows, supersedes)


def _body(columns: Mapping[str, Sequence[Value]], n: int) -> list[Sequence[bytes]]:
    """Give the pieces of the body: columns in the order of their names, each with the comma it needs."""
    names = sorted(name for name, values in columns.items() if values.count(None) < len(values))
    # One column without gaps carries no comma; those before it end with one, those after it begin with one.
    anchor = next((name for name in names if None not in columns[name]), None)
    if anchor is None and names:
        return [_rows_with_gaps(names, columns, n)]
    pieces = []
    before, after = b",", b""
    for name in names:
        if name == anchor:
            pieces.append(_fragments(name, columns[name], b"", b""))
            before, after = b"", b","
        else:
            pieces.append(_fragments(name, columns[name], after, before))
    return pieces


def _rows_with_gaps(names: Sequence[str], columns: Mapping[str, Sequence[Value]], n: int) -> list[bytes]:
    each = [_fragments(name, columns[name], b"", b"") for name in names]
    return [b",".join(filter(None, row)) for row in zip(*each, strict=True)] if each else [b""] * n


def _fragments(name: str, values: Sequence[Value], before: bytes, after: bytes) -> Sequence[bytes]:
    """Give `"name":value` for each value, nothing for None."""
    head = before + written(name) + b":"
    kinds = set(map(type, values))
    dumps = orjson.dumps
    try:
        if kinds <= _TEXT:
            distinct = set(values)
            if len(distinct) * 2 > len(values) and None not in distinct:
                return [head + dumps(value) + after for value in values]
            known = {value: b"" if value is None else head + dumps(value) + after for value in distinct}
            return [known[value] for value in values]
        for value in values:
            _check(name, value)
        return [b"" if value is None else head + dumps(value) + after for value in values]
    except (TypeError, orjson.JSONEncodeError) as err:
        bad = next((value for value in values if not _can_be_written(value)), None)
        raise InputError(
            f"{bad!r:.80} cannot be written as canonical JSON: {err}",
            where=f"column {name}",
            next="Replace characters that are not Unicode text",
        ) from err


def _check(name: str, value: object) -> None:
    if isinstance(value, int) and not isinstance(value, bool) and not -INTEGER_LIMIT < value < INTEGER_LIMIT:
        raise InputError(
            f"the integer {value} does not fit below 2^53", where=f"column {name}", next="Write it as text"
        )
    if isinstance(value, list):
        if all(isinstance(inner, str) for inner in value):
            return
    elif value is None or isinstance(value, str | int):
        return
    raise InputError(
        f"{value!r} of type {type(value).__name__} is no plain value",
        where=f"column {name}",
        next="Write numbers as decimal text",
    )


def _can_be_written(value: Plain) -> bool:
    try:
        written(value)
    except InputError:
        return False
    return True
