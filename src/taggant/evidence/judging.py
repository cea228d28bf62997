"""Judging: what the machine proposed and nobody has decided yet, and a person's decision, kept in the ledger.

Invariant: a decision is one commit, on disk when it is acknowledged; nothing is edited, a later decision supersedes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from taggant.errors import BadDate, InputError, UnknownName
from taggant.evidence.confirmed_claims import rows_made
from taggant.ledger.commits import Commit, instant
from taggant.ledger.ledger import Ledger
from taggant.model.judgement_tables import JUDGEMENT, VERDICTS
from taggant.model.judgements import judged
from taggant.model.record import Body, Record, fresh_salt
from taggant.model.suggestions import SuggestionKind, suggestion_kind
from taggant.model.tables import frame_schema, join_key
from taggant.model.typed_tables import TYPED
from taggant.writing.edtf import parse_edtf
from taggant.writing.serial_letters import normalise_serial, split_serial

Verdict = Literal["confirm", "reject", "replace", "unsure"]

WAITING = ("unjudged", "changed")
"""States that wait for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One thing the machine proposes, with what was decided on it.

    Attributes
    ----------
    kind : SuggestionKind
    key : str
        Its key in the table of its kind.
    proposes : str
        What is proposed, as text.
    state : str
        One of `model.judgements.STATES`.
    rows : tuple of mapping
        Its rows in the table; more than one when several values are left.
    about : tuple of (str, str)
        (table, key) of the rows it rests on.
    value, why, by : str or None
        Of the live judgement.
    """

    kind: SuggestionKind
    key: str
    proposes: str
    state: str
    rows: tuple[Mapping[str, Any], ...]
    about: tuple[tuple[str, str], ...]
    value: str | None = None
    why: str | None = None
    by: str | None = None

    @property
    def name(self) -> str:
        """As `--only` takes it: ``kind:key``."""
        return f"{self.kind.name}:{self.key}"

    def as_json(self) -> dict[str, object]:
        """Give it as plain values."""
        return {
            "kind": self.kind.name,
            "suggestion": self.key,
            "proposes": self.proposes,
            "state": self.state,
            "value": self.value,
            "why": self.why,
            "by": self.by,
            "about": [f"{table}:{key}" for table, key in self.about],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision that was kept: what undoes it is at hand.

    Attributes
    ----------
    suggestion : Suggestion
        As it was before.
    commit : Commit
    before : dict or None
        The judgement it superseded; None: there was none.
    """

    suggestion: Suggestion
    verdict: str
    commit: Commit
    before: Body | None


def suggestions(ledger: Ledger, kind: str, frame: pl.DataFrame) -> list[Suggestion]:
    """What does the machine propose, and what was decided on it?

    Parameters
    ----------
    ledger : Ledger
    kind : str
        Name of a `SuggestionKind`.
    frame : polars.DataFrame
        The table of the kind, as its step wrote it.

    Returns
    -------
    list of Suggestion
        In the order of the table, each once.

    Raises
    ------
    UnknownName
        No kind has that name.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> readings = pl.DataFrame({"item_id": ["k1"], "source_id": ["s"], "state": ["read"], "normalised": ["K19"]})
    >>> with tempfile.TemporaryDirectory() as case, Ledger.create(Path(case)) as ledger:
    ...     [one] = suggestions(ledger, "serial-reading", readings)
    ...     _ = decide(ledger, one, "confirm", author="ada")
    ...     [again] = suggestions(ledger, "serial-reading", readings)
    >>> one.state, again.state, again.by
    ('unjudged', 'confirmed', 'ada')
    """
    k = suggestion_kind(kind)
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in judged(frame, _judgements(ledger), kind).iter_rows(named=True):
        if row["suggestion"] is not None:
            found.setdefault(row["suggestion"], []).append(row)
    return [_suggestion(k, key, rows) for key, rows in found.items()]


def _judgements(ledger: Ledger) -> pl.DataFrame:
    # Rows, not the snapshot: after each decision a new snapshot would be written.
    names = [c for c in frame_schema(TYPED["judgement"]) if c not in ("at", "about")]
    live = ledger.live_index("judgement")  # two of one suggestion, left by a merge, are settled first
    rows = [{name: row.body.get(name) for name in names} for row in live.values()]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String()))


def _suggestion(kind: SuggestionKind, key: str, rows: Sequence[Mapping[str, Any]]) -> Suggestion:
    first = rows[0]
    about = tuple(
        dict.fromkeys((table, join_key([r[c]])) for table, c in kind.evidence for r in rows if r.get(c) is not None)
    )
    is_judged = first["judged"] != "unjudged"
    return Suggestion(
        kind=kind,
        key=key,
        proposes=first["suggested"],
        state=first["judged"],
        rows=tuple(rows),
        about=about,
        value=first["judged_value"],
        why=first["judged_why"] if is_judged else None,
        by=first["judged_by"] if is_judged else None,
    )


def evidence_of(ledger: Ledger, suggestion: Suggestion) -> list[tuple[str, str, Body]]:
    """Which rows does this suggestion rest on?

    Returns
    -------
    list of (table, key, body)
        Those that are live.
    """
    rows = ((table, key, ledger.get(table, key)) for table, key in suggestion.about)
    return [(table, key, row.body) for table, key, row in rows if row is not None]


