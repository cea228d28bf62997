"""Reading with a model of the user's own, behind the same interface as the rules: a spaCy folder, or an endpoint.

Invariant: nothing is contacted that the user did not name; a quote that does not stand in the text, letter for letter,
is thrown away, counted and said.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from taggant.claims.cues import cues_of
from taggant.claims.documents import Document
from taggant.claims.page_text import Block
from taggant.claims.reading import SuggestedClaim, language_of, read_claims
from taggant.claims.sentences import sentences
from taggant.errors import InputError
from taggant.writing.language_words import folded

_TOPICS = (
    "production.made", "production.plan", "transfer.delivered", "transfer.ordered", "transfer.stopped",
    "localisation.share", "components.count", "capability.fitted", "use.launched", "producer.identified", "commitment",
)  # fmt: skip
_STANCES = ("assert", "deny", "plan", "request", "promise")
_MEASURES = ("total", "rate", "capacity")
_PERS = ("day", "week", "month", "year")
_EDTF = re.compile(r"(?:\.\.|\d{4}(?:-(?:\d\d(?:-\d\d)?|W\d\d))?)(?:/(?:\.\.|\d{4}(?:-(?:\d\d(?:-\d\d)?|W\d\d))?))?")
_ASKS = """You read one text about arms and their parts. List what it claims, as JSON: {"claims": [...]}.
Each claim is an object with: "quote" (copied letter for letter from the text, the shortest stretch that carries it),
"speaker" (whose words, as named in the text; null if the text's own), "via" (list, from the outlet outwards, the
speaker last), "topic" (one of: %s), "scope" (the designation or thing as printed), "stance" (one of: %s),
"quantity_low", "quantity_high" (numbers or null), "unit", "measure" (total, rate, capacity or null),
"per" (day, week, month, year or null), "period" (EDTF or null), "hedged" (true or false). Claim nothing that
the text does not say. Answer with
JSON only.
The text was published on %s. The text:

