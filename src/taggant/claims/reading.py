"""From a text to suggested claims: whose words, what they say, and the exact place of each.

Invariant: everything is a suggestion until somebody judges it; a quote is cut out of the text, letter for letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from taggant.claims.cues import Cues, cues_of
from taggant.claims.documents import Document
from taggant.claims.page_text import Block
from taggant.claims.sentences import sentences
from taggant.claims.voices import Voices, voices_of
from taggant.claims.what_is_said import Told, what_is_said
from taggant.claims.whose_words import NOBODY, Words, clauses_of, documents_in, subject_of, words_of_parts
from taggant.model.result import Json
from taggant.writing.language_words import folded, languages
from taggant.writing.when import find_dates

METHOD = "rules-v1"
_HEAD_BLOCKS = 6
_LONG = 2000
_AFTERWARDS = 30
_WITHOUT_TIME = {"components.count", "capability.fitted", "producer.identified", "localisation.share"}
_TALKS = {"deny", "promise", "request"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedClaim:
    """One claim as the machine reads it.

    Attributes
    ----------
    quote : str
        The words, as they stand.
    span : (int, int)
        Their place in the file as decoded.
    page : int or None
    speaker : str or None
    via : tuple of str
        Nearest first; described origins in double quotes.
    topic, scope, stance, unit, measure, per, period : str or None
        As in the table `claim`; the period as EDTF.
    quantity_low, quantity_high : float or None
    hedged : bool
    """

    quote: str
    span: tuple[int, int]
    page: int | None
    speaker: str | None
    via: tuple[str, ...]
    topic: str
    scope: str | None
    stance: str
    quantity_low: float | None
    quantity_high: float | None
    unit: str | None
    measure: str | None
    per: str | None
    period: str | None
    hedged: bool

    def as_json(self) -> dict[str, Json]:
        """Give the claim as machines read it (Appendix B)."""
        return {
            "quote": self.quote, "span": list(self.span), "page": self.page, "speaker": self.speaker,
            "via": list(self.via), "topic": self.topic, "scope": self.scope, "stance": self.stance,
            "quantity_low": self.quantity_low, "quantity_high": self.quantity_high, "unit": self.unit,
            "measure": self.measure, "per": self.per, "period": self.period, "hedged": self.hedged,
        }  # fmt: skip


def read_claims(
    document: Document, *, said: date | None = None, language: str | None = None, outlet: str | None = None
) -> tuple[SuggestedClaim, ...]:
    """What does this text say, and whose words are they?

    Parameters
    ----------
    document : Document
    said : date or None
        The day of publication; by default what the document says.
    language : str or None
        ISO 639-1; by default as the document says or as its letters show.
    outlet : str or None
        Who publishes it; by default as the document says. Its own words have no speaker and no chain.

    Returns
    -------
    tuple of SuggestedClaim
        In the order of the text; what a text says twice in one voice, once.

    Notes
    -----
    Assumes: a sentence without a speaker that follows on one with a speaker is the text's own, unless it begins with a
    pronoun; the text's own words are those of its outlet.
    Not for: deciding that something is so.

    Examples
    --------
    >>> from taggant.claims.page_text import Block
    >>> text = "The ministry said on Monday that the plant had made at least 300 Kestrel-2 drones since July 2023."
    >>> claim, = read_claims(Document(kind="text", blocks=(Block(text, 0),)))
    >>> claim.speaker, claim.topic, claim.quantity_low, claim.period, text[slice(*claim.span)] == claim.quote
    ('The ministry', 'production.made', 300.0, '2023-07/..', True)
    """
    code = language or language_of(document)
    cues = cues_of(code)
    said = said or document.published or _date_line(document, cues)
    reader = _Reader(cues=cues, said=said, voices=voices_of(document, cues, outlet=outlet or document.outlet))
    reader.is_long = len(document.blocks) > _LONG
    found: list[SuggestedClaim] = []
    seen: set[tuple[object, ...]] = set()
    for block in document.blocks:
        for claim in reader.block(block):
            number = (claim.quantity_low, claim.quantity_high)
            key: tuple[object, ...] = (claim.topic, claim.stance, *number, claim.period, claim.speaker)
            if number == (None, None):
                key = (*key, claim.quote)
            if key not in seen:
                seen.add(key)
                found.append(claim)
    return tuple(found)


def language_of(document: Document) -> str:
    """In which language is this text?

    Parameters
    ----------
    document : Document

    Returns
    -------
    str
        ISO 639-1: one we have words for; English when none fits.

    Notes
    -----
    Assumes: one language a document; its letters decide before what it says of itself.
    Not for: texts of a few words.

    Examples
    --------
    >>> from taggant.claims.page_text import Block
    >>> language_of(Document(kind="text", blocks=(Block("Міністерство повідомило, що завод виготовив дрони.", 0),)))
    'uk'
    """
    import py3langid

    sample = " ".join(b.text for b in document.blocks)[:4000]
    known = languages()
    if re.search("[іїєґ]", sample) and not re.search("[ыэъё]", sample):
        return "uk"
    arabic = len(re.findall("[\u0600-\u06ff]", sample))
    if arabic > len(sample) / 4:
        return "fa"
    code = str(py3langid.classify(sample)[0])
    if code in known:
        return code
    if re.search("[а-я]", sample):
        return "uk" if re.search("[іїє]", sample) else "ru"
    return document.language if document.language in known else "en"


def _date_line(document: Document, cues: Cues) -> date | None:
    """The first whole day in the first lines, not later ones: a date line."""
    for block in document.blocks[:_HEAD_BLOCKS]:
        for when in find_dates(block.text[:160], language=cues.code):
            if re.fullmatch(r"\d{4}-\d\d-\d\d", when.edtf) and when.role == "in":
                return date.fromisoformat(when.edtf)
    return None


_SO_SAYS = re.compile(
    r"(?:про це|об этом|o tym|darüber|das|dies|so|this is what|that is what|lo|así lo|c['’]est ce que)\s", re.IGNORECASE
)


_LEANS_BACK = re.compile(
    r"(?:that (?:is|was|makes|comes)|this (?:is|was)|das (?:sind|ist|waren|entspricht)|cela|c['’]est|это|це|"
    r"to (?:jest|daje)|eso|esto|این)\b",
    re.IGNORECASE,
)


class _Reader:
    """Goes through a text and remembers who spoke, and of what."""

    def __init__(self, *, cues: Cues, said: date | None, voices: Voices) -> None:
        self.cues = cues
        self.said = said
        self.voices = voices
        self.last: Words = NOBODY
        self.scope: str | None = None
        self.told: Told | None = None
        self.is_long = False

    def block(self, block: Block) -> Iterator[SuggestedClaim]:
        """Give the claims of one paragraph."""
        if block.heading or (len(block.text) < 120 and not re.search(r"[.!?…؟»”\"]\s*$", block.text)):
            return
        if self.is_long and self.cues.any_topic.search(folded(block.text)) is None:
            return  # a book: only paragraphs that speak of a topic are taken apart
        spans = list(sentences(block.text))
        said = [words_of_parts(block.text[a:b], folded(block.text[a:b]), self.cues) for a, b in spans]
        for n in range(1, len(said)):
            # "This is what the Herald writes": it belongs to the sentence before.
            mine, before_it = _first(said[n]), _first(said[n - 1])
            actor_only = before_it.stance in {"promise", "request"}
            if mine.via and (actor_only or not before_it.via) and _SO_SAYS.match(block.text[slice(*spans[n])]):
                said[n - 1] = (replace(mine, stance=before_it.stance, span=NOBODY.span, voices=(), acts=()),)
        inherited: Words | None = None
        before: Told | None = None
        if spans and _LEANS_BACK.match(block.text, spans[0][0]):
            before = self.told
        for n, (start, end) in enumerate(spans):
            text = block.text[start:end]
            low = folded(text)
            parts: list[Words] = []
            is_asked = text.rstrip('”»" ').endswith(("?", "؟"))
            for words in said[n]:
                if is_asked:
                    pass  # who is asked about has not spoken
                elif words.via:
                    words = self.voices.resolved(words)
                    if words.speaker is not None:
                        inherited = words
                        self.voices.holds(documents_in(text, low, self.cues), words.via)
                elif _is_quoted(text):
                    # Who is quoted stands in the sentence after, or spoke last.
                    following = _first(said[n + 1]) if n + 1 < len(said) else NOBODY
                    goes_on = (
                        inherited if inherited is not None or not following.via else self.voices.resolved(following)
                    )
                    chain = goes_on.via if goes_on is not None else self.voices.latest()
                    words = replace(words, speaker=chain[-1] if chain else None, via=chain)
                elif inherited is not None and (_goes_on(low, self.cues) or self.cues.reported_mood.search(low)):
                    words = replace(words, speaker=inherited.speaker, via=inherited.via)
                elif self.voices.chains and self.cues.reported_mood.search(low):
                    words = replace(words, speaker=self.voices.chains[-1][-1], via=self.voices.chains[-1])
                parts.append(words)
            subject = subject_of(text, low, self.cues)
            if subject is not None and not any(subject in v for w in parts for v in w.via):
                self.voices.mention(subject)
            if self.cues.any_topic.search(low) is None and before is None:
                continue
            if self.cues.taken_back.search(low):
                back = what_is_said(text, self.cues, said=self.said, context=self.scope, before=before)
                before = back[-1] if back else before
                continue  # a figure that is taken back is no claim
            if text.rstrip('”»" ').endswith(("?", "؟")):
                continue
            named = tuple(v for w in said[n] for v in w.voices)
            told = what_is_said(text, self.cues, said=self.said, context=self.scope, before=before, voices=named,
                                said_at=_first(said[n]).verb_at)  # fmt: skip
            told = (*told, *self._bare(text, low, told, before))
            before = told[-1] if told else before
            self.told = before
            for t in told:
                at = t.at if t.quantity is None else t.quantity.span[0]
                words = next((w for w in parts if w.span[0] <= at < w.span[1]), parts[-1])
                claim = self._claim(block, start, end, words, t)
                if claim is not None:
                    yield claim
            named_scope = next((t.scope for t in told if t.scope and re.search(r"[A-ZА-Я]|\d|-", t.scope)), None)
            if named_scope:
                self.scope = named_scope

    def _bare(self, text: str, low: str, told: tuple[Told, ...], before: Told | None) -> Iterator[Told]:
        """What clauses say that have no number, in a sentence that says something else too."""
        clauses = clauses_of(text, low, self.cues)
        if len(clauses) < 2:
            return
        for a, b in clauses:
            if any(a <= (t.at if t.quantity is None else t.quantity.span[0]) < b for t in told):
                continue
            for t in what_is_said(text[a:b], self.cues, said=self.said, context=self.scope, before=before):
                if t.quantity is None:
                    yield replace(t, at=t.at + a)

    def _claim(self, block: Block, start: int, end: int, words: Words, t: Told) -> SuggestedClaim | None:
        stance = words.stance_at(t.at)
        topic = t.topic
        is_spoken = words.speaker is not None or words.is_reported
        if stance == "request" and words.verb_at is not None and words.verb_at > t.at + _AFTERWARDS:
            stance = "assert"  # "… were built, said a worker who asked for a cigarette": what was said is no request
        if (
            stance == "assert"
            and topic == "transfer.delivered"
            and t.quantity is None
            and t.is_negated
            and _runs_on(t.period)
        ):
            topic = "transfer.stopped"  # "not one has left since November": it stopped
        elif (
            stance == "assert" and topic != "transfer.stopped" and (t.is_none or (t.is_negated and t.quantity is None))
        ):
            stance = "deny"
        if (stance in {"promise", "request"} and (t.is_stop or t.is_negated or topic == "commitment")) or (
            stance == "deny" and words.denies_promise
        ):
            topic = "commitment"
        elif stance == "assert" and t.is_plan and topic in {"production.made"}:
            stance, topic = "plan", "production.plan"
        elif stance == "assert" and t.is_plan and topic.startswith("transfer.") and t.quantity is not None:
            stance = "plan"
        elif topic == "production.made" and stance in _TALKS and t.is_plan:
            topic = "production.plan"
        if topic == "transfer.delivered" and t.is_stop and stance in {"assert", "deny"} and t.quantity is None:
            topic = "transfer.stopped"
        if topic == "transfer.stopped" and stance in {"request", "promise"}:
            topic = "commitment"
        if t.quantity is None and not _is_worth(topic, stance, is_spoken):
            return None
        q = None if stance == "deny" else t.quantity
        period = t.period
        if topic == "transfer.stopped" and stance == "assert" and period and "/" not in period:
            period = f"{period}/.."  # what stopped stays stopped until somebody says otherwise
        if stance in {"promise", "request", "plan"} and period is not None and self.said is not None:
            period = _ahead(period, self.said, block.text[start:end])
        if topic in _WITHOUT_TIME and period and not re.fullmatch(r"\d{4}", period):
            period = None  # a thing has its parts at all times
        span = block.span(start, end)
        return SuggestedClaim(
            quote=block.text[start:end], span=span, page=block.page, speaker=words.speaker, via=words.via, topic=topic,
            scope=t.scope, stance=stance, quantity_low=None if q is None else q.low,
            quantity_high=None if q is None else q.high, unit=None if q is None else t.unit,
            measure=None if q is None else t.measure, per=None if q is None else t.per, period=period,
            hedged=t.is_hedged or words.is_reported,
        )  # fmt: skip


def _ahead(period: str, said: date, text: str) -> str:
    """What is promised, asked or planned "from 1 July" lies ahead, not in the July before."""
    first = period.removesuffix("/..")
    if (
        not period.endswith("/..")
        or first[:4] in text
        or len(first) < 7
        or first >= (said - timedelta(days=45)).isoformat()[: len(first)]
    ):
        return period
    return f"{int(first[:4]) + 1}{first[4:]}/.." if int(first[:4]) + 1 <= said.year + 1 else period


def _runs_on(period: str | None) -> bool:
    return period is not None and period.endswith("/..")


def _first(parts: tuple[Words, ...]) -> Words:
    """The first part of a sentence that has a speaker."""
    return next((w for w in parts if w.via), parts[0])


def _is_worth(topic: str, stance: str, is_spoken: bool) -> bool:
    """Whether a sentence without a number is a claim: somebody must say it, and it must be more than a mention."""
    if not is_spoken:
        own = topic in {"capability.fitted", "producer.identified"}
        return own or (topic in {"transfer.stopped", "commitment"} and stance in {"request", "promise", "deny"})
    return topic != "production.made" or stance in {"deny", "plan"}


def _is_quoted(text: str) -> bool:
    """Whether a sentence is somebody's own words: it begins with a quotation mark, or speaks of us."""
    return re.match(r"[“«„\"]", text) is not None or text.endswith(("”", "»", "“"))


def _goes_on(low: str, cues: Cues) -> bool:
    """Whether a sentence goes on in the voice of the one before: it begins with a pronoun."""
    return cues.attribution["pronouns"].match(low) is not None
