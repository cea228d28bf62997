"""Which store holds this case: a file beside it, or a schema of a database somewhere else.

Invariant: `CASE/.taggant/store.json` names a database without a password; without that file the store is
`CASE/.taggant/ledger.sqlite`.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import orjson

from taggant.errors import EvidenceBroken, InputError
from taggant.ledger.exhibits import sync_folder
from taggant.ledger.sqlite_store import create_sqlite, open_sqlite
from taggant.ledger.store import FILE, FOLDER, Store
from taggant.model.canonical import canonical

NOTE = "store.json"


def create_store(case_folder: Path, address: str | None = None, *, name: str | None = None) -> Store:
    """Make an empty ledger for this case.

    Parameters
    ----------
    case_folder : Path
    address : str, optional
        `postgresql://NAME@HOST/DATABASE`; a file beside the case when left out. A password in it is used now and is
        not written down.
    name : str, optional
        What a schema is named after; the folder by default.

    Raises
    ------
    InputError
        There is a ledger already, or the address is none.
    MissingExtra
        The part that speaks to PostgreSQL is not installed.
    """
    folder = case_folder / FOLDER
    note = folder / NOTE
    if address is None:
        if note.exists():
            raise InputError("there is a ledger already", where=str(note), next="Open it, or choose another folder")
        return create_sqlite(folder / FILE)
    from taggant.ledger.postgres_store import Address, create_postgres, fresh_schema

    if (folder / FILE).exists():
        raise InputError(
            "there is a ledger already", where=str(folder / FILE), next="Move it: taggant move CASE --store ADDRESS"
        )
    schema = _said(note)["schema"] if note.exists() else fresh_schema(name or case_folder.absolute().name)
    at = Address.read(address, schema)
    # The note comes first: a creation cut short is completed by the next, in the same schema.
    write_note(folder, {"address": at.shown, "schema": schema})
    return create_postgres(at)


def open_store(case_folder: Path) -> Store:
    """Open the ledger of this case, wherever it is.

    Raises
    ------
    InputError
        There is none, or a newer program made it.
    EvidenceBroken
        It is there and cannot be read.
    """
    folder = case_folder / FOLDER
    note = folder / NOTE
    return open_noted(note) if note.exists() else open_sqlite(folder / FILE)


def open_noted(note: Path) -> Store:
    """Open the ledger this note names.

    Raises
    ------
    EvidenceBroken
        The note cannot be read.
    TaggantError
        The database cannot be reached.
    """
    from taggant.ledger.postgres_store import Address, open_postgres

    said = _said(note)
    return open_postgres(Address.read(said["address"], said["schema"]))


def forget_store(case_folder: Path, address: str | None = None) -> None:
    """Take away what a case that will not be made has in a database; a file beside it goes with its folder.

    `address` may hold the password that the note does not.
    """
    note = case_folder / FOLDER / NOTE
    if not note.exists():
        return
    from taggant.ledger.postgres_store import Address, drop_postgres

    said = _said(note)
    drop_postgres(Address.read(address or said["address"], said["schema"]))


def holds_ledger(case_folder: Path) -> bool:
    """Whether a ledger was made for this folder."""
    folder = case_folder / FOLDER
    return (folder / NOTE).is_file() or (folder / FILE).is_file()


def store_name(case_folder: Path) -> str:
    """How is this case's store named to a person?"""
    note = case_folder / FOLDER / NOTE
    if not note.exists():
        return FILE
    said = _said(note)
    return f"{said['address']} schema {said['schema']}"


def reading_uri(case_folder: Path) -> str | None:
    """How may a second process open the file of this case for reading? None: it is in a database, or may not be."""
    file = case_folder / FOLDER / FILE
    if (case_folder / FOLDER / NOTE).exists() or not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
        return None
    return f"{file.absolute().as_uri()}?mode=ro"


def write_note(folder: Path, said: dict[str, str]) -> None:
    """Write down where the store is; whole, or not at all."""
    handle, name = tempfile.mkstemp(prefix=".unfinished-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(canonical(said))
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(folder / NOTE)
    finally:
        Path(name).unlink(missing_ok=True)
    sync_folder(folder)


def _said(note: Path) -> dict[str, str]:
    try:
        said = orjson.loads(note.read_bytes())
        return {"address": str(said["address"]), "schema": str(said["schema"])}
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError) as err:
        raise EvidenceBroken(
            f"the note that says where the ledger is cannot be read ({type(err).__name__})",
            where=str(note),
            next="Restore it from a copy; it holds the address of the database and the name of the schema",
        ) from err
