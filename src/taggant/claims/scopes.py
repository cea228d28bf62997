"""What the scopes of claims are made of: families of types, as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

OTHER = "other types"
DECOYS = "decoys"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a scope is the sum of.

    Attributes
    ----------
    family : str
        Claims of one family are compared.
    types : tuple of str
        The types it is the sum of, in the plain reading.
    is_umbrella : bool
        The source may have meant more types than the main one.
    """

    family: str
    types: tuple[str, ...]
    is_umbrella: bool


@lru_cache(maxsize=1)
def _families() -> dict[str, dict[str, list[str]]]:
    text = resources.files(__package__).joinpath("lexicon", "scopes.toml").read_text(encoding="utf-8")
    families: dict[str, dict[str, list[str]]] = tomllib.loads(text)["families"]
    return families


def scope_of(words: str) -> Scope:
    """What is this scope the sum of?

    Parameters
    ----------
    words : str
        As typed in `scope`.

    Returns
    -------
    Scope
        A scope of no family is one type, and its own family.

    Notes
    -----
    Assumes: scopes with the same words are the same.
    Not for: finding a designation in prose (`gazetteer`).

    Examples
    --------
    >>> scope_of("Geran-2").types, scope_of("all kinds, decoys among them").types
    (('shahed',), ('shahed', 'Garpiya-A1', 'decoys'))
    >>> scope_of("Kestrel")
    Scope(family='Kestrel', types=('Kestrel',), is_umbrella=False)
    """
    for name, family in _families().items():
        umbrella = words in family["umbrella"]
        if words in family["everything"]:
            return Scope(family=name, types=(name, "Garpiya-A1", DECOYS), is_umbrella=umbrella)
        if words in family["decoys"]:
            return Scope(family=name, types=(DECOYS,), is_umbrella=False)
        if words in family["main"]:
            return Scope(family=name, types=(name,), is_umbrella=umbrella)
        if words in family["apart"]:
            return Scope(family=name, types=(words,), is_umbrella=False)
    return Scope(family=words, types=(words,), is_umbrella=False)
