"""Withholding a row from everything that is handed over, and releasing one again.

Invariant: both are records: who, when and why stay in the history. The content of a withheld row never leaves, at any
level; its records' ids do, and their salts make a guess of the content impossible to confirm.
"""

from __future__ import annotations

from taggant.errors import InputError, UnknownName
from taggant.ledger.commits import Commit, instant
from taggant.ledger.ledger import Ledger
from taggant.model.record import Body, Record, fresh_salt
from taggant.model.tables import join_key
from taggant.model.typed_tables import TLP, TYPED

_KEPT_OUT = frozenset({"withholding", "release", "purge"})


def withhold(ledger: Ledger, table: str, key: str, *, author: str, reason: str) -> Commit:
    """What does the ledger know once this row is withheld from all that is handed over?

    Parameters
    ----------
    ledger : Ledger
        Open for writing.
    table, key : str
        A row that is live or once was.
    author, reason : str

    Returns
    -------
    Commit

    Raises
    ------
    InputError
        No such row was ever stated, it is withheld already, or no reason is given.

    Notes
    -----
    What rests on the row is withheld with it.

    *Assumes:* nobody wrote its content into another row's free text.
    *Not for:* destroying: the row stays in the ledger (`purging.purge`).
    """
    _stated(ledger, table, key)
    of = join_key([table, key])
    if ledger.get("withholding", of) is not None:
        raise InputError(
            "the row is withheld already",
            where=f"{table} {key!r}",
            so_what="Nothing was changed",
            next=f"taggant release CASE {table} {key} lifts it",
        )
    body: Body = {"of_table": table, "of_key": key, "why": reason, "by": author, "at": instant()}
    return ledger.commit([_record(ledger, "withholding", of, body)], author=author, message=f"withhold {table} row")


def release(ledger: Ledger, table: str, key: str, *, author: str, reason: str, level: str | None = None) -> Commit:
    """What does the ledger know once this row may be shown again?

    Parameters
    ----------
    ledger : Ledger
        Open for writing.
    table, key : str
    author, reason : str
    level : str, optional
        What the row's *former* records count as from now on: for a level that was a slip, or has run out. A withholding
        is lifted in any case.

    Returns
    -------
    Commit

    Raises
    ------
    InputError
        The row is not withheld and no level is given; or the row itself is above that level now.
    UnknownName
        The level is none of TLP 2.0.

    Notes
    -----
    *Assumes:* whoever releases may: it is written down who did, and why.
    *Not for:* lowering a live row; correct its `tlp` in its file and import it.
    """
    _stated(ledger, table, key)
    of = join_key([table, key])
    records = []
    lifted = ledger.get("withholding", of)
    if lifted is not None:
        records.append(_record(ledger, "withholding", of, None))
    if level is not None:
        records.append(_record(ledger, "release", of, _release(ledger, table, key, level, author, reason)))
    if not records:
        raise InputError(
            "the row is not withheld",
            where=f"{table} {key!r}",
            so_what="Nothing was changed",
            next="Give --level to say what its former records count as from now on",
        )
    return ledger.commit(records, author=author, message=f"release {table} row")


def _release(ledger: Ledger, table: str, key: str, level: str, author: str, reason: str) -> Body:
    if level not in TLP:
        raise UnknownName("TLP level", level, TLP)
    live = ledger.get(table, key)
    own = None if live is None else live.body.get("tlp")
    if isinstance(own, str) and TLP.index(own) > TLP.index(level):
        raise InputError(
            f"the row is TLP:{own} now, above TLP:{level}",
            where=f"{table} {key!r}",
            so_what="Its former records were not released: the row would stay closed",
            next="Correct its tlp in its file, import it, then release what it was before",
        )
    former = [
        e.record_id
        for e in ledger.history(table, key)
        if not e.is_withdrawal and (live is None or e.record_id != live.record_id)
    ]
    if not former:
        raise InputError(
            "the row has no former records", where=f"{table} {key!r}", next="Its own level is in its column tlp"
        )
    said: Body = {"of_table": table, "of_key": key, "records": former, "level": level}
    return said | {"why": reason, "by": author, "at": instant()}


def _stated(ledger: Ledger, table: str, key: str) -> None:
    if table in _KEPT_OUT:
        raise InputError(
            f"a row of table {table} cannot be withheld or released by itself",
            where=f"{table} {key!r}",
            next="Name the row it is about",
        )
    if table not in TYPED:
        raise UnknownName("table", table, TYPED)
    if not ledger.history(table, key):
        raise InputError(
            "no row with this key was ever stated",
            where=f"{table} {key!r}",
            so_what="Nothing was changed",
            next="taggant checkout CASE writes all live rows, with their keys",
        )


def _record(ledger: Ledger, table: str, key: str, body: Body | None) -> Record:
    live = ledger.get(table, key)
    return Record(
        table=table,
        key=key,
        schema=TYPED[table].version,
        body=body,
        supersedes=() if live is None else (live.record_id,),
        salt=fresh_salt(),
    )
