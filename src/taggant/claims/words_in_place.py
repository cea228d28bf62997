"""What a word can be inside a phrase: part of a name, of an office, of a compound, or the verb that ends it.

Invariant: each question is about one word and its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from taggant.claims.cues import Cues
from taggant.claims.voice_words import CLOSE, OPEN, Token

HEAD_FIRST = frozenset(["ru", "uk", "pl", "fr", "es", "fa"])
"""Languages whose head stands before what goes with it."""

_FORMER = frozenset(["były", "była", "byli"])
_PARTICIPLE = re.compile(
    r"(?:seen|reviewed|obtained|published|leaked|released|compiled|prepared|by|from|of|on|dated|issued|shared|held)\b"
)
_ADJECTIVAL = re.compile(r"(?:ой|ого|ых|их|ої|ого|ських|ского|ej|ego|ich|ych)$")
_PARTICLES = frozenset(
    ["de", "del", "van", "von", "der", "den", "al", "el", "bin", "ibn", "da", "di", "la", "le", "du", "ter", "al-"]
)
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


class WordsInPlace:
    """The words of one sentence, with what each can be where it stands."""

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
        if self.is_former(n):
            return False
        if t.head is not None or t.is_a("sign", "cap", "ranks"):
            return False
        return t.is_a("verbs") or (
            t.is_a("verb_like") and not t.is_a("times", "articles", "adverbs", "subordinate", "nouns")
        )

    def is_former(self, x: int) -> bool:
        """Whether "były" before an office is no verb: a former foreman."""
        return self.tokens[x].low in _FORMER and x + 1 < len(self.tokens) and self.tokens[x + 1].is_a("roles", "ranks")

    def _can_be_a_name(self, i: int, last: int) -> bool:
        """Whether capitals alone make a name here: no German noun, no word that only begins the sentence, no thing."""
        tokens = self.tokens
        caps = [x for x in range(i, last) if tokens[x].is_a("cap") and not tokens[x].is_a("articles")]
        if not caps:
            return True
        lows = [tokens[x].low for x in caps]
        if any(p.fullmatch(w) for p in self.cues.things.values() for w in lows) or any(
            c.isdigit() for w in lows for c in w
        ):
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
            is_later = (
                self.code in HEAD_FIRST
                and not lead.is_a("cap", "inside", "sign")
                and any(t.is_a("roles") for t in tokens[i:x])
            )
            if not (lead.is_a("roles", "ranks") or is_later) or not self._is_bare_cap(x):
                continue
            y = x
            while y < last and (
                self._is_bare_cap(y) or (tokens[y].low in _PARTICLES and y + 1 < last and self._is_bare_cap(y + 1))
            ):
                y += 1
            if y < last and not tokens[y].is_a("inside", "sign"):
                continue
            n_caps = y - x
            if (
                self.code == "de"
                and n_caps == 1
                and lead.is_a("cap")
                and not tokens[x].low.endswith("s")
                and y == last
                and x - 1 == i + tokens[i].is_a("articles")
            ):
                return self.text[tokens[x].start : tokens[y - 1].end]  # "Motorenbauer Tessin"
            if is_later and not lead.is_a("roles", "ranks") and n_caps < 2:
                continue
            if n_caps == 1 and (
                not lead.is_a("ranks") or (self.code in {"ru", "uk", "pl"} and not _MILITARY.match(lead.low))
            ):
                continue
            if n_caps > 3 or (self.code in {"ru", "uk", "pl"} and _ADJECTIVAL.search(tokens[x].low)):
                continue
            return self.text[tokens[x].start : tokens[y - 1].end]
        named = i
        while named < last and self._is_bare_cap(named):
            named += 1
        if (
            self.code in {"en", "de", "fr", "es"}
            and named - i in {2, 3}
            and named < last
            and tokens[named].is_a("inside")
        ):
            return self.text[tokens[i].start : tokens[named - 1].end]  # "Benedikt Sorley of the Institute"
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
                return x if is_name and not any(t.is_a("digit") or t.low[-1:].isdigit() for t in inside) else None
        return None

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
