"""Contradictions of who-said-what side by side, under the topic and scope they share.

Invariant: a pair stands as the table has it; neither claim is called right.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from taggant.report.cells import Cell, Way, value_text
from taggant.report.dossier import Dossier
from taggant.report.finding_view import bound_words
from taggant.report.phrases import day, label
from taggant.report.sections import Group, Heading, Line, Section, named_cell
from taggant.report.visible import visible

PAIRS_MOST = 6
"""Pairs shown of one topic and scope; the table's own page has them all."""


def contradiction_section(dossier: Dossier, *, way: Way) -> tuple[Section, ...]:
    """Which claims cannot both hold, side by side?

    Parameters
    ----------
    dossier : Dossier
        With the tables `contradiction`, `claim` and `source`.
    way : callable
        Where things are.

    Returns
    -------
    tuple of Section
        One, or none when there is no pair.

    Notes
    -----
    *Assumes:* both claims of a pair are of one topic and scope.
    *Not for:* saying which is right.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> contradiction_section(Dossier(case=case, answers={}, frames={}), way=lambda t, k: None)
    ()
    """
    by_scope: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in dossier.rows.get("contradiction", {}).values():
        by_scope[row["topic"] or "", row["scope"] or ""].append(row)
    if not by_scope:
        return ()
    groups = tuple(
        Group(tuple(_line(dossier, row, way) for row in some[:PAIRS_MOST]), _heading(topic, scope, len(some)))
        for (topic, scope), some in sorted(by_scope.items())
    )
    columns = tuple(Heading(label(name)) for name in ("claim-one", "claim-other", "reconciled-by", "one-root-asked"))
    n_shown = sum(len(group.lines) for group in groups)
    return (
        Section(
            heading=label("side-by-side"), table="contradiction", columns=columns, groups=groups, look="pairs",
            n_more=dossier.n_rows["contradiction"] - n_shown,
        ),
    )  # fmt: skip


def _heading(topic: str, scope: str, n: int) -> str:
    pairs = label("pair") if n == 1 else label("pairs", {"n": n})
    about = label(f"topic-{topic}") if topic else None
    return " · ".join(words for words in (about, visible(scope), pairs) if words)


def _line(dossier: Dossier, row: Mapping[str, Any], way: Way) -> Line:
    by = row["reconciled_by"]
    one_root = row["has_one_root"]
    return Line((
        _claim(dossier, str(row["claim_id"]), way),
        _claim(dossier, str(row["other_claim_id"]), way),
        None if by is None else named_cell(value_text(by)),
        None if one_root is None else named_cell(value_text(one_root)),
    ))  # fmt: skip


def _claim(dossier: Dossier, key: str, way: Way) -> Cell:
    """A claim in our words; beneath it who said it, how, when, with which number, and where that is written."""
    claim = dossier.row("claim", key) or {}
    source = claim.get("source_id")
    under: list[tuple[str, str | None]] = []
    if claim.get("speaker"):
        under.append((visible(claim["speaker"]), None))
    if claim:
        when = claim.get("said")
        under.append((label("said-on", {"when": said_words(when)}) if when else label("no-day-said"), None))
    if claim.get("stance"):
        under.append((label(f"stance-{claim['stance']}"), None))
    number = quantity_words(claim)
    if number is not None:
        under.append((number, None))
    if source is not None:
        under.append((dossier.name("source", source), way("source", source)))
    return named_cell(dossier.name("claim", key), href=way("claim", key), under=under)


def said_words(typed: str) -> str:
    """How is the day something was said written for people?

    Parameters
    ----------
    typed : str
        EDTF.

    Returns
    -------
    str
        Days and months in words; what else a date may be, as it was typed.

    Notes
    -----
    *Assumes:* the date was checked when it came in.
    *Not for:* reckoning.

    Examples
    --------
    >>> said_words("2025-05-28"), said_words("2022-07~"), said_words("../2022-08")
    ('28 May 2025', 'about July 2022', 'by August 2022')
    >>> said_words("2022-10/2023-07"), said_words("2022-21")
    ('between October 2022 and July 2023', '2022-21')
    """
    first, is_span, last = typed.partition("/")
    if is_span:
        ends = {"first": said_words(first), "last": said_words(last)}
        if first == "..":
            return label("said-by", {"when": ends["last"]})
        return label("said-since", {"when": ends["first"]}) if last == ".." else label("said-between", ends)
    if typed.endswith("~"):
        return label("said-about", {"when": said_words(typed[:-1])})
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed):
        return day(typed)
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", typed):
        return day(f"{typed}-01").partition(" ")[2]
    return visible(typed)


def quantity_words(claim: Mapping[str, Any]) -> str | None:
    """Which number does this claim say?

    Parameters
    ----------
    claim : mapping of str to object
        A row of `claim`.

    Returns
    -------
    str or None
        Its least and most with their unit; None when it says no number.

    Notes
    -----
    *Assumes:* a missing end is open.
    *Not for:* comparing claims.

    Examples
    --------
    >>> quantity_words({"quantity_low": 300.0, "quantity_high": 350.0, "unit": "drones", "per": "day"})
    '300 – 350 drones per day'
    >>> quantity_words({"quantity_low": 100.0, "unit": "drones"})
    'at least 100 drones'
    """
    low, high = claim.get("quantity_low"), claim.get("quantity_high")
    if low is None and high is None:
        return None
    if high is None:
        number = f"{label('at-least')} {bound_words(low)}"
    elif low is None:
        number = f"{label('at-most')} {bound_words(high)}"
    else:
        number = " – ".join(dict.fromkeys((bound_words(low), bound_words(high))))
    unit = visible(claim["unit"]) if claim.get("unit") else ""
    if claim.get("per"):
        return label("quantity-per", {"number": number, "unit": unit, "per": claim["per"]}).replace("  ", " ")
    return f"{number} {unit}".strip()
