"""Puts the shipped case into a folder of the user's, once."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from taggant.errors import InputError

_SHIPPED = "geran"


def place(folder: Path) -> None:
    """Copy the shipped case into this folder; leave a folder that holds it as it is.

    Raises
    ------
    InputError
        The folder holds something else.
    """
    from taggant.evidence.casefile import read_case_toml

    with as_file(files("taggant") / "cases" / _SHIPPED) as shipped:
        if not folder.exists() or not any(folder.iterdir()):
            shutil.copytree(shipped, folder, dirs_exist_ok=True)
        elif not (folder / "case.toml").is_file() or (
            read_case_toml(folder / "case.toml").uuid != read_case_toml(shipped / "case.toml").uuid
        ):
            raise InputError(
                f"the folder {str(folder)!r} holds something else than the shipped case",
                so_what="Nothing was written",
                next="Name a folder that is empty or not there: taggant demo FOLDER",
            )
