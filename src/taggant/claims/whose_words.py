"""Whose words a sentence repeats: the speaker, and through whom, as the sentence says it.

Invariant: a name is cut out of the text as it stands; nobody is named whom the text does not name.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from taggant.claims.cues import Cues
from taggant.claims.naming_patterns import EDGE, OURSELVES, QUOTED, REPORT_OF, REPORTS
from taggant.claims.voice_phrases import Chunker, Phrase
from taggant.claims.voice_words import Token, tokens_of

_CONTRAST = {
    "en": ("but", "while", "whereas", "although", "though", "yet"),
    "ru": ("но", "а", "однако", "хотя", "тогда", "зато"),
    "uk": ("але", "а", "однак", "хоча", "проте", "натомість"), "de": ("aber", "während", "doch", "jedoch"),
    "fr": ("mais", "tandis", "alors"), "es": ("pero", "mientras", "aunque"),
    "pl": ("ale", "a", "natomiast", "zaś", "lecz", "choć"), "fa": ("اما", "ولی"),
}  # fmt: skip
_OUT_OF = frozenset(["z", "ze", "из", "із", "з", "aus", "в", "у", "w", "we", "im", "in"])
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
_TRAILS = 6


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


NOBODY = Words(speaker=None)


@dataclass(frozen=True, slots=True)
class _Event:
    """A verb of saying with what stands around it."""

    at: int
    end: int
    stance: str
    who: Phrase | None
    is_left: bool
    outlet: Phrase | None = None


def whose_words(text: str, low: str, cues: Cues) -> Words:
    """Whose words is this sentence, and through whom?

    Parameters
    ----------
    text : str
        One sentence.
    low : str
        The same, folded.
    cues : Cues

    Returns
    -------
    Words
        Of its first part that has a speaker.

    Notes
    -----
    Assumes: a verb of saying inside quotation marks is part of what is said; the speaker stands next to the verb.
    Not for: who is meant by a pronoun: the caller knows what was said before.

    Examples
    --------
    >>> from taggant.claims.cues import cues_of
    >>> from taggant.writing.language_words import folded
    >>> t = "Two officials told the Herald that 300 were made."
    >>> w = whose_words(t, folded(t), cues_of("en"))
    >>> w.speaker, w.via
    ('Two officials', ('the Herald', 'Two officials'))
    """
    parts = words_of_parts(text, low, cues)
    return next((p for p in parts if p.via), next((p for p in parts if p.is_reported), parts[0]))


def words_of_parts(text: str, low: str, cues: Cues) -> tuple[Words, ...]:
    """Whose words is each part of this sentence?

    Parameters
    ----------
    text, low : str
        One sentence, and the same folded.
    cues : Cues

    Returns
    -------
    tuple of Words
        In the order of the sentence; their spans cover it.

    Notes
    -----
    *Assumes:* parts are joined by "but", "while", a semicolon, or "and" with a speaker of its own; a part that names
    nobody goes on in the voice before it, and one at the end ("…, the ministry said") speaks for all before it.
    *Not for:* speakers of sentences before.

    Examples
    --------
    >>> from taggant.claims.cues import cues_of
    >>> t = "The ministry said 300 were made, but the director of the plant denied it."
    >>> [(w.speaker, w.stance) for w in words_of_parts(t, t.lower(), cues_of("en"))]
    [('The ministry', 'assert'), ('the director of the plant', 'deny')]
    """
    sentence = _Sentence(text, low, cues)
    parts = [sentence.read(a, b) for a, b in sentence.parts()]
    found: list[Words] = []
    for w in parts:
        if not found:
            found.append(w)
        elif w.speaker is None and not w.is_reported and w.stance == "assert":
            found[-1] = replace(found[-1], span=(found[-1].span[0], w.span[1]))
        elif w.is_trailing and all(f.speaker is None and not f.is_reported for f in found):
            found = [replace(w, span=(0, w.span[1]))]
        else:
            found.append(w)
    return tuple(found)


def descriptions_in(text: str, low: str, cues: Cues) -> tuple[tuple[str, str], ...]:
    """Whom does this sentence name and describe at once?

    Parameters
    ----------
    text, low : str
        One sentence, and the same folded.
    cues : Cues

    Returns
    -------
    tuple of (str, str)
        Description, name.

    Notes
    -----
    *Assumes:* a description beside a name, between commas or in brackets, is of it.
    *Not for:* descriptions in other sentences.

    Examples
    --------
    >>> from taggant.claims.cues import cues_of
    >>> t = "The duty officer, Captain Iryna Sokil, was tired."
    >>> descriptions_in(t, t.lower(), cues_of("en"))
    (('The duty officer', 'Captain Iryna Sokil'),)
    """
    sentence = _Sentence(text, low, cues)
    found: dict[str, str] = {}
    for p, _ in sentence.phrases():
        sentence.name_beside(p, found)
    return tuple(found.items())


class _Sentence:
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

    def parts(self) -> list[tuple[int, int]]:
        """Where the sentence falls apart into parts with a voice each."""
        cuts: list[int] = []
        for n, t in enumerate(self.tokens):
            if n == 0 or self._quoted(t.start):
                continue
            before = self.tokens[n - 1].text
            is_cut = t.text == ";" or (t.low in _CONTRAST.get(self.code, ()) and before in ",—–-،;")
            joins = t.low in _LOOSE.get(self.code, ()) and before in ",،"
            if is_cut or (joins and self._has_own_voice(n + 1)):
                cuts.append(t.start)
        edges = [0, *cuts, len(self.text)]
        return [(a, b) for a, b in itertools.pairwise(edges) if b > a]

    def _has_own_voice(self, n: int) -> bool:
        """Whether a subject and its verb of saying come next."""
        p = self.chunks.phrase(n)
        if p is None or (p.kind == "documents" and self.code == "fa"):
            return False
        x = p.last
        while x < len(self.tokens) and self.tokens[x].is_a("adverbs", "times"):
            x += 1
        return x in self.chunks.verb_tokens

    # ---- events ------------------------------------------------------------------------------------------------

    def read(self, a: int, b: int) -> Words:
        """Whose words is the part between these letters?"""
        aliases: dict[str, str] = {}
        events = [
            self._event(start, end, stance, a, b, aliases) for start, end, stance in self.spoken if a <= start < b
        ]
        name: Phrase | None = None
        actor: Phrase | None = None
        at: int | None = None
        how = "assert"
        for e in events:
            if e.stance != "assert" and how == "assert":
                how, at = e.stance, e.at
            if e.stance in {"promise", "request"}:
                actor = actor or e.who
            elif name is None and e.who is not None:
                name, at = e.who, e.at if at is None else at
        if len(events) > 1 and name is not None:
            last = events[-1]
            if (
                last.who is not None
                and last.who is not name
                and not last.is_left
                and last.stance == "assert"
                and self._trails(events, last.who, b)
            ):
                name, at = last.who, last.at  # "Experts counted 61 parts, said the head of the laboratory"
        inner = self._inner(events, name)
        speaker = name or actor
        trailing = self._trails(events, speaker, b)
        according, acc_at = self._after("according", a, b, aliases)
        if according is None:
            according, acc_at = self._before_post(a, b)
        citing, _ = self._after("citing", a, b, aliases)
        outlet = self._outlet(events, speaker, a, b)
        reported = next(
            (m for m in self.cues.attribution["reports"].finditer(self.low, a, b) if not self._quoted(m.start())), None
        )
        if according is not None and not trailing:
            trailing = b - according.end < 30 and acc_at > a
        links: list[str | None] = []
        if citing is not None:
            first = name or according
            links = [*(self._links(first, aliases) if first is not None else [outlet]), *self._links(citing, aliases)]
            if first is not None and outlet is not None and first.kind != "papers":
                links.insert(0, outlet)
        elif according is not None and speaker is None:
            links = [outlet, *self._links(according, aliases)]
        elif according is not None and speaker is not None:
            links = self._both(speaker, according, acc_at, at, how, aliases, outlet)
        elif speaker is not None:
            links = [outlet, *self._links(speaker, aliases)]
            if inner is not None and self._is_relayed(speaker, inner):
                links += self._links(inner.who, aliases)
        elif outlet is not None:
            links = [outlet]
        chain = tuple(dict.fromkeys(_author(_clean(x)) for x in links if x))
        span = (a, b)
        if not chain:
            if reported is not None:
                noun = REPORTS.search(self.text, *reported.span())
                return Words(
                    speaker=None, is_reported=True, via=() if noun is None else (noun[0],), span=span, stance=how
                )
            return Words(speaker=None, stance=how, verb_at=at, span=span)
        if chain[-1].lower() in OURSELVES:
            return Words(speaker=None, stance=how, verb_at=at, span=span)
        if self.cues.attribution["reports"].fullmatch(chain[-1].lower()) or REPORTS.fullmatch(chain[-1]):
            return Words(speaker=None, via=chain, stance=how, is_reported=True, verb_at=at, span=span)
        is_pronoun = bool(self.cues.attribution["pronouns"].fullmatch(chain[-1].lower()))
        return Words(
            speaker=chain[-1], via=chain, stance=how, verb_at=at, is_pronoun=is_pronoun, span=span, aliases=aliases,
            is_trailing=trailing,
        )  # fmt: skip

    def _both(self, speaker: Phrase, according: Phrase, acc_at: int, at: int | None, how: str, aliases: dict[str, str],
              outlet: str | None) -> list[str | None]:  # fmt: skip
        """A verb of saying and "according to" in one part: which is the nearer link?"""
        mine, theirs = self._links(speaker, aliases), self._links(according, aliases)
        if (
            speaker.start == according.start
            or self.text[according.start : according.end] in self.text[speaker.start : speaker.end]
        ):
            return [outlet, *mine]
        if how == "deny" and speaker.kind != "pronoun" and acc_at > (at or 0):
            return [*theirs, *mine]  # "The ministry denied it, according to the Herald": the paper relays
        if how in {"promise", "request"}:
            return [outlet, *theirs]
        if speaker.kind == "pronoun":
            return [outlet, *theirs]
        if speaker.kind == "papers" or (at or 0) < acc_at:
            return [*mine, *theirs] if speaker.kind != "roles" or according.kind == "documents" else [*theirs, *mine]
        return [*theirs, *mine] if according.kind == "papers" else [outlet, *theirs]

    def _inner(self, events: Sequence[_Event], name: Phrase | None) -> _Event | None:
        """The speaker inside what another says: "the paper wrote that officials counted 300"."""
        if name is None:
            return None
        for e in events:
            is_other = e.who is not None and e.who is not name and e.who.kind != "pronoun"
            if is_other and e.is_left and e.stance == "assert" and e.at > name.start:
                return e
        return None

    def _is_relayed(self, speaker: Phrase, inner: _Event) -> bool:
        """Whether the inner speaker's words are relayed by the outer: a paper's official, an official's papers."""
        assert inner.who is not None
        if speaker.kind == "papers":
            return True
        return inner.who.kind == "documents" and speaker.kind in {"roles", "name", "bodies"}

    def _trails(self, events: Sequence[_Event], speaker: Phrase | None, b: int) -> bool:
        if speaker is None:
            return False
        last = next((e for e in events if e.who is speaker), None)
        if last is None:
            return False
        end = max(last.end, speaker.end)
        rest = [
            t
            for t in self.tokens
            if end <= t.start < b and not t.is_a("sign", "times", "adverbs", "inside", "articles", "occasions")
        ]
        return (
            len(rest) < _TRAILS
            and not any(t.is_a("subordinate") for t in rest)
            and not any(a >= end for a, _ in self.quotes)
        )

    def _links(self, p: Phrase | None, aliases: dict[str, str]) -> list[str | None]:
        if p is None:
            return []
        words = self.text[p.start : p.end]
        if p.person is not None:
            if words != p.person:
                aliases.setdefault(words, p.person)
            return [p.holder, p.person]
        return [p.holder, aliases.get(words, words)]

    def _event(self, start: int, end: int, stance: str, a: int, b: int, aliases: dict[str, str]) -> _Event:
        v = self.token_at(start)
        after = self.token_at(end) if len(self.low[start:end].split()) <= 3 else v + 1
        by = _BY.get(self.code, ())
        if after < len(self.tokens) and self.tokens[after].low in by and self.code not in {"de"}:
            p = self.chunks.phrase(after + 1)
            return _Event(start, end, stance, p, False)
        inverted = self._is_inverted(v, after)
        left = None if inverted else self._left(v, a, aliases)
        if left is not None:
            return _Event(start, end, stance, left, True)
        free = self.code in _FREE or inverted
        right, told = self._right(after, b, aliases) if free and self.code != "fa" else (None, None)
        if right is None and inverted:
            left = self._left(v, a, aliases)
            return _Event(start, end, stance, left, True)
        return _Event(start, end, stance, right, False, told)

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
            if p is not None and p.last > x:
                before = (
                    x - 1
                    if x > 0 and self.tokens[x - 1].is_a("inside", "prepositions") and not self.tokens[x - 1].head
                    else None
                )
                found.append((p, before))
                x = max(p.last, p.after)
                continue
            x += 1
        return found

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
            gap = range(p.after, v)
            if self._is_clear(gap):
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
        if p.kind == "documents" and word.low in _OUT_OF:
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

    def _persian(self, some: Sequence[tuple[Phrase, int | None]], start: int, v: int) -> Phrase | None:
        """The subject stands at the start of its clause, or after "and" with none of its own."""
        usable = [
            p
            for p, before in some
            if before is None
            and (
                p.first == start
                or p.kind == "pronoun"
                or self.tokens[p.first - 1].is_a("sign", "times", "adverbs", "conjunctions", "subordinate")
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
            ) or _is_skipped(t):
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

    # ---- prepositions ------------------------------------------------------------------------------------------

    def _after(self, name: str, a: int, b: int, aliases: dict[str, str]) -> tuple[Phrase | None, int]:
        """The phrase after "according to", "citing": past a colon, and "a report by"."""
        for m in self.cues.attribution[name].finditer(self.low, a, b):
            if self._quoted(m.start()):
                continue
            x = self.token_at(m.end())
            while x < len(self.tokens) and self.tokens[x].text in ":,":
                x += 1
            p = self.chunks.phrase(x)
            while (
                x < len(self.tokens)
                and p is None
                and x < self.token_at(m.end()) + 3
                and self.tokens[x].is_a("adverbs", "inside", "articles")
            ):
                x += 1
                p = self.chunks.phrase(x)
            if p is not None and p.kind != "pronoun":
                return self._with_relative(self.name_beside(p, aliases)), m.start()
            if p is not None:
                return p, m.start()
        return None, 0

    def _with_relative(self, p: Phrase) -> Phrase:
        """A nameless voice with what tells it apart: a prosecutor who follows the case."""
        x = p.after
        if (
            p.kind != "roles"
            or p.person is not None
            or x + 1 >= len(self.tokens)
            or not self.tokens[p.first].is_a("articles")
        ):
            return p
        if self.tokens[x].low not in {"who", "que", "qui", "quien"}:
            return p
        end = next((y for y in range(x, min(x + 9, len(self.tokens))) if self.tokens[y].is_a("sign")), None)
        return p if end is None else replace(p, last=end, after=end, end=self.tokens[end - 1].end)

    def _before_post(self, a: int, b: int) -> tuple[Phrase | None, int]:
        """The phrase before a postposition: "Angaben des Ministeriums zufolge"."""
        for m in self.cues.attribution["after"].finditer(self.low, a, b):
            if self._quoted(m.start()):
                continue
            stop = self.token_at(m.start())
            found = [p for p, _ in self._phrases(self._clause_start(stop, a), stop) if p.last == stop]
            if found:
                return found[-1], m.start()
        return None, 0

    def _outlet(self, events: Sequence[_Event], speaker: Phrase | None, a: int, b: int) -> str | None:
        """The paper somebody told it to: a paper or a name, never "told reporters"."""
        told = next((e.outlet for e in events if e.outlet is not None and e.outlet is not speaker), None)
        if told is not None:
            return self.text[told.start : told.end]
        for m in self.cues.attribution["to_outlet"].finditer(self.low, a, b):
            if self._quoted(m.start()):
                continue
            x = self.token_at(m.end())
            p = self.chunks.phrase(x)
            if (
                p is None
                or p.kind not in {"papers", "name"}
                or (speaker is not None and p.start <= speaker.start < p.end)
            ):
                continue
            if p.kind == "name" and (self.code in {"de", "fa"} or (self._is_person(p) and self.code != "en")):
                continue
            first = self.tokens[p.first]
            words = self.text[p.start : p.end]
            if first.is_a("audience", "times") or (not any(c.isupper() for c in words) and self.code != "fa"):
                continue
            return words
        return None


def _is_skipped(t: Token) -> bool:
    """Whether a word between a verb and its speaker is none: "said on Monday", "told reporters"."""
    is_plain = t.is_a("adverbs") and not t.is_a("cap", "articles")
    return t.is_a("times", "digit") or (t.head is None and (is_plain or t.is_a("audience")))


def _author(name: str) -> str:
    """A report named with its author is its author."""
    m = REPORT_OF.match(name)
    rest = name[m.end() :] if m is not None else ""
    return rest if any(c.isupper() for c in rest) else name


def _clean(name: str) -> str:
    name = re.sub(r"\s+", " ", name).strip(EDGE)
    m = _NAMED_PAPER.match(name)
    return m[1] if m is not None else name


_NAMED_PAPER = re.compile(
    r"(?:(?:die|der|das|dem|den|le|la|l['’]|el|the)\s?)?(?:\w+\s)?(?:газет|издани|журнал|портал|агентств|видання|агенці|телеканал|канал|"
    r"zeitung|zeitschrift|magazin|nachrichtenagentur|agentur|portal|sender|dziennik|gazet|tygodnik|agencj|serwis|stacj|"
    r"quotidien|journal|hebdomadaire|agence|magazine|periódico|diario|semanario|agencia|revista|newspaper|weekly|magazine|agency)\w*"
    r"\s[«„“\"]([^«»„“”\"]+)$",
    re.IGNORECASE,
)
