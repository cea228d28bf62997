"""Phrases that can name a voice: an office, a body, a paper, a document, a person — found from their heads.

Invariant: a phrase is cut out of the sentence; where its end is not clear it ends early.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from taggant.claims.cues import Cues
from taggant.claims.naming_patterns import WHENCE
from taggant.claims.voice_words import CLOSE, OPEN, Token

HEAD_FIRST = {"ru", "uk", "pl", "fr", "es", "fa"}
_PARTICIPLE = re.compile(
    r"(?:seen|reviewed|obtained|published|leaked|released|compiled|prepared|by|from|of|on|dated|issued|shared|held)\b"
)
_ADJECTIVAL = re.compile(r"(?:ой|ого|ых|их|ої|ого|ських|ского|ej|ego|ich|ych)$")
_MOST = 16
_ADJECTIVES = 5
_PARTICLES = frozenset(
    ["de", "del", "van", "von", "der", "den", "al", "el", "bin", "ibn", "da", "di", "la", "le", "du", "ter", "al-"]
)
_GENITIVE = {
    "de": frozenset(["des", "der", "eines", "einer", "dieses", "dieser", "ihrer", "seines"]),
    "fr": frozenset(["des", "du"]),
}
_POSSESSIVE_ARTICLES = frozenset(["his", "her", "its", "their", "my", "our"])


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of words that can name a voice.

    Attributes
    ----------
    first, last : int
        Tokens, half-open.
    start, end : int
        Letters, half-open.
    kind : str
        roles, bodies, papers, documents, name, pronoun.
    holder : str or None
        Of a document: who obtained it.
    after : int
        The token after all that belongs to it, its holder too.
    person : str or None
        The name alone, where an office or a rank stands before it.
    """

    first: int
    last: int
    start: int
    end: int
    kind: str
    holder: str | None
    after: int
    person: str | None = None


