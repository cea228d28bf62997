"""One cell: from the text a person typed to the value a record holds.

Invariant: letters are never changed beyond trimming the spaces around a cell. `Ы` and `bl` look alike and must stay
apart, so nothing is normalised (no NFC, no case folding).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from taggant.errors import BadDate
from taggant.evidence.issues import close_to, shown
from taggant.model.canonical import INTEGER_LIMIT
from taggant.model.record import Value
from taggant.model.tables import Column, Kind
from taggant.reference import country_name
from taggant.writing.edtf import parse_edtf

CELL_BOUND = 1024 * 1024
"""Characters in one cell. The longest statements we know have some thousands; more is a torn or hostile file."""

PLACEHOLDERS = frozenset(
    {"unknown", "n/a", "n.a.", "none", "null", "nil", "nan", "-", "--", "–", "—", "?", "??", "tbd"}
)
"""Words people write for "not known". `na` is not among them: it is a language and, in capitals, Namibia."""

_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_URL = re.compile(r"https?://[^\s/?#]+(?:[/?#]\S*)?", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


_PLAIN_KINDS = frozenset({Kind.TEXT, Kind.ID, Kind.LOCATOR})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a cell is not what its column holds, and what to do about it."""

    kind: str
    what: str
    next: str


def read_cell(column: Column, raw: str) -> Value | Refusal:
    """Which value does this cell hold?

    Parameters
    ----------
    column : Column
        The declared column: its kind, and the levels of a `Kind.LEVEL`.
    raw : str
        The cell as it stands in the file.

    Returns
    -------
    str, int, bool, list of str, None or Refusal
        None for an empty cell. Decimals, dates, addresses and locators stay the text that was typed.

    Notes
    -----
    Assumes: the kinds of `model.tables.Kind`. A country is one of ISO 3166-1, or XA-XZ.
    Not for: references to other rows (`evidence.links`), required columns (`evidence.rows`).

    Examples
    --------
    >>> read_cell(Column("quantity", Kind.INTEGER, "How many."), " 3 ")
    3
    >>> read_cell(Column("made", Kind.DATE, "When."), "2023-W86").what
    "the date '2023-W86' has week 86; 2023 has weeks 01-52"
    """
    text = raw.strip()
    if not text:
        return None
    if len(text) > CELL_BOUND:
        return Refusal(
            "cell too long",
            f"the cell has {len(text):,} characters; a cell may have {CELL_BOUND:,}",
            "Put long text into a file under documents/ and name it in the locator",
        )
    if column.kind is not Kind.TEXT and text.casefold() in PLACEHOLDERS and text not in column.levels:
        return Refusal("placeholder", f"{text!r} stands for a missing {column.name}", "Leave the cell empty")
    return _READERS[column.kind](column, text)


def read_plain(column: Column, cells: Sequence[str]) -> list[Value] | None:
    """Which values do these cells hold, when nothing about them is in doubt?

    A short cut for columns of text in which hardly a cell repeats; it takes what `read_cell` would take, many at once.

    Returns
    -------
    list or None
        None when the column is of another kind, or a cell needs a closer look.
    """
    if column.kind not in _PLAIN_KINDS or max(map(len, cells)) > CELL_BOUND:
        return None
    if column.kind is not Kind.TEXT and not PLACEHOLDERS.isdisjoint([cell.strip().casefold() for cell in cells]):
        return None
    if column.kind is Kind.ID and _CONTROL.search("".join(cells)):
        return None
    return [cell.strip() or None for cell in cells]


def split_list(text: str) -> list[str]:
    """Which elements does this list have?

    Elements are parted by `;`; a doubled `;;` is a literal one. Empty elements fall away.

    Examples
    --------
    >>> split_list("AB Ltd; C;;D ;")
    ['AB Ltd', 'C;D']
    """
    parts = (part.strip().replace("\0", ";") for part in text.replace(";;", "\0").split(";"))
    return [part for part in parts if part]


def join_list(elements: list[str]) -> str:
    """Which text is read back as these elements?

    Examples
    --------
    >>> join_list(["a", ";b"])
    'a; ;;b'
    """
    # The space keeps a literal `;;` at the start of an element apart from the separator before it.
    return "; ".join(element.replace(";", ";;") for element in elements)


