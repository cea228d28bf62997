"""What is killed: a table of operations. Each is done again and again until it dies, and says what was acknowledged.

An operation has three parts: `prepare` makes what it needs, `step` does one turn and returns what may be relied on from
then on, and `check` holds the case against all that was acknowledged. A new way of writing to a case (purge, bundle, …)
joins by one more entry in `OPERATIONS`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from taggant.evidence.bundling.checking import check_bundle
from taggant.evidence.bundling.making import make_bundle
from taggant.evidence.bundling.restoring import restore_case
from taggant.evidence.intake import import_case
from taggant.evidence.purging import purge
from taggant.evidence.withholding import withhold
from taggant.ledger import (
    jsonl,
    snapshots,  # noqa: F401  # read before the fork, not once in every child
)
from taggant.ledger.ledger import Ledger
from taggant.ledger.merging import conflicts, merge
from taggant.ledger.purging import pending
from taggant.ledger.showing import shown_at
from taggant.ledger.verify import verify
from taggant.model.record import Body, Record, fresh_salt

CASE = "case"
ADDRESS = "address"
"""A file that says where the case's records are to be, when not in a file."""
_ROWS = 150


@dataclass(frozen=True, slots=True)
class Operation:
    """One way of writing to a case.

    Attributes
    ----------
    name : str
    prepare : callable
        Makes the case in this folder, once.
    step : callable
        One turn, number n of run name; what it returns was acknowledged.
    check : callable
        Raises when something acknowledged is lost, or something is there by half.
    """

    name: str
    prepare: Callable[[Path], None]
    step: Callable[[Path, str, int], str]
    check: Callable[[Path, Sequence[str]], None]


def _record(key: str, title: str) -> Record:
    body: Body = {"source_id": key, "title": title}
    return Record(table="source", key=key, schema=1, body=body, salt=fresh_salt())


def _is_sound(case: Path) -> None:
    report = verify(case)
    assert report.problems == (), report.problems
    # Half a copy of an exhibit, an exhibit whose commit did not come, a snapshot not finished: said, and harmless.
    harmless = ("referenced", "are none", "made again when it is next read", "were purged")
    assert all(any(words in note for words in harmless) for note in report.notes), report.notes


# --- commit ----------------------------------------------------------------------------------------------------------


def _prepare_commit(place: Path) -> None:
    address = place / ADDRESS
    Ledger.create(place / CASE, store_address=address.read_text() if address.exists() else None).close()


def _commit(place: Path, name: str, n: int) -> str:
    with Ledger.open(place / CASE) as ledger:
        exhibit = ledger.exhibits.add_bytes(f"{name} {n} ".encode() * 10_000)
        body: Body = {"exhibit_id": exhibit.exhibit_id, "file": f"{name}-{n}", "size": exhibit.size}
        held = Record(table="exhibit", key=exhibit.exhibit_id, schema=1, body=body, salt=fresh_salt())
        rows = [_record(f"{name}-{n}-{i}", "x" * 300) for i in range(_ROWS)]
        made = ledger.commit([held, *rows], author=name, message="killed some time")
    return f"{made.commit_id} {exhibit.sha256}"


def _check_commit(place: Path, acknowledged: Sequence[str]) -> None:
    _is_sound(place / CASE)
    with Ledger.open(place / CASE) as ledger:
        log = ledger.log()
        assert {c.n for c in log} <= {_ROWS + 1}, "a commit is there by half"
        assert ledger.counts().get("source", 0) == _ROWS * len(log)
        known, held = {c.commit_id for c in log}, set(ledger.exhibits)
        for line in acknowledged:
            commit_id, sha256 = line.split()
            assert commit_id in known, f"the acknowledged commit {commit_id} is lost"
            assert sha256 in held, f"the acknowledged exhibit {sha256} is lost"


# --- import ----------------------------------------------------------------------------------------------------------


def _prepare_import(place: Path) -> None:
    case = place / CASE
    case.mkdir()
    (case / "case.toml").write_text('uuid = "3f0c7b1e-8f0a-4a3e-9a51-0a5d0c3b7f10"\ntitle = "Killed"\n')
    Ledger.create(case).close()


def _import(place: Path, name: str, n: int) -> str:
    case, title = place / CASE, f"{name} turn {n}"
    lines = ["source_id,title", *(f"s{i},{title}" for i in range(_ROWS))]
    (case / "sources.csv").write_text("\n".join(lines) + "\n")
    with Ledger.open(case) as ledger:
        report = import_case(ledger, case, author=name)
    return f"{report.commit} {title}"


