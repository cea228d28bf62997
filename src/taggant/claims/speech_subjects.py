"""Who says it: the subject of a verb of saying, before it or after it, by the grammar of its language.

Invariant: a speaker stands in the clause of its verb; where something else stands between them there is none.
"""

from __future__ import annotations

from collections.abc import Sequence

from taggant.claims.speech_sentence import Event, SpeechSentence
from taggant.claims.voice_phrases import Phrase
from taggant.claims.voice_words import Token

_CONTRAST = {
    "en": ("but", "while", "whereas", "although", "though", "yet"),
    "ru": ("но", "а", "однако", "хотя", "тогда", "зато"),
    "uk": ("але", "а", "однак", "хоча", "проте", "натомість"), "de": ("aber", "während", "doch", "jedoch"),
    "fr": ("mais", "tandis", "alors"), "es": ("pero", "mientras", "aunque"),
    "pl": ("ale", "a", "natomiast", "zaś", "lecz", "choć"), "fa": ("اما", "ولی"),
}  # fmt: skip
OUT_OF = frozenset(["z", "ze", "из", "із", "з", "aus", "в", "у", "w", "we", "im", "in", "dans", "en", "through"])
_LOOSE = {
    "en": ("and",),
    "de": ("und",),
    "fr": ("et",),
    "es": ("y",),
    "ru": ("и",),
    "uk": ("і", "й", "та"),
    "pl": ("i",),
    "fa": ("و",),
}
_BY = {
    "en": ("by",),
    "fr": ("par",),
    "es": ("por",),
    "pl": ("przez",),
    "de": ("von", "vom"),
    "ru": (),
    "uk": (),
    "fa": ("توسط",),
}
_TO = {"fr": ("à", "au", "aux"), "es": ("a", "al"), "en": ("to",)}
_ASIDE_LEAD = {
    "en": ("as", "so"), "de": ("wie", "so"), "fr": ("comme", "selon"), "es": ("según", "como"), "ru": ("как",),
    "uk": ("як",), "pl": ("jak",),
    "fa": (),
}  # fmt: skip
_FREE = {"ru", "uk", "pl", "de"}


