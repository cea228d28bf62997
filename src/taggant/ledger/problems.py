"""What `verify` answers with."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is not what it was.

    Attributes
    ----------
    kind : str
        `record`, `commit`, `head`, `exhibit` or `store`.
    what : str
        In words.
    table, key, record_id : str or None
        Of a record.
    commit_id : str or None
    sha256, file : str or None
        Of an exhibit: its digest, and its name as received.
    """

    kind: str
    what: str
    table: str | None = None
    key: str | None = None
    record_id: str | None = None
    commit_id: str | None = None
    sha256: str | None = None
    file: str | None = None

    def __str__(self) -> str:
        named = [self.kind]
        if self.table is not None:
            named.append(f"{self.table} {self.key!r}")
        if self.record_id is not None:
            named.append(f"(record {self.record_id})")
        if self.commit_id is not None:
            named.append(self.commit_id)
        if self.sha256 is not None:
            named.append(f"sha256:{self.sha256}")
        if self.file is not None:
            named.append(f"({self.file})")
        return f"{' '.join(named)}: {self.what}"

    def as_json(self) -> dict[str, str | None]:
        """Give the problem as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What was checked, and what was found.

    Attributes
    ----------
    problems : tuple of Problem
        Empty: everything held is what it was.
    notes : tuple of str
        Harmless things worth saying.
    n_records, n_commits, n_exhibits : int
        How many were read and hashed.
    seconds : float
    """

    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    n_records: int
    n_commits: int
    n_exhibits: int
    seconds: float

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.problems
