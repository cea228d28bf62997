"""Commands on a case: make it, put evidence in, answer, show, hand over."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taggant.cli.ledger_commands import AS_OF, AUTHOR, CASE, JSON, author_or_login
from taggant.cli.progress import progress

if TYPE_CHECKING:
    from taggant.evidence.casefile import Case
    from taggant.evidence.report import ImportReport
    from taggant.ledger.ledger import Ledger
    from taggant.run import Run

SET = Annotated[
    list[str] | None,
    typer.Option("--set", help="A parameter of the question: --set after=2023-01-01", metavar="NAME=VALUE"),
]
CONFIRMED_ONLY = Annotated[
    bool, typer.Option("--confirmed-only", help="Leave out what the machine proposed and nobody has confirmed.")
]
QUESTIONS = Annotated[list[str] | None, typer.Argument(help="Questions; all that are built when none is named.")]


class OnConflict(StrEnum):
    """What to do with a row that changed in the file and in the ledger."""

    stop = "stop"
    file = "file"
    ledger = "ledger"


def new(
    case: Annotated[Path, typer.Argument(help="The folder to make.", metavar="CASE")],
    title: Annotated[str | None, typer.Option(help="What the case is called.")] = None,
    store: Annotated[
        str | None,
        typer.Option(
            help="Keep the records in a PostgreSQL database: postgresql://NAME@HOST/DATABASE; else a file in the case."
        ),
    ] = None,
) -> None:
    """Make a case folder with templates to fill."""
    from taggant.evidence.templates import new_case
    from taggant.ledger.ledger import Ledger

    new_case(case, title or case.name)
    Ledger.create(case, store_address=store).close()
    if store is not None:
        from taggant.ledger.stores import store_name

        typer.echo(f"its records are in {store_name(case)}; the password is written nowhere (~/.pgpass, PGPASSWORD)")
    typer.echo(f"{case} is ready. Fill the tables in it, then: taggant add {case}")


def add(
    case: CASE,
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders; none: the case folder itself.")] = None,
    author: AUTHOR = None,
    message: Annotated[str | None, typer.Option(help="Why, for the log.")] = None,
    partial: Annotated[bool, typer.Option("--partial", help="Import the rows that are right, list the rest.")] = False,
    mirror: Annotated[
        bool, typer.Option("--mirror", help="Withdraw rows that are no longer in their file; lists them first.")
    ] = False,
    obtained_from: Annotated[
        str | None, typer.Option("--from", help="From whom the files came: an event of custody.")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", help="When they came (2024-03-17).")] = None,
    place: Annotated[str | None, typer.Option("--place", help="Where they were handed over.")] = None,
    tlp: Annotated[str | None, typer.Option("--tlp", help="TLP level of the exhibits; else the case's.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before withdrawing.")] = False,
    on_conflict: Annotated[
        OnConflict, typer.Option(help="A row changed in the file and in the ledger: stop, or take one of them.")
    ] = OnConflict.stop,
    as_json: JSON = False,
) -> None:
    """Put evidence in: typed tables become rows, everything else an exhibit; one commit or none."""
    from taggant.errors import InputError
    from taggant.evidence.arrival import Arrival
    from taggant.evidence.intake import import_case, import_files

    handle = author_or_login(author)
    arrival = Arrival(obtained_from=obtained_from, on=on, place=place, tlp=None if tlp is None else tlp.upper())
    if not paths and arrival != Arrival():
        raise InputError("--from, --on, --place and --tlp are about files", next=f"Name them: taggant add {case} PATH")
    with open_or_create(case) as ledger, progress("reading") as say:
        before = frozenset(row.key for row in ledger.live("exhibit"))

        def take(*, dry_run: bool) -> ImportReport:
            if paths:
                return import_files(
                    ledger, paths, author=handle, partial=partial, mirror=mirror, on_conflict=on_conflict.value,
                    dry_run=dry_run, message=message, arrival=arrival, progress=say,
                )  # fmt: skip
            return import_case(
                ledger, case, author=handle, partial=partial, mirror=mirror, on_conflict=on_conflict.value,
                dry_run=dry_run, message=message, progress=say,
            )  # fmt: skip

        if mirror and not yes:
            would = take(dry_run=True)
            for table, key in would.withdrawn:
                typer.echo(f"would withdraw {table} {key}", err=True)
            if would.withdrawn and not typer.confirm("Withdraw what is listed?", err=True):
                raise InputError("nothing was imported", next="Run it again without --mirror, or with --yes")
        report = take(dry_run=False)
    notes = _readings(case, since=before) if paths and report.exhibits_new else []
    if as_json:
        typer.echo(json.dumps({**report.as_json(), "readings": notes}, ensure_ascii=False, indent=2))
        return
    _print_report(report, case)
    for note in notes:
        typer.echo(f"  {note['file']}: {note['said']}")


def _readings(case: Path, *, since: frozenset[str]) -> list[dict[str, object]]:
    """What the files just taken in say of themselves: what could not be read, and which picture was here before."""
    from taggant.cli.exhibit_commands import read_tables

    run = read_tables(case)
    readings = {str(r["exhibit_id"]): r for r in run.table("exhibit_reading").collect().iter_rows(named=True)}
    said: list[dict[str, object]] = []
    for exhibit_id, r in readings.items():
        if exhibit_id not in since and r["state"] in ("partly", "refused"):
            said.append(
                {"exhibit_id": exhibit_id, "file": r["file"], "state": r["state"], "said": "; ".join(r["notes"] or [])}
            )
    for pair in run.table("near_duplicate").collect().iter_rows(named=True):
        one, other = pair["exhibit_id"], pair["other_exhibit_id"]
        if one in since and other in since:
            continue
        new, old = (one, other) if one not in since else (other, one)
        turned = f", turned by {pair['turned_degrees']}°" if pair["turned_degrees"] else ""
        words = f"nearly the same picture as {readings[old]['file']} ({pair['distance']} of 64 bits differ{turned})"
        said.append({"exhibit_id": new, "file": readings[new]["file"], "state": "near duplicate", "said": words})
    return said


def run(
    case: CASE,
    questions: QUESTIONS = None,
    as_of: AS_OF = None,
    author: AUTHOR = None,
    confirmed_only: CONFIRMED_ONLY = False,
    as_json: JSON = False,
) -> None:
    """Import what changed in the case folder, then answer; only what changed is computed again."""
    if as_of is None:
        _import(case, author)
    answers = _answer(case, questions or [], as_of, confirmed_only=confirmed_only)
    if as_json:
        typer.echo(json.dumps(_all_findings(answers, questions or []), ensure_ascii=False, indent=2))
        return
    for result in answers.results:
        state = "reused" if result.is_reused else "computed"
        typer.echo(f"{result.step.name:16} {state:9} {len(result.findings)} findings")
    typer.echo(f"taggant show {case} when-made   prints an answer; taggant report {case} --site   writes the pages")


def show(
    case: CASE,
    question: Annotated[str, typer.Argument(help="One of the ten questions: when-made…")],
    as_of: AS_OF = None,
    settings: SET = None,
    confirmed_only: CONFIRMED_ONLY = False,
    tlp: Annotated[
        str | None, typer.Option(help="The highest TLP level the answer may rest on; everything when left out.")
    ] = None,
    as_json: JSON = False,
) -> None:
    """Show the answer to one question."""
    from taggant.steps import question as named

    _must_be_built(named(question).name)
    if tlp is None:
        answers = _answer(case, [question], as_of, settings, confirmed_only=confirmed_only)
        _show(question, answers, as_json=as_json)
        return
    from taggant.web.casebook import case_at_level

    with case_at_level(case, tlp.upper(), as_of=as_of) as (shown, exhibits):
        answers = _answer(shown, [question], None, settings, confirmed_only=confirmed_only, exhibits=exhibits)
        _show(question, answers, as_json=as_json)


def _show(question: str, answers: Run, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(answers.findings(question), ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    from taggant.report.terminal import show_question

    show_question(Console(), question, answers.findings(question), answers.frames)


def report(
    case: CASE,
    site: Annotated[bool, typer.Option("--site", help="Write pages to open in a browser.")] = False,
    out: Annotated[Path | None, typer.Option(help="Where to; CASE/report when left out.")] = None,
    tlp: Annotated[
        str, typer.Option(help="The highest TLP level shown: CLEAR, GREEN, AMBER, AMBER+STRICT, RED.")
    ] = "CLEAR",
    as_of: AS_OF = None,
    confirmed_only: CONFIRMED_ONLY = False,
) -> None:
    """Write what is handed over; rows above the level, and what rests on them, are left out and counted."""
    from taggant.errors import InputError

    if not site:
        raise InputError("nothing was asked for", next=f"taggant report {case} --site writes the pages")
    page = _write_site(case, out or case / "report", level=tlp.upper(), as_of=as_of, confirmed_only=confirmed_only)
    typer.echo(f"the page is {page}")


def checkout(
    case: CASE,
    to: Annotated[Path | None, typer.Option(help="Another folder than the case.")] = None,
    tlp: Annotated[
        str | None, typer.Option(help="With --to: the highest TLP level written; everything when left out.")
    ] = None,
    author: AUTHOR = None,
) -> None:
    """Write the live rows back to the case's files, or those of a level to another folder."""
    from taggant.errors import InputError
    from taggant.evidence.checkout import checkout as write
    from taggant.ledger.ledger import Ledger
    from taggant.web.casebook import case_at_level

    if tlp is not None and (to is None or to.resolve() == case.resolve()):
        raise InputError(
            "--tlp would leave rows out of the case's own files",
            so_what="No file was written",
            next="Name another folder: --to FOLDER",
        )
    handle = author_or_login(author)
    if to is not None:
        to.mkdir(parents=True, exist_ok=True)
    if tlp is not None and to is not None:
        with case_at_level(case, tlp.upper()) as (shown, _), Ledger.open(shown) as ledger:
            written = write(ledger, to, author=handle)
    else:
        with Ledger.open(case) as ledger:
            written = write(ledger, to or case, author=handle)
    for path in written:
        typer.echo(str(path))


