"""`case.toml`: what the case is called, for which day it answers, and what was planned.

Invariant: a name that is not declared is an issue, never ignored: a misspelt `as_of` would change every answer.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from taggant.errors import BadTables, InputError, Issue
from taggant.evidence.cells import Refusal, read_cell
from taggant.evidence.issues import IssueList, did_you_mean, shown
from taggant.evidence.sealing import SealKey
from taggant.model.tables import Column, Kind
from taggant.model.typed_tables import TLP

NAME = "case.toml"

_SCALARS = ("uuid", "title", "subject", "as_of", "tlp", "language")
_PLAN = ("title", "scope", "quantity", "measure", "per", "since", "by", "source_id", "locator")
_PLAN_WORDS = {"measure": ("total", "rate", "capacity"), "per": ("day", "week", "month", "year")}
_DATE = Column("date", Kind.DATE, "A date.")
_NUMBER = Column("quantity", Kind.DECIMAL, "A number.")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_SIZE_BOUND = 1024 * 1024
_MOST_KM = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a party intends to make, by when.

    Attributes
    ----------
    title, scope : str
    quantity : str
        Decimal text as typed.
    measure : str or None
        total, rate or capacity; None: a total.
    per : str or None
        For a rate or capacity: day, week, month or year.
    since : str or None
        Date (EDTF) as typed: from when what is made counts; None: from the beginning.
    by : str or None
        Date (EDTF) as typed.
    source_id, locator : str or None
    """

    title: str
    scope: str
    quantity: str
    measure: str | None = None
    per: str | None = None
    since: str | None = None
    by: str | None = None
    source_id: str | None = None
    locator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What `case.toml` says.

    Attributes
    ----------
    uuid : str
        Names the case for ever; a thing's full name is `uuid/table/key`.
    title : str
    subject : str or None
    as_of : str or None
        The day the answers are for, as typed; None: today.
    tlp : str
        Traffic Light Protocol 2.0 level of every row without one of its own. RED when the file does not say: what
        nobody has released must not leak.
    language : str or None
    plans : tuple of Plan
    parameters : mapping
        Question → its parameters, as typed.
    seal_to : tuple of str
        Public lines of the custodians' keys (`taggant seal-key`).
    blur_km : float
        At CLEAR and GREEN places are shown no closer than this; 0: as stated.
    """

    uuid: str
    title: str
    subject: str | None = None
    as_of: str | None = None
    tlp: str = "RED"
    language: str | None = None
    plans: tuple[Plan, ...] = ()
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    seal_to: tuple[str, ...] = ()
    blur_km: float = 0.0


def read_case_toml(path: Path) -> Case:
    r"""What does this case file say?

    Parameters
    ----------
    path : Path
        `case.toml`.

    Returns
    -------
    Case

    Raises
    ------
    BadTables
        The file is missing, is no TOML, or says something undeclared; every such place is in `.issues`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "case.toml")
    ...     _ = file.write_text('uuid = "0b0e0000-0000-4000-8000-000000000001"\ntitle = "Kestrel"\n')
    ...     read_case_toml(file).title
    'Kestrel'
    """
    issues = IssueList()
    case = check_case_toml(path, NAME, issues)
    if case is None:
        raise BadTables(
            f"{path.name} cannot be read as a case file",
            issues.all(),
            so_what="Nothing of this case was read",
            next=issues.all()[0].next,
        )
    return case


def check_case_toml(path: Path, label: str, issues: IssueList) -> Case | None:
    """Give what the case file says, or None with the reasons on the list."""
    table = _load(path, label, issues)
    if table is None:
        return None
    before = len(issues.all())

    def wrong(kind: str, what: str, column: str, value: object, next_step: str) -> None:
        shown_value = None if value is None else shown(str(value))
        issues.add(Issue(kind=kind, what=what, file=label, column=column, value=shown_value, next=next_step))

    said: dict[str, str | None] = dict.fromkeys(_SCALARS)
    parameters: dict[str, Mapping[str, Any]] = {}
    for name, value in table.items():
        if name in _SCALARS:
            said[name] = _text(value, name, wrong)
        elif name in ("plan", "seal_to", "blur_km"):
            continue
        elif isinstance(value, dict):
            parameters[name] = value
        else:
            wrong("unknown name", f"a case file has no {name!r}", name, value, did_you_mean(
                name, (*_SCALARS, "seal_to", "blur_km", "plan"), "Remove the line; parameters stand under [QUESTION]"
            ))  # fmt: skip
    for name in ("uuid", "title"):
        if not said[name] and name not in table:
            wrong("missing value", f"the case has no {name}", name, None, f'Add {name} = "…"')
    if said["uuid"] is not None and not _is_uuid(said["uuid"]):
        wrong("bad uuid", f"{said['uuid']!r} is no UUID", "uuid", said["uuid"], "Keep the one `taggant new` wrote")
    if said["tlp"] is not None and said["tlp"] not in TLP:
        wrong("unknown word", f"{said['tlp']!r} is no TLP level: {', '.join(TLP)}", "tlp", said["tlp"], did_you_mean(
            said["tlp"].upper(), TLP, "Use one of these"
        ))  # fmt: skip
    if said["as_of"] is not None:
        read = read_cell(_DATE, said["as_of"])
        if isinstance(read, Refusal):
            wrong(read.kind, read.what, "as_of", said["as_of"], read.next)
    plans = _plans(table.get("plan", []), wrong)
    seal_to = _keys(table.get("seal_to", []), wrong)
    blur_km = table.get("blur_km", 0)
    if isinstance(blur_km, bool) or not isinstance(blur_km, int | float) or not 0 <= blur_km <= _MOST_KM:
        wrong(
            "bad radius",
            f"blur_km is no number of kilometres up to {_MOST_KM}",
            "blur_km",
            blur_km,
            "Write blur_km = 10",
        )
    if len(issues.all()) > before:
        return None
    return Case(
        uuid=str(said["uuid"]).lower(),
        title=str(said["title"]),
        subject=said["subject"],
        as_of=said["as_of"],
        tlp=said["tlp"] or "RED",
        language=said["language"],
        plans=plans,
        parameters=parameters,
        seal_to=seal_to,
        blur_km=float(blur_km),
    )


def _keys(value: object, wrong: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        wrong(
            "bad key", "seal_to must be a list of lines", "seal_to", None, 'Write seal_to = ["taggant-seal-public-1:…"]'
        )
        return ()
    for line in value:
        try:
            SealKey.read(line)
        except InputError as err:
            wrong("bad key", err.what, "seal_to", None, err.next or "Make one with taggant seal-key FILE")
    return tuple(value)


def _load(path: Path, label: str, issues: IssueList) -> dict[str, Any] | None:
    try:
        if path.stat().st_size > _SIZE_BOUND:
            issues.add(Issue(kind="file too large", what="a case file has some lines, not a megabyte", file=label))
            return None
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        next_step = "Write one with uuid and title, or make the folder with `taggant new`"
        issues.add(Issue(kind="missing file", what=f"there is no {NAME}", file=label, next=next_step))
    except OSError as err:
        what = f"the file cannot be read: {err.strerror or err}"
        issues.add(Issue(kind="unreadable file", what=what, file=label, next="Give yourself the right to read it"))
    except UnicodeDecodeError as err:
        what = f"the file is not UTF-8 (offset {err.start})"
        issues.add(Issue(kind="wrong encoding", what=what, file=label, next="Save it as UTF-8"))
    except RecursionError:
        issues.add(Issue(kind="bad TOML", what="the file nests too deeply", file=label, next="Write it by hand again"))
    except tomllib.TOMLDecodeError as err:
        line = _AT_LINE.search(str(err))
        issues.add(Issue(
            kind="bad TOML", what=f"the file is no TOML: {err}", file=label, row=int(line[1]) if line else None,
            next="Put text into double quotes, one NAME = VALUE a line",
        ))  # fmt: skip
    return None


def _text(value: object, name: str, wrong: Any) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        if value.strip():
            return value.strip()
        if name not in {"uuid", "title"}:
            return None
    wrong("not text", f"{name} must be text", name, value, f'Write {name} = "…"')
    return None


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _plans(value: object, wrong: Any) -> tuple[Plan, ...]:
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        wrong("bad plan", "plan must be a list of tables", "plan", value, "Write [[plan]] above each plan")
        return ()
    plans: list[Plan] = []
    for at, table in enumerate(value, start=1):
        where = f"plan {at}"
        said: dict[str, str | None] = dict.fromkeys(_PLAN)
        for name, raw in table.items():
            if name not in _PLAN:
                wrong("unknown name", f"{where} has {name!r}", f"plan.{name}", raw, did_you_mean(
                    name, _PLAN, f"A plan has: {', '.join(_PLAN)}"
                ))  # fmt: skip
            elif name == "quantity" and isinstance(raw, int) and not isinstance(raw, bool):
                said[name] = str(raw)
            else:
                said[name] = _text(raw, f"plan.{name}", wrong)
        for name in ("title", "scope", "quantity"):
            if name not in table:
                wrong("missing value", f"{where} has no {name}", f"plan.{name}", None, f"Add {name} under [[plan]]")
        for name, words in _PLAN_WORDS.items():
            text = said[name]
            if text is not None and text not in words:
                wrong("unknown word", f"{where} has {name} {text!r}", f"plan.{name}", text, did_you_mean(
                    text, words, f"Use one of: {', '.join(words)}"
                ))  # fmt: skip
        if (said["per"] is None) == (said["measure"] in {"rate", "capacity"}):
            what = f"{where}: per stands with a rate or capacity, and only there"
            wrong("missing value", what, "plan.per", said["per"], 'Add measure = "rate" and per = "month", or neither')
        for name, column in (("quantity", _NUMBER), ("since", _DATE), ("by", _DATE)):
            text = said[name]
            read = None if text is None else read_cell(column, text)
            if isinstance(read, Refusal):
                wrong(read.kind, f"{where}: {read.what}", f"plan.{name}", text, read.next)
        if said["title"] is not None and said["title"] in {plan.title for plan in plans}:
            wrong(
                "duplicate key",
                f"{where} has the title of another plan",
                "plan.title",
                said["title"],
                "Tell them apart",
            )
        elif all(said[name] for name in ("title", "scope", "quantity")):
            plans.append(Plan(**said))  # type: ignore[arg-type]  # the three that must be there are
    return tuple(plans)
