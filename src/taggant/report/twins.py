"""The machine-readable twins of pages: the same row, table, commit or case as JSON.

Invariant: a twin holds what its page shows and more, never less; null stays null.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import polars as pl
from polars import selectors as cs

from taggant.report.dossier import PAGES_MOST, CommitView, Dossier, RecordView
from taggant.report.phrases import questions, say
from taggant.report.review import needs_review
from taggant.report.row_view import Origin, RowView


def row_json(view: RowView, row: Mapping[str, Any]) -> str:
    """How is the page of a row written for machines?

    Parameters
    ----------
    view : RowView
    row : mapping of str to object
        The row as its table has it.

    Returns
    -------
    str
        JSON: the row, where it was read, which findings rest on it, which rows name it, its history.

    Notes
    -----
    *Assumes:* links of a page are for people: things are named by table and key here.
    *Not for:* import.

    Examples
    --------
    >>> view = RowView(table="item", key="k-07", name="K", cells=(), lists=(), said=(), origin=None, record_id=None,
    ...                stated=())
    >>> json.loads(row_json(view, {"item_id": "k-07"}))["row"]
    {'item_id': 'k-07'}
    """
    return _text(
        {
            "table": view.table,
            "key": view.key,
            "name": view.name,
            "row": dict(row),
            "record_id": view.record_id,
            "origin": _origin(view.origin),
            "findings": [{"id": s.finding_id, "how": s.how, "text": s.sentence.text} for s in view.said],
            "named_by": [{"table": x.table, "n": x.n, "keys": [line.key for line in x.lines]} for x in view.lists],
            "history": [record_json(s.record) for s in view.stated],
        }
    )


def table_json(dossier: Dossier, name: str) -> str:
    """How is the page of a table written for machines?

    Parameters
    ----------
    dossier : Dossier
    name : str
        A declared table.

    Returns
    -------
    str
        JSON: the rows, at most `PAGES_MOST` of them, and how many there are; the CSV beside it has all.

    Notes
    -----
    *Assumes:* the table is given.
    *Not for:* tables larger than memory.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> json.loads(table_json(Dossier(case=case, answers={}, frames={}), "item"))["n"]
    0
    """
    frame = dossier.frame(name).head(PAGES_MOST)
    # A number that is none (an infinite mean) has no form in JSON: it is not known as a number, so it is null.
    rows = frame.with_columns(pl.when(cs.float().is_finite()).then(cs.float())).to_dicts()
    return _text({"table": name, "n": dossier.n_rows.get(name, 0), "rows": rows})


def commit_json(commit: CommitView, *, with_records: bool) -> dict[str, Any]:
    """How is a commit written for machines?

    Parameters
    ----------
    commit : CommitView
    with_records : bool
        Whether its records are listed.

    Returns
    -------
    dict

    Notes
    -----
    *Assumes:* the ids are the ledger's; nothing is hashed here.
    *Not for:* verifying: `taggant verify`.

    Examples
    --------
    >>> c = CommitView(commit_id="ab", parents=(), at="", author="k", tool="", message="", root="", n_records=0,
    ...                records=())
    >>> commit_json(c, with_records=False)["id"]
    'ab'
    """
    plain: dict[str, Any] = {
        "id": commit.commit_id,
        "parents": list(commit.parents),
        "at": commit.at,
        "author": commit.author,
        "tool": commit.tool,
        "message": commit.message,
        "root": commit.root,
        "n": commit.n_records,
        "n_withheld": commit.n_withheld,
    }
    if with_records:
        plain["records"] = [record_json(r) for r in commit.records]
    return plain


def record_json(record: RecordView) -> dict[str, Any]:
    """How is one record written for machines?

    Parameters
    ----------
    record : RecordView

    Returns
    -------
    dict

    Notes
    -----
    *Assumes:* the body is in today's schema.
    *Not for:* verifying: the stored bytes are in the ledger.

    Examples
    --------
    >>> r = RecordView(table="item", key="k", record_id="a", commit_id="b", at="", author="", message="", origin=None,
    ...                body=None, is_live=False)
    >>> record_json(r)["body"] is None
    True
    """
    return {
        "table": record.table,
        "key": record.key,
        "id": record.record_id,
        "commit": record.commit_id,
        "at": record.at,
        "author": record.author,
        "message": record.message,
        "origin": record.origin,
        "is_live": record.is_live,
        "body": None if record.body is None else dict(record.body),
    }


def case_json(dossier: Dossier) -> str:
    """How is the home of a case written for machines?

    Parameters
    ----------
    dossier : Dossier

    Returns
    -------
    str
        JSON: the case, its ten questions with their states and first sentences, what needs review, what is held.

    Notes
    -----
    *Assumes:* the findings themselves are in the twin of each question.
    *Not for:* import.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> len(json.loads(case_json(Dossier(case=case, answers={}, frames={})))["questions"])
    10
    """
    case = dossier.case
    asked = []
    for name in questions(lang=case.language):
        lead = dossier.lead(name)
        text = None if lead is None else say(lead["statement"]["key"], lead["statement"]["values"]).text
        n = len(dossier.answers.get(name, ()))
        asked.append({"question": name, "state": dossier.state(name), "text": text, "n_findings": n})
    return _text(
        {
            "title": case.title,
            "subject": case.subject,
            "as_of": case.as_of,
            "commit": case.commit or None,
            "tlp": case.level,
            "n_withheld": dict(case.n_withheld),
            "blur_km": case.blur_km,
            "n_exhibits_held": case.n_exhibits_held,
            "n_sources_cited": case.n_sources_cited,
            "questions": asked,
            "needs_review": [{"what": x.key, "n": x.n, "of": x.of, "at": x.href} for x in needs_review(dossier)],
            "tables": [{"table": n, "n": dossier.n_rows[n]} for n in dossier.table_names],
        }
    )


def _origin(origin: Origin | None) -> dict[str, Any] | None:
    return None if origin is None else {"exhibit": origin.exhibit, "file": origin.file, "row": origin.row}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False, default=_plain) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