def write_cell(value: Value) -> str:
    """Which text is read back as this value?

    Examples
    --------
    >>> [write_cell(v) for v in (None, True, 3, ["a", "b"])]
    ['', 'yes', '3', 'a; b']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return join_list(value)
    return str(value)


def _text(_: Column, text: str) -> Value | Refusal:
    return text


def _identifier(column: Column, text: str) -> Value | Refusal:
    if _CONTROL.search(text):
        return Refusal(
            "bad identifier",
            f"the {column.name} {shown(text)!r} has a line break or control character",
            "Write the name on one line",
        )
    return text


def _level(column: Column, text: str) -> Value | Refusal:
    if text in column.levels:
        return text
    near = close_to(text, column.levels)
    known = ", ".join(column.levels)
    return Refusal(
        "unknown word",
        f"{shown(text)!r} is none of the words for {column.name}: {known}",
        f"Write {near!r}" if near else "Use one of these words, or leave the cell empty",
    )


def _list(_: Column, text: str) -> Value | Refusal:
    return split_list(text) or None


def _integer(column: Column, text: str) -> Value | Refusal:
    if not _INTEGER.fullmatch(text):
        return Refusal(
            "not a whole number",
            f"{column.name} {shown(text)!r} is no whole number",
            "Write digits only, without spaces, separators or unit: 1000",
        )
    if len(text) > 17 or not -INTEGER_LIMIT < int(text) < INTEGER_LIMIT:
        return Refusal("number too large", f"{column.name} {shown(text)!r} does not fit below 2^53", "Check the number")
    return int(text)


def _decimal(column: Column, text: str) -> Value | Refusal:
    if _DECIMAL.fullmatch(text):
        return text
    without = text.replace(" ", "").replace("\u00a0", "").replace("\u202f", "").replace("'", "")
    if text.count(",") == 1 and _DECIMAL.fullmatch(text.replace(",", ".")) and "." not in text:
        # 1,234 is a thousand to one reader and a bit over one to another: both ways out are named, none is taken.
        whole, part = text.split(",")
        next_step = f"Write {whole}.{part} with a point"
        next_step += f", or {whole}{part} if the comma parted thousands" if len(part) == 3 else ""
    elif _DECIMAL.fullmatch(without.replace(",", "")):
        next_step = f"Write {without.replace(',', '')} without separators"
    else:
        next_step = "Write digits with a decimal point and no unit, or leave the cell empty"
    return Refusal("not a number", f"{column.name} {shown(text)!r} is no number", next_step)


def _yes_no(column: Column, text: str) -> Value | Refusal:
    folded = text.casefold()
    if folded in {"yes", "no"}:
        return folded == "yes"
    return Refusal("not yes or no", f"{column.name} {shown(text)!r} is neither yes nor no", "Write yes or no")


def _date(_: Column, text: str) -> Value | Refusal:
    try:
        parse_edtf(text)
    except BadDate as err:
        return Refusal("bad date", shown(err.what) if len(text) > 80 else err.what, err.next or "Check the date")
    return text


def _country(column: Column, text: str) -> Value | Refusal:
    if _COUNTRY.fullmatch(text) and country_name(text) is not None:
        return text
    upper = text.upper()
    known = _COUNTRY.fullmatch(upper) and country_name(upper) is not None
    next_step = f"Write {upper}" if known else "Write the ISO 3166 alpha-2 code: DE, IR, US; XA-XZ for invented ones"
    return Refusal("bad country", f"{column.name} {shown(text)!r} is no country code", next_step)


def _language(column: Column, text: str) -> Value | Refusal:
    if _LANGUAGE.fullmatch(text):
        return text
    return Refusal(
        "bad language", f"{column.name} {shown(text)!r} is no language code", "Write the ISO 639 code: en, uk"
    )


def _url(column: Column, text: str) -> Value | Refusal:
    if _URL.fullmatch(text):
        return text
    return Refusal(
        "bad address",
        f"{column.name} {shown(text)!r} is no web address",
        "Write the whole address, starting with https://, without spaces",
    )


_READERS: Mapping[Kind, Callable[[Column, str], Value | Refusal]] = {
    Kind.TEXT: _text,
    Kind.ID: _identifier,
    Kind.LEVEL: _level,
    Kind.LIST: _list,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.YESNO: _yes_no,
    Kind.DATE: _date,
    Kind.COUNTRY: _country,
    Kind.LANGUAGE: _language,
    Kind.URL: _url,
    Kind.LOCATOR: _text,
}