class Chunker:
    """Finds phrases in one sentence."""

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        verbs: Sequence[tuple[int, int]],
        cues: Cues,
        speech: Sequence[tuple[int, int]] = (),
    ) -> None:
        self.speech = speech
        self.text = text
        self.tokens = tokens
        self.cues = cues
        self.code = cues.code
        self.verb_tokens = {n for n, t in enumerate(tokens) if any(a <= t.start < b for a, b in verbs)}
        self.nouns = {n for n in self.verb_tokens if self._is_noun(n)}
        self.verb_tokens -= self.nouns

    def _is_noun(self, n: int) -> bool:
        """Whether a word that can be a verb of saying is a noun here: the reports, her claims."""
        t = self.tokens[n]
        if t.head is None or n == 0:
            return t.head is not None and n + 1 < len(self.tokens) and n + 1 in self.verb_tokens
        before = self.tokens[n - 1]
        if before.is_a("articles", "quantifiers", "inside", "possessive"):
            return True
        if self.code == "en" and n + 1 < len(self.tokens) and _PARTICIPLE.match(self.text, self.tokens[n + 1].start):
            return True
        return n + 1 < len(self.tokens) and n + 1 in self.verb_tokens and self.code == "en"

    def is_verb(self, n: int) -> bool:
        """Whether this word is a finite verb here, as far as its form tells."""
        t = self.tokens[n]
        if n in self.verb_tokens:
            return True
        if t.head is not None or t.is_a("sign", "cap", "ranks"):
            return False
        return t.is_a("verbs") or (
            t.is_a("verb_like") and not t.is_a("times", "articles", "adverbs", "subordinate", "nouns")
        )

    def phrase(self, i: int, *, depth: int = 0) -> Phrase | None:
        """Give the phrase that begins at this word, if one does."""
        tokens, n = self.tokens, len(self.tokens)
        if i >= n:
            return None
        t = tokens[i]
        if t.is_a("prepositions", "inside", "conjunctions") and t.head is None and not t.is_a("articles"):
            return None
        if t.is_a("pronouns") and not (t.is_a("cap") and i > 0):
            return Phrase(i, i + 1, t.start, t.end, "pronoun", None, i + 1)
        k = i
        while k < n and tokens[k].is_a("articles", "quantifiers") and tokens[k].head is None:
            k += 1
        first_word = k
        head: str | None = None
        has_cap = False
        last = k
        lower = 0
        pending = False
        while k < n and k - i < _MOST:
            t = tokens[k]
            if t.is_a("sign"):
                close = self._quoted_name(k)
                if close is not None and head is None and not has_cap and k > first_word:
                    return None  # a thing with a name: the drone «Zarnik»
                if close is not None and (head in {"papers", "bodies", None, "documents", "roles"} or has_cap):
                    head = head or "papers"
                    has_cap = True
                    k = last = close + 1
                    pending = False
                    if k < n and not (tokens[k].is_a("inside") and self._goes_inside(k)):
                        break
                    continue
                if t.text == "-" and pending is False and 0 < k < n - 1 and tokens[k - 1].end == t.start:
                    k += 1
                    continue
                break
            is_cap = t.is_a("cap") and (
                k > 0 or not t.is_a("articles", "subordinate", "adverbs", "times", "inside", "verbs")
            )
            if k > first_word or head or has_cap:
                if self.is_verb(k) or t.is_a("digit") or (t.is_a("pronouns") and not is_cap):
                    break
                if t.is_a("subordinate") and not is_cap and not (self.code == "fr" and t.low == "d"):
                    break
                if t.is_a("prepositions") and not is_cap:
                    break
                if t.is_a("times") and not (is_cap and (t.head or self._is_of_a_paper(k))):
                    break
            elif (
                self.is_verb(k)
                or t.is_a("digit")
                or (t.is_a("subordinate", "times") and not t.head and not self._is_of_a_paper(k))
            ):
                break
            if t.is_a("articles") and t.head is None and not (is_cap and has_cap and t.low in _PARTICLES):
                inside = k > first_word and (
                    tokens[k - 1].is_a("inside", "conjunctions") or t.low in _GENITIVE.get(self.code, ())
                )
                if (
                    k > first_word
                    and not inside
                    and not (t.low in _POSSESSIVE_ARTICLES and tokens[k - 1].is_a("inside"))
                ) and not (
                    self.code in {"fr", "es"}
                    and t.low in {"la", "l", "le", "el", "los", "las", "les"}
                    and tokens[k - 1].is_a("inside")
                ):
                    break
                if self.code == "de" and k + 1 < n and tokens[k + 1].text in OPEN and self._person(i, last):
                    break  # "sagte Sprecherin Korb der „Abendpost“": she told it
                pending = pending or k > first_word
                k += 1
                continue
            if t.is_a("conjunctions") and not is_cap:
                more = self.phrase(k + 1, depth=depth + 1) if depth == 0 and (head or has_cap) and not pending else None
                if more is None or more.kind in {"pronoun"} or not self._pairs(head or "name", more):
                    break
                return Phrase(i, more.last, tokens[i].start, more.end, head or "name", None, more.last)
            if t.is_a("inside") and t.head is None and not (is_cap and has_cap):
                if not (head or has_cap):
                    if self.code == "de" and k > i and tokens[k - 1].is_a("articles"):
                        # "eine mit den Gesprächen vertraute Person"
                        role = next(
                            (
                                x
                                for x in range(k + 1, min(k + 7, n))
                                if tokens[x].is_a("roles", "sign") or self.is_verb(x)
                            ),
                            None,
                        )
                        if role is not None and tokens[role].is_a("roles"):
                            k = role
                            continue
                    if not (k > i and tokens[k - 1].is_a("quantifiers")):
                        break
                elif not self._goes_inside(k):
                    break
                pending = True
                k += 1
                continue
            if (
                t.head is not None
                and not pending
                and self.code not in {"en", "de"}
                and head == "roles"
                and self._person(i, last)
            ):
                break
            if t.head is not None and not (is_cap and has_cap and head == "name"):
                if head is None or (self.code in {"en", "de"} and not pending and self._extends(k, first_word)):
                    head = t.head
                elif not pending and self.code not in {"en", "de"} and not self._is_attached(k):
                    break
                last, lower, pending = k + 1, 0, False
                k += 1
                continue
            if is_cap and self.code == "en" and head == "documents" and not has_cap and not pending and last == k:
                break  # "a slide Tull saw"
            if is_cap or t.is_a("ranks") or (self.code == "fa" and t.is_a("given_names")):
                has_cap = has_cap or not t.is_a("ranks")
                last, lower, pending = k + 1, 0, False
                k += 1
                continue
            if t.low in _PARTICLES and has_cap and k + 1 < n and tokens[k + 1].is_a("cap"):
                k += 1
                continue
            if t.is_a("adverbs") and not pending:
                break
            if (head or has_cap) and not pending and (t.is_a("modifiers") or self._is_participle(k)):
                last, lower = k + 1, 0
                k += 1
                continue
            if not (head or has_cap):
                lower += 1
                if lower > _ADJECTIVES or t.is_a("occasions"):
                    break
                k += 1
                continue
            if pending:
                ahead = next((x for x in range(k + 1, min(k + 3, n)) if tokens[x].head or tokens[x].is_a("cap")), None)
                clear = ahead is not None and not any(
                    self.is_verb(x) or tokens[x].is_a("sign", "inside", "subordinate", "articles", "adverbs")
                    for x in range(k, ahead)
                )
                last = k + 1
                pending = clear or (self.code in HEAD_FIRST and self._looks_attributive(t))
                lower = 1
                k += 1
                continue
            if self.code == "fa" and head is None and lower >= 1:
                break  # a given name and one more
            if self.code in HEAD_FIRST and lower < 3 and self._may_follow(k):
                lower += 1
                k += 1
                last = k
                continue
            if self.code in {"en", "de"} and self._leads_to_head(k):
                k += 1
                continue
            break
        if last <= first_word or (head is None and not has_cap):
            return None
        if head is None and not self._can_be_a_name(i, last):
            return None
        while last > i and tokens[last - 1].is_a("inside", "conjunctions") and not tokens[last - 1].is_a("cap"):
            last -= 1
        end = tokens[last - 1].end
        if tokens[last - 1].low.endswith(("'s", "’s")) and self.code == "en" and tokens[last - 1].is_a("possessive"):
            end -= 2
        holder, after = (None, last)
        if head == "documents":
            end, after = self._whence(last, end)
            holder, after = self._holder(after)
        if self.code == "fa" and head is not None and re.match(r"\s*به نام\s", self.text[end:]):
            x = next((y for y in range(last, n) if tokens[y].low == "نام"), last) + 1
            named = self.phrase(x, depth=depth + 1)
            if named is not None:
                return Phrase(
                    i,
                    named.last,
                    tokens[i].start,
                    named.end,
                    "roles",
                    None,
                    named.after,
                    self.text[named.start : named.end],
                )
        person = (
            self._person(i, last)
            if head in {"roles", None} or any(t.is_a("ranks", "roles") for t in tokens[i:last])
            else None
        )
        return Phrase(i, last, tokens[i].start, end, head or "name", holder, after, person)

    def _can_be_a_name(self, i: int, last: int) -> bool:
        """Whether capitals alone make a name here: no German noun, no word that only begins the sentence, no thing."""
        tokens = self.tokens
        caps = [x for x in range(i, last) if tokens[x].is_a("cap") and not tokens[x].is_a("articles")]
        if not caps:
            return True
        lows = [tokens[x].low for x in caps]
        if any(p.fullmatch(w) for p in self.cues.things.values() for w in lows) or any(w[-1:].isdigit() for w in lows):
            return False
        if self.code == "de":
            return not (len(caps) == 1 and (i < caps[0] or last - i > 1)) and all(
                self.cues.any_topic.fullmatch(w) is None for w in lows
            )
        if len(caps) == 1 and caps[0] == 0 and last - i == 1 and self.code != "fa" and last < len(tokens):
            follows = tokens[last]
            return follows.is_a("sign", "adverbs", "verbs") or self.is_verb(last)
        return not (caps[0] == 0 and len(caps) == 1 and last - i > 1 and self.code != "fa")

    def _is_of_a_paper(self, k: int) -> bool:
        """Whether a time word is part of a name: the Evening Post."""
        tokens = self.tokens
        return (
            tokens[k].is_a("cap")
            and k + 1 < len(tokens)
            and tokens[k + 1].is_a("cap")
            and tokens[k + 1].head == "papers"
        )

    def _person(self, i: int, last: int) -> str | None:
        """The name alone: what stands with capitals after an office or rank, before a preposition."""
        tokens = self.tokens
        if self.code == "fa":
            x = next(
                (
                    n
                    for n in range(i, last)
                    if tokens[n].is_a("given_names") and (n == i or not tokens[n - 1].is_a("bodies"))
                ),
                None,
            )
            return None if x is None or last - x < 2 else self.text[tokens[x].start : tokens[last - 1].end]
        for x in range(i + 1, last):
            lead = tokens[x - 1]
            if not lead.is_a("roles", "ranks") or not self._is_bare_cap(x):
                continue
            y = x
            while y < last and (
                self._is_bare_cap(y) or (tokens[y].low in _PARTICLES and y + 1 < last and self._is_bare_cap(y + 1))
            ):
                y += 1
            if y < last and not tokens[y].is_a("inside", "sign"):
                continue
            n_caps = y - x
            if n_caps == 1 and (
                not lead.is_a("ranks") or (self.code in {"ru", "uk", "pl"} and not _MILITARY.match(lead.low))
            ):
                continue
            if n_caps > 3 or (self.code in {"ru", "uk", "pl"} and _ADJECTIVAL.search(tokens[x].low)):
                continue
            return self.text[tokens[x].start : tokens[y - 1].end]
        x = i
        while x < last and tokens[x].is_a("ranks") and not (x > i and not tokens[x].is_a("cap")):
            x += 1
        if (
            x > i
            and x < last
            and all(self._is_bare_cap(y) for y in range(x, last))
            and last - x <= 3
            and (last - x > 1 or self.code not in {"ru", "uk", "pl"})
        ):
            return self.text[tokens[x].start : tokens[last - 1].end]
        return None

    def _is_bare_cap(self, x: int) -> bool:
        t = self.tokens[x]
        return t.is_a("cap") and t.head is None and not t.is_a("ranks", "sign", "possessive")

    def _quoted_name(self, k: int) -> int | None:
        """The closing mark of a short name in quotation marks."""
        if self.tokens[k].text not in OPEN or any(a <= self.tokens[k].start < b for a, b in self.speech):
            return None
        for x in range(k + 1, min(k + 7, len(self.tokens))):
            if self.tokens[x].text in CLOSE:
                inside = self.tokens[k + 1 : x]
                is_name = (
                    inside
                    and (inside[0].is_a("cap", "digit") or self.code == "fa")
                    and not any(t.is_a("sign") and t.text in ".!?,;" for t in inside)
                )
                return x if is_name else None
        return None

    def _pairs(self, head: str, more: Phrase) -> bool:
        """Whether two phrases joined by "and" are one voice: both persons, or both papers of one kind."""
        if self.code == "fa" and more.kind == "documents" and head == "documents":
            return True
        return more.kind == head or {head, more.kind} <= {"roles", "name"} or {head, more.kind} <= {"roles", "bodies"}

    def _goes_inside(self, k: int) -> bool:
        tokens = self.tokens
        x = k + 1
        while x < len(tokens) and tokens[x].is_a("articles", "quantifiers") and tokens[x].head is None:
            x += 1
        if x >= len(tokens):
            return False
        low = self.text.lower()
        if any(self.cues.attribution[a].match(low, tokens[k].start) for a in ("citing", "according", "to_outlet")):
            return False
        t = tokens[x]
        if t.is_a("sign"):
            return self._quoted_name(x) is not None
        if t.is_a("times", "digit", "pronouns", "subordinate", "adverbs") and not t.is_a("cap"):
            return False
        if t.is_a("times", "occasions") and t.head != "bodies":
            return t.is_a("cap") and not t.is_a("times")
        loose = {
            "in",
            "on",
            "at",
            "by",
            "to",
            "im",
            "am",
            "bei",
            "en",
            "para",
            "por",
            "dans",
            "sur",
            "в",
            "на",
            "у",
            "w",
            "na",
            "до",
            "по",
            "do",
            "po",
            "für",
            "mit",
            "con",
        }
        if tokens[k].low in loose:
            ahead = any(tokens[y].head is not None or tokens[y].is_a("cap") for y in range(x, min(x + 2, len(tokens))))
            return (ahead and not self.is_verb(x)) or (tokens[k].low in {"at", "on", "mit"} and not self.is_verb(x))
        return not self.is_verb(x)

    def _extends(self, k: int, first: int) -> bool:
        """Whether a later head of one noun group is the real one: the ministry spokesman, Zeitung."""
        return all(not self.tokens[x].is_a("inside", "sign") for x in range(first, k))

    def _is_attached(self, k: int) -> bool:
        """Whether a head follows another as its genitive, with nothing between."""
        t = self.tokens[k]
        if t.is_a("ranks"):
            return True
        return t.head in {"bodies", "roles", "papers"} or (
            t.head == "documents" and self.tokens[k - 1].head is not None
        )

    def _looks_attributive(self, t: Token) -> bool:
        return (
            self.code in {"ru", "uk", "pl"}
            and re.search(r"(?:ого|его|ої|ой|ий|ый|их|ых|ского|ської|ным|ego|ej|ich|ych|iego)$", t.low) is not None
        )

    def _may_follow(self, k: int) -> bool:
        """Whether a small word after a head belongs to it: an adjective or a genitive, no thing of a claim."""
        t = self.tokens[k]
        if self.code == "fa":
            return not (
                t.is_a("adverbs", "verbs", "articles", "times") or t.low in _FA_PREPOSITIONS
                or self.cues.any_topic.fullmatch(t.low) is not None
                or any(p.fullmatch(t.low) for p in self.cues.things.values())
            )  # fmt: skip
        if (
            t.is_a("adverbs", "verbs", "saw")
            or self.is_verb(k)
            or self.cues.attribution["obtained"].match(self.text.lower(), t.start)
        ):
            return False
        is_thing = any(p.fullmatch(t.low) for p in self.cues.things.values()) or self.cues.any_topic.fullmatch(t.low)
        return (
            not is_thing and self.cues.hedges.fullmatch(t.low) is None and self.cues.negation.fullmatch(t.low) is None
        )

    def _is_participle(self, k: int) -> bool:
        """Whether this word goes on with a description: a diplomat posted in the capital."""
        t = self.tokens[k]
        if self.code != "en" or k + 1 >= len(self.tokens) or k in self.verb_tokens or not t.is_a("word"):
            return False
        return (
            t.low.endswith(("ed", "ing"))
            and self.tokens[k + 1].is_a("inside")
            and t.low not in {"speaking", "according", "referring", "during", "including"}
        )

    def _leads_to_head(self, k: int) -> bool:
        """Whether this small word is inside a compound: Ardovian defence ministry."""
        for x in range(k + 1, min(k + 3, len(self.tokens))):
            t = self.tokens[x]
            if self.is_verb(x) or t.is_a("sign", "inside", "articles", "subordinate", "digit", "pronouns"):
                return False
            if t.head is not None:
                return not self.is_verb(k) and self.code == "en"
        return False

    def _whence(self, last: int, end: int) -> tuple[int, int]:
        m = WHENCE.match(self.text, end)
        if m is None:
            return end, last
        after = next((x for x in range(last, len(self.tokens)) if self.tokens[x].start >= m.end()), len(self.tokens))
        return m.end(), after

    def _holder(self, after: int) -> tuple[str | None, int]:
        """Who obtained a document: "obtained by the group", "that Tull saw"."""
        tokens = self.tokens
        if after >= len(tokens):
            return None, after
        from_ = tokens[after - 1].end
        x = after
        if (
            self.code == "de"
            and x + 2 < len(tokens)
            and tokens[x].text == ","
            and tokens[x + 1].low in {"die", "das", "der"}
            and (tokens[x + 2].is_a("articles") or tokens[x + 2].text in OPEN)
        ):
            x += 2
        while (
            x < len(tokens)
            and (tokens[x].text == "," or tokens[x].is_a("subordinate") or tokens[x].is_a("inside"))
            and x - after < 3
        ):
            x += 1
        got = self.phrase(x, depth=1) if x < len(tokens) and self.code not in {"ru", "uk", "pl", "fa"} else None
        if got is not None and got.kind in {"name", "roles", "bodies", "papers"}:
            y = got.after
            while y < len(tokens) and tokens[y].is_a("adverbs", "verbs") and not tokens[y].is_a("saw"):
                y += 1
            if y < len(tokens) and tokens[y].is_a("saw"):
                return self.text[got.start : got.end], y + 1
        low = self.text.lower()
        m = self.cues.attribution["obtained"].search(low, from_, min(len(low), from_ + 60))
        if m is not None and not re.search(r"[.;:—–]", low[from_ : m.start()]):
            x = next((n for n in range(after, len(tokens)) if tokens[n].start >= m.end()), len(tokens))
            got = self.phrase(x, depth=1) if x < len(tokens) else None
            if got is not None and got.kind != "pronoun":
                return self.text[got.start : got.end], got.after
        return None, after


_MILITARY = re.compile(
    r"(?:генерал|полковник|подполковник|майор|капит|лейтенант|адмирал|сержант|gen|płk|ppłk|mjr|kpt|pułkownik|podpułkownik|major|kapitan|pan|pani|пан|г-н|г-жа|dr|prof|inż)"
)
_FA_PREPOSITIONS = frozenset(
    [
        "در",
        "به",
        "با",
        "از",
        "برای",
        "تا",
        "بر",
        "را",
        "علیه",
        "طی",
        "درباره",
        "بدون",
        "پس",
        "پیش",
        "روی",
        "بین",
        "میان",
        "ضمن",
        "است",
    ]
)
