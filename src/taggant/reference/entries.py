"""Strict reading of reference files: what is not understood is refused, never absorbed.

An `Entry` is one table of a file with the place it stands at; `done` refuses every key nobody asked for.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from taggant.errors import InputError

_SO_WHAT = "The reference is not used until it is right"
_URL = re.compile(r"https?://\S+")


def folder_of(folder: Path | None) -> Traversable:
    """Give the folder to read: the packaged one, or the one named."""
    return files("taggant.reference") if folder is None else folder


def files_in(folder: Traversable, name: str, ending: str) -> list[Traversable]:
    """Give the files of a subfolder that end so, by name; a missing or empty subfolder is refused."""
    place = folder / name
    found = (
        sorted((f for f in place.iterdir() if f.name.endswith(ending)), key=lambda f: f.name) if place.is_dir() else []
    )
    if not found:
        raise InputError(
            f"no file ending in {ending!r}",
            where=str(place),
            so_what=_SO_WHAT,
            next="Name the folder that holds the files",
        )
    return found


def text_of(file: Traversable) -> str:
    """Give the text of a UTF-8 file."""
    if not file.is_file():
        raise refusal("the file is not there", where=str(file), next="Name the folder that holds it")
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as err:
        raise refusal(f"byte {err.start} is not UTF-8", where=file.name, next="Save the file as UTF-8") from err


def refusal(what: str, *, where: str, next: str) -> InputError:
    """Build the error of a reference file: what, where, and the next step."""
    return InputError(what, where=where, so_what=_SO_WHAT, next=next)


def toml_entry(file: Traversable) -> Entry:
    """Give the top table of a TOML file."""
    try:
        return Entry(tomllib.loads(text_of(file)), where=file.name)
    except tomllib.TOMLDecodeError as err:
        raise refusal(f"not TOML: {err}", where=file.name, next="Mend the line the message names") from err


def csv_entries(file: Traversable, columns: Sequence[str]) -> list[Entry]:
    """Give the rows of a CSV file with exactly these columns; an empty cell counts as not written."""
    try:
        rows = list(csv.reader(io.StringIO(text_of(file)), strict=True))
    except csv.Error as err:
        raise refusal(f"not CSV: {err}", where=file.name, next="Close the quotes, one row a line") from err
    header = tuple(rows[0]) if rows else ()
    if header != tuple(columns):
        raise refusal(
            f"the header is {', '.join(header) or 'empty'}",
            where=file.name,
            next=f"Write the columns {', '.join(columns)}",
        )
    entries = []
    for n, row in enumerate(rows[1:], 2):
        where = f"{file.name} · row {n}"
        if len(row) != len(columns):
            raise refusal(f"{len(row)} values for {len(columns)} columns", where=where, next="Count commas and quotes")
        entries.append(Entry({c: v for c, v in zip(columns, row, strict=True) if v}, where=where))
    return entries


class Entry:
    """One table of a reference file; each key is asked for by the kind of value it must hold."""

    def __init__(self, values: Mapping[str, object], *, where: str) -> None:
        self._values = dict(values)
        self._asked: set[str] = set()
        self.where = where

    def named(self, name: str) -> None:
        """Say the entry's own name in later refusals."""
        self.where = f"{self.where} · {name}"

    def refuse(self, what: str, next: str) -> InputError:
        """Build the error for something wrong in this entry."""
        return refusal(what, where=self.where, next=next)

    def has(self, key: str) -> bool:
        """Whether the key is written at all."""
        return key in self._values

    def _take(self, key: str) -> object:
        self._asked.add(key)
        return self._values.get(key)

    def maybe_text(self, key: str) -> str | None:
        """Text without white space at its ends, or None when the key is not written."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value or value != value.strip():
            raise self.refuse(
                f"{key} = {value!r} is no text, or has white space at an end", f"Write {key} as text, or leave it out"
            )
        return value

    def text(self, key: str) -> str:
        """Text that must be there."""
        value = self.maybe_text(key)
        if value is None:
            raise self.refuse(f"{key} is missing", f"Write {key}")
        return value

    def url(self, key: str) -> str:
        """An http(s) address."""
        return self._checked_url(key, self.text(key))

    def maybe_url(self, key: str) -> str | None:
        """An http(s) address, or None when the key is not written."""
        value = self.maybe_text(key)
        return None if value is None else self._checked_url(key, value)

    def _checked_url(self, key: str, value: str) -> str:
        if not _URL.fullmatch(value):
            raise self.refuse(
                f"{key} = {value!r} is no web address", "Write it from http:// or https:// on, without blanks"
            )
        return value

    def one_of(self, key: str, allowed: Collection[str]) -> str:
        """One of the words allowed."""
        value = self.text(key)
        if value not in allowed:
            raise self.refuse(f"{key} = {value!r} is not known", f"Use one of: {', '.join(allowed)}")
        return value

    def listed(self, key: str) -> tuple[str, ...]:
        """A list typed in one cell, parted by `;`; not written = none, and nothing may stand twice."""
        value = self.maybe_text(key)
        found = () if value is None else tuple(v.strip() for v in value.split(";"))
        if not all(found) or len(set(found)) != len(found):
            raise self.refuse(f"{key} = {value!r} has an empty or repeated value", "Part values by one ;, each once")
        return found

    def flag(self, key: str, *, otherwise: bool) -> bool:
        """true or false; what holds when the key is not written is said by the caller."""
        value = self._take(key)
        if value is None:
            return otherwise
        if not isinstance(value, bool):
            raise self.refuse(f"{key} = {value!r} is neither true nor false", "Write true or false, without quotes")
        return value

    def whole(self, key: str) -> int:
        """A whole number from 0 on."""
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.refuse(f"{key} = {value!r} is no whole number from 0 on", f"Write {key} as a whole number")
        return value

    def day(self, key: str) -> date:
        """A calendar day, written 2022-09-13 with or without quotes."""
        return self._as_day(key, self._take(key))

    def _as_day(self, key: str, value: object) -> date:
        if type(value) is date:
            return value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError as err:
            raise self.refuse(f"{key}: {value!r} is no day", "Write the day as 2022-09-13") from err

    def day_pairs(self, key: str) -> list[tuple[date, date]]:
        """A list of [from, until] days; an empty list is an answer too, so the key must be written."""
        value = self._take(key)
        if not isinstance(value, list):
            raise self.refuse(
                f"{key} is missing or no list", f"Write {key} as a list of [from, until] days; none is []"
            )
        pairs = []
        for pair in value:
            if not isinstance(pair, list) or len(pair) != 2:
                raise self.refuse(f"{key}: {pair!r} is no pair", "Write each range as [from, until]")
            pairs.append((self._as_day(key, pair[0]), self._as_day(key, pair[1])))
        return pairs

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; not written = none."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not value or not all(isinstance(v, str) and v for v in value):
            raise self.refuse(
                f"{key} = {value!r} is no list of texts", f"Write {key} as a list of texts, or leave it out"
            )
        return tuple(value)

    def mapping(self, key: str) -> dict[str, object]:
        """A table of its own, as plain values; not written = empty."""
        value = self._take(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.refuse(f"{key} = {value!r} is no table", f"Write {key} as a table: {key} = {{ … }}")
        return value

    def anything(self, key: str) -> object:
        """The value as it stands; the caller judges it."""
        return self._take(key)

    def entries(self, key: str) -> list[Entry]:
        """The tables under a key; not written = none."""
        value = self._take(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self.refuse(f"{key} is no list of tables", f"Write each as [[{key}]]")
        return [Entry(v, where=f"{self.where} · {key} {n}") for n, v in enumerate(value, 1)]

    def done(self) -> None:
        """Refuse every key nobody asked for."""
        unknown = sorted(set(self._values) - self._asked)
        if unknown:
            raise self.refuse(
                f"unknown {'key' if len(unknown) == 1 else 'keys'} {', '.join(unknown)}",
                f"Correct the spelling or leave it out; known here: {', '.join(sorted(self._asked))}",
            )
