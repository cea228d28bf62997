"""Phrases that can name a voice: an office, a body, a paper, a document, a person — found from their heads.

Invariant: a phrase is cut out of the sentence; where its end is not clear it ends early.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from taggant.claims.naming_patterns import WHENCE
from taggant.claims.voice_words import OPEN
from taggant.claims.words_in_place import HEAD_FIRST, WordsInPlace

_MOST = 16
_BY = frozenset(["by", "par", "por", "przez", "von"])
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


class Chunker(WordsInPlace):
    """Finds phrases in one sentence."""

    def phrase(self, i: int, *, depth: int = 0) -> Phrase | None:
        """Give the phrase that begins at this word, if one does."""
        tokens, n = self.tokens, len(self.tokens)
        if i >= n:
            return None
        t = tokens[i]
        if t.is_a("prepositions", "inside", "conjunctions") and t.head is None and not t.is_a("articles"):
            return None
        if self.code == "fr" and t.low == "personne" and not (i > 0 and self.tokens[i - 1].is_a("articles")):
            return None  # nobody
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
                if t.is_a("prepositions") and not is_cap and not (head == "documents" and t.low in _BY):
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
                if head == "papers" and is_cap and not has_cap and self.code in {"fr", "es"}:
                    k += 1
                    continue  # "el diario La Costa"
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
            if head == "documents" and t.low in _BY and k + 1 < n:
                pending = True  # "an examination by the institute"
                k += 1
                continue
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
            if self.is_former(k):
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
        person = self._person(i, last)
        return Phrase(i, last, tokens[i].start, end, head or "name", holder, after, person)

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
