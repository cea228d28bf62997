"""Walks the map: tables in → function → tables and findings out; reuses what has not changed.

Invariant: a step's result is named by its key — digests of the tables read, the method's version, its parameters, the
reference and the program — and never changed once written. `runs/` can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from taggant import reference, steps
from taggant.errors import InputError, UnknownName
from taggant.ledger.ledger import Ledger
from taggant.model.canonical import Plain, digest
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer
from taggant.model.result import Json
from taggant.model.step import Step
from taggant.model.tables import frame_schema
from taggant.model.tracing_tables import LISTING
from taggant.model.typed_tables import TYPED
from taggant.report.phrases import say

Progress = Callable[[str, int, int], None]

_DONE = "step.json"


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one step wrote, and whether it had to be computed."""

    step: Step
    key: str
    folder: Path
    digests: Mapping[str, str]
    findings: tuple[dict[str, Json], ...]
    is_reused: bool


@dataclass(frozen=True, slots=True)
class Run:
    """The answers of one case at one commit.

    Attributes
    ----------
    folder : Path
        The case.
    commit : str or None
        The commit the answers are computed from; None for a case without one.
    """

    folder: Path
    commit: str | None
    as_of: date | None
    frames: Mapping[str, pl.LazyFrame]
    results: tuple[StepResult, ...]

    def findings(self, question: str) -> list[dict[str, Json]]:
        """Give a question's findings as Appendix B has them, in the order its steps state them."""
        by_step = {r.step.name: r.findings for r in self.results}
        return [f for name in steps.question(question).steps for f in by_step.get(name, ())]

    def table(self, name: str) -> pl.LazyFrame:
        """Give a typed or derived table of this run."""
        if name not in self.frames:
            raise InputError(
                f"table {name!r} is not part of this run", next="Run the question that needs it, or taggant run CASE"
            )
        return self.frames[name]


