"""One sentence taken into words, quotes and verbs of saying, with the phrases in it and the names beside them.

Invariant: nothing inside quotation marks is a verb of saying.
"""

from __future__ import annotations

from dataclasses import dataclass

from taggant.claims.cues import Cues
from taggant.claims.naming_patterns import QUOTED
from taggant.claims.voice_phrases import Chunker, Phrase
from taggant.claims.voice_words import tokens_of


@dataclass(frozen=True, slots=True)
class Event:
    """A verb of saying with what stands around it."""

    at: int
    end: int
    stance: str
    who: Phrase | None
    is_left: bool
    outlet: Phrase | None = None


class SpeechSentence:
    """One sentence, taken apart."""

    def __init__(self, text: str, low: str, cues: Cues) -> None:
        self.text, self.low, self.cues, self.code = text, low, cues, cues.code
        self.quotes = [m.span() for m in QUOTED.finditer(text) if len(m[0].split()) > 3 or len(text) - len(m[0]) < 12]
        self.tokens = tokens_of(text, cues.code)
        found: list[tuple[int, int, str]] = []
        for stance in ("deny", "promise", "request", "assert"):
            found += [
                (m.start(), m.end(), stance) for m in cues.speech[stance].finditer(low) if not self._quoted(m.start())
            ]
        found.sort(key=lambda f: (f[0], -f[1]))
        self.spoken: list[tuple[int, int, str]] = []
        for f in found:
            if not self.spoken or f[0] >= self.spoken[-1][1]:
                self.spoken.append(f)
        self.chunks = Chunker(
            text, self.tokens, [x for a, b, _ in self.spoken for x in self._verb_words(a, b)], cues, self.quotes
        )
        nouns = {self.tokens[n].start for n in self.chunks.nouns}
        self.spoken = [s for s in self.spoken if s[0] not in nouns]

    def _verb_words(self, a: int, b: int) -> list[tuple[int, int]]:
        """Which words of a match are the verb: of a long one its ends, for a name may stand between."""
        words = self.low[a:b].split()
        if len(words) <= 3:
            return [(a, b)]
        return [(a, a + len(words[0])), (b - len(words[-1]), b)]

    def _quoted(self, at: int) -> bool:
        return any(a <= at < b for a, b in self.quotes)

    def phrases(self) -> list[tuple[Phrase, int | None]]:
        """Every phrase of the sentence, each with the preposition before it."""
        return self._phrases(0, len(self.tokens))

    def token_at(self, at: int) -> int:
        """The first token that begins at or after this letter."""
        return next((n for n, t in enumerate(self.tokens) if t.start >= at), len(self.tokens))

    def _phrases(self, a: int, b: int) -> list[tuple[Phrase, int | None]]:
        """Phrases of these tokens, each with the preposition before it."""
        found: list[tuple[Phrase, int | None]] = []
        x = a
        while x < b:
            t = self.tokens[x]
            if t.is_a("sign") and t.text not in '“«„"':
                x += 1
                continue
            p = self.chunks.phrase(x)
            if (
                p is not None
                and p.kind == "name"
                and x > 0
                and self.code == "de"
                and self.tokens[x - 1].is_a("articles")
            ):
                p = None  # "in dem Wrack": a noun with its article is no name
            if p is not None and p.last > x:
                before = (
                    x - 1
                    if x > 0
                    and self.tokens[x - 1].is_a("inside", "prepositions")
                    and not self.tokens[x - 1].head
                    and self.tokens[x - 1].low != "را"
                    else None
                )
                if self.text[p.end : p.end + 2].lower() not in {"'s", "’s"}:  # whose thing follows is no voice
                    found.append((p, before))
                x = max(p.last, p.after)
                continue
            x += 1
        return found

    def _one_of(self, p: Phrase, q: Phrase, aliases: dict[str, str]) -> Phrase:
        name, role = (p, q) if self._is_person(p) or not self._is_person(q) else (q, p)
        aliases.setdefault(self.text[role.start : role.end], self.text[name.start : name.end])
        return name

    def _is_person(self, p: Phrase) -> bool:
        if p.person is not None:
            return True
        if self.code == "fa":
            return self.tokens[p.first].is_a("given_names")
        caps = [
            t
            for t in self.tokens[p.first : p.last]
            if t.is_a("cap") and t.head is None and not t.is_a("ranks", "articles")
        ]
        inner = any(t.is_a("inside") for t in self.tokens[p.first : p.last])
        return (p.kind == "name" and len(caps) >= 2 and not inner) or (
            p.kind == "roles"
            and len(caps) >= 2
            and self.tokens[p.last - 1].is_a("cap")
            and self.tokens[p.last - 2].is_a("cap")
        )

    def name_beside(self, p: Phrase, aliases: dict[str, str]) -> Phrase:
        """The name that follows a description after a comma, or the description that follows a name."""
        x = p.after
        if x + 1 < len(self.tokens) and self.tokens[x].text in ",(،" and p.kind in {"name", "roles"}:
            q = self.chunks.phrase(x + 1)
            if (
                q is not None
                and q.kind in {"name", "roles"}
                and q.kind != "pronoun"
                and (self._is_person(p) != self._is_person(q))
            ):
                closes = q.after >= len(self.tokens) or self.tokens[q.after].is_a("sign")
                if closes:
                    return self._one_of(p, q, aliases)
        return p