def _check_import(place: Path, acknowledged: Sequence[str]) -> None:
    _is_sound(place / CASE)
    with Ledger.open(place / CASE) as ledger:
        titles = {row.body["title"] for row in ledger.live("source")}
        assert len(titles) <= 1, f"half an import: {titles}"
        assert ledger.counts().get("source", 0) in (0, _ROWS)
        known = {c.commit_id for c in ledger.log()}
        for line in acknowledged:
            assert line.split()[0] in known, f"the acknowledged import {line} is lost"


# --- merge -----------------------------------------------------------------------------------------------------------


def _prepare_merge(place: Path) -> None:
    for name in (CASE, "other"):
        Ledger.create(place / name).close()
    with Ledger.open(place / CASE) as here, Ledger.open(place / "other") as there:
        here.commit([_record("base", "base")], author="a", message="base")
        merge(there, here, author="a")


def _merge(place: Path, name: str, n: int) -> str:
    with Ledger.open(place / CASE) as here, Ledger.open(place / "other") as there:
        here.commit([_record(f"here-{name}-{n}-{i}", "x") for i in range(20)], author=name, message="here")
        there.commit([_record(f"there-{name}-{n}-{i}", "x" * 200) for i in range(_ROWS)], author=name, message="there")
        there.exhibits.add_bytes(f"{name} {n}".encode() * 100)
        done = merge(here, there, author=name)
    return "" if done.head is None else done.head.commit_id


def _check_merge(place: Path, acknowledged: Sequence[str]) -> None:
    for name in (CASE, "other"):
        _is_sound(place / name)
    with Ledger.open(place / CASE) as here:
        log = here.log()
        assert {c.n for c in log} <= {0, 1, 20, _ROWS}, "a commit is there by half"
        assert sum(c.n for c in log) == here.counts().get("source", 0), "a merge is there by half"
        assert conflicts(here) == ()
        known = {c.commit_id for c in log}
        for commit_id in acknowledged:
            assert commit_id in known, f"the acknowledged merge {commit_id} is lost"


# --- withdraw and snapshot -------------------------------------------------------------------------------------------


def _correct(place: Path, name: str, n: int) -> str:
    with Ledger.open(place / CASE) as ledger:
        key = f"{name}-{n}"
        ledger.commit([_record(key, "stated"), _record(f"{key}-kept", "kept")], author=name, message="stated")
        ledger.snapshot("source")
        made = ledger.withdraw("source", key, author=name, reason="killed some time")
        ledger.snapshot("source")
    return f"{made.commit_id} {key}"


def _check_correct(place: Path, acknowledged: Sequence[str]) -> None:
    _is_sound(place / CASE)
    with Ledger.open(place / CASE) as ledger:
        live = {row.key for row in ledger.live("source")}
        for line in acknowledged:
            key = line.split()[1]
            assert key not in live, f"the acknowledged withdrawal of {key} is lost"
            assert f"{key}-kept" in live
        assert set(ledger.snapshot("source").frame.collect()["source_id"]) == live


# --- withhold and purge ----------------------------------------------------------------------------------------------


def _withhold(place: Path, name: str, n: int) -> str:
    with Ledger.open(place / CASE) as ledger:
        key = f"{name}-{n}"
        ledger.commit([_record(key, f"kept in {key}")], author=name, message="stated")
        withhold(ledger, "source", key, author=name, reason="killed some time")
    return key


def _check_withhold(place: Path, acknowledged: Sequence[str]) -> None:
    _is_sound(place / CASE)
    with Ledger.open(place / CASE) as ledger:
        shown = shown_at(ledger, level="RED", case_level="CLEAR").clearance.tables["source"]["source_id"]
        held = {str(row.body["of_key"]) for row in ledger.live("withholding")}
        assert held >= set(acknowledged), "an acknowledged withholding is lost"
        assert not held & set(shown)


def _purge(place: Path, name: str, n: int) -> str:
    """State a row in a typed file with others, hold a file, and destroy both; earlier ones are to stay destroyed."""
    case, word = place / CASE, f"{name}!{n}!"
    with Ledger.open(case) as ledger:
        rows = [f"s{i},kept" for i in range(20)]
        (case / "sources.csv").write_text("\n".join(["source_id,title", *rows, f"gone-{name}-{n},{word * 9}"]) + "\n")
        (case / "documents").mkdir(exist_ok=True)
        (case / "documents" / f"{name}-{n}.txt").write_text(word * 4_000)
        import_case(ledger, case, author=name)
        ledger.snapshot("source")
        file = next(r.key for r in ledger.live("exhibit") if r.body["file"] == f"documents/{name}-{n}.txt")
        purge(ledger, "source", f"gone-{name}-{n}", author=name, reason="killed some time")
        purge(ledger, "exhibit", file, author=name, reason="killed some time")
    return word


