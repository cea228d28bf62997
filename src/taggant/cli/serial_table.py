"""A table of serials for the tool: one run, its numbers, how many incidents they come from.

Invariant: every bad row is named, all of them at once; nothing is computed from a table that holds one.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from taggant.errors import InputError
from taggant.model.result import LeftOut
from taggant.writing.serial_letters import normalise_serial, split_serial

_NAMES = ("serial", "number", "serial_as_marked", "serial_number")
_QUALITIES = ("sure", "likely", "doubtful")
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class SerialTable:
    """What a table gives: numbers, incidents (None: not stated), what is left out."""

    numbers: tuple[int, ...]
    n_incidents: int | None
    left_out: tuple[LeftOut, ...]


def read_serial_table(path: Path, prefix: str | None = None) -> SerialTable:
    """Which numbers of one run does this table hold?

    Parameters
    ----------
    path : Path
        CSV, UTF-8, with a column ``serial`` (``number``, ``serial_as_marked`` and ``serial_number`` will do), and
        ``incident`` and ``read_quality`` if known.
    prefix : str, optional
        Which run, where the table holds several.

    Returns
    -------
    SerialTable

    Raises
    ------
    InputError
        No such column, a serial that is no number with a prefix, several runs and no prefix, or an unknown quality:
        file, row and column are named.

    Notes
    -----
    *Assumes:* serials of one prefix are one run; what was read doubtfully is left out.
    *Not for:* several kinds of items with one prefix.
    """
    rows, column = _rows(path)
    bad: list[str] = []
    found: list[tuple[str, int, str, str]] = []
    n_empty = 0
    for n, row in rows:
        text = (row.get(column) or "").strip()
        quality = (row.get("read_quality") or "").strip()
        if not text:
            n_empty += 1
            continue
        shape = split_serial(normalise_serial(text))
        if shape is None:
            bad.append(f"row {n}, {column} {text!r}: not letters followed by a number")
        elif quality and quality not in _QUALITIES:
            bad.append(f"row {n}, read_quality {quality!r}: one of {', '.join(_QUALITIES)}")
        else:
            found.append((shape[0], shape[1], quality, (row.get("incident") or row.get("incident_id") or "").strip()))
    if bad:
        more = f"; and {len(bad) - _MOST_NAMED} more" if len(bad) > _MOST_NAMED else ""
        raise InputError(
            f"{len(bad)} {'row' if len(bad) == 1 else 'rows'} of {path.name} cannot be read: "
            f"{'; '.join(bad[:_MOST_NAMED])}{more}",
            where=str(path), so_what="Nothing was computed", next="Mend or drop these rows",
        )  # fmt: skip
    own, other = _run(found, prefix, path)
    left = [
        LeftOut("no serial is stated", n_empty),
        LeftOut("of another run", other),
        LeftOut("the number was read doubtfully", sum(q == "doubtful" for _, _, q, _ in own)),
    ]
    used = [(n, incident) for _, n, q, incident in own if q != "doubtful"]
    named = {i for _, i in used if i}
    n_incidents = len(named) + sum(not i for _, i in used) if named else None
    return SerialTable(tuple(n for n, _ in used), n_incidents, tuple(x for x in left if x.n))


def _rows(path: Path) -> tuple[list[tuple[int, dict[str, str]]], str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as err:
        raise InputError(f"{path.name} is not UTF-8", where=str(path), next="Save it as CSV UTF-8") from err
    except OSError as err:
        raise InputError(f"{path.name} cannot be read: {err.strerror}", next="Name a CSV file") from err
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = [str(n).strip().casefold() for n in reader.fieldnames or ()]
    column = next((n for n in _NAMES if n in names), None)
    if column is None:
        has = ", ".join(names) or "nothing"
        raise InputError(
            f"{path.name} has no column 'serial'; it has {has}", where=f"{path}, row 1",
            so_what="Nothing was computed", next="Name the column with the serials: serial",
        )  # fmt: skip
    rows = [
        (n, {str(k).strip().casefold(): v for k, v in row.items() if k is not None and isinstance(v, str)})
        for n, row in enumerate(reader, start=2)
    ]
    return rows, column


def _run(
    found: list[tuple[str, int, str, str]], prefix: str | None, path: Path
) -> tuple[list[tuple[str, int, str, str]], int]:
    runs = Counter(p for p, _, _, _ in found)
    if prefix is None:
        if len(runs) > 1:
            raise InputError(
                f"{path.name} holds serials of {len(runs)} runs: "
                + ", ".join(f"{p or 'no letters'} ({n})" for p, n in runs.most_common(_MOST_NAMED)),
                where=str(path), so_what="Runs are never thrown together", next="Name one: --prefix",
            )  # fmt: skip
        return found, 0
    wanted = normalise_serial(prefix) if prefix else ""
    own = [f for f in found if f[0] == wanted]
    if not own:
        raise InputError(
            f"no serial of {path.name} has the prefix {prefix!r}", where=str(path),
            next=f"One of: {', '.join(sorted(p or 'no letters' for p in runs))}",
        )  # fmt: skip
    return own, len(found) - len(own)
