"""Where a statement of the reference comes from, and how far it is carried."""

from __future__ import annotations

from dataclasses import dataclass

from taggant.reference.entries import Entry

STATUSES = ("documented", "secondary", "inferred")
"""`documented`: a maker's page or its copy. `secondary`: a distributor, blog or list. `inferred`: from marks seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One page a statement rests on.

    Attributes
    ----------
    url : str
        The page.
    retrieved : str
        When and how it was read, in words: a page that was not opened again says so.
    note : str or None
        What it says, in our words.
    """

    url: str
    retrieved: str
    note: str | None


def citations(entry: Entry, key: str) -> tuple[Citation, ...]:
    """Read the pages an entry rests on; there must be one."""
    found = []
    for source in entry.entries(key):
        found.append(
            Citation(url=source.url("url"), retrieved=source.text("retrieved"), note=source.maybe_text("note"))
        )
        source.done()
    if not found:
        raise entry.refuse("it names no source", "Add the page it rests on, with url and retrieved")
    return tuple(found)
