"""Links between cases: a record in this case that names a thing of another.

Invariant: a link is a person's word with its reason; nothing is linked by the machine.
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from taggant.errors import InputError, UnknownName
from taggant.evidence.casefile import NAME, read_case_toml
from taggant.ledger.commits import Commit, instant
from taggant.ledger.ledger import Ledger
from taggant.model.link_tables import CASE_LINK, RELATIONS
from taggant.model.record import Body, Record, fresh_salt
from taggant.model.tables import join_key
from taggant.model.typed_tables import TYPED


def link(
    ledger: Ledger,
    thing: str,
    other: str,
    *,
    why: str,
    author: str,
    relation: str = "related",
    other_case: Path | None = None,
) -> Commit:
    """What does this case know once a thing of it is linked to a thing of another case?

    Parameters
    ----------
    ledger : Ledger
    thing : str
        ``table/key`` of a live row here.
    other : str
        ``uuid/table/key``; with `other_case` also ``table/key``.
    why : str
        The reason.
    author : str
        The person's handle in this case.
    relation : str
        One of `model.link_tables.RELATIONS`.
    other_case : Path, optional
        The other case's folder: the thing is looked up there.

    Returns
    -------
    Commit

    Raises
    ------
    InputError
        A name is not of the form; a row is not live; there is no reason; the link leads to this case itself.
    UnknownName
        No such table or relation.

    Notes
    -----
    *Assumes:* the uuid of a case stays in its `case.toml`.
    *Not for:* saying so in the other case: its own people do that there.
    """
    if relation not in RELATIONS:
        raise UnknownName("relation", relation, RELATIONS)
    if not why.strip():
        raise InputError("the link has no reason", next="Say why: --why 'the same serial on both plates'")
    table, key = _thing(thing)
    if ledger.get(table, key) is None:
        raise InputError(
            f"there is no live row {thing}", where=str(ledger.case_folder), next="taggant find lists names"
        )
    uuid, there, title = _other(other, other_case)
    if uuid == read_case_toml(ledger.case_folder / NAME).uuid:
        raise InputError("the other thing is of this same case", where=other, next="Link things of two cases")
    body: Body = {
        "thing": thing, "other": f"{uuid}/{there}", "relation": relation, "was_seen": other_case is not None,
        "about": [f"{table}:{key}"], "why": why.strip(), "by": author, "at": instant(),
    }  # fmt: skip
    if title is not None:
        body["other_case"] = title
    its_key = join_key([str(body["thing"]), str(body["other"])])
    live = ledger.get(CASE_LINK.name, its_key)
    record = Record(
        table=CASE_LINK.name,
        key=its_key,
        schema=TYPED[CASE_LINK.name].version,
        body=body,
        supersedes=() if live is None else (live.record_id,),
        salt=fresh_salt(),
    )
    return ledger.commit([record], author=author, message=f"link {thing} to another case")


def _thing(name: str) -> tuple[str, str]:
    table, slash, key = name.partition("/")
    if not (slash and key):
        raise InputError(f"{name!r} is no TABLE/KEY", next="Write item/m214, as taggant find prints it")
    if table not in TYPED:
        raise UnknownName("table", table, TYPED)
    return table, key


def _other(name: str, case: Path | None) -> tuple[str, str, str | None]:
    """The uuid of the other case, the thing as table/key, and what the case is called where that is known."""
    first, _, rest = name.partition("/")
    try:
        uuid: str | None = str(UUID(first))
    except ValueError:
        uuid, rest = None, name
    table, key = _thing(rest)
    if case is None:
        if uuid is None:
            raise InputError(
                f"{name!r} does not say which case it is of",
                next="Write UUID/TABLE/KEY, as taggant find prints it, or give the case's folder with --in",
            )
        return uuid, f"{table}/{key}", None
    file = read_case_toml(case / NAME)
    if uuid is not None and uuid != file.uuid:
        raise InputError(f"the case there has the uuid {file.uuid}, not {uuid}", where=str(case))
    with Ledger.open(case) as other:
        if other.get(table, key) is None:
            raise InputError(f"there is no live row {table}/{key}", where=str(case), next="taggant find lists names")
    return file.uuid, f"{table}/{key}", file.title
