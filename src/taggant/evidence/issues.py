"""The list every reader writes its issues to, so that a person sees all of them at once.

Invariant: nothing is lost in silence. Past the bound on issues of one kind in one column, the rest are counted and the
count is said.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace

from taggant.errors import Issue

SAME_KIND_BOUND = 1000
"""Issues of one kind in one column of one file that are listed; the rest are counted."""

_SHOWN_CHARACTERS = 80
_CLOSE_CANDIDATES = 2000  # comparing one name with 100,000 takes seconds; nobody waits for a hint that long


_MARK = re.compile(r"@[0-9a-f]{6}(/|$)")


def name_said(name: str) -> str:
    """Which name does a person know this file by? The mark of the folder it came from is for the record.

    Examples
    --------
    >>> name_said("@1a2b3c/items.csv"), name_said("field@1a2b3c/items.csv"), name_said("items.csv")
    ('items.csv', 'field/items.csv', 'items.csv')
    """
    return _MARK.sub(r"\1", name).lstrip("/")


class IssueList:
    """Issues in the order they were found."""

    def __init__(self) -> None:
        self._found: list[Issue] = []
        self._n_errors = 0
        self._counts: Counter[tuple[str, str, str | None]] = Counter()

    def add(self, issue: Issue) -> None:
        """Keep an issue, under the name the person knows the file by; past the bound, only count it."""
        issue = replace(issue, file=name_said(issue.file))
        self._n_errors += not issue.is_note
        group = (issue.file, issue.kind, issue.column)
        self._counts[group] += 1
        if self._counts[group] <= SAME_KIND_BOUND:
            self._found.append(issue)

    def extend(self, issues: Iterable[Issue]) -> None:
        """Keep several issues."""
        for issue in issues:
            self.add(issue)

    @property
    def n_errors(self) -> int:
        """How many issues stop the import, those only counted included."""
        return self._n_errors

    def has_room(self, file: str, kind: str, column: str | None) -> bool:
        """Whether another issue of this sort would be listed, and so is worth a hint that is slow to make."""
        return self._counts[(name_said(file), kind, column)] < SAME_KIND_BOUND

    def all(self) -> tuple[Issue, ...]:
        """Give every listed issue, and one more for each group whose rest was only counted."""
        more = [
            Issue(
                kind=kind,
                what=f"{count - SAME_KIND_BOUND:,} more of the same kind ({kind}) are not listed",
                file=file,
                column=column,
                next="Mend the ones listed, then import again",
            )
            for (file, kind, column), count in self._counts.items()
            if count > SAME_KIND_BOUND
        ]
        return (*self._found, *more)


def shown(value: str) -> str:
    """Which short text stands for this value in a message?

    Examples
    --------
    >>> shown("a" * 40_000_000)[-25:]
    '… (40,000,000 characters)'
    """
    if len(value) <= _SHOWN_CHARACTERS:
        return value
    return f"{value[: _SHOWN_CHARACTERS // 2]}… ({len(value):,} characters)"


def close_to(name: str, known: Collection[str]) -> str | None:
    """Which of the known names was probably meant?

    Parameters
    ----------
    name : str
        The name as typed.
    known : collection of str
        What it could have been.

    Returns
    -------
    str or None
        The nearest one, or None when none is near. Case, spaces and hyphens are not counted as differences.

    Examples
    --------
    >>> close_to("Item ID", ["item_id", "kind"])
    'item_id'
    """
    folded = _folded(name)
    candidates: Iterable[str] = known
    if len(known) > _CLOSE_CANDIDATES:
        same_start = (k for k in known if k[:2].casefold() == name[:2].casefold() and abs(len(k) - len(name)) <= 2)
        candidates = [k for _, k in zip(range(_CLOSE_CANDIDATES), same_start, strict=False)]
    by_folded = {_folded(k): k for k in candidates}
    close = difflib.get_close_matches(folded, list(by_folded), n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def did_you_mean(name: str, known: Collection[str], otherwise: str) -> str:
    """Give the next step for an unknown name: the close one, or what to do when there is none."""
    near = close_to(name, known)
    return f"Did you mean {near!r}? Otherwise: {otherwise[:1].lower()}{otherwise[1:]}" if near else otherwise


def _folded(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")
