"""Lists of a case: fetched or added as exhibits, with their health and history."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from taggant.ledger.ledger import Ledger
    from taggant.sources.lists import ListVersion


def lists(
    what: Annotated[str, typer.Argument(help="add (files), fetch (a publisher's list, or an address), or status.")],
    case: Annotated[Path, typer.Argument(help="The case folder.")],
    names: Annotated[
        list[str] | None, typer.Argument(help="Files to add; or lists or addresses to fetch.", metavar="NAME")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", help="The day the list stood so.", metavar="DAY")] = None,
    accept_short: Annotated[
        bool, typer.Option("--accept-short", help="Take a list in although it is not whole.")
    ] = False,
    author: Annotated[str | None, typer.Option(help="Your handle in this case.", envvar="TAGGANT_AUTHOR")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print for machines.")] = False,
) -> None:
    """Take lists into a case as exhibits, or say which it holds and how whole they are."""
    from taggant.errors import UnknownName
    from taggant.ledger.ledger import Ledger

    if what not in ("add", "fetch", "status"):
        raise UnknownName("action on lists", what, ("add", "fetch", "status"))
    with Ledger.open(case) as ledger:
        if what == "status":
            _status(ledger, as_json=as_json)
            return
        paths = [Path(n) for n in names or ()] if what == "add" else _fetch(case, names or ())
        _add(ledger, paths, on=on, accept_short=accept_short, author=author or "unknown", as_json=as_json)


def _fetch(case: Path, names: list[str] | tuple[str, ...]) -> list[Path]:
    from taggant.cli.progress import progress
    from taggant.errors import InputError, UnknownName
    from taggant.sources.expectations import expectations_of
    from taggant.sources.fetching import fetch
    from taggant.sources.lists import SOURCES

    known = {e.id: e for e in (expectations_of(folder) for folder, _ in SOURCES)}
    paths: list[Path] = []
    if not names:
        raise InputError("no list is named", next=f"Known: {', '.join(k for k, e in known.items() if e.fetch)}")
    for name in names:
        addresses: tuple[str, ...] = (name,) if "://" in name else ()
        if not addresses:
            if name not in known:
                raise UnknownName("list", name, known)
            addresses = known[name].fetch
            if not addresses:
                raise InputError(
                    f"no address of {known[name].title} is known to stay", where=name,
                    next="Open the publisher's page, then: taggant lists add CASE FILE",
                )  # fmt: skip
        for address in addresses:
            with progress("fetching") as tell:
                done = fetch(address, case / ".taggant" / "fetched", progress=tell)
            if not done.is_new:
                typer.echo(f"{done.path.name}: not changed since it was fetched", err=True)
            paths.append(done.path)
    return paths


def _add(ledger: Ledger, paths: list[Path], *, on: str | None, accept_short: bool, author: str, as_json: bool) -> None:
    from datetime import UTC, date, datetime

    from taggant.errors import InputError
    from taggant.model.record import Body, Record, fresh_salt
    from taggant.model.tables import join_key
    from taggant.sources.health import refuse_unhealthy
    from taggant.sources.lists import read_lists, sha256_of

    if not paths:
        raise InputError("no file is named", next="taggant lists add CASE FILE")
    day = None if on is None else date.fromisoformat(on)
    held = _newest(ledger)
    versions = read_lists(paths, on=day, previous=held)
    refuse_unhealthy(versions, accept_short=accept_short)
    by_hash = {sha256_of(p): p for p in paths}
    live = ledger.live_index("list_version")
    at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    records = []
    for version in versions:
        for digest in (version.version, *version.beside):
            ledger.exhibits.add(by_hash[digest])
        key = join_key([version.list_id, version.version])
        body: Body = {
            "list_id": version.list_id,
            "exhibit_id": version.version,
            "beside": list(version.beside) or None,
            "title": version.title,
            "publisher": version.publisher,
            "file": version.file,
            "version_on": None if version.on is None else version.on.isoformat(),
            "on_basis": version.on_basis,
            "n_entries": version.n_entries,
            "counts": [f"{k or 'not said'}: {n}" for k, n in version.counts.items()],
            "health": [line.words for line in version.health] or None,
            "received_at": at,
        }
        before = live.get(key)
        if before is None:
            records.append(Record(table="list_version", key=key, schema=1, body=body, salt=fresh_salt()))
    if records:
        ledger.commit(records, author=author, message=f"lists: {', '.join(p.name for p in paths)}")
    if as_json:
        typer.echo(json.dumps([v.as_json() for v in versions], ensure_ascii=False, indent=2))
        return
    for version in versions:
        day_words = f", as of {version.on.isoformat()} ({version.on_basis})" if version.on is not None else ""
        is_new = any(r.key == join_key([version.list_id, version.version]) for r in records)
        state = "taken in" if is_new else "held already"
        typer.echo(f"{version.title}: {version.n_entries:,} entries, {version.n_names:,} names{day_words}; {state}")
        for line in version.health:
            typer.echo(f"  note: {line.words}")


def _newest(ledger: Ledger) -> dict[str, ListVersion]:
    """The version of each list held before: what a new one is measured against."""
    from datetime import date

    from taggant.sources.lists import read_lists

    newest: dict[str, dict[str, object]] = {}
    for row in ledger.live("list_version"):
        body: dict[str, object] = dict(row.body)
        list_id = str(body["list_id"])
        if list_id not in newest or str(body.get("version_on") or "") > str(newest[list_id].get("version_on") or ""):
            newest[list_id] = body
    found = {}
    for list_id, body in newest.items():
        day = None if body.get("version_on") is None else date.fromisoformat(str(body["version_on"]))
        (version, *_) = read_lists([ledger.exhibits.path(str(body["exhibit_id"]))], on=day)
        found[list_id] = version
    return found


def _status(ledger: Ledger, *, as_json: bool) -> None:
    rows = [dict(row.body) for row in ledger.live("list_version")]
    rows.sort(key=lambda r: (str(r["list_id"]), str(r.get("version_on") or "")))
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not rows:
        typer.echo("no list is held; take one in: taggant lists add CASE FILE")
        return
    for row in rows:
        typer.echo(
            f"{row['list_id']:16} {row.get('version_on') or 'no day':12} {int(str(row['n_entries'])):>8,} entries  "
            f"{str(row['exhibit_id'])[:19]}…  {row['file']}"
        )
        for line in row.get("health") or ():  # type: ignore[union-attr,attr-defined,unused-ignore]
            typer.echo(f"{'':16} note: {line}")


COMMANDS = (lists,)
