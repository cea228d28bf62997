"""Who publishes sanction and control lists, where, in which formats, under which terms.

Invariant: an entry is a pointer. No list is kept here, and a listing is judged by its own version and date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from taggant.reference.citation import Citation, citations
from taggant.reference.entries import Entry, folder_of, toml_entry

_FILE = "list_publishers.toml"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPublisher:
    """One list, or set of lists, and who publishes it.

    Attributes
    ----------
    id, name, publisher : str
        Our short name; name of the list; who publishes it.
    country : str or None
        ISO 3166 alpha-2; None: international, or a private body.
    is_official : bool
        Whether the publisher is the authority that lists.
    url : str
        Its page.
    data_url : str or None
        The file itself.
    formats : tuple of str
        In which it is given.
    terms : str or None
        What may be done with it; None: not read.
    note : str or None
        What else is to be known.
    sources : tuple of Citation
        The pages the entry rests on.
    """

    id: str
    name: str
    publisher: str
    country: str | None
    is_official: bool
    url: str
    data_url: str | None
    formats: tuple[str, ...]
    terms: str | None
    note: str | None
    sources: tuple[Citation, ...]


def load_list_publishers(*, folder: Path | None = None) -> tuple[ListPublisher, ...]:
    """Who publishes lists to screen against, and on which terms?

    Parameters
    ----------
    folder : Path, optional
        A folder with `list_publishers.toml`; the packaged one when left out.

    Returns
    -------
    tuple of ListPublisher
        In the order of the file. The packaged list is read once.

    Raises
    ------
    InputError
        The file cannot be read, a key is missing or unknown, an id stands twice, or no page is named.

    Notes
    -----
    Assumes: addresses as last read; publishers move them. Not for: the content of a list.

    Examples
    --------
    >>> next(p.country for p in load_list_publishers() if p.id == "seco")
    'CH'
    """
    return _packaged() if folder is None else _read(folder)


@cache
def _packaged() -> tuple[ListPublisher, ...]:
    return _read(None)


def _read(folder: Path | None) -> tuple[ListPublisher, ...]:
    top = toml_entry(folder_of(folder) / _FILE)
    found: dict[str, ListPublisher] = {}
    for entry in top.entries("publisher"):
        publisher = _publisher(entry)
        if publisher.id in found:
            raise entry.refuse("the id stands twice", "Keep one entry")
        found[publisher.id] = publisher
    top.done()
    if not found:
        raise top.refuse("no publisher is named", "Write at least one [[publisher]]")
    return tuple(found.values())


def _publisher(entry: Entry) -> ListPublisher:
    publisher_id = entry.text("id")
    entry.named(publisher_id)
    country = entry.maybe_text("country")
    if not _ID.fullmatch(publisher_id):
        raise entry.refuse(f"id {publisher_id!r}", "Use small letters, digits and single hyphens")
    if country is not None and not re.fullmatch("[A-Z]{2}", country):
        raise entry.refuse(f"country {country!r}", "Write two capital letters, or leave it out")
    publisher = ListPublisher(
        id=publisher_id,
        name=entry.text("name"),
        publisher=entry.text("publisher"),
        country=country,
        is_official=entry.flag("official", otherwise=True),
        url=entry.url("url"),
        data_url=entry.maybe_url("data_url"),
        formats=entry.texts("formats"),
        terms=entry.maybe_text("terms"),
        note=entry.maybe_text("note"),
        sources=citations(entry, "source"),
    )
    entry.done()
    return publisher
