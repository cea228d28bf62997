"""Lists a case holds: read from the exhibit once, kept as Parquet beside, made again whenever that is gone.

Invariant: what is kept is named by the sha256 of the list and by the reader's version; nothing in it is typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from taggant.sources.lists import READER_VERSION, ListVersion, read_lists


def listing_of(exhibits: Sequence[Path], held: Mapping[str, object], folder: Path) -> pl.LazyFrame:
    """Which entries has this list a case holds?

    Parameters
    ----------
    exhibits : sequence of Path
        The list, then what is read with it.
    held : mapping
        The row of `list_version`.
    folder : Path
        Where the read list is kept.

    Returns
    -------
    LazyFrame
        Table `listing`.

    Raises
    ------
    InputError
        The exhibit cannot be read.

    Notes
    -----
    *Assumes:* an exhibit never changes.
    *Not for:* judging a list: that was done when it was taken in.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     path = Path(name) / "list"
    ...     _ = path.write_text("name\\nKupol\\n")
    ...     held = {"list_id": "mine", "exhibit_id": "sha256:00", "version_on": "2024-05-03"}
    ...     listing_of([path], held, Path(name) / "lists").collect()["version_on"].to_list()
    [datetime.date(2024, 5, 3)]
    """
    list_id, version_on = str(held["list_id"]), held.get("version_on")
    day = None if version_on is None else date.fromisoformat(str(version_on)[:10])
    name = f"{str(held['exhibit_id']).removeprefix('sha256:')[:24]}-{READER_VERSION}-{day or 'undated'}.parquet"
    path = folder / name
    if not path.is_file():
        version: ListVersion = read_lists(exhibits, on=day)[0]
        frame = version.entries.with_columns(
            list_id=pl.lit(list_id), version=pl.lit(str(held["exhibit_id"])), version_on=pl.lit(day, dtype=pl.Date)
        )
        folder.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".new")
        frame.write_parquet(aside)
        aside.replace(path)
    return pl.scan_parquet(path)
