"""The machine-readable twins of a page: findings as JSON, rows as CSV.

Invariant: a twin holds what the page shows and more, never less; null stays null.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from taggant.model.derived_tables import DERIVED
from taggant.model.tables import TableSchema
from taggant.report.parts import Tables, rows
from taggant.report.phrases import say
from taggant.report.view import Findings


def with_text(findings: Findings, *, lang: str = "en") -> list[dict[str, Any]]:
    """What do these findings say, their sentence beside them?

    Parameters
    ----------
    findings : sequence of dict
        Not changed.
    lang : str
        ISO 639.

    Returns
    -------
    list of dict
        Each with ``text: {lang: sentence}``.

    Raises
    ------
    UnknownName
        A statement has no words.

    Examples
    --------
    >>> with_text([])
    []
    """
    return [
        {**f, "text": {**f.get("text", {}), lang: say(f["statement"]["key"], f["statement"]["values"], lang=lang).text}}
        for f in findings
    ]


def findings_json(findings: Findings) -> str:
    """How are these findings written for machines?

    Parameters
    ----------
    findings : sequence of dict

    Returns
    -------
    str
        JSON, keys in the order given, every script as itself, a line feed at the end.

    Examples
    --------
    >>> findings_json([])
    '[]\\n'
    """
    return json.dumps(list(findings), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def made_range_csv(tables: Tables) -> str:
    """How does the table of made ranges look as CSV?

    Parameters
    ----------
    tables : mapping of str to polars frame
        Holding `made_range`.

    Returns
    -------
    str
        The declared columns, rows by item, component and range; lists parted by ``;``; null as nothing. A cell a
        spreadsheet would run as a formula gets an apostrophe in front; a mark such as ``+116`` or ``-3A`` does not.

    Notes
    -----
    *Assumes:* people open it in spreadsheets.
    *Not for:* import: marks are read from where they were typed.

    Examples
    --------
    >>> made_range_csv({}).startswith("component_id,range_n,item_id")
    True
    """
    ordered = sorted(rows(tables, "made_range"), key=lambda r: (r["item_id"], r["component_id"], r["range_n"]))
    return _csv(DERIVED["made_range"].names, ordered)


def table_csv(frame: pl.DataFrame, schema: TableSchema) -> str:
    """How does this table look as CSV?

    Parameters
    ----------
    frame : polars.DataFrame
        In the order wanted.
    schema : TableSchema

    Returns
    -------
    str
        The declared columns as typed; of a typed table also `record_id` and `origin`. Cells as in `made_range_csv`.

    Notes
    -----
    *Assumes:* people open it in spreadsheets.
    *Not for:* import: `taggant checkout` writes what can be read back.

    Examples
    --------
    >>> from taggant.model.derived_tables import DERIVED
    >>> table_csv(pl.DataFrame({"finding_id": ["=1"]}), DERIVED["finding"]).splitlines()[1]
    "'=1,,,,,,,,"
    """
    names = (*schema.names, *(n for n in ("record_id", "origin") if n in frame.columns))
    return _csv(names, frame.iter_rows(named=True))


def _csv(names: Sequence[str], lines: Iterable[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in lines)
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = ";".join(str(v).replace(";", ";;") for v in value) if isinstance(value, list) else str(value)
    runs = text.startswith(("=", "@", "\t", "\r")) or re.match(r"[+-](?![\w.]*$)", text)
    return f"'{text}" if runs else text
