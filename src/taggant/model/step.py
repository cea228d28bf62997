"""What a step and a question are, for the map in `steps`.

Invariant: a function is named, never imported here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One function in one room: tables in, tables and findings out.

    Attributes
    ----------
    name : str
    room, verb : str
        "identification" "dates the parts": together they make the sentence `taggant steps` prints.
    reads, writes : tuple of str
        Names of typed or derived tables.
    function : str
        "room.module:name", loaded when run. It takes the tables read as keyword arguments, and `as_of`, and gives a
        `model.finding.Answer`.
    version : str
        Of the method; a changed answer needs a new one.
    parameters : tuple of (str, str)
        What a person may set for this step, with the value used when nobody does. They stand in case.toml under
        `[parameters.QUESTION]`, or after `--set`; the function takes them as keyword arguments, as text.
    opens_exhibits : bool
        The function also takes `exhibits`, the folder of the files held; it must read table `exhibit`, whose digests
        name all that lies there.
    counts_commits : bool
        The function also takes `n_commits`: at how many commits the case may have been judged before.
    """

    name: str
    room: str
    verb: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    function: str
    version: str
    parameters: tuple[tuple[str, str], ...] = ()
    opens_exhibits: bool = False
    counts_commits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One of the ten questions: its name in commands and addresses, its words, and the steps that answer it."""

    name: str
    words: str
    meaning: str
    steps: tuple[str, ...] = ()

    @property
    def is_built(self) -> bool:
        """Whether some step answers it in this version."""
        return bool(self.steps)
