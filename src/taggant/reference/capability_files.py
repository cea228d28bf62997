"""Capabilities: what a wreck shows was fitted, by which levels of which features, and what is only said.

A new capability is a file of `capabilities/`, no code. A composite one needs others, and is as strong as the weakest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from taggant.reference.citation import Citation, citations
from taggant.reference.entries import Entry, files_in, folder_of, toml_entry

_FOLDER = "capabilities"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBy:
    """Levels of a feature that show the part was fitted."""

    module: str
    feature: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """One thing that can be fitted.

    Attributes
    ----------
    words : tuple of str
        By which claims, functions of components and features of a case's own are known to be of it.
    shown_by : tuple of ShownBy
        Empty for what no part alone shows: it stays a claim.
    requires : tuple of tuple of str
        For a composite one: each group must have one of its capabilities.
    """

    id: str
    title: str
    meaning: str
    words: tuple[str, ...]
    shown_by: tuple[ShownBy, ...]
    requires: tuple[tuple[str, ...], ...]
    note: str | None
    sources: tuple[Citation, ...]

    def is_meant_by(self, text: str | None) -> bool:
        """Whether one of its words stands in this text, whole."""
        if text is None or not self.words:
            return False
        inside = "|".join(re.escape(w) for w in self.words)
        return re.search(rf"(?<!\w)(?:{inside})(?!\w)", text.replace("_", " "), re.IGNORECASE) is not None


def load_capabilities(*, folder: Path | None = None) -> tuple[Capability, ...]:
    """Which capabilities are known, and what shows each?

    Parameters
    ----------
    folder : Path, optional
        A folder with `capabilities/*.toml`; the packaged one when left out.

    Returns
    -------
    tuple of Capability
        Composite ones last.

    Raises
    ------
    InputError
        A file cannot be read, a key is missing or unknown, or a composite needs one that is not there.

    Notes
    -----
    Assumes: a capability stands in the file of its name. Not for: what a part was used for.

    Examples
    --------
    >>> load_capabilities()[-1].requires[0]
    ('mesh-radio',)
    """
    return _packaged() if folder is None else _read(folder)


@cache
def _packaged() -> tuple[Capability, ...]:
    return _read(None)


def _read(folder: Path | None) -> tuple[Capability, ...]:
    found: list[tuple[Entry, Capability]] = []
    for file in files_in(folder_of(folder), _FOLDER, ".toml"):
        entry = toml_entry(file)
        requires = tuple(tuple(g.split("|")) for g in entry.texts("requires")) if entry.has("requires") else ()
        capability = Capability(
            id=entry.text("id"), title=entry.text("title"), meaning=entry.text("meaning"),
            words=_words(entry), shown_by=tuple(_shown(e) for e in entry.entries("shown_by")), requires=requires,
            note=entry.maybe_text("note"), sources=citations(entry, "source"),
        )  # fmt: skip
        entry.done()
        if file.name != f"{capability.id}.toml":
            raise entry.refuse(f"the id is {capability.id!r}", f"Rename the file to {capability.id}.toml")
        found.append((entry, capability))
    known = {c.id for _, c in found}
    for entry, capability in found:
        for missing in [c for group in capability.requires for c in group if c not in known]:
            raise entry.refuse(f"it needs {missing!r}, which is no capability", "Add its file, or correct the id")
    return tuple(sorted((c for _, c in found), key=lambda c: (bool(c.requires), c.id)))


def _words(entry: Entry) -> tuple[str, ...]:
    words = entry.anything("words")
    if not isinstance(words, list) or not all(isinstance(w, str) for w in words):
        raise entry.refuse(f"words {words!r}", "Write a list of words")
    return tuple(words)


def _shown(entry: Entry) -> ShownBy:
    shown = ShownBy(module=entry.text("module"), feature=entry.text("feature"), levels=entry.texts("levels"))
    entry.done()
    return shown
