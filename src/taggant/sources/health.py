"""How whole is a version of a list, by what its publisher's had and by the version held before?

Invariant: what would mislead refuses; what only looks odd is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import polars as pl

from taggant.errors import InputError
from taggant.sources.expectations import Expectations
from taggant.sources.files import rows_of


class _Measured(Protocol):
    """What is asked of a version: see `lists.ListVersion`."""

    @property
    def list_id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def shape(self) -> str: ...
    @property
    def on(self) -> date | None: ...
    @property
    def encoding(self) -> str: ...
    @property
    def n_entries(self) -> int: ...
    @property
    def counts(self) -> Mapping[str, int]: ...
    @property
    def health(self) -> tuple[HealthLine, ...]: ...
    @property
    def entries(self) -> pl.DataFrame: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthLine:
    """One thing that is not as expected of a list.

    Attributes
    ----------
    kind : str
        "short", "collapsed", "stray rows", "encoding", "missing kind", "missing part".
    words : str
        What, with the numbers.
    is_refusal : bool
        Whether to screen against it would mislead.
    """

    kind: str
    words: str
    is_refusal: bool

    def as_json(self) -> dict[str, str | bool]:
        """Give the line as plain values."""
        return {"kind": self.kind, "words": self.words, "refuses": self.is_refusal}


def health_of(version: _Measured, expected: Expectations, text: str, before: _Measured | None) -> Iterator[HealthLine]:
    """What of this version is not as expected?

    Parameters
    ----------
    version : _Measured
    expected : Expectations
    text : str
        The file as read; empty for XML.
    before : _Measured or None
        The version held before.

    Yields
    ------
    HealthLine

    Notes
    -----
    *Assumes:* a list does not lose a tenth of its entries from one version to the next.
    *Not for:* saying that an entry is right.

    Examples
    --------
    See `read_lists`, which calls it.
    """
    n = version.n_entries
    if n == 0:
        yield HealthLine(kind="collapsed", words="the file has no entry", is_refusal=True)
        return
    counted = expected.expected_on(version.on)
    if counted is not None and version.shape not in ("alt",) and n < counted[0] * (1 - expected.tolerance):
        about, day = counted
        if_old = "" if version.on is not None else "; if it is an older version, say of which day it is"
        yield HealthLine(
            kind="short",
            words=(
                f"{n:,} entries, where the publisher's list has at least {about:,} (counted for {day.isoformat()}): "
                f"{about - n:,} are missing{if_old}"
            ),
            is_refusal=True,
        )
    if before is not None and n < before.n_entries * 0.9:
        yield HealthLine(
            kind="collapsed",
            words=f"{n:,} entries, where the version held before has {before.n_entries:,}",
            is_refusal=True,
        )
    missing = [k for k in expected.kinds if not version.counts.get(k)]
    if before is not None:
        missing += [k for k, had in before.counts.items() if had and not version.counts.get(k) and k not in missing]
    if missing and version.shape != "alt":
        yield HealthLine(
            kind="missing kind", words=f"no {', no '.join(k or 'entry without a kind' for k in missing)}",
            is_refusal=before is not None and any(before.counts.get(k) for k in missing),
        )  # fmt: skip
    for part in expected.programmes:
        if not version.entries["programmes"].list.join("|").str.contains(part, literal=True).any():
            yield HealthLine(kind="missing part", words=f"nothing of the part {part!r}", is_refusal=False)
    stray = _stray_rows(version, text)
    if stray:
        yield HealthLine(
            kind="stray rows", words=f"{stray:,} rows are no entries (a second head, too few cells)", is_refusal=False
        )
    if version.encoding not in ("utf-8", "ascii") or "\ufffd" in text:
        yield HealthLine(
            kind="encoding", words=f"read as {version.encoding}: names with accents may be wrong", is_refusal=False
        )


def _stray_rows(version: _Measured, text: str) -> int:
    if version.shape not in ("sdn", "csv", "semicolon", "tab"):
        return 0
    delimiter = {"semicolon": ";", "tab": "\t"}.get(version.shape, ";" if version.list_id == "eu-fsf" else ",")
    rows = list(rows_of(text, delimiter=delimiter))
    if version.shape == "sdn":
        return sum(len(row) < 12 or not row[0].strip().isdigit() for _, row in rows)
    cells = [row for _, row in rows]
    # The UK's tables begin with a line that is no head.
    head, *after = cells[1:] if version.list_id == "uk-sanctions" else cells
    return sum(row == head or (len(row) == 1 and len(head) > 1) for row in after)


def refuse_unhealthy(versions: Sequence[_Measured], *, accept_short: bool = False) -> None:
    """Stop where a list is not whole.

    Parameters
    ----------
    versions : sequence of ListVersion
    accept_short : bool
        The person says that it may be; the receipt says so too.

    Raises
    ------
    InputError
        A list is short or collapsed.

    Notes
    -----
    *Assumes:* a name that is not found in half a list is not thereby clean.
    *Not for:* warnings: they stay in the receipt.

    Examples
    --------
    >>> refuse_unhealthy([])
    """
    for version in versions:
        for line in version.health:
            if line.is_refusal and not accept_short:
                raise InputError(
                    f"{version.title}: {line.words}",
                    where=version.file,
                    so_what="A name that is not found in it may still be listed",
                    next="Fetch the whole list (taggant lists fetch), state its day (--list-on 2023-06-29) if it is an "
                    "older version, or say --accept-short",
                )
