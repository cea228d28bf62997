"""One sentence's verbs, prepositions and papers put together to the chain through which it has its words.

Invariant: every link is cut out of the sentence.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from taggant.claims.naming_patterns import EDGE, OURSELVES, REPORT_OF, REPORTS
from taggant.claims.speech_sentence import Event
from taggant.claims.speech_subjects import Subjects
from taggant.claims.spoken_words import Words
from taggant.claims.voice_phrases import Phrase

_CONTRAST = {
    "en": ("but", "while", "whereas", "although", "though", "yet"),
    "ru": ("но", "а", "однако", "хотя", "тогда", "зато"),
    "uk": ("але", "а", "однак", "хоча", "проте", "натомість"), "de": ("aber", "während", "doch", "jedoch"),
    "fr": ("mais", "tandis", "alors"), "es": ("pero", "mientras", "aunque"),
    "pl": ("ale", "a", "natomiast", "zaś", "lecz", "choć"), "fa": ("اما", "ولی"),
}  # fmt: skip
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
_THAT = frozenset(["that", "dass", "que", "что", "що", "że", "که"])
_FIGURES = frozenset(
    [
        "figure",
        "figures",
        "count",
        "estimate",
        "tally",
        "number",
        "numbers",
        "total",
        "report",
        "records",
        "statement",
        "books",
        "data",
        "account",
    ]
)
_HIS = frozenset(["his", "her", "their", "its"])
_FIRST_PERSON = re.compile(r"(?:I|We|we)['’]")
_NEAR_VERB = 30
_TAIL = 24
_TRAILS = 6
_GENERIC_PAPER = re.compile(
    r"(?:el|la|le)\s(?:diario|periódico|semanario|revista|quotidien|journal|magazine|hebdomadaire)\s((?:La|El|Le|Les|Los)\s\S.*)$"
)
_NAMED_PAPER = re.compile(
    r"(?:(?:die|der|das|dem|den|le|la|l['’]|el|the)\s?)?(?:\w+\s)?(?:газет|издани|журнал|портал|агентств|видання|агенці|телеканал|канал|"
    r"zeitung|zeitschrift|magazin|nachrichtenagentur|agentur|portal|sender|dziennik|gazet|tygodnik|agencj|serwis|stacj|"
    r"quotidien|journal|hebdomadaire|agence|magazine|periódico|diario|semanario|agencia|revista|newspaper|weekly|magazine|agency)\w*"
    r"\s[«„“\"]([^«»„“”\"]+)$",
    re.IGNORECASE,
)


class Sentence(Subjects):
    """Whose words are the parts of one sentence?"""

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
        relayed: Phrase | None = None
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
                if last.who.kind == "papers" and name.kind in {"roles", "name", "bodies", "documents"}:
                    relayed = name  # "The expert counted 57 parts, writes the Courier"
                name, at = last.who, last.at  # "Experts counted 61 parts, said the head of the laboratory"
        inner = self._inner(events, name) if relayed is None else None
        speaker = name or actor
        acts = tuple((self._act_from(e, a, b), self._act_until(e, b), e.stance) for e in events if e.stance != "assert")
        denies = how == "deny" and any(e.stance in {"promise", "request"} and e.at > (at or 0) for e in events)
        trailing = self._trails(events, speaker, b)
        according, acc_at = self._after("according", a, b, aliases)
        if according is None:
            according, acc_at = self._before_post(a, b)
        citing, _ = self._after("citing", a, b, aliases)
        outlet = self._outlet(events, speaker, a, b)
        if speaker is None and according is None:
            according = self._whose_figure(a, b) or self._who_plans(a, b, aliases)
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
            if relayed is not None and speaker is name:
                links += self._links(relayed, aliases)
            elif inner is not None and self._is_relayed(speaker, inner):
                links += self._links(inner.who, aliases)
        elif outlet is not None:
            links = [outlet]
        chain = tuple(dict.fromkeys(_author(_clean(x)) for x in links if x))
        is_pronoun = bool(chain) and (
            self.cues.attribution["pronouns"].fullmatch(chain[-1].lower()) is not None or chain[-1].lower() in _HIS
        )
        span = (a, b)
        if not chain:
            if reported is not None:
                noun = REPORTS.search(self.text, *reported.span())
                return Words(
                    speaker=None, is_reported=True, via=() if noun is None else (noun[0],), span=span, stance=how
                )
            return Words(speaker=None, stance=how, verb_at=at, span=span, acts=acts, denies_promise=denies)
        if chain[-1].lower() in OURSELVES or _FIRST_PERSON.match(chain[-1]):
            return Words(speaker=None, stance=how, verb_at=at, span=span, acts=acts, denies_promise=denies)
        if self.cues.attribution["reports"].fullmatch(chain[-1].lower()) or REPORTS.fullmatch(chain[-1]):
            return Words(speaker=None, via=chain, stance=how, is_reported=True, verb_at=at, span=span)
        return Words(
            speaker=chain[-1], via=chain, stance=how, verb_at=at, is_pronoun=is_pronoun, span=span, aliases=aliases,
            is_trailing=trailing, acts=acts, denies_promise=denies,
            voices=tuple((p.start, p.end) for p in (speaker, according, citing) if p is not None),
        )  # fmt: skip

    def _who_plans(self, a: int, b: int, aliases: dict[str, str]) -> Phrase | None:
        """Somebody in office who wants or plans it says so; a body or a country may be told of by others."""
        for m in self.cues.speech["plan"].finditer(self.low, a, b):
            is_hearsay = self._quoted(m.start()) or m[0] in {"soll", "sollen"}
            who = None if is_hearsay else self._left(self.token_at(m.start()), a, aliases)
            if who is not None and who.kind == "roles":
                return who
        return None

    def _whose_figure(self, a: int, b: int) -> Phrase | None:
        """Whose figure it is: "the analyst's figure was 40", "his count: 40"."""
        if self.code != "en":
            return None
        first = self.token_at(a)
        for x in range(first, min(first + 10, len(self.tokens))):
            t = self.tokens[x]
            if self.chunks.is_verb(x) or t.is_a("sign") or t.start >= b:
                return None
            noun = next((y for y in range(x + 1, min(x + 4, len(self.tokens))) if self.tokens[y].low in _FIGURES), None)
            if noun is None or any(self.tokens[y].is_a("sign", "inside") for y in range(x, noun)):
                continue
            if t.low in _HIS:
                return Phrase(x, x + 1, t.start, t.end, "pronoun", None, x + 1)
            if t.is_a("possessive"):
                return Phrase(first, x + 1, self.tokens[first].start, t.end - 2, "bodies", None, noun + 1)
        return None

    def _act_from(self, e: Event, a: int, b: int) -> int:
        """Where what a verb says begins: a little before it; at the clause where verbs stand last."""
        ends = b - e.end < _TAIL and e.stance != "request"
        if self.code == "fa" or ends:
            return max((c for c in self.clause_cuts() if c < e.at), default=a)
        return e.at - _NEAR_VERB

    def _act_until(self, e: Event, b: int) -> int:
        """Where what a verb says ends: at the next clause of its own ("…, and that …"), else with the part."""
        cut = next((c for c in self.clause_cuts() if c > e.end), b)
        return min(cut, b)

    def clause_cuts(self) -> list[int]:
        """Where a clause with a content of its own begins: after a semicolon, "but", "and that"."""
        cuts: list[int] = []
        for n, t in enumerate(self.tokens[1:], start=1):
            before = self.tokens[n - 1]
            if (
                t.text == ";"
                or (t.low in _CONTRAST.get(self.code, ()) and before.text in ",—–-،")
                or (t.low in _LOOSE.get(self.code, ()) and n + 1 < len(self.tokens) and self.tokens[n + 1].low in _THAT)
            ):
                cuts.append(t.start)
        return [c for c in cuts if not self._quoted(c)]

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

    def _inner(self, events: Sequence[Event], name: Phrase | None) -> Event | None:
        """The speaker inside what another says: "the paper wrote that officials counted 300"."""
        if name is None:
            return None
        for e in events:
            is_other = e.who is not None and e.who is not name and e.who.kind != "pronoun"
            if is_other and e.is_left and e.stance == "assert" and e.at > name.start:
                return e
        return None

    def _is_relayed(self, speaker: Phrase, inner: Event) -> bool:
        """Whether the inner speaker's words are relayed by the outer: a paper's official, an official's papers."""
        assert inner.who is not None
        if speaker.kind == "papers":
            return True
        return inner.who.kind == "documents" and speaker.kind in {"roles", "name", "bodies"}

    def _trails(self, events: Sequence[Event], speaker: Phrase | None, b: int) -> bool:
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

    def _outlet(self, events: Sequence[Event], speaker: Phrase | None, a: int, b: int) -> str | None:
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


def _author(name: str) -> str:
    """A report named with its author is its author."""
    m = REPORT_OF.match(name)
    rest = name[m.end() :] if m is not None else ""
    return rest if any(c.isupper() for c in rest) else name


def _clean(name: str) -> str:
    name = re.sub(r"\s+", " ", name).strip(EDGE)
    m = _NAMED_PAPER.match(name) or _GENERIC_PAPER.match(name)
    return m[1] if m is not None else name
