"""A ledger moved from one store to another: the same commits, the same head log, another database.

Invariant: the case points to the new store only when everything is in it and was read back; until then nothing of the
old one is touched, and afterwards it is kept under another name.
"""

from __future__ import annotations

from pathlib import Path

from taggant.errors import EvidenceBroken, InputError
from taggant.ledger import carrying, jsonl, store, stores
from taggant.ledger.exhibits import sync_folder
from taggant.ledger.filling import fill, head_lines
from taggant.ledger.ledger import Ledger
from taggant.ledger.sqlite_store import create_sqlite
from taggant.ledger.store import Store

_ARRIVING = "ledger.sqlite.arriving"


def move(case_folder: Path, address: str | None) -> str:
    """Where are this case's records once they are moved?

    Parameters
    ----------
    case_folder : Path
    address : str or None
        `postgresql://NAME@HOST/DATABASE`, or None for a file beside the case.

    Returns
    -------
    str
        How the new store is named to a person.

    Raises
    ------
    InputError
        The records are there already.
    EvidenceBroken
        Something is not what it was, or did not come back as it went in; the case is as before.
    """
    folder = case_folder / store.FOLDER
    is_in_file = not (folder / stores.NOTE).exists()
    if is_in_file == (address is None):
        raise InputError(
            f"the records are in {stores.store_name(case_folder)} already",
            where=str(case_folder),
            next="Give --store postgresql://NAME@HOST/DATABASE, or --store file",
        )
    with Ledger.open(case_folder) as old:
        if address is None:
            _to_file(old, folder)
        else:
            _to_postgres(old, folder, address)
    return stores.store_name(case_folder)


def _to_postgres(old: Ledger, folder: Path, address: str) -> None:
    from taggant.ledger.postgres_store import Address, create_postgres, fresh_schema

    at = Address.read(address, fresh_schema(old.case_folder.absolute().name))
    opened = create_postgres(at)
    try:
        _copy(old, opened)
    finally:
        opened.close()
    old.close()
    stores.write_note(folder, {"address": at.shown, "schema": at.schema})
    _set_aside(folder / store.FILE)


def _to_file(old: Ledger, folder: Path) -> None:
    arriving = folder / _ARRIVING
    for left in folder.glob(f"{_ARRIVING}*"):  # of a move that was cut short
        left.unlink()
    opened = create_sqlite(arriving)
    try:
        _copy(old, opened)
    finally:
        opened.close()
    arriving.replace(folder / store.FILE)
    sync_folder(folder)
    _set_aside(folder / stores.NOTE)


def _set_aside(file: Path) -> None:
    for part in (file, *file.parent.glob(f"{file.name}-*")):
        part.replace(part.with_name(f"{part.name}.moved"))
    sync_folder(file.parent)


def _copy(old: Ledger, new: Store) -> None:
    with old.opened.reading() as theirs:
        fill(new, carrying.packets(theirs), head_lines(theirs))
    went, came = jsonl.digest(old), jsonl.digest(Ledger(old.case_folder, new))
    if went != came:
        raise EvidenceBroken("the records did not come back as they went in", where=new.where, next="Move it again")
