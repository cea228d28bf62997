"""Which address each page has, and how one page names another.

Invariant: an address is made of lower-case letters, digits, `-`, `.` and `/` only, whatever the key holds; two keys of
one table never share one, also where the file system does not tell capitals apart.
"""

from __future__ import annotations

import hashlib
import re

HOME = "index.html"
STYLE = "assets/look.css"
ICON = "assets/icon.svg"

_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_HASHED = re.compile(r".*--[0-9a-f]{16}")
_LONGEST = 64  # a commit is named by its whole id
# Names Windows keeps for devices, with any ending.
_DEVICES = frozenset({"con", "prn", "aux", "nul", "index"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(10)})


def file_stem(key: str) -> str:
    """Which file name stands for this key?

    Parameters
    ----------
    key : str
        Any letters: a key of a row.

    Returns
    -------
    str
        The key itself where it is short and plain; else what of it is plain, and 16 hex digits of its sha256.

    Notes
    -----
    *Assumes:* two keys do not share 64 bits of their digest.
    *Not for:* reading the key back: the page says it.

    Examples
    --------
    >>> file_stem("gur-663"), file_stem("../x")
    ('gur-663', 'x--d6b96a97d147daaa')
    """
    if len(key) <= _LONGEST and _PLAIN.fullmatch(key) and not _HASHED.fullmatch(key) and key not in _DEVICES:
        return key
    plain = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")[:_LONGEST].strip("-")
    digest = hashlib.sha256(key.encode("utf-8", errors="surrogatepass")).hexdigest()[:16]
    return f"{plain or 'x'}--{digest}"


def page_address(table: str, key: str) -> str:
    """Which page shows this row?

    Parameters
    ----------
    table : str
        A typed table, or `commit`.
    key : str
        The row's key.

    Returns
    -------
    str
        From the root of the site.

    Notes
    -----
    *Assumes:* `table` is a name of ours.
    *Not for:* saying whether there is such a page: the site knows.

    Examples
    --------
    >>> page_address("item", "m214")
    'item/m214.html'
    """
    return f"{table}/{file_stem(key)}.html"


def table_address(table: str) -> str:
    """Which page lists this table?

    Parameters
    ----------
    table : str
        A declared table.

    Returns
    -------
    str

    Notes
    -----
    *Assumes:* `table` is a name of ours.
    *Not for:* one row.

    Examples
    --------
    >>> table_address("made_range")
    'table/made_range.html'
    """
    return f"table/{table}.html"


def twin(address: str, ending: str = "json") -> str:
    """Which address has a page's twin for machines?

    Parameters
    ----------
    address : str
        Of the page.
    ending : str
        `json` or `csv`.

    Returns
    -------
    str

    Notes
    -----
    *Assumes:* the address is a page's.
    *Not for:* files.

    Examples
    --------
    >>> twin("item/m214.html")
    'item/m214.json'
    """
    return f"{address.removesuffix('.html')}.{ending}"


def root_from(address: str) -> str:
    """What stands before an address of the site in a link from this page?

    Parameters
    ----------
    address : str
        Of the page the link stands on.

    Returns
    -------
    str
        ``""`` or ``"../"``: the site opens from a disk, under any folder, without a server.

    Notes
    -----
    *Assumes:* the address is of this site.
    *Not for:* addresses of the web.

    Examples
    --------
    >>> root_from("index.html"), root_from("item/m214.html")
    ('', '../')
    """
    return "../" * address.count("/")
