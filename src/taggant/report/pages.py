"""Each page of a case as HTML, from the dossier alone.

Invariant: no page is written anywhere else; every expression of every template is escaped and laid open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from taggant import __version__
from taggant.model.declared import schema_of
from taggant.model.derived_tables import DERIVED
from taggant.model.typed_tables import TYPED
from taggant.reference import DateCodeRule, load_date_code_rules
from taggant.report.addresses import page_address, root_from, table_address, twin
from taggant.report.cells import Way
from taggant.report.dossier import CommitView, Dossier
from taggant.report.finding_view import FindingView, bound_words, finding_view, is_of_shares, whole_percent
from taggant.report.links import anchor
from taggant.report.party_view import party_view
from taggant.report.phrases import day, integer, label, questions
from taggant.report.question_views import question_view
from taggant.report.review import needs_review
from taggant.report.row_view import LINES_MOST, listed, row_view, table_words
from taggant.report.sections import derived_cell
from taggant.report.view import QUESTION
from taggant.report.visible import laid_open, visible
from taggant.report.when_made_page import when_made_context

POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
"""What a page may load: its own style sheet and fonts, nothing else."""

_HOME_MOST = 15
_SAID_MOST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """One of the ten in the navigation."""

    name: str
    title: str
    state: str
    page: str | None = None
    answer: Markup | None = None


def way_from(dossier: Dossier, here: str) -> Way:
    """How does this page name other things?

    Parameters
    ----------
    dossier : Dossier
    here : str
        Address of the page.

    Returns
    -------
    callable
        (table, key) → link from that page, None when there is no such thing.

    Notes
    -----
    *Assumes:* the page is of this site.
    *Not for:* addresses of the web.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> way_from(Dossier(case=case, answers={}, frames={}), "index.html")("item", "nobody") is None
    True
    """
    root = root_from(here)

    def way(kind: str, key: str) -> str | None:
        address = dossier.address(kind, key)
        if address is None:
            return None
        page, _, place = address.partition("#")
        return f"#{place}" if page == here and place else f"{root}{address}"

    return way


def home_page(dossier: Dossier) -> str:
    """Give the home of the case: ten questions, what needs review, what is held and cited."""
    way = way_from(dossier, "index.html")
    held: list[dict[str, Any]] = [
        {"key": key, "file": row.get("file") or key, "size": row.get("size"), "href": way("exhibit", key),
         "n_rows": len(dossier.read_from.get(key, ()))}
        for key, row in dossier.rows.get("exhibit", {}).items()
    ]  # fmt: skip
    held.sort(key=lambda e: (-e["n_rows"], e["file"]))
    cited: list[dict[str, Any]] = [
        {"title": row.get("title") or key, "publisher": row.get("publisher"), "href": way("source", key),
         "n_rows": len(dossier.namers.get(("source", key), ()))}
        for key, row in dossier.rows.get("source", {}).items()
    ]  # fmt: skip
    cited.sort(key=lambda s: (-s["n_rows"], s["title"]))
    return _render(
        "index.html.j2",
        dossier,
        "index.html",
        review=needs_review(dossier),
        held=held,
        cited=cited[:_HOME_MOST],
        n_cited=len(cited),
    )


def when_made_page(dossier: Dossier) -> str:
    """Give the page of when-made, which has a view of its own."""
    address = f"{QUESTION}.html"
    context = when_made_context(dossier, way=way_from(dossier, address))
    return _render("when-made.html.j2", dossier, address, here=QUESTION, n_question=_number(QUESTION), **context)


def question_page(dossier: Dossier, question: str) -> str:
    """Give the page of any question, from its findings and what `question_views` adds."""
    address = f"{question}.html"
    way = way_from(dossier, address)
    findings = dossier.answers[question]
    shared = _shared(findings)
    views = [_with_own(finding_view(dossier, f, way=way), shared) for f in findings]
    lead = dossier.lead(question)
    return _render(
        "question.html.j2",
        dossier,
        address,
        here=question,
        title=questions(lang=dossier.case.language)[question],
        n_question=_number(question),
        lead=None if lead is None else finding_view(dossier, lead, way=way),
        views=views,
        shared=shared,
        extra=question_view(dossier, question, way=way),
        listed_tables=dossier.table_names,
        answer_tables=[n for n in dossier.answer_tables.get(question, ()) if n in dossier.table_names],
    )


def row_page(dossier: Dossier, table: str, key: str) -> str:
    """Give the page of one row of a typed table."""
    address = page_address(table, key)
    way = way_from(dossier, address)
    reading = dossier.readings.get(key) if table == "component" else None
    read_here = dossier.read_from.get(key, ()) if table == "exhibit" else ()
    return _render(
        "row.html.j2",
        dossier,
        address,
        v=row_view(dossier, table, key, way=way),
        reading=reading,
        rule=_rules().get(reading.rule) if reading is not None and reading.rule is not None else None,
        extra=party_view(dossier, key, way) if table == "party" else None,
        read_here=[(n, t, k, dossier.name(t, k), way(t, k)) for n, t, k in read_here[:LINES_MOST]],
        n_read_here=len(read_here),
        said_most=_SAID_MOST,
        titles=questions(lang=dossier.case.language),
    )


def table_page(dossier: Dossier, name: str) -> str:
    """Give the page of one table: typed rows lead to their pages, derived ones stand here."""
    address = table_address(name)
    way = way_from(dossier, address)
    schema = schema_of(name)
    context: dict[str, Any] = {"listed": None, "columns": (), "lines": ()}
    if name in TYPED:
        context["listed"] = listed(dossier, name, list(dossier.rows[name]), heading=table_words(name), way=way)
    else:
        rows = dossier.rows[name]
        columns = [c for c in schema.columns if any(row.get(c.name) not in (None, []) for row in rows.values())]
        context["columns"] = columns
        context["lines"] = [
            {"anchor": anchor("row", key), "cells": [derived_cell(dossier, c, row.get(c.name), way) for c in columns]}
            for key, row in rows.items()
        ]
    return _render(
        "table.html.j2",
        dossier,
        address,
        here="tables",
        name=name,
        title=table_words(name),
        meaning=schema.meaning,
        n_rows=dossier.n_rows[name],
        **context,
    )


def tables_page(dossier: Dossier) -> str:
    """Give the list of all tables."""
    tables = [
        {"name": n, "words": table_words(n), "meaning": schema_of(n).meaning, "n": dossier.n_rows[n],
         "is_derived": n in DERIVED}
        for n in dossier.table_names
    ]  # fmt: skip
    return _render("tables.html.j2", dossier, "tables.html", here="tables", tables=tables)


def log_page(dossier: Dossier) -> str:
    """Give the log: every commit, newest first."""
    commits = [(c, page_address("commit", c.commit_id)) for c in dossier.commits]
    return _render("log.html.j2", dossier, "log.html", here="log", commits=commits)


def commit_page(dossier: Dossier, commit: CommitView) -> str:
    """Give the page of one commit, with its records."""
    address = page_address("commit", commit.commit_id)
    way = way_from(dossier, address)
    return _render(
        "commit.html.j2",
        dossier,
        address,
        here="log",
        c=commit,
        parents=[(parent, way("commit", parent)) for parent in commit.parents],
        records=[(r, dossier.name(r.table, r.key), way(r.table, r.key)) for r in commit.records[:LINES_MOST]],
    )


def missing_page(dossier: Dossier) -> str:
    """Give the page for an address there is nothing at. It may stand anywhere, so its links begin at the root."""
    return _render("missing.html.j2", dossier, "404.html", root="/", link_root="/")


def _number(question: str) -> int:
    return list(questions()).index(question) + 1


def _shared(findings: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What every answered finding assumes alike is said once."""
    answered = [f["assumptions"] for f in findings if f["refused"] is None]
    if len(answered) < 2:
        return []
    first, *others = answered
    return [a for a in first if all(a in other for other in others)]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A finding's view, with the assumptions that are its own."""

    view: FindingView
    own_assumptions: tuple[Mapping[str, Any], ...]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.view, name)