class Subjects(SpeechSentence):
    """A sentence whose verbs of saying have their subjects."""

    def _event(self, start: int, end: int, stance: str, a: int, b: int, aliases: dict[str, str]) -> Event:
        v = self.token_at(start)
        after = self.token_at(end) if len(self.low[start:end].split()) <= 3 else v + 1
        by = _BY.get(self.code, ())
        if after < len(self.tokens) and self.tokens[after].low in by and self.code not in {"de"}:
            p = self.chunks.phrase(after + 1)
            return Event(start, end, stance, p, False)
        inverted = self._is_inverted(v, after)
        left = None if inverted else self._left(v, a, aliases)
        if left is not None:
            return Event(start, end, stance, left, True)
        free = self.code in _FREE or inverted
        right, told = self._right(after, b, aliases) if free and self.code != "fa" else (None, None)
        if right is None and inverted:
            left = self._left(v, a, aliases)
            return Event(start, end, stance, left, True)
        return Event(start, end, stance, right, False, told)

    def _is_inverted(self, v: int, after: int) -> bool:
        """Whether the speaker follows: after a quote, a comma, a dash, or at the start."""
        x = v - 1
        tokens = self.tokens
        while (
            x >= 0
            and not tokens[x].is_a("sign")
            and tokens[x].is_a("adverbs", "verbs")
            and tokens[x].low not in {"and", "et", "y", "и", "und"}
            and not self._is_subject(x)
        ):
            x -= 1
        if x < 0:
            return True
        t = tokens[x]
        if t.low in {"wie", "jak", "як", "как"} and not t.is_a("cap") and x > 0 and tokens[x - 1].text != ",":
            return False
        if t.low in _ASIDE_LEAD.get(self.code, ()):
            return True
        if t.is_a("sign") and (t.text in '”»“"' or t.text in "—–"):
            return t.text in "—–" or self._quoted(t.start)
        if t.text != ",":
            return False
        # "…, said the minister": no subject on the left within the same clause, or a quote ends there.
        if x > 0 and tokens[x - 1].text in '”»“"':
            return True
        p, _ = self._right(after, len(self.text), {})
        return p is not None and (p.kind != "pronoun" or self.code != "en") and not self._closes_insert(x)

    def _is_subject(self, x: int) -> bool:
        return self.tokens[x].is_a("pronouns")

    def _closes_insert(self, comma: int) -> bool:
        """Whether this comma ends an insertion after a voice: "Petrov, an engineer, said"."""
        for x in range(comma - 1, 0, -1):
            if self.tokens[x].text == "," and not self._quoted(self.tokens[x].start):
                starts = self._phrases(0, x)
                return any(p.last == x for p, _ in starts)
        return False

    def _clause_start(self, v: int, a: int) -> int:
        first = self.token_at(a)
        for x in range(v - 1, first - 1, -1):
            t = self.tokens[x]
            if t.is_a("sign") and (t.text in ":;—–" or (t.text in '”»“"' and self._quoted(t.start))):
                return x + 1
            if t.is_a("subordinate") and not t.is_a("cap"):
                if x > first and self.tokens[x - 1].text in ",،" and self._closing_comma(x, v) is not None:
                    continue  # a relative clause that ends before the verb
                return x + 1
            if (
                x in self.chunks.verb_tokens
                and self.code in {"en", "ru", "uk", "pl", "fa"}
                and x + 1 < v
                and self.tokens[x + 1].text not in ",،"
            ):
                pass
        return first

    def _closing_comma(self, x: int, v: int) -> int | None:
        return next((y for y in range(v - 1, x, -1) if self.tokens[y].text in ",،"), None)

    def _left(self, v: int, a: int, aliases: dict[str, str]) -> Phrase | None:
        start = self._clause_start(v, a)
        some = self._phrases(start, v)
        if self.code == "fa":
            return self._persian(some, start, v)
        aside = self._citing_tokens()
        candidates = [(p, before) for p, before in some if self._may_speak(p, before) and p.first not in aside]
        if any(before is None for _, before in candidates):
            candidates = [(p, before) for p, before in candidates if before is None or p.kind != "documents"]
        if (
            self.code == "de"
            and candidates
            and (v + 1 >= len(self.tokens) or self.tokens[v + 1].is_a("sign"))
            and self.low[self.tokens[v].start :].startswith("ge")
        ):
            return self._named_one(candidates, 0, aliases)  # the participle at the end: its subject stands first
        for n in range(len(candidates) - 1, -1, -1):
            p, _ = candidates[n]
            is_aside = p.kind == "pronoun" and p.after < v and p.first > 0
            if is_aside and self.tokens[p.first - 1].text == "," and self.tokens[p.after].text == "," and n > 0:
                return self._named_one(candidates, n - 1, aliases)  # "L'ONG Rive Calme, elle, réclame"
            gap = range(p.after, v)
            if self._is_clear(gap) or (p.after > p.last and all(self.tokens[x].is_a("sign") for x in gap)):
                return self._named_one(candidates, n, aliases)
            if self.tokens[p.after].text == "," and self._insert_ends(p.after, v):
                return self._named_one(candidates, n, aliases)
        if start > 0 and all(self.tokens[x].is_a("adverbs", "conjunctions", "subordinate") for x in range(start, v)):
            earlier = [(p, q) for p, q in self._phrases(0, start) if self._may_speak(p, q)]
            if earlier and self.tokens[start - 1].low in (*_CONTRAST.get(self.code, ()), *_LOOSE.get(self.code, ())):
                return self._named_one(earlier, 0, aliases)  # "would not confirm it but said …"
        return None

    def _insert_ends(self, comma: int, v: int) -> bool:
        """Whether what begins at this comma ends with another just before the verb."""
        x = v - 1
        while x > comma and self.tokens[x].is_a("adverbs", "times"):
            x -= 1
        return x > comma and self.tokens[x].text == ","

    def _is_clear(self, gap: range) -> bool:
        """Whether nothing but adverbs, times and occasions stands between a subject and its verb."""
        n_words = 0
        x = gap.start
        aside = self._citing_tokens()
        while x < gap.stop:
            t = self.tokens[x]
            if x in aside:
                x += 1
                continue
            if t.is_a("sign"):
                if t.text == "," and x == gap.start and gap.stop - x == 1:
                    return False
                if t.text not in "()," or x in self.chunks.verb_tokens:
                    return False
                x += 1
                continue
            if x in self.chunks.verb_tokens:
                # "said and added", "told and asked": one subject for two verbs.
                n_words += 0 if any(self.tokens[y].is_a("conjunctions") for y in range(x, gap.stop)) else 9
            elif self.chunks.is_verb(x) and not t.is_a("adverbs"):
                n_words += 0 if any(self.tokens[y].is_a("conjunctions") for y in range(x, gap.stop)) else 9
            elif not t.is_a(
                "adverbs", "times", "inside", "occasions", "articles", "digit", "quantifiers", "conjunctions"
            ):
                n_words += 1
            x += 1
        return n_words <= 4

    def _citing_tokens(self) -> frozenset[int]:
        """Tokens of "citing two officials": they stand between a subject and its verb and part nothing."""
        found: set[int] = set()
        for m in self.cues.attribution["citing"].finditer(self.low):
            x = self.token_at(m.end())
            p = self.chunks.phrase(x)
            found.update(range(self.token_at(m.start()), x if p is None else p.after))
        return frozenset(found)

    def _may_speak(self, p: Phrase, before: int | None) -> bool:
        if before is None:
            return True
        word = self.tokens[before]
        if p.kind == "documents" and word.low in OUT_OF:
            return True  # "Z raportu … wynika", "In dem Bericht heißt es"
        return word.is_a("locative") and p.kind in {"bodies", "papers"}

    def _named_one(self, candidates: Sequence[tuple[Phrase, int | None]], n: int, aliases: dict[str, str]) -> Phrase:
        """Of a name and what it is beside it, the name; the description is kept as another word for it."""
        p = candidates[n][0]
        if n > 0:
            q = candidates[n - 1][0]
            if (
                q.after < len(self.tokens)
                and self.tokens[q.after].text == ","
                and p.first - q.after <= 1
                and {p.kind, q.kind} <= {"name", "roles"}
            ):
                return self._one_of(q, p, aliases)
        return self.name_beside(p, aliases)

    def _persian(self, some: Sequence[tuple[Phrase, int | None]], start: int, v: int) -> Phrase | None:
        """The subject stands at the start of its clause, or after "and" with none of its own."""
        usable = [
            p
            for p, before in some
            if before is None
            and (
                p.first == start
                or p.kind == "pronoun"
                or (
                    self.tokens[p.first - 1].is_a("sign", "times", "adverbs", "conjunctions", "subordinate")
                    or self.tokens[p.first - 1].low == "را"
                )
                or p.first == 0
            )
        ]
        usable = [p for p in usable if p.last <= v]
        for p in usable:
            if not any(self.tokens[x].is_a("subordinate") for x in range(p.last, v)):
                return self.name_beside(p, {})
        return self.name_beside(usable[0], {}) if usable and start == 0 else None

    def _skip_right(self, x: int) -> int:
        tokens = self.tokens
        while x < len(tokens):
            t = tokens[x]
            if (
                t.is_a("pronouns")
                and self.code in {"ru", "uk", "pl"}
                and not t.is_a("cap")
                and x + 1 < len(tokens)
                and not tokens[x + 1].is_a("sign")
            ) or (_is_skipped(t) and not self.chunks.is_former(x)):
                x += 1
            elif (
                t.is_a("inside")
                and x + 1 < len(tokens)
                and (
                    tokens[x + 1].is_a("times", "occasions", "digit", "audience")
                    or (
                        tokens[x + 1].is_a("articles", "quantifiers")
                        and x + 2 < len(tokens)
                        and tokens[x + 2].is_a("times", "occasions")
                    )
                )
            ):
                x += 2 + (tokens[x + 1].is_a("articles", "quantifiers") and not tokens[x + 1].is_a("times"))
            elif (
                t.low in {"mit", "zu", "ein", "fest", "sich", "se", "się", "der", "dem"}
                and self.code in {"de", "pl"}
                and x + 1 < len(tokens)
                and tokens[x + 1].is_a("audience", "articles")
            ):
                x += 1
            else:
                return x
        return x

    def _right(self, x: int, b: int, aliases: dict[str, str]) -> tuple[Phrase | None, Phrase | None]:
        """The speaker after the verb, and the paper it was told to if that stands between."""
        x = self._skip_right(x)
        if x >= len(self.tokens) or self.tokens[x].start >= b:
            return None, None
        told: Phrase | None = None
        if self.tokens[x].low in _TO.get(self.code, ()):
            p = self.chunks.phrase(x + 1)
            if p is None or p.kind not in {"papers", "name"}:
                return None, None
            told, x = p, self._skip_right(p.after)
            if x >= len(self.tokens) or self.tokens[x].start >= b:
                return None, told
        if self.tokens[x].is_a("inside"):
            if not self.tokens[x].is_a("locative"):
                return None, told
            p = self.chunks.phrase(x + 1)
            return (p if p is not None and p.kind in {"bodies", "papers", "documents"} else None), told
        p = self.chunks.phrase(x)
        if p is None or (p.kind == "pronoun" and self.tokens[x].low in {"es", "ja", "my"}):
            return None, told
        if p.kind == "papers" and self.code in _FREE and told is None:
            y = self._skip_right(p.after)
            more = self.chunks.phrase(y) if y < len(self.tokens) and self.tokens[y].start < b else None
            if more is not None and more.kind in {"roles", "name", "bodies"}:
                return self.name_beside(more, aliases), p
        if self.code == "de" and p.after + 1 < len(self.tokens) and self.tokens[p.after].low in {"der", "dem"}:
            more = self.chunks.phrase(p.after)
            told = more if more is not None and more.kind == "papers" else told
        if p.kind == "documents" and self.code in {"ru", "uk", "pl", "de"} and self.tokens[p.first].is_a("articles"):
            return None, told
        return self.name_beside(p, aliases), told

    def _has_own_voice(self, n: int) -> bool:
        """Whether a subject and its verb of saying come next."""
        p = self.chunks.phrase(n)
        if p is None or (p.kind == "documents" and self.code == "fa"):
            return False
        x = p.last
        while x < len(self.tokens) and self.tokens[x].is_a("adverbs", "times"):
            x += 1
        return x in self.chunks.verb_tokens


def _is_skipped(t: Token) -> bool:
    """Whether a word between a verb and its speaker is none: "said on Monday", "told reporters"."""
    is_plain = t.is_a("adverbs") and not t.is_a("cap", "articles")
    return t.is_a("times", "digit") or (t.head is None and (is_plain or t.is_a("audience")))