def run(
    folder: Path,
    questions: Sequence[str] = (),
    *,
    as_of: str | None = None,
    on: date | None = None,
    parameters: Mapping[str, str] | None = None,
    also: Iterable[str] = (),
    tables: Sequence[str] | None = None,
    exhibits: Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """What does the case say to these questions?

    Parameters
    ----------
    folder : Path
        The case folder.
    questions : sequence of str
        Names of questions; none: all that are built.
    as_of : str, optional
        A date or a commit: the case as this ledger knew it then.
    on : date, optional
        The day the answers are for; the case's `as_of`.
    parameters : mapping of str to str, optional
        Values for the steps' parameters, by name; what is not given keeps the map's value.
    also : iterable of str
        Typed tables wanted beside those the steps read (pages show sources and incidents).
    tables : sequence of str, optional
        Derived tables: only the steps that write them, and those before, run; no question is answered then.
    exhibits : Path, optional
        Where the files held lie; in the case by default.
    progress : callable, optional
        Called with (what, done, of).

    Returns
    -------
    Run

    Raises
    ------
    UnknownName
        A question is none of the ten.
    InputError
        The folder holds no ledger.
    EvidenceBroken
        What the ledger holds does not hold together.
    """
    todo = steps.steps_of(questions) if tables is None else steps.order(steps.writer_of()[t].name for t in tables)
    chosen = _chosen(parameters or {})
    runs = folder / ".taggant" / "runs"
    frames: dict[str, pl.LazyFrame] = {}
    digests: dict[str, str] = {}
    results: list[StepResult] = []
    with Ledger.open(folder) as ledger:
        held = exhibits or ledger.exhibits.folder
        head = ledger.head(as_of)
        commit = None if head is None else head.commit_id
        n_commits = len(ledger.log(as_of=as_of)) if any(s.counts_commits for s in todo) else 0
        for name in sorted({t for s in todo for t in s.reads if t in TYPED} | set(also)):
            if name == LISTING.name:
                frames[name], digests[name] = listings_held(ledger, as_of=as_of)
                continue
            snapshot = ledger.snapshot(name, as_of=as_of)
            frames[name], digests[name] = snapshot.frame, snapshot.digest
    for n, step in enumerate(todo):
        if progress is not None:
            progress(f"{step.room}: {step.verb}", n, len(todo))
        more: dict[str, Any] = {"exhibits": held} if step.opens_exhibits else {}
        if step.counts_commits:
            more["n_commits"] = n_commits
        result = _run_step(step, frames, digests, runs, on=on, chosen=chosen, commit=commit, more=more)
        results.append(result)
        for name in step.writes:
            frames[name] = pl.scan_parquet(result.folder / f"{name}.parquet")
            digests[name] = result.digests[name]
    if progress is not None:
        progress("done", len(todo), len(todo))
    frames |= _finding_tables(results)
    return Run(folder=folder, commit=commit, as_of=on, frames=frames, results=tuple(results))


def _chosen(parameters: Mapping[str, str]) -> dict[str, str]:
    known = {name for s in steps.STEPS for name, _ in s.parameters}
    for name in parameters:
        if name not in known:
            raise UnknownName("parameter", name, known)
    return dict(parameters)


def parameters_of(step: Step, chosen: Mapping[str, str]) -> dict[str, str]:
    """Give the values this step runs with."""
    return {name: chosen.get(name, value) for name, value in step.parameters}


def step_key(
    step: Step,
    digests: Mapping[str, str],
    *,
    on: date | None,
    chosen: Mapping[str, str] | None = None,
    n_commits: int | None = None,
) -> str:
    """Which name does the result of this step on these tables have?"""
    return digest(
        {
            **({} if n_commits is None else {"commits": n_commits}),
            "step": step.name,
            "version": step.version,
            "function": step.function,
            "reads": {name: digests[name] for name in step.reads},
            "on": None if on is None else on.isoformat(),
            "parameters": parameters_of(step, chosen or {}),
            "reference": reference.digest(),
            "program": program_digest(),
        }
    )


@cache
def program_digest() -> str:
    """Which sha256 do the program's own source files have? A changed program never reuses what an older one wrote."""
    whole = hashlib.sha256()
    root = Path(str(files("taggant")))
    for path in sorted(root.rglob("*.py")):
        whole.update(f"{path.relative_to(root).as_posix()}\0".encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _run_step(
    step: Step,
    frames: Mapping[str, pl.LazyFrame],
    digests: Mapping[str, str],
    runs: Path,
    *,
    on: date | None,
    chosen: Mapping[str, str],
    commit: str | None,
    more: Mapping[str, Any],
) -> StepResult:
    key = step_key(step, digests, on=on, chosen=chosen, n_commits=more.get("n_commits"))
    folder = runs / f"{step.name}-{key[:16]}"
    stored = _stored(step, folder)
    is_reused = stored is not None
    if stored is None:
        answer = _call(step, frames, on=on, chosen=chosen, more=more)
        stored = _write(step, key, answer, folder)
    inputs: list[Json] = [f"sha256:{digests[name]}" for name in step.reads]
    findings = tuple({**f, "text": _text(f), "commit": commit, "inputs": inputs} for f in stored["findings"])
    return StepResult(step, key, folder, stored["digests"], findings, is_reused)


def _call(
    step: Step,
    frames: Mapping[str, pl.LazyFrame],
    *,
    on: date | None,
    chosen: Mapping[str, str],
    more: Mapping[str, Any],
) -> Answer:
    module, _, name = step.function.partition(":")
    function = getattr(import_module(f"taggant.{module}"), name)
    tables = {table: frames[table] for table in step.reads}
    answer = function(**tables, as_of=on, **parameters_of(step, chosen), **more)
    if not isinstance(answer, Answer):
        raise InputError(f"step {step.name!r} gave {type(answer).__name__}, not an Answer", where=step.function)
    if set(answer.tables) != set(step.writes):
        raise InputError(
            f"step {step.name!r} gave tables {sorted(answer.tables)}; the map says {sorted(step.writes)}",
            where=step.function,
        )
    return answer


def _write(step: Step, key: str, answer: Answer, folder: Path) -> dict[str, Any]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Written aside and moved in whole: a killed run leaves a folder nobody looks at, never half a result.
    aside = Path(tempfile.mkdtemp(prefix=f".{step.name}-", dir=folder.parent))
    try:
        digests: dict[str, str] = {}
        for name in step.writes:
            frame = _checked(name, answer.tables[name], step)
            path = aside / f"{name}.parquet"
            frame.write_parquet(path)
            digests[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        stored = {
            "step": step.name,
            "version": step.version,
            "key": key,
            "digests": digests,
            "findings": [f.as_json() for f in answer.findings],
        }
        (aside / _DONE).write_bytes(orjson.dumps(stored))
        if folder.exists():
            shutil.rmtree(folder)
        aside.replace(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return stored


def _checked(name: str, frame: object, step: Step) -> pl.DataFrame:
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if not isinstance(frame, pl.DataFrame):
        raise InputError(f"step {step.name!r} gave no frame for table {name!r}", where=step.function)
    want = frame_schema(DERIVED[name])
    if dict(frame.schema) != want:
        wrong = sorted(set(want.items()) ^ set(frame.schema.items()), key=str)
        raise InputError(f"table {name!r} is not as declared: {wrong}", where=step.function)
    key = list(DERIVED[name].key)
    if frame.select(pl.struct(key).is_duplicated().any()).item():
        raise InputError(f"table {name!r} names a row twice by {key}", where=step.function)
    return frame


def _text(finding: Mapping[str, Any]) -> Json:
    # Said on reading, not stored: a mended phrase needs no new computation.
    return {"en": say(finding["statement"]["key"], finding["statement"]["values"]).text}


def _stored(step: Step, folder: Path) -> dict[str, Any] | None:
    """Give what an earlier run wrote, or None when it is not there or not whole."""
    done = folder / _DONE
    if not done.is_file():
        return None
    try:
        stored: dict[str, Any] = orjson.loads(done.read_bytes())
        for name in step.writes:
            path = folder / f"{name}.parquet"
            if hashlib.sha256(path.read_bytes()).hexdigest() != stored["digests"][name]:
                return None
    except (orjson.JSONDecodeError, FileNotFoundError, KeyError):
        return None  # a damaged cache is computed again; nothing that was typed lies here
    return stored


def listings_held(ledger: Ledger, *, as_of: str | None = None) -> tuple[pl.LazyFrame, str]:
    """Which entries have the lists this case holds, as received?

    Parameters
    ----------
    ledger : Ledger
    as_of : str, optional

    Returns
    -------
    tuple of (frame, digest)
        Table `listing`, read from the exhibits; what was read is kept under `.taggant/lists/` and can be made again.

    Raises
    ------
    EvidenceBroken
        A list is no longer held.
    """
    from taggant.sources.cabinet import listing_of

    frames: list[pl.LazyFrame] = []
    named: list[Plain] = []
    kept = ledger.folder / "lists"
    for row in ledger.live("list_version", as_of):
        body = row.body
        wanted = [str(body["exhibit_id"]), *(str(b) for b in _texts(body.get("beside")))]
        named.append([str(body["list_id"]), str(body.get("version_on") or ""), *wanted])
        frames.append(listing_of([ledger.exhibits.path(w) for w in wanted], body, kept))
    empty = pl.LazyFrame(schema=frame_schema(LISTING))
    return (pl.concat(frames) if frames else empty), digest({"lists": sorted(named, key=str)})


def _texts(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _finding_tables(results: Sequence[StepResult]) -> dict[str, pl.LazyFrame]:
    """The findings of all steps as two tables, for whoever joins them to others."""
    rows: list[dict[str, Any]] = []
    supports: set[tuple[str, str, str, str]] = set()
    for result in results:
        for f in result.findings:
            finding: dict[str, Any] = dict(f)
            headline = finding["headline"] or {}
            refused = finding["refused"]
            rows.append(
                {
                    "finding_id": finding["id"],
                    "question": finding["question"],
                    "step": result.step.name,
                    "statement": finding["statement"]["key"],
                    **{
                        end: None if headline.get(end) is None else str(headline[end])
                        for end in ("low", "point", "high")
                    },
                    "unit": headline.get("unit"),
                    "refused": None if refused is None else refused["why"],
                }
            )
            for stance in ("supports", "contradicts"):
                supports |= {(finding["id"], r["kind"], r["id"], stance) for r in finding[stance]}
    columns = frame_schema(DERIVED["finding_support"])
    table = pl.DataFrame(sorted(supports), schema=columns, orient="row")
    return {
        "finding": pl.DataFrame(rows, schema=frame_schema(DERIVED["finding"])).lazy(),
        "finding_support": table.lazy(),
    }
