"""A new case: its folder, its case file, empty tables with their headers.

Invariant: nothing that is there already is touched.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from uuid import uuid4

from taggant.errors import InputError
from taggant.evidence.casefile import NAME as CASE_FILE
from taggant.evidence.folder import EXHIBIT_FOLDERS
from taggant.model.typed_tables import BY_FILE

_README = """\
{title}

Type into the .csv files with any spreadsheet program, one row a thing, and save as CSV UTF-8 (or use one XLSX
workbook with sheets of the same names). An empty cell means: not known. Never write "unknown", "n/a" or 0 for it.
Begin with sources.csv: every row of every other table names the source that states it.
Dates: 2023, 2023-07, 2023-07-14, 2023-W28, 2023-05/2023-07; add ~ for "about". Lists: a; b; c.
Letters as they stand on the object: do not mend, translate or complete them.
Put papers under documents/ and photographs under photos/; never change a file after it is there.
Take it all in with: taggant add {folder}      answer the questions with: taggant run {folder}
The folder .taggant/ is the machine's: back it up, do not open it. The manual says what every column means.
"""


def new_case(folder: Path, title: str) -> Path:
    """Where shall a new case be, and what is it called?

    Parameters
    ----------
    folder : Path
        A folder that does not exist, or is empty.
    title : str
        What the case is called.

    Returns
    -------
    Path
        The folder, with `case.toml` (a fresh uuid), one empty CSV file a table, `documents/`, `photos/`, `README.txt`.

    Raises
    ------
    InputError
        The folder has something in it, the title is empty, or the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     case = new_case(Path(place, "kestrel"), "Kestrel")
    ...     (case / "use.csv").read_text().strip()
    'period,designation,source_id,launched,stopped,includes_decoys,tlp,note'
    """
    if not title.strip() or any(ord(c) < 32 for c in title):
        raise InputError(f"the title {title!r} is empty or has a line break", next="Give the case a title of one line")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InputError(
                "the folder is not empty",
                where=str(folder),
                so_what="A new case would mix with what is there",
                next="Name a folder that does not exist",
            )
        folder.mkdir(parents=True, exist_ok=True)
        for name in EXHIBIT_FOLDERS:
            (folder / name).mkdir()
        escaped = title.strip().replace("\\", "\\\\").replace('"', '\\"')
        case_toml = f'uuid = "{uuid4()}"\ntitle = "{escaped}"\ntlp = "RED"\nblur_km = 10\nlanguage = "en"\n'
        (folder / CASE_FILE).write_text(case_toml, encoding="utf-8")
        (folder / "README.txt").write_text(_README.format(title=title.strip(), folder=folder.name), encoding="utf-8")
        for stem, schema in BY_FILE.items():
            (folder / f"{stem}.csv").write_text(csv_text([schema.names]), encoding="utf-8", newline="")
    except OSError as err:
        raise InputError(
            f"the case cannot be written: {err.strerror}", where=str(folder), next="Choose a folder you may write to"
        ) from err
    return folder


def csv_text(rows: list[tuple[str, ...]]) -> str:
    """Give rows as CSV text with plain line ends; quoted only where it must be."""
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\n").writerows(rows)
    return target.getvalue()
