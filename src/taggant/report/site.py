"""Static pages of a case: its home and the answer to when-made, each with its machine-readable twin.

Invariant: a page needs nothing but itself: no script, no font, no request. The same input gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from taggant import __version__
from taggant.errors import InputError
from taggant.report.charts import NARROW, WIDE, drawn_items, left_of_chart, when_made_spec
from taggant.report.exports import findings_json, made_range_csv, with_text
from taggant.report.links import anchor
from taggant.report.parts import Tables
from taggant.report.phrases import day, integer, label, questions
from taggant.report.svg import to_svg
from taggant.report.view import QUESTION, Findings, ItemView, WhenMade, when_made
from taggant.report.visible import laid_open, visible


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """What a page says of the case itself.

    Attributes
    ----------
    title, subject : str
    as_of : date or None
        The day the answers are for.
    commit : str
        The commit they were computed from.
    n_exhibits_held, n_sources_cited : int
    generated_at : str or None
        Shown when given; None keeps the pages the same, byte for byte.
    language : str
        ISO 639.
    """

    title: str
    subject: str
    as_of: date | None
    commit: str
    n_exhibits_held: int
    n_sources_cited: int
    generated_at: str | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePaths:
    """The files written."""

    index: Path
    when_made: Path
    when_made_json: Path
    when_made_csv: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    name: str
    title: str
    state: str
    page: str | None = None
    answer: Markup | None = None


def write_site(folder: Path, case_view: CaseView, findings: Findings, tables: Tables) -> SitePaths:
    """Which pages show this case?

    Parameters
    ----------
    folder : Path
        Made when absent; files of the same names are replaced.
    case_view : CaseView
        The case itself.
    findings : sequence of dict
        Findings as machines read them (Appendix B).
    tables : mapping of str to polars frame
        `made_range`; also `item_assembly`, `component` and `source` where there are any.

    Returns
    -------
    SitePaths
        ``index.html``, ``when-made.html``, ``when-made.json`` (the findings, with their text) and ``when-made.csv``
        (`made_range`).

    Raises
    ------
    InputError
        A finding or table lacks what the page must show, or the folder cannot be written.

    Notes
    -----
    *Assumes:* rows and findings are already at the level they may be shown at.
    *Not for:* redaction.

    Examples
    --------
    >>> import polars as pl, tempfile
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_site(Path(folder), case, [], {"made_range": pl.DataFrame()}).index.name
    'index.html'
    """
    lang = case_view.language
    answer = when_made(findings, tables, lang=lang)
    mine = [f for f in findings if f["question"] == QUESTION]
    written = {
        "index.html": _index_html(case_view, answer),
        "when-made.html": _when_made_html(case_view, answer, mine),
        "when-made.json": findings_json(with_text(mine, lang=lang)),
        "when-made.csv": made_range_csv(tables),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in written.items():
            (folder / name).write_bytes(text.encode("utf-8", errors="backslashreplace"))
    except OSError as err:
        raise InputError(
            f"the pages cannot be written: {err.strerror}", where=str(folder), next="Name a folder you may write to"
        ) from err
    return SitePaths(
        index=folder / "index.html",
        when_made=folder / "when-made.html",
        when_made_json=folder / "when-made.json",
        when_made_csv=folder / "when-made.csv",
    )


def _link(known: frozenset[str], otherwise: str, page: str, _name: str, rests_on: Sequence[str]) -> str:
    """The one row a value rests on; the table that holds them all when they are several, or not on the page."""
    found = {a for a in map(_anchor_of, rests_on) if a in known}
    return f"{page}#{found.pop() if len(found) == 1 else otherwise}"


def _anchor_of(reference: str) -> str:
    kind, _, key = reference.partition(":")
    return anchor("component", key.rpartition("|")[0]) if kind == "made_range" else anchor(kind, key)


def _anchors(answer: WhenMade) -> frozenset[str]:
    return frozenset({i.anchor for i in answer.items} | {p.anchor for i in answer.items for p in i.parts})


def _questions(case_view: CaseView, answer: WhenMade) -> tuple[_Question, ...]:
    link = partial(_link, _anchors(answer), "items", "when-made.html")
    said = answer.lead.html(link) if answer.lead else None
    return tuple(
        _Question(name=name, title=title, state=answer.state, page="when-made.html", answer=said)
        if name == QUESTION
        else _Question(name=name, title=title, state="not-built")
        for name, title in questions(lang=case_view.language).items()
    )


def _index_html(case_view: CaseView, answer: WhenMade) -> str:
    return _render("index.html.j2", case_view, answer, here=None)


def _when_made_html(case_view: CaseView, answer: WhenMade, findings: Findings) -> str:
    known = _anchors(answer)
    titles = questions(lang=case_view.language)
    first_year, n_earlier = left_of_chart(answer.items)

    def item_link(item: ItemView) -> Callable[[str, Sequence[str]], str]:
        return partial(_link, known, _parts_anchor(item), "")

    return _render(
        "when-made.html.j2",
        case_view,
        answer,
        here=QUESTION,
        answer=answer,
        title=titles[QUESTION],
        n_question=list(titles).index(QUESTION) + 1,
        charts=_charts(answer.items),
        n_not_drawn=len(answer.items) - len(drawn_items(answer.items)),
        n_earlier=n_earlier,
        first_year=str(first_year),
        has_tolerance=any(p.tolerance_days for i in answer.items for p in i.parts),
        methods=sorted({f"{f['method']} {f['version']}" for f in findings}),
        left_out=_left_out(answer),
        closed=_closed,
        short=_short_digest,
        case_link=partial(_link, known, "items", ""),
        item_link=item_link,
        parts_anchor=_parts_anchor,
    )


def _parts_anchor(item: ItemView) -> str:
    return anchor("parts", item.item_id)


def _charts(items: Sequence[ItemView]) -> tuple[Markup, ...]:
    """The chart twice: for wide and for narrow pages; CSS shows one. None when nothing is dated."""
    if left_of_chart(items)[0] is None:
        return ()
    title, desc = label("chart-title"), label("chart-desc")
    return tuple(
        Markup(to_svg(when_made_spec(items, size=size), name=name, title=title, desc=desc))  # noqa: S704 - escaped there
        for name, size in (("wide", WIDE), ("narrow", NARROW))
    )


def _left_out(answer: WhenMade) -> list[Mapping[str, Any]]:
    """What the case's finding left out; without one, what the items' findings did, by reason."""
    if answer.case is not None and answer.case["left_out"]:
        return list(answer.case["left_out"])
    counts: dict[str, int] = {}
    for item in answer.items:
        for x in item.finding["left_out"]:
            counts[x["why"]] = counts.get(x["why"], 0) + x["n"]
    return [{"why": why, "n": n} for why, n in sorted(counts.items(), key=lambda w: (-w[1], w[0]))]


def _bound(value: Any) -> str:
    """A number or day as a table cell: ISO days in words, whole numbers grouped, the rest as it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        return integer(value)
    text = visible(str(value))
    return day(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else text


def _closed(by: Sequence[str]) -> str:
    """What ruled the other decades out, in words; a way nobody has words for is shown as it is."""
    words = {way: label(f"closed-{way}") for way in ("known", "launch", "neighbours")}
    return ", ".join(words.get(way, visible(way)) for way in by)


def _short_digest(digest: str | None) -> str:
    """The first letters of a digest, enough to find the exhibit or record by."""
    return f"{(digest or '').removeprefix('sha256:')[:8]}…"


def _shown(value: Any) -> Any:
    """Every expression of every template passes here: no template can forget to lay open what hides."""
    return laid_open(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("taggant.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.globals.update(day=day, number=integer, bound=_bound, visible=visible, version=__version__)
    return environment


def _style() -> Markup:
    text = resources.files("taggant.report").joinpath("templates", "look.css").read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - the style sheet of this package


def _render(template: str, case_view: CaseView, answer_for_nav: WhenMade, **context: Any) -> str:
    words = partial(label, lang=case_view.language)
    context |= {"case": case_view, "lang": case_view.language, "t": words, "css": _style()}
    context["questions"] = _questions(case_view, answer_for_nav)
    text = _environment().get_template(template).render(context)
    return _without_empty_lines(text.splitlines())


def _without_empty_lines(lines: Iterable[str]) -> str:
    return "\n".join(line.rstrip() for line in lines if line.strip()) + "\n"
