"""Rows of a typed table: from a sheet of text cells to the bodies of records, column by column.

Invariant: a row is either whole and as declared, or named with file, row and column; a sheet that could not be read to
its end gives no rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, repeat

from taggant.errors import Issue
from taggant.evidence.cells import Refusal, read_cell, read_plain
from taggant.evidence.issues import IssueList, did_you_mean, shown
from taggant.evidence.sheets import Chunk, Sheet, Torn
from taggant.model.record import Body, Value
from taggant.model.record_columns import WrittenRecord, write_columns
from taggant.model.tables import Column, TableSchema, join_key

_CACHE_BOUND = 100_000
_WRITTEN_AT_A_TIME = 10_000


@dataclass(slots=True, eq=False)
class TypedRows:
    """The rows of one sheet, as columns of values.

    Attributes
    ----------
    schema : TableSchema
    label : str
        How issues name the sheet.
    locator : str
        What stands before `row=N` (or `plan=N`) in an origin.
    columns : dict
        Column name → one value a row; None where the cell is empty.
    keys : list of str or None
        The key of each row; None where a key cell is missing.
    numbers : list of int
        Row numbers as the person's spreadsheet shows them.
    spoilt : set of int
        Positions of rows that have an issue.
    repeated : set of int
        Positions of rows that another sheet of the same import states in the same words.
    nameless : list of int
        Positions of columns without a name: they may be there as long as they are empty.
    is_whole : bool
        Whether the sheet was read to its end under a usable header.
    row_word : str
        What a row is called in an origin.
    """

    schema: TableSchema
    label: str
    locator: str
    columns: dict[str, list[Value]] = field(default_factory=dict)
    keys: list[str | None] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    spoilt: set[int] = field(default_factory=set)
    repeated: set[int] = field(default_factory=set)
    nameless: list[int] = field(default_factory=list)
    is_whole: bool = True
    row_word: str = "row"

    def __len__(self) -> int:
        return len(self.numbers)

    def bodies(self, only: Collection[int] | None = None) -> Iterator[tuple[int, str, Body]]:
        """Give (position, key, body) of each row without an issue; empty cells are absent from the body.

        `only`: the positions wanted; all when None.
        """
        # Building a dictionary from two tuples is five times as fast as asking each value whether it is there, so only
        # the columns with empty cells are asked.
        full = {name: values for name, values in self.columns.items() if None not in values}
        gappy = {n: v for n, v in self.columns.items() if n not in full and v.count(None) < len(v)}
        positions: Sequence[int] = range(len(self)) if only is None else sorted(only)
        full_names, gappy_names, keys = tuple(full), tuple(gappy), self.keys
        for at, here, there in zip(
            positions, _pick(list(full.values()), positions), _pick(list(gappy.values()), positions), strict=True
        ):
            key = keys[at]
            if key is None or at in self.spoilt:
                continue
            body: Body = dict(zip(full_names, here, strict=True))
            for name, value in zip(gappy_names, there, strict=True):
                if value is not None:
                    body[name] = value
            yield at, key, body

    def written(
        self, writes: Mapping[int, tuple[str, ...]], *, origin: str, salts: Iterator[str]
    ) -> Iterator[WrittenRecord]:
        """Give the records of the rows at these positions, written by the column; `writes`: what each supersedes."""
        positions = [at for at in sorted(writes) if self.keys[at] is not None and at not in self.spoilt]
        for start in range(0, len(positions), _WRITTEN_AT_A_TIME):
            some = positions[start : start + _WRITTEN_AT_A_TIME]
            # Whole runs are cut out; only what has gaps is picked value by value.
            is_run = some[-1] - some[0] + 1 == len(some)
            run = slice(some[0], some[-1] + 1)
            columns = {n: v[run] if is_run else [v[at] for at in some] for n, v in self.columns.items()}
            yield from write_columns(
                self.schema.name,
                self.schema.version,
                [str(self.keys[at]) for at in some],
                columns,
                supersedes=[writes[at] for at in some],
                salts=list(islice(salts, len(some))),
                origin=origin,
                numbers=[self.numbers[at] for at in some],
            )


def _pick(columns: Sequence[Sequence[Value]], positions: Collection[int]) -> Iterator[tuple[Value, ...]]:
    """Give the values of these columns at these positions, row by row."""
    if not columns:
        return repeat((), len(positions))
    if len(positions) == len(columns[0]):
        return zip(*columns, strict=True)
    return (tuple(column[at] for column in columns) for at in positions)


def read_rows(
    sheet: Sheet,
    schema: TableSchema,
    issues: IssueList,
    *,
    on_rows: Callable[[int], None] | None = None,
) -> TypedRows:
    """Which rows does this sheet state, and which cells must be mended?

    Parameters
    ----------
    sheet : Sheet
        An opened sheet.
    schema : TableSchema
        The table it holds.
    issues : IssueList
        Everything that is wrong is added here.
    on_rows : callable, optional
        Told the number of rows read so far, now and then.

    Returns
    -------
    TypedRows
        All rows, those with issues marked `spoilt`.

    Notes
    -----
    *Assumes:* each column repeats its values, so a distinct text is read once.
    *Not for:* checking references between tables (`evidence.links`).
    """
    rows = TypedRows(schema, sheet.label, sheet.locator)
    readers = _header(sheet, schema, rows, issues)
    try:
        for chunk in sheet.read():
            _read_chunk(chunk, readers, rows, issues)
            if on_rows is not None:
                on_rows(len(rows))
    except Torn:
        rows.is_whole = False
    if not rows.is_whole:
        return rows
    _make_keys(rows)
    _refuse_duplicates(rows, issues)
    return rows


class _ColumnReader:
    """Reads the cells of one column; a text seen before is not read again, and equal values share one object."""

    def __init__(self, at: int, column: Column) -> None:
        self.at = at
        self.column = column
        self._known: dict[str, Value | Refusal] = {}
        self._has_refusals = False

    def read(self, cells: Sequence[str]) -> tuple[list[Value], list[tuple[int, Refusal]]]:
        if not any(cells):
            return [None] * len(cells), []
        distinct = set(cells)
        if len(distinct) * 2 > len(cells) and (plain := read_plain(self.column, cells)) is not None:
            return plain, []
        known = self._known
        if len(known) > _CACHE_BOUND:
            known.clear()
            self._has_refusals = False
        for text in distinct.difference(known):
            value = known[text] = read_cell(self.column, text)
            self._has_refusals = self._has_refusals or isinstance(value, Refusal)
        values: list[Value | Refusal] = [known[text] for text in cells]
        if not self._has_refusals:
            return values, []  # type: ignore[return-value]  # no Refusal is among them
        refused = [(i, value) for i, value in enumerate(values) if isinstance(value, Refusal)]
        return [None if isinstance(value, Refusal) else value for value in values], refused


def _header(sheet: Sheet, schema: TableSchema, rows: TypedRows, issues: IssueList) -> list[_ColumnReader]:
    readers: dict[str, _ColumnReader] = {}
    for at, name in enumerate(sheet.header):
        if not name:
            rows.nameless.append(at)
            continue
        if name in readers:
            issues.add(
                Issue(
                    kind="duplicate column",
                    what=f"the column {name!r} is there twice",
                    file=sheet.label,
                    row=1,
                    column=name,
                    value=name,
                    next="Keep one of them",
                )
            )
            rows.is_whole = False
        elif name in schema.names:
            readers[name] = _ColumnReader(at, schema.column(name))
        else:
            issues.add(
                Issue(
                    kind="unknown column",
                    what=f"the table {schema.file or schema.name} has no column {shown(name)!r}",
                    file=sheet.label,
                    row=1,
                    column=shown(name),
                    value=shown(name),
                    next=did_you_mean(
                        name, schema.names, "Move what it says to the column note, and remove the column"
                    ),
                )
            )
            rows.is_whole = False
    for column in schema.columns:
        if column.name not in readers and (column.is_required or column.name in schema.key):
            if column.kind.name == "LOCATOR":
                continue  # an observation may have no place in its source; its key then has an empty part
            issues.add(
                Issue(
                    kind="missing column",
                    what=f"the column {column.name!r} is missing: {column.meaning[:1].lower()}{column.meaning[1:]}",
                    file=sheet.label,
                    row=1,
                    column=column.name,
                    next=f"Add the column {column.name} and fill it in each row",
                )
            )
            rows.is_whole = False
    for column in schema.columns:
        rows.columns[column.name] = []
    return list(readers.values())


def _read_chunk(chunk: Chunk, readers: Sequence[_ColumnReader], rows: TypedRows, issues: IssueList) -> None:
    if not chunk.rows:
        return
    start = len(rows.numbers)
    numbers = chunk.numbers
    rows.numbers.extend(numbers)
    by_position = list(zip(*chunk.rows, strict=True))
    if chunk.spoilt:
        rows.spoilt.update(start + i for i, number in enumerate(numbers) if number in chunk.spoilt)
    for at in rows.nameless:
        if any(by_position[at]):
            _name_stray(rows, chunk, by_position[at], at, start, issues)
    read = {r.column.name: r for r in readers}
    for column in rows.schema.columns:
        reader = read.get(column.name)
        target = rows.columns[column.name]
        if reader is None:
            target.extend([None] * len(chunk.rows))
            continue
        cells = by_position[reader.at]
        values, refused = reader.read(cells)
        for i, refusal in refused:
            rows.spoilt.add(start + i)
            issues.add(
                Issue(
                    kind=refusal.kind,
                    what=refusal.what,
                    file=rows.label,
                    row=numbers[i],
                    column=column.name,
                    value=shown(cells[i].strip()),
                    next=refusal.next,
                )
            )
        if column.is_required and None in values:
            empty = {i for i, value in enumerate(values) if value is None} - {i for i, _ in refused}
            for i in sorted(empty):
                if numbers[i] in chunk.spoilt:
                    continue
                rows.spoilt.add(start + i)
                issues.add(_missing(rows, column, numbers[i]))
        target.extend(values)


def _name_stray(
    rows: TypedRows, chunk: Chunk, cells: Sequence[str], column: int, start: int, issues: IssueList
) -> None:
    for i, text in enumerate(cells):
        if text.strip():
            rows.spoilt.add(start + i)
            issues.add(
                Issue(
                    kind="column without a name",
                    what=f"column {column + 1} has no name in row 1, and this cell stands in it",
                    file=rows.label,
                    row=chunk.numbers[i],
                    value=shown(text.strip()),
                    next="Name the column in row 1, or clear it",
                )
            )


def _missing(rows: TypedRows, column: Column, number: int) -> Issue:
    is_key = column.name in rows.schema.key
    return Issue(
        kind="missing value",
        what=f"{column.name} is empty, and {'names the row' if is_key else 'each row must have it'}",
        file=rows.label,
        row=number,
        column=column.name,
        next=f"Fill in {column.name}: {column.meaning[:1].lower()}{column.meaning[1:]}",
    )


def _make_keys(rows: TypedRows) -> None:
    parts = [rows.columns[name] for name in rows.schema.key]
    may_miss = [rows.schema.column(name).kind.name == "LOCATOR" for name in rows.schema.key]
    if len(parts) == 1:
        rows.keys = [None if value is None else key_of(str(value)) for value in parts[0]]
        return
    for values in zip(*parts, strict=True):
        is_missing = any(v is None and not may for v, may in zip(values, may_miss, strict=True))
        rows.keys.append(None if is_missing else join_key([None if v is None else str(v) for v in values]))


def key_of(value: str) -> str:
    """Which key has the row of a one-column key with this value?"""
    return join_key([value]) if "|" in value or "\\" in value else value


def _refuse_duplicates(rows: TypedRows, issues: IssueList) -> None:
    given = [key for key in rows.keys if key is not None]
    if len(set(given)) == len(given):
        return
    first: dict[str, int] = {}
    for at, key in enumerate(rows.keys):
        if key is None:
            continue
        before = first.setdefault(key, at)
        if before == at:
            continue
        rows.spoilt |= {before, at}
        names = " and ".join(rows.schema.key)
        issues.add(
            Issue(
                kind="duplicate key",
                what=f"rows {rows.numbers[before]} and {rows.numbers[at]} have the same {names}",
                file=rows.label,
                row=rows.numbers[at],
                column=rows.schema.key[0] if len(rows.schema.key) == 1 else ", ".join(rows.schema.key),
                value=shown(key),
                next="Give one of them another name, or keep one row",
            )
        )