def _check_purge(place: Path, acknowledged: Sequence[str]) -> None:
    case = place / CASE
    with Ledger.open(case) as ledger:  # finishes what was cut short
        assert pending(ledger) == []
        kept = [row for row in ledger.live("source") if row.body["title"] == "kept"]
        assert len(kept) in (0, 20), "a purge took more than its row"
        stones = list(ledger.live("purge"))
        assert len(stones) >= 2 * len(acknowledged), "an acknowledged purge is lost"
        destroyed = {name for row in stones for name in row.body.get("exhibits") or ()}  # type: ignore[union-attr]
        assert not destroyed & {f"sha256:{name}" for name in ledger.exhibits}
    _is_sound(case)
    words = [word.encode() for word in acknowledged]
    for path in case.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not any(word in content for word in words), f"purged bytes are in {path}"


# --- bundle and restore ----------------------------------------------------------------------------------------------


def _prepare_bundle(place: Path) -> None:
    _prepare_commit(place)
    for n in range(3):
        _commit(place, "before", n)


def _bundle(place: Path, name: str, n: int) -> str:
    with Ledger.open(place / CASE) as ledger:
        ledger.commit([_record(f"{name}-{n}", "one more")], author=name, message="one more")
    made = make_bundle(place / CASE, place / f"bundle-{name}-{n}")
    _put_away(place / f"bundle-{name}-{n - 2}")  # the one before may be all that was acknowledged
    return f"{made.folder.name} {made.label.head}"


def _put_away(folder: Path) -> None:
    """What an earlier turn made goes in one step, or its removal would look like half of it."""
    if folder.exists():
        shutil.rmtree(folder.rename(folder.with_name(f".gone-{folder.name}")))


def _check_bundle(place: Path, acknowledged: Sequence[str]) -> None:
    _is_sound(place / CASE)
    heads: dict[str, str | None] = {}
    for folder in place.glob("bundle-*"):
        check = check_bundle(folder)
        assert check.report.problems == (), f"{folder.name} is there by half: {check.report.problems}"
        heads[folder.name] = None if check.label is None else check.label.head
    _check_last(heads, acknowledged)


def _check_last(there: Mapping[str, str | None], acknowledged: Sequence[str]) -> None:
    if acknowledged:
        name, said = acknowledged[-1].split()
        assert there.get(name) == said, f"the acknowledged {name} is lost, or another than was said"


def _prepare_restore(place: Path) -> None:
    _prepare_bundle(place)
    (place / CASE / "notes.md").write_text("notes")
    make_bundle(place / CASE, place / "bundle")


def _restore(place: Path, name: str, n: int) -> str:
    to = place / f"restored-{name}-{n}"
    made = restore_case(place / "bundle", to)
    _put_away(place / f"restored-{name}-{n - 2}")
    return f"{to.name} {made.label.export_sha256}"


def _check_restore(place: Path, acknowledged: Sequence[str]) -> None:
    digests: dict[str, str | None] = {}
    for folder in place.glob("restored-*"):
        _is_sound(folder)
        assert (folder / "notes.md").read_text() == "notes"
        with Ledger.open(folder) as ledger:
            digests[folder.name] = jsonl.digest(ledger)
            assert len(list(ledger.exhibits)) == 3
        with Ledger.open(place / CASE) as ledger:
            assert digests[folder.name] == jsonl.digest(ledger), f"{folder.name} is there by half"
    _check_last(digests, acknowledged)


OPERATIONS: tuple[Operation, ...] = (
    Operation("commit", _prepare_commit, _commit, _check_commit),
    Operation("import", _prepare_import, _import, _check_import),
    Operation("merge", _prepare_merge, _merge, _check_merge),
    Operation("withdraw", _prepare_commit, _correct, _check_correct),
    Operation("bundle", _prepare_bundle, _bundle, _check_bundle),
    Operation("restore", _prepare_restore, _restore, _check_restore),
    Operation("withhold", _prepare_commit, _withhold, _check_withhold),
    Operation("purge", _prepare_import, _purge, _check_purge),
)


def named(name: str) -> Operation:
    """Give the operation of this name."""
    return next(op for op in OPERATIONS if op.name == name)
