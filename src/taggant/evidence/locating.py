"""Places in exhibits: what stands at a locator, in words.

Invariant: a locator that cannot be followed is named with its reason; it never leads to another place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from taggant.errors import InputError

_PAIR = re.compile(r"(\d+),(\d+)")
_BOX = re.compile(r"percent:(\d+(?:\.\d+)?),(\d+(?:\.\d+)?),(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A locator, taken apart.

    Attributes
    ----------
    page, row : int or None
        From 1.
    chars : (int, int) or None
        First letter, and the first after, from 0.
    box : (float, float, float, float) or None
        Left, top, width, height in percent of the upright page.
    """

    page: int | None = None
    row: int | None = None
    chars: tuple[int, int] | None = None
    box: tuple[float, float, float, float] | None = None


def place_of(locator: str) -> Place:
    """Where does this locator lead?

    Parameters
    ----------
    locator : str
        ``page=3``, ``row=17``, ``char=120,180``, ``xywh=percent:10,20,5,3``, joined by ``&``.

    Raises
    ------
    InputError
        Some part is none of these.

    Examples
    --------
    >>> place_of("page=3&char=120,180").chars
    (120, 180)
    """
    page: int | None = None
    row: int | None = None
    chars: tuple[int, int] | None = None
    box: tuple[float, float, float, float] | None = None
    for part in locator.split("&"):
        name, _, value = part.partition("=")
        if name in ("page", "row") and value.isascii() and value.isdigit() and int(value) > 0:
            page, row = (int(value), row) if name == "page" else (page, int(value))
        elif name == "char" and (pair := _PAIR.fullmatch(value)) and int(pair[1]) <= int(pair[2]):
            chars = int(pair[1]), int(pair[2])
        elif name == "xywh" and (four := _BOX.fullmatch(value)):
            box = float(four[1]), float(four[2]), float(four[3]), float(four[4])
        elif name != "sheet":
            raise InputError(
                f"the locator {part!r} cannot be followed",
                where=locator,
                next="Locators in texts: page=3, row=17, char=120,180, xywh=percent:10,20,5,3, joined by &",
            )
    return Place(page=page, row=row, chars=chars, box=box)


def text_at(lines: pl.DataFrame, locator: str | None) -> pl.DataFrame:
    """Which lines of an exhibit stand at this place?

    Parameters
    ----------
    lines : polars.DataFrame
        Rows of `exhibit_text` of one exhibit.
    locator : str or None
        None: all of it.

    Returns
    -------
    polars.DataFrame
        The lines, in order; with ``char=`` the first and last are cut at its ends.

    Raises
    ------
    InputError
        The locator cannot be followed, or nothing stands there.

    Examples
    --------
    >>> lines = pl.DataFrame({"n": [0, 1], "page": [1, 1], "text": ["one two", "three"], "char_from": [0, 8],
    ...                       "char_until": [7, 13]})
    >>> text_at(lines, "char=4,11")["text"].to_list()
    ['two', 'thr']
    """
    if locator is None:
        return lines
    place = place_of(locator)
    found = lines.sort("n")
    if place.page is not None:
        found = found.filter(pl.col("page") == place.page)
    if place.row is not None:
        # Of a workbook the first line of a page is the sheet's name; of a text it is row 1.
        found = found.slice(place.row - 1, 1)
    if place.box is not None:
        left, top, width, height = place.box
        found = found.filter(
            (pl.col("left_pct") < left + width)
            & (pl.col("left_pct") + pl.col("width_pct") > left)
            & (pl.col("top_pct") < top + height)
            & (pl.col("top_pct") + pl.col("height_pct") > top)
        )
    if place.chars is not None:
        first, after = place.chars
        found = found.filter((pl.col("char_from") < after) & (pl.col("char_until") > first)).with_columns(
            pl.struct("text", "char_from").map_elements(
                lambda r: r["text"][max(first - r["char_from"], 0) : after - r["char_from"]], return_dtype=pl.String
            ),
            pl.max_horizontal("char_from", pl.lit(first)),
            pl.min_horizontal("char_until", pl.lit(after)),
        )
    if found.is_empty():
        raise InputError("nothing stands at this place", where=locator, next="Leave the locator out to see all of it")
    return found
