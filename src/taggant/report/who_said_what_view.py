"""What the page of who-said-what shows beside its findings: sets that cannot all hold, pairs, roots, grades.

Invariant: grades stand as given, letter and digit each in its own column; none is multiplied or averaged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from taggant.report.cells import Way
from taggant.report.contradiction_view import contradiction_section, quantity_words, said_words
from taggant.report.dossier import Dossier, Finding
from taggant.report.phrases import label
from taggant.report.rival_view import fit_section, lineage_chart, lineage_section, rivals_sections
from taggant.report.sections import (
    Extra,
    Group,
    Heading,
    Line,
    Section,
    count_cell,
    named_cell,
    table_section,
)
from taggant.report.visible import visible

_SETS_MOST = 12
"""Sets shown of one kind of explanation; the table's own page has them all."""
_ORDER = ("measure", "scope", "decoys", "period", "rounding", "multiplier", "none", "stance")


def who_said_what_view(dossier: Dossier, _findings: Sequence[Finding], way: Way) -> Extra:
    """What does the page of who-said-what show beside its findings?

    Parameters
    ----------
    dossier : Dossier
    _findings : sequence of dict
    way : callable
        Where things are.

    Returns
    -------
    Extra

    Notes
    -----
    *Assumes:* the tables of the question's steps.
    *Not for:* deciding which claim is right.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> who_said_what_view(Dossier(case=case, answers={}, frames={}), (), lambda t, k: None).sections
    ()
    """
    roots = ("claim_id", "root", "ended_by", "topic", "scope", "stance")
    return Extra(
        charts=lineage_chart(dossier),
        sections=(
            *rivals_sections(dossier, way=way),
            *lineage_section(dossier, way=way),
            *_sets(dossier, way),
            *fit_section(dossier),
            *contradiction_section(dossier, way=way),
            *_each_root(dossier),
            *_grades(dossier),
            *table_section(dossier, "claim_root", roots, heading=label("whose-words"), way=way),
        ),
    )


def _sets(dossier: Dossier, way: Way) -> tuple[Section, ...]:
    by: dict[str, list[Mapping[str, Any]]] = {}
    for row in dossier.rows.get("infeasible_set", {}).values():
        if row["kind"] != "stance":
            by.setdefault(row["explained_by"], []).append(row)
    if not by:
        return ()
    groups = tuple(
        Group(
            tuple(_set_line(dossier, row, way) for row in sorted(by[name], key=_urgent)[:_SETS_MOST]),
            label(f"reading-set-{name}", {"n": len(by[name])}),
        )
        for name in _ORDER
        if name in by
    )
    n_shown = sum(len(g.lines) for g in groups)
    columns = tuple(Heading(label(name)) for name in ("set-claims", "set-lets", "set-roots"))
    return (
        Section(
            heading=label("sets"), table="infeasible_set", columns=columns, groups=groups,
            n_more=dossier.n_rows["infeasible_set"] - n_shown, note=label("sets-note"), look="pairs",
        ),
    )  # fmt: skip


def _urgent(row: Mapping[str, Any]) -> tuple[bool, float, str]:
    """What was made before what was planned; the widest gap first."""
    return row["world"] == "planned", -(row["slack_share"] or 0.0), row["set_id"]


def _set_line(dossier: Dossier, row: Mapping[str, Any], way: Way) -> Line:
    members = []
    for name in row["claims"]:
        claim = dossier.row("claim", name) or {}
        number = quantity_words(claim) or ""
        who = visible(claim.get("speaker") or name)
        when = f", {said_words(claim['said'])}" if claim.get("said") else ""
        members.append((f"{number} — {who}{when}", way("claim", name)))
    first, *others = members
    changed = row["changed_claim_id"]
    lets = _lets(row)
    under: list[tuple[str, str | None]] = [(visible(x), None) for x in row["also"][:2]] if changed else []
    if changed is not None:
        under.insert(0, (dossier.name("claim", changed), way("claim", changed)))
    return Line((
        named_cell(first[0], href=first[1], under=others),
        named_cell(lets, under=under),
        count_cell(row["n_roots"]),
    ))  # fmt: skip


def _lets(row: Mapping[str, Any]) -> str:
    amount = row["amount"]
    values = {} if amount is None else {"amount": f"{amount:,.0f}".replace(",", "\u202f")}
    by = row["explained_by"]
    if by == "period" and amount is None:
        return label("reading-lets-period-free")
    return label(f"reading-lets-{by}", values)


def _each_root(dossier: Dossier) -> tuple[Section, ...]:
    carried = dossier.rows.get("corroboration", {}).values()
    rows = [r for r in carried if r["n_claims"] > r["n_denials"] and r["n_claims"] > 1]
    if not rows:
        return ()
    rows.sort(key=lambda r: (-r["n_claims"], r["topic"], r["scope"], r["root"]))
    lines = tuple(
        Line((
            named_cell(visible(r["root"])),
            named_cell(" · ".join(w for w in (label(f"topic-{r['topic']}"), visible(r["scope"])) if w)),
            count_cell(r["n_claims"]), count_cell(r["n_carriers"]), count_cell(r["n_roots_left"]),
            count_cell(r["n_claims_left"]),
        ))
        for r in rows[:_SETS_MOST * 2]
    )  # fmt: skip
    names = ("root-name", "root-topic", "root-claims", "root-carriers", "root-roots-left", "root-claims-left")
    columns = tuple(Heading(label(name), n > 1) for n, name in enumerate(names))
    return (
        Section(
            heading=label("each-root"), table="corroboration", columns=columns, groups=(Group(lines),),
            n_more=dossier.n_rows["corroboration"] - len(lines), note=label("each-root-note"), is_named=True,
        ),
    )  # fmt: skip


def _grades(dossier: Dossier) -> tuple[Section, ...]:
    """How many claims stand at each letter of their source and digit of their own: counted, not multiplied."""
    claims = dossier.rows.get("claim", {}).values()
    counts: Counter[tuple[str, str]] = Counter()
    for c in claims:
        source = dossier.row("source", str(c["source_id"])) or {}
        counts[source.get("reliability") or "–", c.get("credibility") or "–"] += 1
    if not claims or set(counts) == {("–", "–")}:
        return ()
    digits = ("1", "2", "3", "4", "5", "6", "–")
    lines = tuple(
        Line((named_cell(letter), *(count_cell(counts[letter, d] or None) for d in digits)))
        for letter in ("A", "B", "C", "D", "E", "F", "–")
        if any(counts[letter, d] for d in digits)
    )
    columns = (Heading(label("grade-letter")), *(Heading(d, is_number=True) for d in digits))
    return (
        Section(
            heading=label("grades"), table="claim", columns=columns, groups=(Group(lines),), note=label("grades-note"),
            is_named=True,
        ),
    )  # fmt: skip
