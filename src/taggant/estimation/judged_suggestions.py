"""What the estimates use of what the machine proposed, once persons have judged it.

Invariant: a rejected suggestion is never used; a replaced one is used with the person's value; with `confirmed_only`
what nobody stands behind is left out. Every row keeps its state in `judged`, so that an answer can count.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from taggant.errors import InputError
from taggant.model.judgements import ADDED, LEFT_OUT, judged, why_not_used
from taggant.model.tables import join_key
from taggant.reference import find_maker
from taggant.writing.edtf import parse_edtf
from taggant.writing.serial_letters import normalise_serial, split_serial, written_prefix

_JUDGED_STATUS = "judged"
"""Status of a date that a person gave."""


def judged_ranges(ranges: pl.DataFrame, judgement: pl.DataFrame, *, confirmed_only: bool) -> pl.DataFrame:
    """Which dates of parts are used?

    Parameters
    ----------
    ranges, judgement : polars.DataFrame
        Tables `made_range` and `judgement`.
    confirmed_only : bool

    Returns
    -------
    polars.DataFrame
        As `made_range`, with `judged`. What is not used is one undated row whose `why_kind` is ``rejected`` or
        ``unconfirmed``; what a person gave instead is one row of status ``judged``; a confirmed date no longer hangs
        on neighbours, nor on what else its token may be.

    Notes
    -----
    Assumes: who confirms a date confirms the range shown to them.
    Not for: dates a source states (`made_stated`).
    """
    rows: list[dict[str, Any]] = []
    for row in judged(ranges, judgement, "made-range").iter_rows(named=True):
        state = row["judged"]
        why = why_not_used(state, confirmed_only=confirmed_only)
        if why is not None or state == "replaced":
            if row["range_n"] == 0:
                rows.append(_undated(row, why) if why is not None else _given(row))
        elif state == "confirmed":
            closed_by = [c for c in row["closed_by"] or () if c != "neighbours"]
            dated = "dated" if row["suggested"].count(" | ") == 0 else "ambiguous"
            rows.append(row | {"closed_by": closed_by, "ruled_out": None, "doubt": None, "state": dated})
        else:
            rows.append(row)
    return _frame(rows, ranges)


def _undated(row: Mapping[str, Any], why: str) -> dict[str, Any]:
    empty = dict.fromkeys(("token", "rule", "status", "made_from", "made_until", "closed_by", "ruled_out", "doubt"))
    return {**row, **empty, "state": "undated", "why_kind": why, "why": LEFT_OUT[why]}


def _given(row: Mapping[str, Any]) -> dict[str, Any]:
    made = parse_edtf(row["judged_value"] or "")
    if made.from_on is None:
        raise InputError(
            f"the date {row['judged_value']!r} has no first day",
            where=f"judgement made-range {row['suggestion']}",
            so_what="It bounds nothing",
            next="Judge it again with a date that begins: 2022-W14, 2021-03, 2021/2022",
        )
    return {
        **row,
        "state": "dated", "token": row["judged_value"], "rule": "a person's judgement", "status": _JUDGED_STATUS,
        "made_from": made.from_on, "made_until": made.until_on, "tolerance_days": 0, "closed_by": [], "ruled_out": None,
        "doubt": None, "why_kind": None, "why": None,
    }  # fmt: skip


def judged_candidates(candidates: pl.DataFrame, judgement: pl.DataFrame, *, confirmed_only: bool) -> pl.DataFrame:
    """Which makers of parts are used?

    Parameters
    ----------
    candidates, judgement : polars.DataFrame
        Tables `part_candidate` and `judgement`.
    confirmed_only : bool

    Returns
    -------
    polars.DataFrame
        As `part_candidate`, with `judged`. What is not used has no maker and no family: it cannot be told. A person's
        maker keeps the family only where it is that maker's, or nobody's.

    Notes
    -----
    Assumes: who rejects a maker rejects what was told with it: family, code and tier.
    Not for: makers a source states.
    """
    rows: list[dict[str, Any]] = []
    for row in judged(candidates, judgement, "part-candidate").iter_rows(named=True):
        why = why_not_used(row["judged"], confirmed_only=confirmed_only)
        if why is not None:
            rows.append({**row, **_no_maker(), "why": LEFT_OUT[why]})
        elif row["judged"] == "replaced":
            rows.append(_with_maker(row))
        else:
            rows.append(row)
    return _frame(rows, candidates)


_FAMILY = ("family", "family_maker_id", "family_function", "hs_code", "hs_basis", "chpl_tier")
_APART = ("disagreement", "disagreement_maker", "disagreement_part")


def _no_maker() -> dict[str, None]:
    return dict.fromkeys(("maker_id", "maker", "maker_basis", "maker_country", *_FAMILY, *_APART))


def _with_maker(row: Mapping[str, Any]) -> dict[str, Any]:
    maker = find_maker(row["judged_value"] or "")
    maker_id = maker.maker_id if maker else None
    keeps = row["family_maker_id"] is None or row["family_maker_id"] == maker_id
    return {
        **row,
        **_no_maker(),
        **({name: row[name] for name in _FAMILY} if keeps else {}),
        "maker_id": maker_id,
        "maker": maker.name if maker else row["judged_value"],
        "maker_basis": "stated maker",
        "maker_country": maker.brand_country if maker else None,
        "why": None,
    }


def judged_serials(readings: pl.DataFrame, judgement: pl.DataFrame, *, confirmed_only: bool) -> pl.DataFrame:
    """Which serials are used?

    Parameters
    ----------
    readings, judgement : polars.DataFrame
        Tables `serial_reading` and `judgement`.
    confirmed_only : bool

    Returns
    -------
    polars.DataFrame
        As `serial_reading`, with `judged`. What is not used is left out with `why_kind` ``rejected`` or
        ``unconfirmed``; a serial a person stands behind is read surely, and no other reading speaks against it.

    Notes
    -----
    Assumes: who confirms a serial has looked at the mark, not only at the text.
    Not for: judging that items with one prefix are one run.
    """
    rows: list[dict[str, Any]] = []
    for row in judged(readings, judgement, "serial-reading").iter_rows(named=True):
        why = why_not_used(row["judged"], confirmed_only=confirmed_only)
        if why is not None:
            rows.append({**row, "state": "left out", "why_kind": why, "why": LEFT_OUT[why]})
        elif row["judged"] == "replaced":
            rows.append(_reread(row))
        elif row["judged"] == "confirmed":
            rows.append({**row, "read_quality": "sure", "disagrees": []})
        else:
            rows.append(row)
    return _frame(rows, readings)


def _reread(row: Mapping[str, Any]) -> dict[str, Any]:
    text = row["judged_value"] or ""
    normalised = normalise_serial(text)
    shape = split_serial(normalised)
    if shape is None or not shape[0]:
        raise InputError(
            f"the serial {text!r} is not letters followed by a number",
            where=f"judgement serial-reading {row['suggestion']}",
            so_what="It belongs to no run",
            next="Judge it again: the whole serial with its letters, or reject it",
        )
    prefix, number = shape
    return {
        **row,
        "verbatim": text, "normalised": normalised, "prefix": prefix, "prefix_as_written": written_prefix(text),
        "number": number, "block_id": join_key([row["kind"], row["designation"], row["producer"], prefix]),
        "read_quality": "sure", "disagrees": [],
    }  # fmt: skip


def _frame(rows: list[dict[str, Any]], like: pl.DataFrame) -> pl.DataFrame:
    schema = dict(like.schema) | dict.fromkeys(ADDED, pl.String())
    return pl.DataFrame(rows, schema=schema)