def demo(
    case: Annotated[Path, typer.Argument(help="Where to put the shipped case.", metavar="FOLDER")] = Path("demo"),
    author: AUTHOR = None,
) -> None:
    """Copy the shipped real case, import it, answer, and write the pages."""
    from rich.console import Console

    from taggant.cli.demo_case import place
    from taggant.report.terminal import show_leads, show_when_made
    from taggant.steps import QUESTIONS as ALL

    place(case)
    _import(case, author or "demo")
    answers = _answer(case, [], None)
    console = Console()
    others = [q.name for q in ALL if q.is_built and q.name != "when-made"]
    show_when_made(console, answers.findings("when-made"), answers.frames)
    show_leads(console, {name: answers.findings(name) for name in others})
    page = _write_site(case, case / "report")
    typer.echo(f"\nThe case is in {case}/, its pages begin at {page}")
    typer.echo(f"Look further: taggant serve {case}   taggant verify {case}   taggant --help")


def open_or_create(case: Path) -> Ledger:
    """Open the ledger of a case; a case folder that has none yet (a fresh copy of the typed files) gets one."""
    from taggant.ledger.ledger import Ledger

    if (case / "case.toml").is_file() and not (case / ".taggant").exists():
        return Ledger.create(case)
    return Ledger.open(case)


