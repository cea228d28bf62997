"""The error family. A caller who wants "anything of yours" catches `TaggantError`.

::

    TaggantError
      InputError(ValueError)        the user's table, file or option is wrong: fix it and run again
        UnknownName                 a name nobody declared; the close matches and the full list are in the message
        BadDate                     a date that is not in the calendar, or not in the forms we read
        BadTables                   many wrong rows at once; `.issues` holds each with file, row, column, value
        Conflict                    a row changed here and in the ledger; `.issues` holds each
      EvidenceBroken                a hash or chain does not hold: stop everything, never --force
      NotEnoughData                 the method would answer, but should not; `.enough` says what would be enough
      MissingExtra(ImportError)     pip install 'taggant[…]'

A message says *what* (with the value), *where* (file, row, column, source), *so what*, *next step*; the four are
fields too.
Exit codes of the command line: 2 for `InputError`, 3 for `EvidenceBroken`, 1 for the rest.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar

_MOST_NAMES = 30
"""A longer list buries the close match under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What is wrong with one place of one file, in the words a person needs to mend it.

    `row` counts as the person's spreadsheet does: the header is row 1. A note is said and does not stop the import.
    """

    kind: str
    what: str
    file: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    next: str | None = None
    is_note: bool = False

    def as_json(self) -> dict[str, str | int | bool | None]:
        """Give the issue as plain values."""
        return asdict(self)


class TaggantError(Exception):
    """Anything Taggant raises on purpose."""

    exit_code: ClassVar[int] = 1

    def __init__(
        self, what: str, *, where: str | None = None, so_what: str | None = None, next: str | None = None
    ) -> None:
        self.what = what
        self.where = where
        self.so_what = so_what
        self.next = next
        super().__init__(what)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        for part in (self.so_what, self.next):
            if part:
                text = f"{text} {part}" if text.endswith(("?", "!")) else f"{text.rstrip('.')}. {part}"
        return text if text.endswith((".", "!", "?")) else f"{text}."

    def as_json(self) -> dict[str, dict[str, object]]:
        """Give the error object of the machine interface (`--json`)."""
        return {
            "error": {
                "kind": type(self).__name__,
                "what": self.what,
                "where": self.where,
                "so_what": self.so_what,
                "next": self.next,
            }
        }


class InputError(TaggantError, ValueError):
    """The user's table, file or option is wrong."""

    exit_code = 2


class UnknownName(InputError):
    """A name nobody declared."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, where: str | None = None) -> None:
        names = sorted(set(known))
        close = difflib.get_close_matches(name, names, n=3, cutoff=0.6)
        meant = f"Did you mean {' or '.join(close)}?" if close else None
        shown = names if len(names) <= _MOST_NAMES or not close else close
        more = f" and {len(names) - len(shown)} more" if len(shown) < len(names) else ""
        full = f"Known: {', '.join(shown)}{more}" if names else f"No {kind} is known"
        super().__init__(
            f"no {kind} is named {name!r}", where=where, so_what=full, next=meant or f"Use one of the known {kind}s"
        )
        self.name = name
        self.known = tuple(names)


class BadDate(InputError):
    """A date that is not in the calendar, or not in the forms we read."""


class _WithIssues(InputError):
    def __init__(self, what: str, issues: Sequence[Issue], *, so_what: str | None = None, next: str | None = None):
        super().__init__(what, so_what=so_what, next=next)
        self.issues = tuple(issues)

    def as_json(self) -> dict[str, dict[str, object]]:
        """Give the error object, with every issue in it."""
        body = super().as_json()
        body["error"]["issues"] = [issue.as_json() for issue in self.issues]
        return body


class BadTables(_WithIssues):
    """Many wrong rows at once."""


class Conflict(_WithIssues):
    """A row changed here and in the ledger."""


class EvidenceBroken(TaggantError):
    """A hash or a chain does not hold."""

    exit_code = 3

    def __init__(self, what: str, *, problems: Sequence[str] = (), where: str | None = None, next: str | None = None):
        super().__init__(
            what,
            where=where,
            so_what="Nothing of this case should be relied on until it is settled",
            next=next or "Restore the named files from a copy, then run taggant verify again",
        )
        self.problems = tuple(problems)


class NotEnoughData(TaggantError):
    """The method would answer, but should not."""

    def __init__(self, what: str, *, enough: str, where: str | None = None) -> None:
        super().__init__(what, where=where, next=f"Enough would be: {enough}")
        self.enough = enough


class MissingExtra(TaggantError, ImportError):
    """An optional part is not installed."""

    def __init__(self, extra: str, *, for_what: str) -> None:
        super().__init__(
            f"{for_what} needs the optional part {extra!r}, which is not installed",
            next=f"pip install 'taggant[{extra}]'",
        )
        self.extra = extra
