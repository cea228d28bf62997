"""Purging: a row, or a file, destroyed for good; who did it, when and why stays.

Invariant: what is to be destroyed is worked out and written down in one commit, then destroyed (`ledger.purging`). The
ids of the records stay, so the commits they were in, and the proofs of every other record, hold as before.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from taggant.errors import InputError, UnknownName
from taggant.evidence.casefile import NAME as CASE_FILE
from taggant.evidence.casefile import read_case_toml
from taggant.evidence.row_removal import without_row
from taggant.ledger import store, stores
from taggant.ledger.commits import Commit, instant
from taggant.ledger.ledger import Ledger
from taggant.ledger.purging import clear_store, finish, stand_ins
from taggant.ledger.remaining import still_said
from taggant.ledger.rows import body_of
from taggant.model.clearance import named_by
from taggant.model.record import Body, Record, Value, fresh_salt
from taggant.model.tables import Kind, join_key
from taggant.model.typed_tables import BY_FILE, TLP, TYPED

_NEVER = frozenset({"purge", "import"})
_SAYS_SOMETHING = frozenset({"photo"})
_SHORTEST_WORD = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What was destroyed, and what is left.

    Attributes
    ----------
    commit : Commit
    n_records : int
    exhibits : tuple of str
        The files destroyed, `sha256:…`.
    instead : mapping of str to str
        Typed files that held the row → the same without it.
    rests_on : tuple of str
        Rows that name what was purged, `table key`: they lost their ground.
    still_said : tuple of str
        Where words of it still stand: other records, messages, files.
    """

    commit: Commit
    n_records: int
    exhibits: tuple[str, ...]
    instead: Mapping[str, str]
    rests_on: tuple[str, ...]
    still_said: tuple[str, ...]


@dataclass(slots=True)
class _Plan:
    records: list[str]
    bodies: list[Body]
    exhibits: dict[str, str | None]
    keeps_key: bool


def purge(ledger: Ledger, table: str, key: str, *, author: str, reason: str, with_containers: bool = False) -> Purged:
    """What does the case hold once this row or file is destroyed?

    Parameters
    ----------
    ledger : Ledger
        Open for writing.
    table, key : str
        A row that is live or once was; a file is table `exhibit`, key `sha256:…`.
    author, reason : str
    with_containers : bool
        Of a file that came in an archive, a message or a web archive: destroy that too, with all that is in it.

    Returns
    -------
    Purged

    Raises
    ------
    InputError
        No such row was ever stated; the file came in another and that was not said to go; a typed file with the row was
        edited since its last import; the case cannot be written. Nothing was changed.
    UnknownName
        The table is none.
    TaggantError
        The purge is written down and could not be carried out to its end; it is finished when the case is next opened.

    Notes
    -----
    Every record the row ever had goes, and each typed file as received that held it; the same file without the row
    stands for it. Rows that name it stay, and are named.

    *Assumes:* the case folder is the only place: copies elsewhere, backups, and what a disk keeps of deleted files are
    beyond it. Another copy of the case carries the purge out when it is merged.
    *Not for:* the same words in other rows, or the messages of commits: those are named, to be purged or endured.
    """
    if table not in TYPED:
        raise UnknownName("table", table, TYPED)
    if table in _NEVER:
        raise InputError(
            f"a row of table {table} is not purged by itself", where=f"{table} {key!r}", next="Name the row it is about"
        )
    if ledger.opened.is_read_only:
        raise store.read_only(ledger.opened.where)
    plan = _plan(ledger, table, key, with_containers=with_containers)
    words = _words(table, plan.bodies)
    rests_on = _resting(ledger, table, key, plan.bodies)
    _refuse_unimported(ledger, table, key)
    _clear_abandoned(ledger, plan)
    made = ledger.commit(
        _records(ledger, table, key, plan, author, reason), author=author, message=f"purge {table} row"
    )
    finish(ledger)
    return Purged(
        commit=made,
        n_records=len(plan.records),
        exhibits=tuple(sorted(plan.exhibits)),
        instead={old: new for old, new in plan.exhibits.items() if new is not None},
        rests_on=rests_on,
        still_said=still_said(ledger, words),
    )


