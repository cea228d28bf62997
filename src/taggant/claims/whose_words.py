"""Whose words a sentence repeats: the speaker, and through whom, as the sentence says it.

Invariant: a name is cut out of the text as it stands; nobody is named whom the text does not name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from taggant.claims.cues import Cues
from taggant.claims.naming_patterns import (
    AND_HELD,
    AUXILIARY,
    BREAK,
    BY_PAPERS,
    EDGE,
    IN,
    MOST_WORDS,
    NO_NAME,
    OFFICE,
    OURSELVES,
    PERSON,
    QUOTED,
    REPORT_OF,
    REPORTS,
    WEEKDAY,
    WHENCE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Whose words a sentence is.

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
    """

    speaker: str | None
    via: tuple[str, ...] = ()
    stance: str = "assert"
    is_reported: bool = False
    is_pronoun: bool = False
    verb_at: int | None = None


NOBODY = Words(speaker=None)


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
    quotes = _speech_quotes(text)
    a = cues.attribution
    outlet = _after_named(text, low, a["to_outlet"], quotes, cues)
    if outlet is not None and cues.code != "fa" and not any(c.isupper() for c in outlet):
        outlet = None  # told reporters: no outlet
    elif outlet is not None and WEEKDAY.match(outlet):
        outlet = None
    origin = _after_named(text, low, a["citing"], quotes, cues)
    masked = _without_asides(low, cues)
    verb = _by_verb(text, masked, quotes, cues)
    paper = _documents(text, low, quotes, cues)
    according = _after_named(text, low, a["according"], quotes, cues) or _before_named(text, low, a["after"], quotes)
    reported = next((m for m in a["reports"].finditer(low) if not _inside(m.start(), quotes)), None)
    stance, speaker, at = ("assert", None, None) if verb is None else verb
    links: list[str | None]
    if paper is not None:
        document, holder = paper
        links = [outlet if outlet != holder else None, holder, document]
        if holder is None and speaker is not None and not _is_pronoun(speaker, cues) and document not in speaker:
            links = [speaker, document]
        return _words(links, stance, at, cues)
    if origin is not None:
        return _words([speaker or according or outlet, outlet, origin], stance, at, cues)
    if according is not None and (
        speaker is None or speaker == according or stance != "assert" or according in speaker
    ):
        if speaker is not None and stance == "deny" and not _is_pronoun(speaker, cues) and speaker != according:
            # "The ministry denied it, according to the Herald": the paper relays.
            return _words([according, speaker], stance, at, cues)
        return _words([outlet, according], stance, at, cues)
    if according is not None:
        # "The Herald wrote that, according to two officials, 300 were made."
        first, last = (speaker, according) if (at or 0) < low.find(according.lower()) else (according, speaker)
        if _is_pronoun(first or "", cues):
            return _words([last], stance, at, cues)
        return _words([first, last], stance, at, cues)
    if speaker is not None:
        found = _words([outlet, speaker], stance, at, cues)
        return replace(found, is_reported=reported is not None)
    if outlet is not None:
        return _words([outlet], stance, at, cues)
    if reported is not None:
        noun = REPORTS.search(text, *reported.span())
        return Words(speaker=None, is_reported=True, via=() if noun is None else (noun[0],))
    return Words(speaker=None, stance=stance, verb_at=at)


def _without_asides(low: str, cues: Cues) -> str:
    """The sentence with ", as the Herald writes," blanked out: what is said there is said of the whole."""
    for m in cues.attribution["according"].finditer(low):
        before = low[: m.start()].rstrip()
        if not before.endswith(","):
            continue
        end = low.find(",", m.end())
        if 0 < end - m.end() < 60:
            start = len(before) - 1
            low = low[:start] + " " * (end + 1 - start) + low[end + 1 :]
    return low


def _speech_quotes(text: str) -> list[tuple[int, int]]:
    """Where somebody's words are quoted; a name in quotation marks is no speech."""
    return [m.span() for m in QUOTED.finditer(text) if len(m[0].split()) > 3 or len(text) - len(m[0]) < 12]


def _words(links: Sequence[str | None], stance: str, at: int | None, cues: Cues) -> Words:
    """The chain of these links; the speaker is the last."""
    chain = tuple(dict.fromkeys(_author(_clean(x)) for x in links if x))
    if chain[-1].lower() in OURSELVES:
        return Words(speaker=None, stance=stance, verb_at=at)
    if cues.attribution["reports"].fullmatch(chain[-1].lower()):
        return Words(speaker=None, via=chain, stance=stance, is_reported=True, verb_at=at)
    return Words(
        speaker=chain[-1], via=chain, stance=stance, verb_at=at, is_pronoun=_is_pronoun(chain[-1], cues)
    )  # fmt: skip


def _author(name: str) -> str:
    """A report named with its author is its author."""
    m = REPORT_OF.match(name)
    rest = name[m.end() :] if m is not None else ""
    return rest if any(c.isupper() for c in rest) else name


