"""The tables of a case as files for other programs.

Invariant: what is written is what was given: a caller that shows a level gives the tables of that level.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from taggant.errors import InputError, TaggantError, UnknownName
from taggant.model.declared import schema_of
from taggant.report.exports import table_csv

FORMS = ("csv", "parquet")


def write_tables(frames: Mapping[str, pl.DataFrame | pl.LazyFrame], folder: Path, form: str) -> tuple[Path, ...]:
    """Which files hold these tables?

    Parameters
    ----------
    frames : mapping of str to polars frame
        Typed and derived tables by name.
    folder : Path
        Made when it is not there; files of these names in it are replaced.
    form : {"csv", "parquet"}

    Returns
    -------
    tuple of Path
        One file a table that has rows, in the order of names; what an earlier writing left of the others is removed.

    Raises
    ------
    UnknownName
        A form or table nobody declared.
    InputError
        The folder is a file.
    TaggantError
        A file cannot be written.

    Notes
    -----
    *Assumes:* the tables hold nothing that may not be handed over.
    *Not for:* import: `taggant checkout` writes what can be read back.

    Examples
    --------
    >>> write_tables({}, Path("nowhere-at-all"), "csv")
    ()
    """
    if form not in FORMS:
        raise UnknownName("form", form, FORMS)
    if folder.exists() and not folder.is_dir():
        raise InputError("this is a file, not a folder", where=str(folder), next="Name a folder for the tables")
    written = []
    try:
        for name, given in sorted(frames.items()):
            frame = given.collect() if isinstance(given, pl.LazyFrame) else given
            path = folder / f"{name}.{form}"
            if frame.is_empty():
                path.unlink(missing_ok=True)  # of a writing at another level
                continue
            folder.mkdir(parents=True, exist_ok=True)
            if form == "csv":
                path.write_text(table_csv(frame, schema_of(name)), encoding="utf-8")
            else:
                frame.write_parquet(path)
            written.append(path)
    except OSError as err:
        raise TaggantError(
            f"the tables cannot be written: {err.strerror or err}",
            where=str(folder),
            so_what="Some of them may be there",
            next="Choose another place, with room",
        ) from err
    return tuple(written)
