"""What a source says of itself and what is expected of its files: `source.yml`.

Invariant: every key is known here, so that a misspelt expectation is not an expectation nobody checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

import yaml  # type: ignore[import-untyped]

from taggant.errors import InputError

_KEYS = {"id", "publisher", "title", "licence", "reliability", "reliability_reason", "fetch", "ignore", "known",
         "tolerance", "kinds", "programmes"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectations:
    """One source.

    Attributes
    ----------
    id, title : str
    publisher : str or None
        Its name in `reference/list_publishers.toml`.
    licence, reliability, reliability_reason : str or None
    fetch : tuple of str
        Addresses of its files.
    known : tuple of (date, int)
        How many entries it had on days when somebody counted.
    tolerance : float
        A version may be short by this share.
    kinds, programmes : tuple of str
        What a whole version has some of.
    """

    id: str
    title: str
    publisher: str | None
    licence: str | None
    reliability: str | None
    reliability_reason: str | None
    fetch: tuple[str, ...]
    known: tuple[tuple[date, int], ...]
    tolerance: float
    kinds: tuple[str, ...]
    programmes: tuple[str, ...]

    def expected_on(self, day: date | None) -> tuple[int, date] | None:
        """How many entries did the list have about this day, and which count says so?

        Parameters
        ----------
        day : date or None
            None: now.

        Returns
        -------
        tuple of (int, date) or None
            Between two counts, in proportion; after the last, the last; None before the first, or without a count.

        Notes
        -----
        *Assumes:* a list grows evenly between two counts.
        *Not for:* lists that shrink at once.

        Examples
        --------
        >>> expectations_of("ofac_sdn").expected_on(date(2023, 6, 29))
        (12631, datetime.date(2023, 6, 29))
        """
        if not self.known:
            return None
        last_on, last_n = self.known[-1]
        if day is None or day >= last_on:
            return last_n, last_on
        for (a_on, a_n), (b_on, b_n) in pairwise(self.known):
            if a_on <= day < b_on:
                return a_n + round((b_n - a_n) * (day - a_on).days / (b_on - a_on).days), a_on
        return None


@cache
def expectations_of(folder: str) -> Expectations:
    """What is known of the source in this folder?

    Parameters
    ----------
    folder : str
        Name of the folder under `sources/`.

    Returns
    -------
    Expectations

    Raises
    ------
    InputError
        A key is unknown.

    Notes
    -----
    *Assumes:* the packaged file.
    *Not for:* terms of use: read the publisher's.

    Examples
    --------
    >>> expectations_of("un_sc").kinds
    ('person', 'organisation')
    """
    text = (resources.files("taggant.sources") / folder / "source.yml").read_text(encoding="utf-8")
    body: Mapping[str, Any] = yaml.safe_load(text)
    unknown = sorted(set(body) - _KEYS)
    if unknown:
        raise InputError(
            f"unknown keys {unknown}", where=f"sources/{folder}/source.yml", next=f"Known: {sorted(_KEYS)}"
        )
    return Expectations(
        id=body["id"],
        title=body["title"],
        publisher=body.get("publisher"),
        licence=body.get("licence"),
        reliability=body.get("reliability"),
        reliability_reason=body.get("reliability_reason"),
        fetch=tuple(body.get("fetch") or ()),
        known=tuple((k["day"], int(k["entries"])) for k in body.get("known") or ()),
        tolerance=float(body.get("tolerance", 0.1)),
        kinds=tuple(body.get("kinds") or ()),
        programmes=tuple(body.get("programmes") or ()),
    )
