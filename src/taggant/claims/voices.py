"""Who is who in a text: the fullest name of each voice, and whom "the official" or "he" goes back to.

Invariant: a voice is named as the text names it somewhere; nothing is completed from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from taggant.claims.cues import Cues
from taggant.claims.documents import Document
from taggant.claims.persons import BODY, RANK, person_in
from taggant.claims.sentences import sentences
from taggant.claims.voice_words import tokens_of
from taggant.claims.whose_words import Words, descriptions_in, words_of_parts
from taggant.writing.language_words import folded

_DEFINITE = re.compile(
    r"^(?:the|this|that|der|die|das|dem|den|le|la|l['’]|ce|cette|el|la|ese|esa|este|esta|этот|эта|это|цей|ця|це|ten|ta|to|این|آن)\s*",
    re.IGNORECASE,
)
_READ_MOST = 500
"""Paragraphs in which names are looked for: who speaks in a long text is named early."""
_PAPER = re.compile(
    r"newspaper|paper|daily|outlet|magazine|broadcaster|agency|site|газет|издани|агентств|видання|агенці|газета|zeitung|blatt|agentur|"
    r"magazin|journal|quotidien|agence|hebdomadaire|diario|periódico|agencia|revista|gazet|dziennik|agencj|portal|روزنامه|خبرگزاری",
    re.IGNORECASE,
)


_OWN = re.compile(
    r"(?:редакци\w+|редакці\w+|(?:this|our) (?:newspaper|paper|newsroom|reporters?|correspondents?|magazine|station)|"
    r"(?:unser\w*|dieser|diese) (?:redaktion|zeitung)|redaktion|(?:notre|la) rédaction|(?:nuestra|la) redacción|"
    r"(?:nasz\w* )?redakcj\w+|наш\w* (?:издани|газет|редакц|видан|коррес|корес)\w*|تحریریه)",
    re.IGNORECASE,
)
_ONE_OF = re.compile(
    r"(?:one|einer|eine|un|une|uno|una|один|одна|один|jeden|jedna|یکی)\s(?:of|der|des|de|d['’]|из|із|з|z|ze|از)\s",
    re.IGNORECASE,
)
_OWNED = re.compile(
    r"(?:its|their|his|her|sa|son|leur|su|sus|seine?|ihre?|jego|jej|ich|его|её|ее|их|його|її|їхн\w+)\s", re.IGNORECASE
)


def _is_document(name: str, code: str) -> bool:
    """Whether a naming is of a document."""
    heads = [t for t in tokens_of(name, code) if t.head is not None]
    return bool(heads) and (heads[-1] if code in {"en", "de"} else heads[0]).head == "documents"


@dataclass(slots=True)
class Voices:
    """The voices of one text, in the order they are met.

    Attributes
    ----------
    cues : Cues
    outlet : str or None
        Who publishes the text: its own name is no link.
    names : tuple of str
        Every name anywhere in the text, the fullest first.
    """

    cues: Cues
    outlet: str | None
    names: tuple[str, ...]
    chains: list[tuple[str, ...]] = field(default_factory=list)
    raw: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    text: str = ""
    described: tuple[tuple[str, str], ...] = ()
    mentioned: str | None = None
    mentioned_at: int = 0
    chained_at: int = 0
    clock: int = 0

    def resolved(self, words: Words) -> Words:
        """Give the same words with full names, and with what a pronoun goes back to."""
        if words.speaker is None:
            return words
        named = words.via[-1]
        links = [self._full(x) for x in words.via]
        if self.outlet is not None:
            links = [x for x in links if not _is_same(x, self.outlet)]
        links = [x for x in links if _OWN.fullmatch(x) is None]
        if not links:
            return replace(words, speaker=None, via=())
        last = links[-1]
        self.clock += 1
        before = self.chained_at
        self.chained_at = self.clock
        owner = self._owner(last)
        if owner is not None:
            chain = owner if len(links) == 1 else (*links[:-1], owner[-1])
            return replace(words, speaker=chain[-1], via=tuple(chain))
        if words.is_pronoun:
            self.chained_at = before
        if words.is_pronoun or self._is_back(last):
            back = self._chain_of(last, is_pronoun=words.is_pronoun)
            if back is not None:
                chain = back if len(links) == 1 else (*links[:-1], back[-1])
                words = replace(words, speaker=chain[-1], via=tuple(chain))
                self.chains.append(words.via)
                return words
            name = self._described(last)
            if name is not None:
                links[-1], last = name, name
                words = replace(words, is_pronoun=False)
        tokens = tokens_of(last, self.cues.code)
        if words.is_pronoun and len(tokens) == 1 and tokens[0].head is None:
            return replace(words, speaker=None, via=())  # nobody was named before
        words = replace(words, speaker=last, via=tuple(dict.fromkeys(links)))
        if self.cues.attribution["pronouns"].fullmatch(last.lower()) is None:
            self.chains.append(words.via)
            self.raw.append((named.lower(), words.via))
        return words

    def _full(self, name: str) -> str:
        """The fullest naming of this voice anywhere in the text."""
        tokens = tokens_of(name, self.cues.code)
        person = None if any(t.head is not None and not t.is_a("cap") for t in tokens) else person_in(name)
        if person is None or (len(tokens) > 1 and any(t.head is not None for t in tokens)):
            return self._fuller_body(name)
        words = person.split()
        if len(words) == 1:
            stem = words[0].lower()[: max(4, len(words[0]) - 2)]
            return next(
                (n for n in self.names if len(n.split()) > 1 and n.split()[-1].lower().startswith(stem)), person
            )  # fmt: skip
        return person

    def _fuller_body(self, name: str) -> str:
        """A body named short is named in full somewhere: the ministry, Ardovia's defence ministry."""
        bare = _DEFINITE.sub("", name)
        if len(bare.split()) > 2 or len(bare) < 5 or _PAPER.search(bare):
            return name
        if sum(w[:1].isupper() for w in bare.split()) > 1:
            return name
        head = re.escape(bare[: max(5, len(bare) - 2)])
        before = r"(?:[A-ZÀ-ÞА-ЯЁІЇЄҐ][\w’'-]*\s(?:[a-zà-ÿ]+\s)?){0,3}"
        after = r"(?:\s[A-ZÀ-ÞА-ЯЁІЇЄҐ][\w’'-]+){0,2}"
        after += r"(?:\s(?:of|in|for|w|we|в|у|de|des|du|del|für|na|at|von)\s(?:the\s|la\s|l['’])?[A-ZÀ-ÞА-ЯЁІЇЄҐ][\w’'-]+(?:\s[A-ZÀ-ÞА-ЯЁІЇЄҐ][\w’'-]+)*)?"  # noqa: E501
        found = [m[0] for m in re.finditer(rf"(?<!\w){before}(?i:{head}\w*){after}", self.text)]
        found = [f for f in found if not tokens_of(f, self.cues.code)[0].is_a("prepositions", "inside")]
        best = max(found, key=lambda f: len(f.split()), default=name)
        return best if len(best.split()) > len(name.split()) and any(c.isupper() for c in best[1:]) else name

    def _described(self, name: str) -> str | None:
        """Who is elsewhere said to be that: "the duty officer" is Captain Iryna Sokil."""
        nouns = _DEFINITE.sub("", name.lower()).split()
        if not nouns:
            return None
        cut = 3 if self.cues.code in {"ru", "uk", "pl"} else 2
        stems = [w[: max(4, len(w) - cut)] for w in nouns]
        found = [n for role, n in self.described if all(s in role for s in stems)]
        return found[0] if found else None

    def _is_back(self, name: str) -> bool:
        bare = _DEFINITE.sub("", name)
        is_short = len(name.split()) == 1 or _DEFINITE.match(name) is not None
        if is_short and not any(c.isupper() for c in bare[1:]) and (bare[:1].islower() or name != bare):
            return True
        # "Zeitung", "чиновник": a noun for a voice, alone, where nouns are written large or have no article.
        tokens = tokens_of(bare, self.cues.code)
        return (
            len(tokens) == 1
            and tokens[0].head is not None
            and (self.cues.code in {"de", "fa"} or tokens[0].is_a("word"))
        )

    def _chain_of(self, name: str, *, is_pronoun: bool) -> tuple[str, ...] | None:
        """The chain a definite naming goes back to: the latest that has the noun; of a paper, its first link."""
        noun = _DEFINITE.sub("", name.lower()).split()[-1:] or [""]
        stem = noun[0][: max(4, len(noun[0]) - (3 if self.cues.code in {"ru", "uk", "pl"} else 2))]
        if _is_document(name, self.cues.code):
            for raw, chain in reversed(self.raw):
                if len(stem) > 3 and stem in raw and _is_document(raw, self.cues.code):
                    return chain  # "said in its digest": the digest is theirs
            for chain in reversed(self.chains):
                if _is_document(chain[-1], self.cues.code):
                    return chain  # the same papers, and through whom
        if _PAPER.search(name):
            for chain in reversed(self.chains):
                if any(c.isupper() for c in chain[0]) or _PAPER.search(chain[0]):
                    return chain[:1]
            return None
        for chain in reversed(self.chains):
            for n, link in enumerate(chain):
                if len(stem) > 2 and stem in link.lower() and not _ONE_OF.match(link):
                    return (*chain[:n], self._one_of_two(link, stem))
        for raw, chain in reversed(self.raw):
            if len(stem) > 3 and stem in raw:
                return chain
        is_bare = len(name.split()) == 1 or name.startswith("این ")
        if not (is_pronoun and is_bare):
            return None
        if self.mentioned is not None and self.mentioned_at >= self.chained_at:
            return (self.mentioned,)
        return self.chains[-1] if self.chains else None

    def _one_of_two(self, link: str, stem: str) -> str:
        """Of "an official and a person familiar" the one that is meant, when each has a noun of its own."""
        parts = re.split(r"\s(?:and|und|et|y|и|та|і|i|oraz|و)\s", link)
        meant = [p for p in parts if stem in p.lower()]
        return meant[0] if len(parts) == 2 and len(meant) == 1 else link

    def latest(self) -> tuple[str, ...]:
        """Who spoke last, or was last the subject of a sentence: whose words a quote without a name is."""
        if self.mentioned is not None and self.mentioned_at > self.chained_at:
            return (self.mentioned,)
        return self.chains[-1] if self.chains else ()

    def holds(self, documents: Iterable[str], chain: tuple[str, ...]) -> None:
        """Somebody says it in a document: the document, later, is them."""
        self.raw.extend((name, chain) for name in documents)

    def mention(self, name: str) -> None:
        """Somebody stands as the subject of a sentence: "he said" may mean them."""
        self.clock += 1
        full = self._full(name)
        self.mentioned = self._described(full) or full
        self.mentioned_at = self.clock

    def _owner(self, name: str) -> tuple[str, ...] | None:
        """Whose spokesman it is when the text says "its spokesman": the body spoken of last."""
        m = _OWNED.match(name)
        if m is None or any(c.isupper() for c in name[m.end() :]):
            return None
        tokens = tokens_of(name, self.cues.code)
        if not any(t.is_a("roles") for t in tokens):
            return None
        for chain in reversed(self.chains):
            if any(t.is_a("bodies") for t in tokens_of(chain[-1], self.cues.code)):
                return chain
        return None


