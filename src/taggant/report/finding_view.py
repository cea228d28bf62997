"""One finding as a section of a page: its sentence, its number, what it rests on and what it takes for granted.

Invariant: whatever question a finding is of, all it says is shown; nothing is computed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from taggant.report.cells import Way
from taggant.report.dossier import Dossier, Finding, Named, rests_on
from taggant.report.links import anchor
from taggant.report.phrases import Sentence, day, integer, label, say
from taggant.report.visible import visible

NAMED_MOST = 12
"""Things named one by one under *rests on*; the twin for machines names them all."""

_SHARE = "share "
"""How the unit of a share begins; what follows says of what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing a finding rests on."""

    kind: str
    key: str
    name: str
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """One finding as shown."""

    finding: Finding
    anchor: str
    rests_anchor: str
    sentence: Sentence
    state: str
    number: str | None
    number_is: str | None
    supports: tuple[tuple[str, tuple[Thing, ...], int], ...]
    """(table, the things named, how many there are)"""
    contradicts: tuple[tuple[str, tuple[Thing, ...], int], ...]
    link: Callable[[str, Sequence[str]], str | None]
    """Where each value of the sentence leads."""


def finding_view(dossier: Dossier, finding: Finding, *, way: Way) -> FindingView:
    """What is there to show of this finding?

    Parameters
    ----------
    dossier : Dossier
    finding : dict
        As machines read it (Appendix B).
    way : callable
        Where things are, as links on this page.

    Returns
    -------
    FindingView

    Raises
    ------
    UnknownName
        Its statement has no words.

    Notes
    -----
    *Assumes:* the finding may be shown.
    *Not for:* charts: `question_views`.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> n, item = ({"value": v, "rests_on": []} for v in (3, "M214"))
    >>> said = {"key": "when-made.item.refused", "values": {"item": item, "n_marked": n}}
    >>> finding = {"id": "when-made:m214", "question": "when-made", "statement": said, "headline": None, "supports": [],
    ...            "contradicts": [], "refused": {"why": "no mark", "enough": "one"}, "verdict": None}
    >>> finding_view(Dossier(case=case, answers={}, frames={}), finding, way=lambda t, k: None).state
    'refused'
    """
    statement = finding["statement"]
    supports = [(r["kind"], r["id"]) for r in finding["supports"]]
    also = [named for named in dict.fromkeys(rests_on(finding)) if named not in supports]
    rests_anchor = anchor("rests", finding["id"])

    def link(_name: str, references: Sequence[str]) -> str | None:
        """The one thing a value rests on; the list below when there are several, or the thing has no page."""
        if len(references) == 1:
            kind, _, key = references[0].partition(":")
            address = way(kind, key)
            if address is not None:
                return address
        return f"#{rests_anchor}"

    number, number_is = headline_words(finding["headline"])
    return FindingView(
        finding=finding,
        anchor=anchor("finding", finding["id"]),
        rests_anchor=rests_anchor,
        sentence=say(statement["key"], statement["values"], lang=dossier.case.language),
        state="refused" if finding["refused"] else "answered",
        number=number,
        number_is=number_is,
        supports=_things(dossier, [*supports, *also], way),
        contradicts=_things(dossier, [(r["kind"], r["id"]) for r in finding["contradicts"]], way),
        link=link,
    )


def _things(dossier: Dossier, named: Sequence[Named], way: Way) -> tuple[tuple[str, tuple[Thing, ...], int], ...]:
    """Things by table, in the order each table is first named."""
    by_kind: dict[str, dict[str, None]] = {}
    for kind, key in named:
        by_kind.setdefault(kind, {})[key] = None
    return tuple(
        (
            kind,
            tuple(
                Thing(kind=kind, key=key, name=dossier.name(*dossier.typed_row(kind, key)), href=way(kind, key))
                for key in list(keys)[:NAMED_MOST]
            ),
            len(keys),
        )
        for kind, keys in by_kind.items()
    )


def headline_words(headline: Mapping[str, Any] | None) -> tuple[str | None, str | None]:
    """How is the number of a finding written, interval first, and what sort of number is it?

    Parameters
    ----------
    headline : mapping or None
        ``low``, ``point``, ``point_is``, ``high``, ``level``, ``interval``, ``unit`` (Appendix B).

    Returns
    -------
    tuple of str or None
        The number with its unit; what kind of interval and point it is. None when there is no number.

    Notes
    -----
    *Assumes:* an open end is null.
    *Not for:* sentences.

    Examples
    --------
    >>> headline_words({"low": 60, "point": 74, "point_is": "median", "high": 159, "level": 0.95,
    ...                 "interval": "quantiles", "unit": "items"})
    ('60 – 159 items', '95 % quantiles; median 74')
    """
    if headline is None:
        return None, None
    low, high, point, unit = (headline.get(name) for name in ("low", "high", "point", "unit"))
    is_share = is_of_shares(headline)
    if is_share:
        unit = f"% {str(unit).removeprefix(_SHARE)}"
    ends = [(whole_percent(end) if is_share else bound_words(end)) for end in (low, high) if end is not None]
    if not ends:
        ends = [whole_percent(point) if is_share else bound_words(point)] if point is not None else []
    if not ends:
        return None, None
    if low is None and high is not None:
        number = f"{label('at-most')} {ends[0]}"
    elif high is None and low is not None:
        number = f"{label('at-least')} {ends[0]}"
    else:
        number = " – ".join(dict.fromkeys(ends))
    if unit not in (None, "date"):
        number = f"{number} {visible(str(unit))}"
    level = headline.get("level")
    kind = " ".join(
        words for words in (None if level is None else f"{level * 100:.3g} %", headline.get("interval")) if words
    )
    point_words = None
    if point is not None:
        words = f"{whole_percent(point)} %" if is_share else bound_words(point)
        point_words = f"{headline.get('point_is') or label('point')} {words}"
    return number, "; ".join(visible(words) for words in (kind, point_words) if words) or None


def is_of_shares(headline: Mapping[str, Any] | None) -> bool:
    """Is the number of this finding a share, from 0 to 1, which people read as percent?"""
    return headline is not None and str(headline.get("unit")).startswith(_SHARE)


def whole_percent(share: float) -> str:
    """How many whole percent are this share?

    Parameters
    ----------
    share : float
        From 0 to 1.

    Returns
    -------
    str
        Without the sign; a share above nothing is never written 0, one short of all never 100.

    Notes
    -----
    *Assumes:* the reader wants no more than whole percent.
    *Not for:* reading shares back: tables and twins have them in full.

    Examples
    --------
    >>> [whole_percent(share) for share in (0, 0.003, 0.142857, 0.999, 1)]
    ['0', '< 1', '14', '> 99', '100']
    """
    if 0 < share < 0.005:
        return "< 1"
    return "> 99" if 0.995 <= share < 1 else integer(round(share * 100))


def bound_words(value: Any) -> str:
    """How is one end of an interval, or one reading, written?

    Parameters
    ----------
    value : object
        A number, an ISO day, text, yes or no.

    Returns
    -------
    str
        Days in words; whole numbers in groups of three; other numbers to three digits that count; text as it is.

    Notes
    -----
    *Assumes:* a number of 1000 or more is not wanted behind the comma.
    *Not for:* null.

    Examples
    --------
    >>> bound_words(0.12345), bound_words(1234.6), bound_words("2022-08-22")
    ('0.123', '1235', '22 August 2022')
    """
    if isinstance(value, bool):
        return label("yes") if value else label("no")
    if isinstance(value, int):
        return integer(value)
    if isinstance(value, float) and math.isfinite(value):
        return integer(round(value)) if abs(value) >= 1000 or value.is_integer() else f"{value:.3g}"
    text = visible(str(value))
    return day(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else text