def checked_value(kind: SuggestionKind, value: str | None) -> str:
    """Can this stand for what the machine proposed? Gives it trimmed.

    Raises
    ------
    InputError
        It is empty, or not of the kind's form.

    Examples
    --------
    >>> checked_value(suggestion_kind("made-range"), " 2022-W14 ")
    '2022-W14'
    """
    text = (value or "").strip()
    step = f"Give {kind.replaced_by}"
    if not text:
        raise InputError("what holds instead is not said", where=kind.name, next=step)
    if kind.form == "date":
        try:
            made = parse_edtf(text)
        except BadDate as err:
            raise InputError(f"{text!r} is no date", where=kind.name, next=step) from err
        if made.from_on is None:
            raise InputError(f"{text!r} has no first day: it bounds nothing", where=kind.name, next=step)
    if kind.form == "serial":
        shape = split_serial(normalise_serial(text))
        if shape is None or not shape[0]:
            raise InputError(f"{text!r} is not letters followed by a number", where=kind.name, next=step)
    return text


def judgement_body(
    suggestion: Suggestion, verdict: str, *, value: str | None, why: str | None, author: str, at: str
) -> Body:
    """Give the row that says this decision.

    Raises
    ------
    UnknownName
        No such verdict.
    InputError
        A replacement without a value, or a value without a replacement.
    """
    if verdict not in VERDICTS:
        raise UnknownName("verdict", verdict, VERDICTS, where=suggestion.name)
    if verdict == "replace":
        value = checked_value(suggestion.kind, value)
    elif value is not None and value.strip():
        raise InputError(
            f"the verdict is {verdict} and a value is given, {value!r}",
            where=suggestion.name,
            next="Leave the value empty, or write replace",
        )
    else:
        value = None
    body: Body = {
        "kind": suggestion.kind.name,
        "suggestion": suggestion.key,
        "verdict": verdict,
        "value": value,
        "suggested": suggestion.proposes,
        "about": [f"{table}:{key}" for table, key in suggestion.about],
        "why": (why or "").strip() or None,
        "by": author,
        "at": at,
    }
    return {name: value for name, value in body.items() if value is not None}


def says_the_same(body: Body, before: Body | None) -> bool:
    """Whether a decision only repeats the live one: who and when do not count."""
    if before is None:
        return False
    names = ("verdict", "value", "suggested", "why")
    return all(body.get(name) == before.get(name) for name in names)


def decide(
    ledger: Ledger,
    suggestion: Suggestion,
    verdict: str,
    *,
    author: str,
    value: str | None = None,
    why: str | None = None,
    at: str | None = None,
) -> Decision:
    """What does the ledger know once this is decided?

    Parameters
    ----------
    ledger : Ledger
    suggestion : Suggestion
    verdict : {"confirm", "reject", "replace", "unsure"}
    author : str
        The person's handle in this case.
    value : str, optional
        For ``replace``: what holds instead.
    why : str, optional
    at : str, optional
        When (UTC); now by default.

    Returns
    -------
    Decision
        On disk when this returns.

    Raises
    ------
    InputError
        The value is not of the kind's form; somebody else decided in between.

    Notes
    -----
    *Assumes:* the person saw what `suggestion` proposes; that text is kept with the decision.
    *Not for:* rows a person types: they are corrected where they were typed.
    """
    body = judgement_body(suggestion, verdict, value=value, why=why, author=author, at=at or instant())
    key = join_key([suggestion.kind.name, suggestion.key])
    live = ledger.get("judgement", key)
    commit = ledger.commit(
        [
            judgement_record(key, body, [] if live is None else [live.record_id]),
            *rows_made(ledger, suggestion, verdict),
        ],
        author=author,
        message=f"judge {suggestion.kind.name}: {verdict}",
    )
    return Decision(
        suggestion=suggestion, verdict=verdict, commit=commit, before=None if live is None else dict(live.body)
    )


def take_back(ledger: Ledger, decision: Decision, *, author: str) -> Commit:
    """What does the ledger know once this decision is taken back? The history keeps it.

    Raises
    ------
    InputError
        It is no longer live.
    """
    key = join_key([decision.suggestion.kind.name, decision.suggestion.key])
    live = ledger.get("judgement", key)
    if live is None:
        raise InputError("this was taken back already", where=decision.suggestion.name)
    was = None if decision.before is None else str(decision.before["verdict"])
    records = [judgement_record(key, decision.before, [live.record_id]), *rows_made(ledger, decision.suggestion, was)]
    return ledger.commit(records, author=author, message=f"judge {decision.suggestion.kind.name}: taken back")


def judgement_record(key: str, body: Body | None, supersedes: Iterable[str]) -> Record:
    """Give the record that states this decision; a body of None takes it back."""
    return Record(
        table=JUDGEMENT.name,
        key=key,
        schema=TYPED[JUDGEMENT.name].version,
        body=body,
        supersedes=tuple(supersedes),
        salt=fresh_salt(),
    )