%s"""
_MOST_LETTERS = 24_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReading:
    """What a model suggested, and what of it was thrown away.

    Attributes
    ----------
    claims : tuple of SuggestedClaim
    thrown_away : tuple of str
        One for each claim that was not taken: why, and its words.
    """

    claims: tuple[SuggestedClaim, ...]
    thrown_away: tuple[str, ...]


Reader: TypeAlias = Callable[[Document, date | None], ModelReading]


def by_rules(document: Document, said: date | None) -> ModelReading:
    """What do the rules alone suggest, as the other readers are asked?

    Notes
    -----
    *Assumes:* what `reading.read_claims` assumes.
    *Not for:* languages without words here.

    Examples
    --------
    >>> d = Document(kind="text", blocks=(Block("The ministry said that 300 drones were made.", 0),))
    >>> len(by_rules(d, None).claims)
    1
    """
    return ModelReading(claims=read_claims(document, said=said), thrown_away=())


def reader_of(model: str | None, *, name: str | None = None, key: str | None = None, seconds: float = 120.0) -> Reader:
    """Which reader is meant by this?

    Parameters
    ----------
    model : str or None
        None: the rules. An address (http…): an endpoint that speaks the OpenAI protocol; its /chat/completions is
        asked. Else the folder of a spaCy model.
    name : str, optional
        The model an endpoint is asked for.
    key : str, optional
        Sent as bearer token; by default nothing is.
    seconds : float
        How long an answer may take.

    Returns
    -------
    callable
        (document, day of publication) → ModelReading.

    Raises
    ------
    InputError
        It is no address and no folder; an endpoint is named without the model's name; spaCy is not installed.

    Notes
    -----
    *Assumes:* the endpoint is the user's own: the whole text is sent to it.
    *Not for:* texts that must not leave the machine, unless the endpoint is on it.

    Examples
    --------
    >>> reader_of(None) is by_rules
    True
    """
    if model is None:
        return by_rules
    if model.startswith(("http://", "https://")):
        if not name:
            raise InputError(f"{model} is asked for no model", next="Name it: --model-name NAME")
        if not urlsplit(model).hostname:
            raise InputError(
                f"{model!r} is no address", next="Give the address of your endpoint: http://127.0.0.1:8080/v1"
            )
        return lambda document, said: _ask(document, said, url=model, name=name, key=key, seconds=seconds)
    folder = Path(model)
    if not folder.is_dir():
        raise InputError(f"no folder {model!r}", next="Give a folder of a spaCy model, or the address of an endpoint")
    nlp = _spacy(folder)
    return lambda document, said: _parsed(document, said, nlp)


# ---- an endpoint -----------------------------------------------------------------------------------------------------


def _ask(
    document: Document, said: date | None, *, url: str, name: str, key: str | None, seconds: float
) -> ModelReading:
    claims: list[SuggestedClaim] = []
    thrown: list[str] = []
    for blocks in _portions(document.blocks):
        text = "\n\n".join(b.text for b in blocks)
        asks = _ASKS % (", ".join(_TOPICS), ", ".join(_STANCES), said or document.published or "an unknown day", text)
        body = {"model": name, "temperature": 0, "messages": [{"role": "user", "content": asks}]}
        answer = _post(f"{url.rstrip('/')}/chat/completions", body, key=key, seconds=seconds)
        for one in _listed(answer, url):
            taken, why = _checked(one, blocks)
            if taken is None:
                thrown.append(why)
            else:
                claims.append(taken)
    return ModelReading(claims=tuple(sorted(claims, key=lambda c: c.span)), thrown_away=tuple(thrown))


def _portions(blocks: Sequence[Block]) -> Iterator[tuple[Block, ...]]:
    """Blocks of at most so many letters together; a longer one alone."""
    some: list[Block] = []
    n = 0
    for b in blocks:
        if some and n + len(b.text) > _MOST_LETTERS:
            yield tuple(some)
            some, n = [], 0
        some.append(b)
        n += len(b.text)
    if some:
        yield tuple(some)


def _post(url: str, body: Mapping[str, Any], *, key: str | None, seconds: float) -> Any:
    headers = {"Content-Type": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(url, data=json.dumps(body).encode(), headers=headers, method="POST")  # noqa: S310
    try:
        # No redirect leads elsewhere, and no proxy of the environment: only what the user named is contacted.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
        with opener.open(request, timeout=seconds) as response:
            return json.loads(response.read(8_000_000))
    except urllib.error.HTTPError as err:
        raise InputError(
            f"{url} answers {err.code} {err.reason}", next="See its log; is the model's name right?"
        ) from err
    except (urllib.error.URLError, TimeoutError, OSError) as err:
        raise InputError(
            f"{url} does not answer ({err})", next="Start the endpoint, or read with the rules alone"
        ) from err
    except ValueError as err:
        raise InputError(f"{url} answers no JSON", next="Give an endpoint that speaks the OpenAI protocol") from err


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_named: Any) -> None:
        """Follow nothing: only what the user named is contacted."""
        return


def _listed(answer: Any, url: str) -> list[Any]:
    """The claims in an answer: JSON in the message, with or without a fence around it."""
    try:
        content = str(answer["choices"][0]["message"]["content"])
    except (KeyError, IndexError, TypeError) as err:
        raise InputError(
            f"{url} answers without choices[0].message.content", next="Give an endpoint that speaks the OpenAI protocol"
        ) from err
    m = re.search(r"[{\[].*[}\]]", content, re.DOTALL)
    if m is None:
        return []
    try:
        found = json.loads(m[0])
    except ValueError:
        return [{"quote": content[:80]}]  # no list of claims: thrown away below, and said
    some = found.get("claims", []) if isinstance(found, dict) else found
    return list(some) if isinstance(some, list) else []


def _checked(one: Any, blocks: Sequence[Block]) -> tuple[SuggestedClaim | None, str]:
    """A claim as suggested, if its words stand in the text and its fields are of the known kind."""
    if not isinstance(one, dict):
        return None, f"no object: {str(one)[:80]}"
    quote = str(one.get("quote") or "").strip()
    place = next(((b, at) for b in blocks if quote and (at := b.text.find(quote)) >= 0), None)
    if place is None:
        return None, f"its words do not stand in the text: {quote[:80]!r}"
    block, at = place
    topic, stance = one.get("topic"), one.get("stance")
    if topic not in _TOPICS or stance not in _STANCES:
        return None, f"topic {topic!r} or stance {stance!r} is not known: {quote[:80]!r}"
    numbers = []
    for end in ("quantity_low", "quantity_high"):
        value = one.get(end)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            return None, f"{end} {value!r} is no number: {quote[:80]!r}"
        numbers.append(None if value is None else float(value))
    period = one.get("period")
    whole = "\n".join(b.text for b in blocks)
    # Whom the text does not name, nobody may be named by a model.
    via = [str(v) for v in one.get("via") or [] if isinstance(v, str) and v in whole]
    speaker = one.get("speaker")
    speaker = speaker if isinstance(speaker, str) and speaker in whole else None
    return (
        SuggestedClaim(
            quote=quote, span=block.span(at, at + len(quote)), page=block.page, speaker=speaker,
            via=tuple(via) or (() if speaker is None else (speaker,)), topic=topic,
            scope=_words(one.get("scope")), stance=stance, quantity_low=numbers[0], quantity_high=numbers[1],
            unit=_words(one.get("unit")), measure=one["measure"] if one.get("measure") in _MEASURES else None,
            per=one["per"] if one.get("per") in _PERS else None,
            period=period if isinstance(period, str) and _EDTF.fullmatch(period) else None,
            hedged=one.get("hedged") is True,
        ),
        "",
    )  # fmt: skip


def _words(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


# ---- a spaCy folder --------------------------------------------------------------------------------------------------


def _spacy(folder: Path) -> Any:
    try:
        import spacy  # type: ignore[import-not-found]
    except ImportError as err:
        raise InputError(
            f"spaCy is not installed, and the model in {str(folder)!r} needs it",
            so_what="Nothing was read",
            next="pip install spacy, or read with the rules alone",
        ) from err
    try:
        return spacy.load(folder)
    except (OSError, ValueError) as err:
        raise InputError(
            f"{str(folder)!r} holds no spaCy model ({err})", next="Give a folder with a meta.json"
        ) from err


def _parsed(document: Document, said: date | None, nlp: Any) -> ModelReading:
    """The claims of the rules, their speakers as the model's grammar has them where the rules found none."""
    cues = cues_of(language_of(document))
    speakers: list[tuple[tuple[int, int], str]] = []
    for block in document.blocks:
        for start, end in sentences(block.text):
            for who in _subjects(nlp(block.text[start:end]), cues.speech["assert"]):
                speakers.append((block.span(start, end), who))
    claims = []
    for claim in read_claims(document, said=said):
        named = next((w for span, w in speakers if span[0] <= claim.span[0] < span[1]), None)
        fits = named is not None and claim.speaker is None and not claim.via
        claims.append(replace(claim, speaker=named, via=(named or "",)) if fits else claim)
    return ModelReading(claims=tuple(claims), thrown_away=())


def _subjects(parsed: Any, verbs: re.Pattern[str]) -> Iterator[str]:
    """Subjects of verbs of saying, as the model parses them."""
    for token in parsed:
        if token.dep_ in {"nsubj", "sb", "nsubj:pass"} and verbs.fullmatch(folded(token.head.text)):
            some = list(token.subtree)
            yield parsed.text[some[0].idx : some[-1].idx + len(some[-1].text)]
