"""A case opened for its pages, at one level of the Traffic Light Protocol.

Invariant: what is above the level never reaches a page. Where anything is withheld, the answers are computed again from
the rows that may be shown, so that no number, reason or sentence carries what a withheld row says.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from taggant import steps
from taggant.evidence.casefile import NAME, Case, read_case_toml
from taggant.ledger.ledger import Ledger
from taggant.ledger.showing import Showing, shown_at
from taggant.model.blurring import blur_body, blur_frame
from taggant.model.derived_tables import DERIVED
from taggant.model.record import Record
from taggant.model.step import Question
from taggant.model.typed_tables import TYPED
from taggant.report.dossier import CaseView, Dossier, RecordView
from taggant.run import Progress, Run
from taggant.run import run as walk
from taggant.web.chronicle import chronicle
from taggant.writing.edtf import parse_edtf

DEFAULT_LEVEL = "CLEAR"
"""What is handed over shows this level unless somebody says another."""


@dataclass(frozen=True, slots=True)
class _Answers:
    findings: Mapping[str, Sequence[Mapping[str, Any]]]
    frames: Mapping[str, pl.DataFrame]


def open_dossier(
    folder: Path,
    *,
    level: str | None = None,
    as_of: str | None = None,
    parameters: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Dossier:
    """What may be shown of this case at this level?

    Parameters
    ----------
    folder : Path
        The case folder.
    level : str, optional
        The highest TLP level shown; the case's own when left out.
    as_of : str, optional
        A date or a commit: the case as this ledger knew it then.
    parameters : mapping of str to str, optional
        Values of steps' parameters; they go before those the case sets.
    progress : callable, optional
        Called with (what, done, of).

    Returns
    -------
    Dossier

    Raises
    ------
    BadTables
        `case.toml` is missing or says something undeclared.
    InputError
        The folder holds no ledger; the level is none of TLP 2.0.
    EvidenceBroken
        What the ledger holds does not hold together.

    Notes
    -----
    *Assumes:* `case.toml` itself may be shown.
    *Not for:* writing: the case is read only.
    """
    case = read_case_toml(folder / NAME)
    level = level or case.tlp
    chosen = case_parameters(case) | dict(parameters or {})
    with Ledger.open(folder) as ledger:
        head = ledger.head(as_of)
        showing = shown_at(ledger, level=level, case_level=case.tlp, as_of=as_of, blur_km=case.blur_km)
    shown, radius = showing.clearance, showing.blur_km
    if shown.hidden or showing.placed:
        answers = _answered_again(folder, showing, as_of=as_of, parameters=chosen, progress=progress)
    else:
        run = walk(folder, as_of=as_of, on=case_day(case), parameters=chosen, progress=progress)
        answers = _answers_of(run)
    commits, history = chronicle(folder, shown=shown, as_of=as_of, blur_km=radius)
    commit = None if head is None else head.commit_id
    return Dossier(
        case=CaseView(
            title=case.title,
            subject=case.subject or case.title,
            as_of=case_day(case),
            commit=commit or "",
            n_exhibits_held=shown.tables["exhibit"].height,
            n_sources_cited=shown.tables["source"].height,
            level=level,
            n_withheld=shown.n_withheld,
            blur_km=radius,
        ),
        answers={q: [{**f, "commit": commit} for f in found] for q, found in answers.findings.items()},
        frames={**shown.tables, **{name: blur_frame(name, f, radius) for name, f in answers.frames.items()}},
        answer_tables={q.name: _written_for(q) for q in steps.QUESTIONS if q.is_built},
        commits=commits,
        history=_history_of(history),
    )


def case_day(case: Case) -> date:
    """For which day are the answers: the last day of the case's `as_of`, else today?

    Parameters
    ----------
    case : Case

    Returns
    -------
    date

    Raises
    ------
    BadDate
        `as_of` is no date.

    Notes
    -----
    *Assumes:* a case without a day is asked today.
    *Not for:* what the ledger knew on a day.

    Examples
    --------
    >>> case_day(Case(uuid="u", title="K", as_of="2026-06")).isoformat()
    '2026-06-30'
    """
    today = datetime.now(UTC).date()
    return today if case.as_of is None else parse_edtf(case.as_of).last_on or today


def case_parameters(case: Case) -> dict[str, str]:
    """Which parameters of questions does the case set?

    Parameters
    ----------
    case : Case

    Returns
    -------
    dict of str to str

    Notes
    -----
    *Assumes:* one name means the same in every question.
    *Not for:* parameters given on a command line.

    Examples
    --------
    >>> case_parameters(Case(uuid="u", title="K", parameters={"how-many": {"serial_start": "any"}}))
    {'serial_start': 'any'}
    """
    return {name: str(value) for own in case.parameters.values() for name, value in own.items()}


def _answers_of(run: Run) -> _Answers:
    built = [q.name for q in steps.QUESTIONS if q.is_built]
    return _Answers(
        findings={name: run.findings(name) for name in built},
        frames={name: run.table(name).collect() for name in DERIVED if name in run.frames},
    )


def _answered_again(
    folder: Path,
    shown: Showing,
    *,
    as_of: str | None,
    parameters: Mapping[str, str],
    progress: Progress | None,
) -> _Answers:
    with _holding_only(folder, shown, as_of=as_of) as (aside, exhibits):
        day = case_day(read_case_toml(aside / NAME))
        return _answers_of(walk(aside, on=day, parameters=parameters, exhibits=exhibits, progress=progress))


@contextmanager
def case_at_level(folder: Path, level: str, *, as_of: str | None = None) -> Iterator[tuple[Path, Path]]:
    """Which case holds only what may be shown of this one at this level?

    Parameters
    ----------
    folder : Path
        The case folder.
    level : str
        The highest TLP level shown.
    as_of : str, optional
        A date or a commit.

    Yields
    ------
    tuple of Path
        A case folder, and where its exhibits lie: the case itself when nothing of it is withheld, else one that is
        removed afterwards. What is lazy must be collected before.

    Raises
    ------
    InputError, BadTables, EvidenceBroken
        As for `open_dossier`.

    Notes
    -----
    *Assumes:* `case.toml` itself may be shown.
    *Not for:* writing: what is committed there is gone afterwards.
    """
    case = read_case_toml(folder / NAME)
    with Ledger.open(folder) as ledger:
        shown = shown_at(ledger, level=level, case_level=case.tlp, as_of=as_of, blur_km=case.blur_km)
        exhibits = ledger.exhibits.folder
    if not shown.clearance.hidden and not shown.placed and as_of is None:
        yield folder, exhibits
        return
    with _holding_only(folder, shown, as_of=as_of) as made:
        yield made


@contextmanager
def _holding_only(folder: Path, shown: Showing, *, as_of: str | None) -> Iterator[tuple[Path, Path]]:
    """A ledger of its own that holds only what may be shown, removed afterwards."""
    aside = Path(tempfile.mkdtemp(prefix="taggant-cleared-"))
    try:
        shutil.copy(folder / NAME, aside / NAME)
        with Ledger.open(folder) as whole, Ledger.create(aside) as part:
            exhibits = whole.exhibits.folder
            records = [
                Record(
                    table=r.table,
                    key=r.key,
                    schema=TYPED[table].version,
                    body=blur_body(table, r.body, shown.blur_km),
                    # The same salt, so that the digests of what the answers rest on are the same each time.
                    salt=str(orjson.loads(r.canonical)["salt"]),
                    origin=r.origin,
                )
                for table in TYPED
                for r in whole.live(table, as_of)
                if (table, r.key) not in shown.clearance.hidden
                # What a typed file says is read from its rows; its text would hold the withheld ones.
                and not (table == "exhibit" and r.key in shown.typed_files)
            ]
            if records:
                part.commit(records, author="taggant", message=f"rows of level {shown.level} or below")
        yield aside, exhibits
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _written_for(question: Question) -> tuple[str, ...]:
    """The tables the question's own steps write, not those its steps only read."""
    return tuple(dict.fromkeys(table for name in question.steps for table in steps.step(name).writes))


def _history_of(
    history: Mapping[tuple[str, str], Sequence[RecordView]],
) -> Callable[[str, str], Sequence[RecordView]]:
    def of(table: str, key: str) -> Sequence[RecordView]:
        return history.get((table, key), ())

    return of