def _with_own(view: FindingView, shared: Sequence[Mapping[str, Any]]) -> _Shown:
    return _Shown(view, tuple(a for a in view.finding["assumptions"] if a not in shared))


@lru_cache(maxsize=1)
def _rules() -> Mapping[str, DateCodeRule]:
    return {rule.id: rule for rule in load_date_code_rules()}


def _questions(dossier: Dossier, address: str) -> tuple[_Question, ...]:
    """The ten, with their states; on the home also with their answers."""
    is_home = address == "index.html"
    way = way_from(dossier, address)
    found = []
    for name, title in questions(lang=dossier.case.language).items():
        state = dossier.state(name)
        if state == "not-built":
            found.append(_Question(name=name, title=title, state=state))
            continue
        lead = dossier.lead(name) if is_home else None
        page = f"{name}.html"
        answer = None
        if lead is not None:
            view = finding_view(dossier, lead, way=way)
            answer = view.sentence.html(partial(_home_link, page, view))
        found.append(_Question(name=name, title=title, state=state, page=page, answer=answer))
    return tuple(found)


def _home_link(page: str, view: FindingView, name: str, references: Sequence[str]) -> str:
    """On the home a value leads to its one thing, or to the question's page, where all it rests on is listed."""
    address = view.link(name, references) or ""
    if not address.startswith("#"):
        return address
    return f"{page}#items" if page == f"{QUESTION}.html" else f"{page}{address}"


def _short_digest(digest: str | None) -> str:
    """The first letters of a digest, enough to find the exhibit or record by."""
    return f"{(digest or '').removeprefix('sha256:')[:8]}…"


def _closed(by: Sequence[str]) -> str:
    """What ruled the other decades out, in words; a way nobody has words for is shown as it is."""
    words = {way: label(f"closed-{way}") for way in ("known", "launch", "neighbours")}
    return ", ".join(words.get(way, visible(way)) for way in by)


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
    environment.globals.update(
        day=day, number=integer, bound=bound_words, percent=whole_percent,
        is_of_shares=is_of_shares, visible=visible, version=__version__, closed=_closed,
        short=_short_digest, anchor=anchor, table_words=table_words, policy=POLICY,
    )  # fmt: skip
    return environment


def _render(template: str, dossier: Dossier, address: str, **context: Any) -> str:
    case = dossier.case
    words: Callable[..., str] = partial(label, lang=case.language)
    way = way_from(dossier, address)
    whole = {
        "case": case,
        "lang": case.language,
        "t": words,
        "here": None,
        "root": root_from(address),
        "twin": twin(address).rpartition("/")[2],
        "way": way,
        "commit_href": way("commit", case.commit),
        "questions": _questions(dossier, address),
    } | context
    text = _environment().get_template(template).render(whole)
    return _without_empty_lines(text.splitlines())


def _without_empty_lines(lines: Iterable[str]) -> str:
    return "\n".join(line.rstrip() for line in lines if line.strip()) + "\n"
