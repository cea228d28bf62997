"""The commit: who added which records, when, with what, and on top of which commits.

Invariant: a commit's id is the sha256 of its canonical JSON, which holds its parents' ids and the root over its
records' ids; so one id stands for everything that was known when it was made.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from taggant import __version__
from taggant.errors import InputError
from taggant.model.canonical import Plain, canonical, digest

_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One act of adding records: `{parents, author, at, tool, message, root, n}`.

    Attributes
    ----------
    parents : tuple of str
        Ids of the commits it stands on, sorted; none for the first, two or more for a merge.
    author : str
        The person's handle in this case.
    at : str
        When it was made, by the author's clock: ISO 8601, UTC, whole seconds, `Z`.
    tool : str
        Program and version that made it.
    message : str
    root : str
        RFC 6962 root over the sorted ids of its own records, hex.
    n : int
        How many records it holds.
    """

    parents: tuple[str, ...]
    author: str
    at: str
    tool: str
    message: str
    root: str
    n: int

    def canonical(self) -> bytes:
        """Give the bytes the id is taken over."""
        return canonical(self._plain())

    @property
    def commit_id(self) -> str:
        """The id: sha256 of the canonical JSON, hex."""
        return digest(self._plain())

    def _plain(self) -> Plain:
        return {
            "parents": list(self.parents),
            "author": self.author,
            "at": self.at,
            "tool": self.tool,
            "message": self.message,
            "root": self.root,
            "n": self.n,
        }


def this_program() -> str:
    """Give this program and version, with 64 random bits: a commit's id is a plain digest, and its words may be secret.

    Without them, whoever knows a commit's id, root and moment could confirm a guess of its message by hashing it.
    """
    return f"taggant {__version__} #{secrets.token_hex(8)}"


def instant(at: datetime | str | None = None) -> str:
    """How is this moment written in a commit?

    Parameters
    ----------
    at : datetime, str or None
        With a time zone, or already written as `2026-01-02T03:04:05Z`; None for now.

    Returns
    -------
    str
        ISO 8601, UTC, whole seconds, `Z`.

    Raises
    ------
    InputError
        The datetime has no time zone, or the text has another form.

    Examples
    --------
    >>> instant("2026-01-02T03:04:05Z")
    '2026-01-02T03:04:05Z'
    """
    if at is None:
        at = datetime.now(UTC)
    if isinstance(at, str):
        if not _AT.fullmatch(at):
            raise InputError(
                f"the moment {at!r} is not written as 2026-01-02T03:04:05Z", next="Give it in UTC, whole seconds"
            )
        try:
            datetime.fromisoformat(at)
        except ValueError as err:
            raise InputError(f"the moment {at!r} is not in the calendar: {err}", next="Correct the date") from err
        return at
    if at.tzinfo is None:
        raise InputError(f"the moment {at.isoformat()} has no time zone", next="Give it with one, best UTC")
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