def _import(case: Path, author: str | None) -> None:
    from taggant.evidence.intake import import_case

    with open_or_create(case) as ledger, progress("reading") as say:
        report = import_case(ledger, case, author=author_or_login(author), progress=say)
    if report.commit is not None or report.issues:
        _print_report(report, case)


def _print_report(report: ImportReport, case: Path) -> None:
    from taggant.cli.failing import print_issues

    if report.issues:
        print_issues(report.issues)
    for name, counts in report.tables.items():
        said = {
            "added": counts.n_added,
            "changed": counts.n_changed,
            "unchanged": counts.n_unchanged,
            "withdrawn": counts.n_withdrawn,
            "left out": counts.n_left_out,
        }
        words = ", ".join(f"{n:,} {word}" for word, n in said.items() if n)
        if words:
            typer.echo(f"  {name:14} {words}")
    if report.commit is None:
        typer.echo("nothing has changed since the last import")
        return
    n = len(report.exhibits_new)
    exhibits = f"{n:,} new exhibit{'s' * (n != 1)}"
    typer.echo(f"commit {report.commit[:12]}: {exhibits}, {report.seconds:.1f} s; next: taggant run {case}")


def _answer(
    case: Path,
    questions: list[str],
    as_of: str | None,
    settings: list[str] | None = None,
    *,
    confirmed_only: bool = False,
    exhibits: Path | None = None,
) -> Run:
    from taggant.run import run as walk
    from taggant.web.casebook import case_day, case_parameters

    file = _case_file(case)
    parameters = case_parameters(file) | _settings(settings or [], questions) | _confirmed(confirmed_only)

    with progress("answering") as say:
        return walk(
            case,
            questions,
            as_of=as_of,
            on=case_day(file),
            parameters=parameters,
            also=("source", "incident"),
            exhibits=exhibits,
            progress=say,
        )