def _is_same(a: str, b: str) -> bool:
    """Whether a naming is that of the outlet itself, in full or in part: the Beacon, the Kalvia Beacon."""
    x, y = (re.sub(r"^(?:the|die|der|das|le|la|el)\s+", "", folded(s)).strip(" «»“”\"'") for s in (a, b))
    return x == y or (len(x) > 3 and (y.endswith(f" {x}") or y.startswith(f"{x} ")))


def voices_of(document: Document, cues: Cues, *, outlet: str | None) -> Voices:
    """Which persons does this text name in full?

    Parameters
    ----------
    document : Document
    cues : Cues
    outlet : str or None
        Who publishes it.

    Returns
    -------
    Voices

    Notes
    -----
    Assumes: a person is named in full where it first speaks, or where it is first named.
    Not for: persons of one family name; they are taken for one.

    Examples
    --------
    >>> from taggant.claims.cues import cues_of
    >>> from taggant.claims.page_text import Block
    >>> d = Document(kind="text", blocks=(Block("Ivan Petrov said so. Petrov said no.", 0),))
    >>> voices_of(d, cues_of("en"), outlet=None).names
    ('Ivan Petrov', 'Petrov')
    """
    found: dict[str, None] = {}
    described: dict[tuple[str, str], None] = {}
    for block in document.blocks[:_READ_MOST]:
        for start, end in sentences(block.text):
            text = block.text[start:end]
            low = folded(text)
            for words in words_of_parts(text, low, cues):
                for link in words.via:
                    person = person_in(link)
                    if person is not None:
                        found[person] = None
                        if person != link:
                            described[link.lower(), person] = None
                for role, name in words.aliases.items():
                    described[role.lower(), person_in(name) or name] = None
            for role, name in descriptions_in(text, low, cues):
                described[role.lower(), person_in(name) or name] = None
        for m in _FULL.finditer(block.text):
            name = " ".join(w for w in m[0].split() if not RANK.match(w) and w.lower() not in _FIRST_WORDS)
            if 2 <= len(name.split()) <= 3 and not BODY.search(name):
                found[name] = None
    names = sorted(found, key=lambda n: -len(n.split()))
    whole = "\n".join(b.text for b in document.blocks[:2000] if not b.heading)
    return Voices(cues=cues, outlet=outlet, names=tuple(names), text=whole[:60_000], described=tuple(described))


_FIRST_WORDS = frozenset(
    [
        "the",
        "a",
        "an",
        "in",
        "on",
        "at",
        "but",
        "and",
        "when",
        "after",
        "while",
        "as",
        "for",
        "if",
        "by",
        "from",
        "this",
        "that",
        "our",
        "his",
        "her",
        "its",
        "their",
        "der",
        "die",
        "das",
        "ein",
        "eine",
        "im",
        "in",
        "am",
        "le",
        "la",
        "les",
        "un",
        "une",
        "en",
        "el",
        "los",
        "las",
        "una",
        "y",
        "в",
        "на",
        "по",
        "как",
        "из",
        "у",
        "з",
        "та",
        "і",
        "w",
        "na",
        "po",
    ]
)
_FULL = re.compile(r"\b[A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐ][\w’'-]+(?:\s[A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐ][\w’'-]+){1,2}")
