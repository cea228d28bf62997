"""A case made again from a bundle: the same head, records and exhibits, in whichever store.

Invariant: a damaged bundle gives no case, and a case is there whole or not at all.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from taggant.errors import EvidenceBroken, InputError, TaggantError
from taggant.evidence.bundling.arriving import arriving
from taggant.evidence.bundling.case_files import case_files_in
from taggant.evidence.bundling.checking import check_bundle
from taggant.evidence.bundling.layout import EXHIBITS, Label
from taggant.evidence.bundling.ledger_files import heads_in, packets_in
from taggant.evidence.report import Progress
from taggant.ledger import jsonl
from taggant.ledger.filling import fill
from taggant.ledger.ledger import Ledger
from taggant.ledger.stores import forget_store
from taggant.ledger.syncing import sync_files


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreReport:
    """What is in the case.

    Attributes
    ----------
    label : Label
        What the bundle said of itself.
    n_commits, n_records, n_exhibits, n_files : int
        `n_files` lie open in the case folder.
    """

    label: Label
    n_commits: int
    n_records: int
    n_exhibits: int
    n_files: int


def restore_case(
    bundle: Path, to: Path, *, store_address: str | None = None, progress: Progress | None = None
) -> RestoreReport:
    """Which case does this bundle give back?

    Parameters
    ----------
    bundle, to : Path
        The bundle, and the folder to make; it must not exist or be empty.
    store_address : str, optional
        Keep the records in PostgreSQL instead of a file.
    progress : callable, optional

    Returns
    -------
    RestoreReport
        The case is on disk when this returns; `export --jsonl` gives the bytes it gave when the bundle was made.

    Raises
    ------
    EvidenceBroken
        Something of the bundle is not what it was. No case is made.
    InputError
        The bundle leaves records out, the place is taken, or it is no bundle.
    """
    tell = progress or (lambda _what, _done, _total: None)
    checked = check_bundle(bundle, progress=progress)
    problems = checked.report.problems
    if problems or checked.label is None:
        n = len(problems)
        are = "thing of this bundle is not what it was" if n == 1 else "things of this bundle are not what they were"
        raise EvidenceBroken(
            f"{n} {are}; no case was made",
            problems=[str(p) for p in problems], where=str(bundle), next="Ask for the bundle again",
        )  # fmt: skip
    label = checked.label
    if not label.is_whole:
        raise InputError(
            f"this bundle leaves out what is not for TLP:{label.level} ({label.n_withheld:,} records); "
            "a case made from it would not be the case",
            where=str(bundle),
            so_what="It can be read and verified, not restored",
            next="Ask for the whole bundle, or work with data/ledger/records.jsonl",
        )
    _refuse_if_full(bundle, to)
    with arriving(to, clear=forget_store) as aside:
        files = case_files_in(bundle)
        for file in files:
            target = aside / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(bundle / file.at, target, follow_symlinks=False)
        with Ledger.create(aside, store_address=store_address, store_name=to.absolute().name) as ledger:
            try:
                counts = _fill(ledger, bundle, label, tell)
            except BaseException:
                ledger.close()
                forget_store(aside, store_address)
                raise
        sync_files(aside, [aside / file.name for file in files])
        n_exhibits = sum(1 for _ in ledger.exhibits)
    return RestoreReport(
        label=label, n_commits=counts[0], n_records=counts[1], n_exhibits=n_exhibits, n_files=len(files)
    )


def _fill(ledger: Ledger, bundle: Path, label: Label, tell: Progress) -> tuple[int, int]:
    exhibits = sorted((bundle / EXHIBITS).glob("??/*"))
    for n, path in enumerate(exhibits):
        tell("copying exhibits", n, len(exhibits))
        if ledger.exhibits.add(path).sha256 != path.name:
            raise EvidenceBroken(f"the exhibit sha256:{path.name} changed while it was copied", where=str(path))
    tell("taking records in", 0, 0)
    counts = fill(ledger.opened, packets_in(bundle), heads_in(bundle))
    if jsonl.digest(ledger) != label.export_sha256:
        raise EvidenceBroken("the records did not come back as they went in", where=str(bundle), next="Report it")
    return counts


def _refuse_if_full(bundle: Path, to: Path) -> None:
    """Refuse what cannot fit before anything is copied."""
    needed = sum(p.stat().st_size for p in (bundle / "data").rglob("*") if p.is_file())
    place = to.absolute().parent
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if needed > free:
        raise TaggantError(
            f"the bundle holds {needed:,} bytes; {free:,} are free there",
            where=str(to),
            so_what="Nothing was made",
            next="Make room, or choose another disk",
        )