def answers_of(case: Path) -> Run:
    """Answer every question, for the case's day or, when it names none, the day of its last commit."""
    from datetime import date

    from taggant.ledger.ledger import Ledger
    from taggant.run import run as walk
    from taggant.web.casebook import case_day, case_parameters

    file = _case_file(case)
    with Ledger.open(case) as ledger:
        head = ledger.head()
    on = case_day(file) if file.as_of is not None or head is None else date.fromisoformat(head.at[:10])
    with progress("answering") as say:
        return walk(case, on=on, parameters=case_parameters(file), progress=say)


def _confirmed(is_asked: bool) -> dict[str, str]:
    from taggant.steps import CONFIRMED_ONLY as PARAMETER

    return {PARAMETER[0]: "yes"} if is_asked else {}


def _settings(words: list[str], questions: list[str]) -> dict[str, str]:
    from taggant.errors import InputError, UnknownName
    from taggant.steps import steps_of

    known = [name for step in steps_of(questions) for name, _ in step.parameters]
    pairs = [word.partition("=") for word in words]
    for name, sign, value in pairs:
        if not (name and sign and value):
            raise InputError(f"--set {name + sign + value!r} is no NAME=VALUE", next="Write --set after=2023-01-01")
        if name not in known:
            raise UnknownName("parameter", name, known, where=", ".join(questions) or None)
    return {name: value for name, _, value in pairs}


def _all_findings(answers: Run, questions: list[str]) -> list[object]:
    from taggant.steps import QUESTIONS as ALL

    names = questions or [q.name for q in ALL if q.is_built]
    return [finding for name in names for finding in answers.findings(name)]


def _must_be_built(name: str) -> None:
    from taggant.errors import InputError
    from taggant.steps import QUESTIONS as ALL
    from taggant.steps import question

    if not question(name).is_built:
        raise InputError(
            f"{name} is not answered by this version",
            so_what="It is one of the ten questions, but no step for it is built yet",
            next=f"Answered now: {', '.join(q.name for q in ALL if q.is_built)}",
        )


def _case_file(case: Path) -> Case:
    from taggant.evidence.casefile import read_case_toml

    return read_case_toml(case / "case.toml")


def _write_site(
    case: Path, to: Path, *, level: str = "CLEAR", as_of: str | None = None, confirmed_only: bool = False
) -> Path:
    from taggant.report.site import Site
    from taggant.report.site_folder import write_site
    from taggant.web.casebook import open_dossier

    with progress("answering") as say:
        dossier = open_dossier(case, level=level, as_of=as_of, parameters=_confirmed(confirmed_only), progress=say)
    paths = write_site(to, Site(dossier))
    n = sum(dossier.case.n_withheld.values())
    if n:
        typer.echo(f"{n:,} row{'s' * (n != 1)} above TLP:{level}, or resting on such a row, left out", err=True)
    return paths.index


COMMANDS = (new, add, run, show, report, checkout, demo)
