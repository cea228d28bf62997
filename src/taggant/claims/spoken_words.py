"""Whose words a sentence, or a part of it, is: the record all readers of speech share.

Invariant: the speaker is the last link of the chain, or nobody is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Whose words a sentence, or a part of it, is.

    Attributes
    ----------
    speaker : str or None
        As named; None: the text names nobody.
    via : tuple of str
        The chain as named, from the outlet of the text outwards: the speaker is its last link.
    stance : str
        assert, deny, promise or request, by the verb of saying.
    is_reported : bool
        It is said by nobody in particular ("reports indicate").
    is_pronoun : bool
        The speaker is somebody named before.
    verb_at : int or None
        Where the verb of saying stands.
    span : (int, int)
        The part of the sentence it holds for.
    aliases : mapping of str to str
        Description → name, where the sentence gives both.
    denies_promise : bool
        What is denied is a promise, or that one was asked.
    acts : tuple of (int, int, str)
        Verbs that deny, promise or request: from where to where in the sentence each holds.
    voices : tuple of (int, int)
        Where those who speak are named.
    is_trailing : bool
        Nothing of weight follows it: it holds for what stands before.
    """

    speaker: str | None
    via: tuple[str, ...] = ()
    stance: str = "assert"
    is_reported: bool = False
    is_pronoun: bool = False
    verb_at: int | None = None
    span: tuple[int, int] = (0, 1 << 30)
    aliases: Mapping[str, str] = field(default_factory=dict)
    is_trailing: bool = False
    denies_promise: bool = False
    acts: tuple[tuple[int, int, str], ...] = ()
    voices: tuple[tuple[int, int], ...] = ()

    def stance_at(self, at: int) -> str:
        """Give the stance of what stands there: of the last deed of speech whose clause it is in."""
        stance = self.stance if not self.acts else "assert"
        for start, until, how in self.acts:
            if start <= at < until and stance != "deny":
                stance = how  # what is denied may be a promise: it is denied all the same
        return stance


NOBODY = Words(speaker=None)