def _plan(ledger: Ledger, table: str, key: str, *, with_containers: bool) -> _Plan:
    rows = [(table, key)]
    exhibits: dict[str, str | None] = {}
    if table == "exhibit":
        rows += [("exhibit", name) for name in _containers(ledger, key, with_containers=with_containers)]
        exhibits = {name: None for _, name in rows}
    of = join_key([table, key])
    rows += [("withholding", of), ("release", of)]
    found = [r for of_table, of_key in rows for r in _records_of(ledger, of_table, of_key)]
    if not any(t == table for t, _, _ in found):
        raise InputError(
            "no row with this key was ever stated, or it was purged already",
            where=f"{table} {key!r}",
            so_what="Nothing was changed",
            next="taggant checkout CASE writes all live rows with their keys; purges are in table purge",
        )
    if TYPED[table].file is not None or table == "plan":
        for name, exhibit_id in _imported(ledger, table):
            path = ledger.exhibits.path(exhibit_id)
            content = without_row(path, name, table, key) if path.exists() else None
            if content is not None:
                exhibits[exhibit_id] = ledger.exhibits.add_bytes(content).exhibit_id
        found += [r for gone in exhibits for r in _records_of(ledger, "exhibit", gone)]
    schema = TYPED[table]
    only = schema.column(schema.key[0])
    keeps_key = len(schema.key) == 1 and only.kind is Kind.ID and table not in _SAYS_SOMETHING
    about = [body for t, _, body in found if body is not None and t == table]
    return _Plan(list(dict.fromkeys(i for _, i, _ in found)), about, exhibits, keeps_key)


def _records_of(ledger: Ledger, table: str, key: str) -> Iterator[tuple[str, str, Body | None]]:
    """(table, record id, body) of every record of this row that still has its bytes, whichever commits lead to it."""
    r = store.record.c
    with ledger.opened.reading() as connection:
        rows = connection.execute(
            sa.select(r.record_id, r.canonical).where(r.table == table, r.key == key, r.canonical.is_not(None))
        ).all()
    for record_id, stored in rows:
        yield table, record_id.hex(), body_of(table, key, stored)


def _imported(ledger: Ledger, table: str) -> Iterator[tuple[str, str]]:
    """(name, exhibit) of each typed file as it ever was that may hold rows of this table."""
    r = store.record.c
    with ledger.opened.reading() as connection:
        rows = connection.execute(
            sa.select(r.key, r.canonical).where(r.table == "import", r.canonical.is_not(None)).order_by(r.n)
        ).all()
    seen = set()
    for key, stored in rows:
        body = body_of("import", key, stored)
        if body is None:
            continue
        name, exhibit_id = str(body["file"]), str(body["exhibit_id"])
        if (name, exhibit_id) not in seen and _may_hold(name, table):
            seen.add((name, exhibit_id))
            yield name, exhibit_id


def _may_hold(name: str, table: str) -> bool:
    if name.rpartition("/")[2] == CASE_FILE:
        return table == "plan"
    stem = Path(name).stem
    return name.lower().endswith(".xlsx") or (stem in BY_FILE and BY_FILE[stem].name == table)


def _containers(ledger: Ledger, key: str, *, with_containers: bool) -> tuple[str, ...]:
    """The files this one came in, however deep; their bytes hold its own."""
    row = ledger.get("exhibit", key)
    found: dict[str, None] = {}
    queue = _texts(None if row is None else row.body.get("part_of"))
    while queue:
        name = queue.pop()
        if name not in found:
            found[name] = None
            above = ledger.get("exhibit", name)
            queue += _texts(None if above is None else above.body.get("part_of"))
    if found and not with_containers:
        raise InputError(
            f"the file came in {len(found)} other(s), whose bytes hold it: {', '.join(found)}",
            where=key,
            so_what="Nothing was changed",
            next="Purge it with --with-containers: they go too, and the other files that were in them stay",
        )
    return tuple(found)


def _refuse_unimported(ledger: Ledger, table: str, key: str) -> None:
    """A typed file that holds the row, in words that were never imported, would state it again at the next import."""
    known = set(ledger.exhibits)
    files = sorted({name for name, _ in _imported(ledger, table)} | {f"{TYPED[table].file}.csv"})
    for name in files:
        path = ledger.case_folder / name
        if not path.is_file() or _sha256(path) in known:
            continue
        if without_row(path, name, table, key) is not None:
            raise InputError(
                "the file was edited since its last import and holds the row",
                where=name,
                so_what="Nothing was changed: the next import would state the row again",
                next="Import it (taggant add CASE), or take the row out of it, then purge",
            )


