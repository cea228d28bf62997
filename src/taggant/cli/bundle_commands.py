"""Handing a case over: bundle, restore, and the key a bundle is signed with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from taggant.cli.ledger_commands import CASE, JSON

if TYPE_CHECKING:
    from taggant.evidence.bundling.checking import BundleCheck


def bundle(
    case: CASE,
    out: Annotated[Path, typer.Argument(help="The folder to make.", metavar="OUT")],
    tlp: Annotated[
        str | None,
        typer.Option(help="The highest TLP level to go out; of what is above it only ids go. All when left out."),
    ] = None,
    sign: Annotated[Path | None, typer.Option(help="Sign it with the Ed25519 key in this file.", metavar="KEY")] = None,
    timestamp: Annotated[
        str | None, typer.Option(help="Have it stamped by this authority (RFC 3161).", metavar="URL")
    ] = None,
    answers: Annotated[
        bool, typer.Option("--answers/--no-answers", help="Put the case's answers in, when they were computed.")
    ] = True,
    as_json: JSON = False,
) -> None:
    """Put the whole case into one folder that anybody can check: a BagIt bag that is an RO-Crate."""
    from taggant.cli.progress import progress
    from taggant.evidence.bundling.making import make_bundle
    from taggant.evidence.bundling.signing import SigningKey
    from taggant.evidence.bundling.stamping import authority

    key = None if sign is None else SigningKey.read(sign)
    stamp = None if timestamp is None else authority(timestamp)
    findings = _answers(case) if answers else {}
    with progress("bundling") as say:
        made = make_bundle(
            case, out, level=None if tlp is None else tlp.upper(), answers=findings, sign=key, stamp=stamp, progress=say
        )
    label = made.label
    if as_json:
        said = {
            "folder": str(made.folder), "head": label.head, "n_commits": label.n_commits, "n_records": label.n_records,
            "n_exhibits": label.n_exhibits, "n_withheld": label.n_withheld, "level": label.level,
            "is_whole": label.is_whole, "n_files": made.n_files, "n_bytes": made.n_bytes, "signed_by": made.signed_by,
            "is_stamped": made.is_stamped, "left_out": list(label.left_out),
        }  # fmt: skip
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    for what in label.left_out:
        typer.echo(f"left out: {what}", err=True)
    counts = ", ".join(
        (_counted(label.n_records, "record"), _counted(label.n_commits, "commit"))
    )  # fmt: skip
    typer.echo(f"{out}: {counts} and {_counted(label.n_exhibits, 'exhibit')}")
    if not label.is_whole:
        typer.echo(f"of {_counted(label.n_withheld, 'record')} not for TLP:{label.level} only the ids are in it")
    typer.echo(f"commit {label.head}")
    if made.signed_by is not None:
        typer.echo(f"signed with the key {made.signed_by}")
    typer.echo(f"send it with the line above by another way; check it anywhere: taggant verify {out}")


def restore(
    folder: Annotated[Path, typer.Argument(help="The bundle.", metavar="BUNDLE")],
    case: Annotated[Path, typer.Argument(help="The case folder to make.", metavar="CASE")],
    store: Annotated[
        str | None, typer.Option(help="Keep the records in PostgreSQL: postgresql://NAME@HOST/DATABASE.")
    ] = None,
) -> None:
    """Make a case again from its bundle; a damaged bundle gives none."""
    from taggant.cli.progress import progress
    from taggant.evidence.bundling.restoring import restore_case

    with progress("restoring") as say:
        made = restore_case(folder, case, store_address=store, progress=say)
    counts = f"{_counted(made.n_records, 'record')}, {_counted(made.n_commits, 'commit')}"
    typer.echo(f"{case}: {counts} and {_counted(made.n_exhibits, 'exhibit')}, as they were at commit {made.label.head}")


def signing_key(
    file: Annotated[Path, typer.Argument(help="The file to make; keep it to yourself.", metavar="FILE")],
) -> None:
    """Make an Ed25519 key to sign bundles with, and print the fingerprint others compare."""
    from taggant.evidence.bundling.signing import new_key

    key = new_key(file)
    typer.echo(f"{file}: keep it to yourself, and a copy in another place")
    typer.echo(f"fingerprint {key.fingerprint}")


def verify_bundle(folder: Path, *, roots: Path | None, signer: str | None, as_json: bool) -> None:
    """Check a bundle and say what was found; exit 3 when anything is not what it was."""
    from taggant.cli.progress import progress
    from taggant.errors import EvidenceBroken
    from taggant.evidence.bundling.checking import check_bundle

    with progress("verifying") as say:
        check = check_bundle(folder, roots=roots, signer=_fingerprint(signer), progress=say)
    report = check.report
    if as_json:
        typer.echo(json.dumps(_as_json(check), ensure_ascii=False, indent=2))
        if not report.is_sound:
            raise typer.Exit(3)
        return
    for note in report.notes:
        typer.echo(f"note: {note}")
    if not report.is_sound:
        n = len(report.problems)
        raise EvidenceBroken(
            f"{n} thing{'s are' if n > 1 else ' is'} not what {'they were' if n > 1 else 'it was'}",
            problems=[str(p) for p in report.problems],
            where=str(folder),
            next="Ask for the bundle again; never mend it by hand",
        )
    counts = f"{_counted(report.n_records, 'record')}, {_counted(report.n_commits, 'commit')}"
    held = _counted(report.n_exhibits, "exhibit")
    typer.echo(f"sound: {counts} and {held} are what they were ({report.seconds:.1f} s)")
    if check.label is not None:
        typer.echo(f"commit {check.label.head}")
    if check.signed_by is not None:
        typer.echo(f"signed with the key {check.signed_by}")
    if check.stamped_at is not None:
        typer.echo(f"stamped {check.stamped_at} by {check.stamped_by}")


def _fingerprint(signer: str | None) -> str | None:
    """Give the fingerprint a person named, in digits or by a file that holds the key."""
    if signer is None or not Path(signer).is_file():
        return signer
    from taggant.evidence.bundling.signing import fingerprint_of

    return fingerprint_of(Path(signer))


def _as_json(check: BundleCheck) -> dict[str, Any]:
    report, label = check.report, check.label
    return {
        "is_sound": report.is_sound,
        "problems": [p.as_json() for p in report.problems],
        "notes": list(report.notes),
        "n_records": report.n_records,
        "n_commits": report.n_commits,
        "n_exhibits": report.n_exhibits,
        "head": None if label is None else label.head,
        "level": None if label is None else label.level,
        "n_withheld": None if label is None else label.n_withheld,
        "is_whole": None if label is None else label.is_whole,
        "signed_by": check.signed_by,
        "stamped_at": check.stamped_at,
        "stamped_by": check.stamped_by,
        "is_authority_known": check.is_authority_known,
    }


def _answers(case: Path) -> dict[str, list[dict[str, Any]]]:
    """The case's answers, when it has been asked; a case nobody has run is bundled without."""
    if not any((case / ".taggant" / "runs").glob("*/step.json")) or not (case / "case.toml").is_file():
        return {}
    from taggant.cli.case_commands import answers_of
    from taggant.steps import QUESTIONS

    walked = answers_of(case)
    return {q.name: walked.findings(q.name) for q in QUESTIONS if q.is_built}


def _counted(n: int, word: str) -> str:
    return f"{n:,} {word}{'s' * (n != 1)}"


COMMANDS = (bundle, restore, signing_key)