def _inside(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(a <= at < b for a, b in spans)


def _is_pronoun(name: str, cues: Cues) -> bool:
    return cues.attribution["pronouns"].fullmatch(name.lower()) is not None


def _clean(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip(EDGE)


def _after_named(
    text: str, low: str, pattern: re.Pattern[str], quotes: Sequence[tuple[int, int]], cues: Cues
) -> str | None:
    """The name after a preposition: up to a sign, a boundary word, a verb or a number."""
    for m in pattern.finditer(low):
        if _inside(m.start(), quotes):
            continue
        name = _name_from(text, low, m.end(), cues)
        if name is not None:
            return _of(name, cues)
    return None


def _of(name: str, cues: Cues) -> str:
    """A name after a preposition, without the article and case words that belong to the preposition."""
    if cues.code == "fr":
        return re.sub(r"^(?:de\s+l['’]|de\s+la\s+|des\s+|du\s+)", "", name)
    return name


def _before_named(text: str, low: str, pattern: re.Pattern[str], quotes: Sequence[tuple[int, int]]) -> str | None:
    """The name before a postposition: back to the last sign."""
    for m in pattern.finditer(low):
        if _inside(m.start(), quotes):
            continue
        head = text[: m.start()]
        start = max((b.end() for b in BREAK.finditer(head)), default=0)
        name = _clean(head[start:])
        if name and len(name.split()) <= MOST_WORDS:
            return name
    return None


def _name_from(text: str, low: str, start: int, cues: Cues) -> str | None:
    end = len(text)
    # A colon or comma at once after "according to" belongs to no name.
    lead = re.match(r"[\s:,]*(?:a report (?:by|from|in)\s+|reports (?:by|from|in)\s+)?", low[start:])
    start += lead.end() if lead else 0
    stops = [
        BREAK,
        cues.attribution["boundary"],
        cues.attribution["citing"],
        *(cues.speech[s] for s in ("assert", "deny")),
    ]
    for pattern in stops:
        m = pattern.search(low, start + 1)
        if m is not None and m.start() > start:
            end = min(end, m.start())
    m = re.search(r"\s\d", text[start + 1 :])
    if m is not None:
        end = min(end, start + 1 + m.start())
    words = AUXILIARY.get(cues.code, "").split()
    if words:
        m2 = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)").search(low, start + 1)
        if m2 is not None and m2.start() > start:
            end = min(end, m2.start())
    m4 = AND_HELD.search(low, start + 1)
    if m4 is not None:
        end = min(end, m4.start())
    m3 = re.search(r"[.!?](?:\s|$)", text[start:])
    if m3 is not None and not re.search(r"(?:^|\s)[^\W\d_]$", text[start : start + m3.start()]):
        end = min(end, start + m3.start())
    name = _clean(text[start:end])
    if not name or len(name.split()) > MOST_WORDS or name[0].isdigit() or not _is_short_of_verbs(name, cues):
        return None
    return name


def _is_short_of_verbs(name: str, cues: Cues) -> bool:
    """Whether these words are a name and no clause: no number, no weekday, no topic of a claim in a long one."""
    low = name.lower()
    if re.search(r"\d{2,}", name) or WEEKDAY.match(name):
        return False
    long = len(name.split()) > 5
    return not (long and any(p.search(low) for n, p in cues.topics.items() if n.startswith(("production", "use"))))


def _by_verb(
    text: str, low: str, quotes: Sequence[tuple[int, int]], cues: Cues
) -> tuple[str, str | None, int | None] | None:
    """The first verb of saying that has a speaker: before it, else after it."""
    found: list[tuple[int, int, str]] = []
    for stance in ("deny", "promise", "request", "assert"):
        found += [
            (m.start(), m.end(), stance) for m in cues.speech[stance].finditer(low) if not _inside(m.start(), quotes)
        ]  # fmt: skip
    found.sort(key=lambda f: (f[0], -f[1]))
    kept: list[tuple[int, int, str]] = []
    for f in found:
        if not kept or f[0] >= kept[-1][1]:
            kept.append(f)
    name: str | None = None
    actor: str | None = None
    at: int | None = None
    how = "assert"
    for start, end, stance in kept:
        who = _left(text, low, start, cues, quotes) or _right(text, low, end, cues)
        if stance != "assert" and how == "assert":
            how, at = stance, start
        if stance in {"promise", "request"}:
            actor = actor or who
        elif name is None and who is not None:
            name, at = who, start if at is None else at
    if name is None and actor is None and how == "assert":
        return None
    return how, name or actor, at


def _left(text: str, low: str, at: int, cues: Cues, quotes: Sequence[tuple[int, int]]) -> str | None:
    head = text[:at]
    quote_end = max((b for _, b in quotes if b <= at), default=0)
    start = quote_end
    breaks = [m for m in BREAK.finditer(head) if m.start() >= quote_end]
    if breaks:
        start = breaks[-1].end()
    segment = _trim(text, low, start, at, cues)
    if segment and breaks and re.match(r"(?:an?|the|der|die|le|la|l['’]|el|un[ea]?|eine?)\s|\W*[a-zа-яіїєґ]", segment):
        earlier = breaks[-2].end() if len(breaks) > 1 else quote_end
        named = _trim(text, low, earlier, breaks[-1].start(), cues)
        if named is not None and PERSON.search(named):
            segment = named
    # "A. Smith, a spokesman for the plant, said": the name stands before what it is.
    if not segment and breaks and head[breaks[-1].start() :].strip(" ,") == "":
        earlier = breaks[-2].end() if len(breaks) > 1 else quote_end
        who = _trim(text, low, earlier, breaks[-1].start(), cues)
        first = _trim(text, low, quote_end, breaks[-2].start(), cues) if len(breaks) > 1 else None
        segment = next((s for s in (who, first) if s is not None and PERSON.search(s)), first or who)
    elif segment and len(breaks) >= 1 and re.match(r"(?:who|which|that)\b", segment.lower()):
        segment = _trim(text, low, quote_end, breaks[0].start(), cues)
    if segment:
        words = AUXILIARY.get(cues.code, "").split()
        cut = (
            re.search(rf"\s(?:{'|'.join(words)}|called|calls|nannte|qualif\w+|calificó|назва\w+|nazwa\w+)\s", segment)
            if words
            else None
        )
        if cut is not None:
            segment = _clean(segment[: cut.start()])
        if cues.code in {"ru", "uk", "pl", "de"}:
            inside = IN.sub("", segment)
            if inside != segment and OFFICE.search(inside.lower()) is None:
                return None  # "in the drone … were counted": a place, not a voice
            segment = inside
    if not segment or NO_NAME.match(segment) or not _is_name(segment, cues):
        return None
    return segment if _is_short_of_verbs(segment, cues) else None


def _trim(text: str, low: str, start: int, end: int, cues: Cues) -> str | None:
    """The words of a clause that can name somebody: without what leads in, and after the last boundary word."""
    for m in cues.attribution["boundary"].finditer(low, start, end):
        start = m.end()
    while True:
        while start < end and text[start] in EDGE:
            start += 1
        m2 = cues.attribution["lead"].match(low, start, end) or cues.attribution["skip"].match(low, start, end)
        if m2 is None or m2.end() == start:
            break
        start = m2.end()
    name = text[start:end]
    while True:
        name = name.rstrip(EDGE)
        m3 = re.search(r"(?:^|\s)([^\s]+)$", name)
        if m3 is None or cues.attribution["skip"].fullmatch(m3[1].lower()) is None:
            break
        name = name[: m3.start()]
    name = _clean(name)
    return name if name and len(name.split()) <= MOST_WORDS else None


def _right(text: str, low: str, at: int, cues: Cues) -> str | None:
    m = re.match(r"\s+", text[at:])
    if m is None:
        return None
    name = _name_from(text, low, at + m.end(), cues)
    if name is None:
        return None
    name = IN.sub("", name) if cues.code in {"ru", "uk", "pl", "de"} else name
    if NO_NAME.match(name) or not _is_name(name, cues):
        return None
    return name


def _is_name(name: str, cues: Cues) -> bool:
    """Whether these words can name somebody: a capital, a pronoun, or an office in a script without capitals."""
    if _is_pronoun(name, cues):
        return True
    if any(t.fullmatch(w) for w in name.lower().split()[:1] for t in (cues.hedges, cues.negation)):
        return False
    if cues.code == "fa":
        return len(name) > 2
    if len(name.split()) <= 3 and re.match(r"(?:the|der|die|das|le|la|l['’]|el)\s", name.lower()):
        return True
    return any(c.isupper() for c in name) or OFFICE.search(name.lower()) is not None


def _documents(text: str, low: str, quotes: Sequence[tuple[int, int]], cues: Cues) -> tuple[str, str | None] | None:
    """Papers somebody holds: what they are, and who holds them."""
    a = cues.attribution
    for m in a["documents"].finditer(low):
        if _inside(m.start(), quotes):
            continue
        held = a["obtained"].search(low, m.end(), min(len(low), m.end() + 60))
        holder = None if held is None else _name_from(text, low, held.end(), cues)
        speaks = any(
            not low[m.end() : s.start()].strip(" ") or (s.start() - m.end() < 60 and held is not None)
            for s in cues.speech["assert"].finditer(low, m.end(), min(len(low), m.end() + 90))
        )  # fmt: skip
        named = any(low[: m.start()].rstrip().endswith(x) for x in BY_PAPERS)
        if holder is not None or speaks or named:
            whence = WHENCE.match(text, m.end())
            return _clean(text[m.start() : m.end() if whence is None else whence.end()]), holder
    return None