def _clear_abandoned(ledger: Ledger, plan: _Plan) -> None:
    """A case that was moved from a database to a file left its rows there: they go too."""
    note = ledger.folder / f"{stores.NOTE}.moved"
    if not note.is_file():
        return
    other = stores.open_noted(note)
    try:
        clear_store(other, dict.fromkeys(plan.records, plan.keeps_key))
    finally:
        other.close()


def _records(ledger: Ledger, table: str, key: str, plan: _Plan, author: str, reason: str) -> list[Record]:
    at = instant()
    said: Body = {
        "purge_id": f"{at[:10]}-{secrets.token_hex(4)}",
        "of_table": table,
        "of_key": key if plan.keeps_key else None,
        "records": [*plan.records],
        "exhibits": [*sorted(plan.exhibits)],
        "instead": [f"{old}={new}" for old, new in sorted(plan.exhibits.items()) if new is not None],
        "level": _level(ledger, plan.bodies),
        "why": reason,
        "by": author,
        "at": at,
    }
    said["tlp"] = said["level"]
    body: Body = {name: value for name, value in said.items() if value not in (None, [])}
    made = [_made("purge", str(said["purge_id"]), body)]
    names = {**dict.fromkeys(stand_ins(ledger)), **plan.exhibits}
    for row in ledger.live("import"):
        now = plan.exhibits.get(str(row.body["exhibit_id"]))
        if now is not None:
            made.append(_made("import", row.key, {**row.body, "exhibit_id": now}, row.record_id))
    held = {row.key for row in ledger.live("exhibit")}
    for old, new in plan.exhibits.items():
        before = ledger.get("exhibit", old)
        if new is None or before is None or new in held or new in names:
            continue
        held.add(new)
        size: Value = ledger.exhibits.path(new).stat().st_size
        made.append(_made("exhibit", new, {**before.body, "exhibit_id": new, "size": size, "received_at": at}))
    return made


def _made(table: str, key: str, body: Body, *supersedes: str) -> Record:
    return Record(
        table=table, key=key, schema=TYPED[table].version, body=body, supersedes=supersedes, salt=fresh_salt()
    )


def _level(ledger: Ledger, bodies: Iterable[Body]) -> str:
    """The most restrictive level the records had; the case's where they had none."""
    file = ledger.case_folder / CASE_FILE
    whole = read_case_toml(file).tlp if file.is_file() else "RED"
    levels = [str(body.get("tlp") or whole) for body in bodies] or [whole]
    return max(levels, key=lambda level: TLP.index(level) if level in TLP else len(TLP))


def _resting(ledger: Ledger, table: str, key: str, bodies: Iterable[Body]) -> tuple[str, ...]:
    """Live rows that name the row: by its key, or by another name it goes by."""
    names = {(table, key)}
    for body in bodies:
        if table == "party":
            names |= {("party", name) for name in (str(body.get("name") or ""), *_texts(body.get("aliases"))) if name}
        if table == "exhibit" and body.get("file"):
            names.add(("exhibit", str(body["file"])))
    found = []
    for other in ledger.counts():
        if other in ("withholding", "release", "listing"):
            continue
        for row in ledger.live(other):
            if (other, row.key) != (table, key) and any(n in names for n in named_by(other, row.body)):
                found.append(f"{other} {row.key}")
    return tuple(found)


def _words(table: str, bodies: Iterable[Body]) -> frozenset[str]:
    """What the row said in words of its own: no name of another row, no level, date or country."""
    words: set[str] = set()
    own = {c.name for c in TYPED[table].columns if c.refers is None and c.kind in (Kind.TEXT, Kind.LIST, Kind.URL)}
    for body in bodies:
        for name in own - {"media_type", "received_at", *TYPED[table].key}:
            words |= {w for w in _texts(body.get(name)) if len(w) >= _SHORTEST_WORD}
    return frozenset(words)


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(v) for v in value] if isinstance(value, list) else []


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
