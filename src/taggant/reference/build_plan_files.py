"""Plans of taking over production, stage by stage: which module is to come from which country.

A new plan is a file of `build_plans/`, no code. A plan says what was meant, not what was done.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from taggant.reference.citation import STATUSES, Citation, citations
from taggant.reference.entries import Entry, files_in, folder_of, toml_entry

_FOLDER = "build_plans"
MODULES = ("airframe", "electronics", "engine")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildStage:
    """One stage: the country each module is to come from."""

    id: str
    title: str
    countries: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildPlan:
    """A plan of stages, the designations it is about, and the pages it rests on."""

    id: str
    title: str
    meaning: str
    designations: tuple[str, ...]
    stages: tuple[BuildStage, ...]
    status: str
    note: str | None
    sources: tuple[Citation, ...]


def load_build_plans(*, folder: Path | None = None) -> tuple[BuildPlan, ...]:
    """Which plans of taking over production are known?

    Parameters
    ----------
    folder : Path, optional
        A folder with `build_plans/*.toml`; the packaged one when left out.

    Returns
    -------
    tuple of BuildPlan

    Raises
    ------
    InputError
        A file cannot be read, a key is missing or unknown, or a country is no code.

    Notes
    -----
    Assumes: a plan stands in the file of its name. Not for: what was carried out.

    Examples
    --------
    >>> [s.title for s in load_build_plans()[0].stages][0]
    'kits reassembled'
    """
    return _packaged() if folder is None else _read(folder)


@cache
def _packaged() -> tuple[BuildPlan, ...]:
    return _read(None)


def _read(folder: Path | None) -> tuple[BuildPlan, ...]:
    plans = []
    for file in files_in(folder_of(folder), _FOLDER, ".toml"):
        entry = toml_entry(file)
        plan = BuildPlan(
            id=entry.text("id"),
            title=entry.text("title"),
            meaning=entry.text("meaning"),
            designations=entry.texts("designations"),
            stages=tuple(_stage(row) for row in entry.entries("stage")),
            status=entry.one_of("status", STATUSES),
            note=entry.maybe_text("note"),
            sources=citations(entry, "source"),
        )
        entry.done()
        if file.name != f"{plan.id}.toml":
            raise entry.refuse(f"the id is {plan.id!r}", f"Rename the file to {plan.id}.toml, or correct the id")
        plans.append(plan)
    return tuple(plans)


def _stage(row: Entry) -> BuildStage:
    countries = {module: row.text(module) for module in MODULES}
    for country in countries.values():
        if not re.fullmatch("[A-Z]{2}", country):
            raise row.refuse(f"country {country!r}", "Write two capital letters")
    stage = BuildStage(id=row.text("id"), title=row.text("title"), countries=countries)
    row.done()
    return stage
