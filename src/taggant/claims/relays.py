"""Which text copied which: citations, links, near-verbatim passages, shared numbers in shared words, and their order.

Invariant: every edge is a suggestion with its reasons; without a reason there is no edge.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from taggant.claims.cues import Cues, cues_of
from taggant.claims.documents import Document
from taggant.claims.reading import SuggestedClaim, language_of, read_claims
from taggant.claims.sentences import sentences
from taggant.claims.whose_words import whose_words
from taggant.model.result import Json
from taggant.writing.language_words import folded

_SHINGLE = 6
_TOLD_APART = 10
_SHARED_LEAST = 0.25
"""Share of the shorter text's shingles that must stand in the other: copies of an agency share most of them."""
_ARTICLES = re.compile(
    r"^(?:the|a|an|der|die|das|dem|den|des|le|la|les|l['’]|el|los|las|издани\w+|газет\w+|агентств\w+|портал\w*|"
    r"видання|газета|агенція|агентство|dziennik|gazeta|portal|agencja|روزنامه|خبرگزاری|وبگاه)\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text among others.

    Attributes
    ----------
    name : str
        As the caller names it.
    document : Document
    outlets : tuple of str
        Names by which others cite it, beside what the document says of itself.
    said : date or None
        Where it is known otherwise than from the document.
    """

    name: str
    document: Document
    outlets: tuple[str, ...] = ()
    said: date | None = None

    @property
    def on(self) -> date | None:
        """Give the day of publication."""
        return self.said or self.document.published

    @property
    def known_as(self) -> tuple[str, ...]:
        """Give the names others may cite it by, in small letters, without articles."""
        host = urlsplit(self.document.url or "").hostname or ""
        words = (*self.outlets, self.document.outlet or "", host.removeprefix("www."))
        return tuple(dict.fromkeys(_bare(w) for w in words if len(_bare(w)) > 3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """One text relays another.

    Attributes
    ----------
    text, relays : str
        Names of the two texts.
    reasons : tuple of str
        citation, link, passage, figures: each with what shows it.
    score : float
        From 0 to 1: how far the reasons carry; no probability.
    """

    text: str
    relays: str
    reasons: tuple[str, ...]
    score: float

    def as_json(self) -> dict[str, Json]:
        """Give the edge as machines read it."""
        return {"from": self.text, "to": self.relays, "reasons": list(self.reasons), "score": round(self.score, 3)}


def relays_between(texts: Sequence[Text]) -> tuple[Relay, ...]:
    """Which of these texts relay which?

    Parameters
    ----------
    texts : sequence of Text

    Returns
    -------
    tuple of Relay
        By the names of the texts.

    Notes
    -----
    Assumes: who is cited is older; of two that share passages the later copied; of texts that share a passage with
    several, each copied from the oldest it shares most with, unless it cites another.
    Not for: whether the copied is right; texts in different languages share no passages, only citations and links.

    References
    ----------
    .. [1] Broder, A. Z. (1997). On the resemblance and containment of documents. *SEQUENCES '97*, 21-29.
       https://doi.org/10.1109/SEQUEN.1997.666900

    Examples
    --------
    >>> from taggant.claims.page_text import Block
    >>> def text(name, words, outlet, day):
    ...     d = Document(kind="text", blocks=(Block(words, 0),), outlet=outlet, published=date(2024, 5, day))
    ...     return Text(name=name, document=d)
    >>> first = text("a", "The plant made 300 drones, an engineer said.", "Morning Courier", 1)
    >>> second = text("b", "The plant made 300 drones, the Morning Courier reported.", "Daily Star", 2)
    >>> [(r.text, r.relays) for r in relays_between([second, first])]
    [('b', 'a')]
    """
    read = {t.name: _Read.of(t) for t in texts}
    found: dict[tuple[str, str], tuple[list[str], float]] = {}

    def add(a: str, b: str, reason: str, score: float) -> None:
        reasons, had = found.setdefault((a, b), ([], 0.0))
        reasons.append(reason)
        found[a, b] = (reasons, 1 - (1 - had) * (1 - score))

    for t in texts:
        for other in texts:
            if other.name == t.name or _is_later(other, t):
                continue
            if link := _link(t, other):
                add(t.name, other.name, f"link: {link}", 0.85)
        cited: dict[str, list[tuple[int, str, str]]] = {}
        for other in texts:
            if other.name != t.name and not _is_later(other, t) and (how := _citation(read[t.name], other)) is not None:
                at = other.known_as[0] if other.known_as else other.name
                cited.setdefault(at, []).append((_alike(read[t.name], read[other.name]), other.name, how))
        for some in cited.values():
            # Of several texts of one outlet the one that speaks of the same.
            alike, name, how = max(some, key=lambda s: (s[0], s[1]))
            if alike > 0:
                add(t.name, name, f"citation: {how}", 0.9)
        if (earlier := _corrected(t, texts, read)) is not None:
            add(t.name, earlier, "correction: it says that it corrects an earlier text", 0.8)
    for t in texts:
        if any(a == t.name for a, _ in found):
            continue  # what it cites explains what it shares
        best = max(
            ((_shared(read[t.name], read[o.name]), o) for o in texts if o.name != t.name and _may_copy(t, o)),
            key=lambda pair: (pair[0][0], -(pair[1].on or date.max).toordinal(), pair[1].name),
            default=None,
        )
        if best is not None and best[0][0] > 0:
            (score, reason), other = best
            add(t.name, other.name, reason, score)
    return tuple(
        Relay(text=a, relays=b, reasons=tuple(reasons), score=score)
        for (a, b), (reasons, score) in sorted(found.items())
    )  # fmt: skip


def roots_of(texts: Sequence[str], relays: Sequence[Relay]) -> dict[str, tuple[str, ...]]:
    """At which texts do the chains of each text end?

    Parameters
    ----------
    texts : sequence of str
        Names.
    relays : sequence of Relay

    Returns
    -------
    dict of str to tuple of str
        Name → roots, sorted; itself where it relays nothing.

    Notes
    -----
    Assumes: a circle is one root, the first of its members by name.
    Not for: roots nobody holds a text of; those stand in `via` of a claim.

    Examples
    --------
    >>> edge = Relay(text="b", relays="a", reasons=("citation",), score=0.9)
    >>> roots_of(["a", "b"], [edge])
    {'a': ('a',), 'b': ('a',)}
    """
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(texts)
    graph.add_edges_from((r.text, r.relays) for r in relays)
    whole = nx.condensation(graph)
    ends = {n for n in whole.nodes if whole.out_degree(n) == 0}
    member = whole.graph["mapping"]
    name = {n: min(whole.nodes[n]["members"]) for n in whole.nodes}
    return {
        t: tuple(sorted(name[n] for n in ({member[t]} | nx.descendants(whole, member[t])) & ends)) for t in texts
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Read:
    text: Text
    shingles: Counter[tuple[str, ...]]
    claims: tuple[SuggestedClaim, ...]
    named: tuple[str, ...]
    words: str

    @classmethod
    def of(cls, text: Text) -> _Read:
        code = language_of(text.document)
        body = [b for b in text.document.blocks if not b.heading]
        words = [w for b in body for w in re.findall(r"\w+", folded(b.text))]
        shingles = Counter(tuple(words[n : n + _SHINGLE]) for n in range(len(words) - _SHINGLE + 1))
        cues = cues_of(code)
        named = tuple(dict.fromkeys(n for b in body for n in _nearest(b.text, cues)))
        claims = read_claims(text.document, said=text.said, language=code)
        return cls(text, shingles, claims, named, " ".join(b.text for b in body))


def _bare(name: str) -> str:
    return _ARTICLES.sub("", folded(name).strip(" \"'“”«»„")).strip()


def _is_later(a: Text, b: Text) -> bool:
    return a.on is not None and b.on is not None and a.on > b.on


def _may_copy(t: Text, other: Text) -> bool:
    """Whether t can have copied the other: it is not older; of one day, the name decides, so that one edge stands."""
    if t.on is None or other.on is None:
        return t.name > other.name
    return t.on > other.on or (t.on == other.on and t.name > other.name)


def _citation(read: _Read, other: Text) -> str | None:
    mine = {*read.text.known_as}
    for named in read.named:
        bare = _bare(named)
        for known in other.known_as:
            if known in mine:
                continue
            if known == bare or re.search(rf"(?<!\w){re.escape(known)}(?!\w)", bare):
                return named
    return None


def _nearest(text: str, cues: Cues) -> Iterator[str]:
    """Whom each sentence has its words from, the nearest only."""
    for start, end in sentences(text):
        one = text[start:end]
        words = whose_words(one, folded(one), cues)
        if words.via:
            yield words.via[0]


def _alike(a: _Read, b: _Read) -> int:
    """How many numbers and names of types two texts share, whatever their language."""
    return len(_marks(a) & _marks(b))


def _marks(read: _Read) -> frozenset[str]:
    return frozenset(re.findall(r"(?<![\w.])\d[\d.,\s]*\d|(?<=-)\d+|\d{2,}", folded(read.words)))


_CORRECTS = re.compile(
    r"correct(?:ion|ed|s)|earlier version|clarification|исправл\w+|поправк\w+|уточнени\w+|виправл\w+|уточненн\w+|korrektur|richtigstellung|"  # noqa: E501
    r"rectificati\w+|erratum|corrección|rectificación|fe de errores|sprostowani\w+|اصلاحیه|تصحیح",
    re.IGNORECASE,
)


def _corrected(t: Text, texts: Sequence[Text], read: Mapping[str, _Read]) -> str | None:
    """The earlier text of the same outlet that this one says it corrects."""
    if _CORRECTS.search(" ".join(b.text for b in t.document.blocks[:40])) is None:
        return None
    mine = set(t.known_as)
    some = [
        (_alike(read[t.name], read[o.name]), o.name)
        for o in texts
        if o.name != t.name and mine & set(o.known_as) and o.on is not None and t.on is not None and o.on < t.on
    ]
    alike, name = max(some, default=(0, ""))
    return name if alike > 0 else None


def _link(t: Text, other: Text) -> str | None:
    target = other.document.url
    if not target:
        return None
    wanted = _address(target)
    for block in t.document.blocks:
        for _, _, href in block.links:
            if _address(href) == wanted:
                return href
    return None


def _address(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")


def _shared(a: _Read, b: _Read) -> tuple[float, str]:
    """How much of the shorter text stands in the other, and whether they share a number in the same words."""
    common = sum((a.shingles & b.shingles).values())
    least = min(a.shingles.total(), b.shingles.total())
    share = common / least if least else 0.0
    if share >= _SHARED_LEAST:
        return min(0.5 + share / 2, 0.95), f"passage: {share:.0%} of the shorter text stands in the other"
    numbers = {
        (c.topic, c.quantity_low, c.quantity_high)
        for c in a.claims
        if (c.quantity_low or c.quantity_high or 0) >= _TOLD_APART
    }
    shared = numbers & {(d.topic, d.quantity_low, d.quantity_high) for d in b.claims}
    if (
        len(shared) >= 2
    ):  # one number may be shared by chance or by a common root; two of the same things are taken over
        said = ", ".join(sorted(f"{low or high:g} ({topic})" for topic, low, high in shared))
        return 0.5, f"figures: {len(shared)} numbers of the same things, {said}"
    for c in a.claims:
        for d in b.claims:
            if c.quantity_low is None or (c.quantity_low, c.quantity_high) != (d.quantity_low, d.quantity_high):
                continue
            run = _run(c.quote, d.quote)
            if run >= _SHINGLE + 2:
                return 0.4, f"figures: {run} words in a row with the same number"
    return 0.0, ""


def _run(a: str, b: str) -> int:
    """The longest run of words two sentences share."""
    x, y = (re.findall(r"\w+", folded(s)) for s in (a, b))
    best = 0
    row = [0] * (len(y) + 1)
    for word in x:
        new = [0] * (len(y) + 1)
        for n, other in enumerate(y, start=1):
            if word == other:
                new[n] = row[n - 1] + 1
                best = max(best, new[n])
        row = new
    return best


def known_outlets(texts: Sequence[Text]) -> Mapping[str, str]:
    """Which text is meant by which name of an outlet?

    Parameters
    ----------
    texts : sequence of Text

    Returns
    -------
    mapping of str to str
        Name in small letters, without article → name of the text; the oldest text of an outlet.

    Notes
    -----
    Assumes: an outlet is cited by its name as it writes it.
    Not for: abbreviations nobody declares.

    Examples
    --------
    >>> from taggant.claims.page_text import Block
    >>> d = Document(kind="text", blocks=(Block("x", 0),), outlet="The Herald")
    >>> dict(known_outlets([Text(name="a", document=d)]))
    {'herald': 'a'}
    """
    found: dict[str, str] = {}
    for t in sorted(texts, key=lambda t: (t.on or date.max, t.name)):
        for name in t.known_as:
            found.setdefault(name, t.name)
    return found


def independent_roots(
    said: Sequence[tuple[str, Sequence[str], str]], texts: Sequence[Text], relays: Sequence[Relay]
) -> tuple[tuple[str, ...], ...]:
    """How many independent roots stand behind claims that say the same, and which texts go back to each?

    Parameters
    ----------
    said : sequence of (text, via, quote)
        One a claim: the text that carries it, its chain, its words.
    texts : sequence of Text
    relays : sequence of Relay

    Returns
    -------
    tuple of tuple of str
        One a root: the texts whose claims go back to it, sorted.

    Notes
    -----
    Assumes: two claims have one root when their chains end with the same naming, or one text relays the other.
    Not for: claims that say different things.

    Examples
    --------
    >>> independent_roots([("a", ("an engineer",), ""), ("b", ("a diplomat",), "")], [], [])
    (('a',), ('b',))
    """
    import networkx as nx

    outlets = known_outlets(texts)
    relayed = {(r.text, r.relays) for r in relays}
    graph = nx.Graph()
    graph.add_nodes_from(range(len(said)))
    for a, (one, via, _) in enumerate(said):
        for b in range(a):
            other, theirs, _ = said[b]
            same_end = bool(via and theirs and _end_words(via[-1]) == _end_words(theirs[-1]))
            linked = (
                one != other
                and ((one, other) in relayed or (other, one) in relayed)
                and _passes(via, theirs, one, other, outlets, relayed)
            )
            if same_end or linked or (not via and not theirs and one == other):
                graph.add_edge(a, b)
    parts = [tuple(sorted({said[n][0] for n in part})) for part in nx.connected_components(graph)]
    return tuple(sorted(parts))


def _passes(
    via: Sequence[str],
    theirs: Sequence[str],
    one: str,
    other: str,
    outlets: Mapping[str, str],
    relayed: set[tuple[str, str]],
) -> bool:
    """Whether this claim of the relaying text is one it relays: its chain begins with an outlet, or it names nobody."""
    mine = via if (one, other) in relayed else theirs
    if not mine:
        return True
    first = _bare(mine[0])
    return len(mine) > 1 or any(k in first or first in k for k in outlets) or not any(c.isupper() for c in mine[-1])


def _end_words(name: str) -> frozenset[str]:
    return frozenset(w[:5] for w in re.findall(r"\w{3,}", _bare(name)))
