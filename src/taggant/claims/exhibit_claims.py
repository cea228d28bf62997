"""Claims in the texts a case holds, as suggestions with their exact place.

Invariant: a suggestion quotes its exhibit letter for letter and is nobody's word until it is judged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import polars as pl

from taggant.claims.documents import Document, read_document
from taggant.claims.reading import METHOD, SuggestedClaim, language_of, read_claims
from taggant.claims.relays import Text, relays_between
from taggant.errors import InputError, NotEnoughData
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer
from taggant.model.tables import frame_schema

if TYPE_CHECKING:
    from taggant.model.tables import Table

_TEXTS = (
    "text/html", "application/xhtml+xml", "text/plain", "application/pdf", "message/rfc822",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)  # fmt: skip
_TABLES = frozenset([".csv", ".tsv", ".toml", ".json", ".yaml", ".yml", ".xml", ".md"])
_AROUND = 160
_COMPARED_MOST = 300
"""Each text is held against each: of more than so many no relays are suggested."""
OPEN, CLOSE = "⟦", "⟧"
"""What marks the words of a claim inside the text around them: such brackets stand in no press text."""


def suggest_claims(*, exhibit: Table, source: Table, as_of: date | None, exhibits: Path) -> Answer:
    """What do the texts we hold claim, and in whose words?

    Parameters
    ----------
    exhibit, source : Table
        As declared in `model`.
    as_of : date or None
        Not used: what a text says does not hang on the day asked.
    exhibits : Path
        The folder of exhibits.

    Returns
    -------
    Answer
        Table `suggested_claim`: a row a claim; a text of which nothing is suggested has one row that says why. Table
        `suggested_relay`: which of at most 300 texts relays which.

    Notes
    -----
    *Assumes:* a text is its exhibit as received; what `reading.read_claims` assumes. Scans are not read here: read them
    with ``taggant read FILE --ocr``.
    *Not for:* deciding: each row is a suggestion of the kind `claim`.
    """
    del as_of
    rows: list[dict[str, Any]] = []
    known = _Sources(source)
    texts: list[Text] = []
    of: dict[str, str | None] = {}
    held = exhibit.filter(pl.col("media_type").is_in(_TEXTS)).collect().sort("exhibit_id")
    for row in held.iter_rows(named=True):
        if PurePosixPath(row["file"]).suffix.lower() in _TABLES:
            continue  # typed tables and settings of the case are no press
        digest = row["exhibit_id"].removeprefix("sha256:")
        name = known.of(row["exhibit_id"], row["file"])
        base = {**_EMPTY, "exhibit": row["exhibit_id"], "file": row["file"], "source_id": name}
        path = exhibits / digest[:2] / digest
        if not path.is_file():
            rows.append(_unread(base, digest, "its file is not here"))
            continue
        try:
            document = read_document(path)
        except (InputError, NotEnoughData) as err:
            rows.append(_unread(base, digest, str(err).replace(digest, row["file"])))
            continue
        said = known.day(name)
        found = list(_rows(base, digest, document, published=said))
        rows += found or [_unread(base, digest, "nothing in it is a claim the rules know")]
        publisher = known.publisher(name)
        of[row["exhibit_id"]] = name
        texts.append(
            Text(name=row["exhibit_id"], document=document, outlets=(publisher,) if publisher else (), said=said)
        )
    relays = [
        {
            "relay_exhibit": r.text, "origin_exhibit": r.relays, "relay_source_id": of[r.text],
            "origin_source_id": of[r.relays], "reasons": list(r.reasons), "score": r.score,
        }
        for r in (relays_between(texts) if len(texts) <= _COMPARED_MOST else ())
    ]  # fmt: skip
    return Answer({
        "suggested_claim": pl.DataFrame(rows, schema=frame_schema(DERIVED["suggested_claim"])),
        "suggested_relay": pl.DataFrame(relays, schema=frame_schema(DERIVED["suggested_relay"])),
    })  # fmt: skip


_EMPTY: dict[str, Any] = dict.fromkeys(DERIVED["suggested_claim"].names)


class _Sources:
    """The sources of the case: which of them an exhibit is, when and by whom it was published."""

    def __init__(self, source: Table) -> None:
        self.rows = {r["source_id"]: r for r in source.collect().sort("source_id").iter_rows(named=True)}

    def of(self, exhibit_id: str, file: str) -> str | None:
        """The source whose name is that of the file, without folder and ending; None: no row names it."""
        stem = PurePosixPath(file).stem
        return next((n for n in (exhibit_id, file, stem) if n in self.rows), None)

    def day(self, name: str | None) -> date | None:
        """The day of publication, where one day is stated."""
        row = self.rows.get(name or "")
        if row is None or row["published_from"] is None or row["published_until"] is None:
            return None
        first: date = row["published_from"]
        return first if row["published_until"] - first <= timedelta(days=1) else None

    def publisher(self, name: str | None) -> str | None:
        """Who published it."""
        row = self.rows.get(name or "")
        return None if row is None else row["publisher"]


def _unread(base: Mapping[str, Any], digest: str, why: str) -> dict[str, Any]:
    return {**base, "suggestion_id": f"{digest[:16]}-0", "state": "not read", "why": why}


def _rows(
    base: Mapping[str, Any], digest: str, document: Document, *, published: date | None
) -> Iterator[dict[str, Any]]:
    said = published or document.published
    language = language_of(document)
    seen: set[str] = set()
    for claim in read_claims(document, said=said, language=language):
        if suggestion_id(digest, claim) in seen:
            continue
        seen.add(suggestion_id(digest, claim))
        yield {
            **base, "suggestion_id": suggestion_id(digest, claim), "state": "read", "quote": claim.quote,
            "marked": marked(document, claim), "locator": locator(claim), "page": claim.page,
            "char_from": claim.span[0], "char_until": claim.span[1], "language": language,
            "said": None if said is None else said.isoformat(), "reader": METHOD,
            **{name: getattr(claim, name) for name in _FIELDS}, "via": list(claim.via) or None,
        }  # fmt: skip


_FIELDS = (
    "speaker",
    "topic",
    "scope",
    "stance",
    "quantity_low",
    "quantity_high",
    "unit",
    "measure",
    "per",
    "period",
    "hedged",
)


def suggestion_id(digest: str, claim: SuggestedClaim) -> str:
    """Which name has a suggestion? It begins with its exhibit and stays the same while words, number and voice do.

    Notes
    -----
    *Assumes:* one reader; another reading of the same words is another suggestion.
    *Not for:* naming the claim in the case: that is typed or made on confirmation.

    Examples
    --------
    >>> from taggant.claims.documents import Document
    >>> from taggant.claims.page_text import Block
    >>> d = Document(kind="text", blocks=(Block("The ministry said that the plant made 300 Kestrel-2 drones.", 0),))
    >>> claim, = read_claims(d)
    >>> suggestion_id("ab" * 32, claim) == suggestion_id("ab" * 32, claim), suggestion_id("ab" * 32, claim)[:16]
    (True, 'abababababababab')
    """
    parts = (*claim.span, claim.topic, claim.stance, claim.quantity_low, claim.quantity_high, claim.scope, claim.period,
             claim.speaker)  # fmt: skip
    return f"{digest[:16]}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:8]}"


def locator(claim: SuggestedClaim) -> str:
    """Where does a claim stand, as locators write it?

    Notes
    -----
    *Assumes:* letters count from 0 in the file as decoded.
    *Not for:* finding the exhibit.
    """
    page = f"page={claim.page}&" if claim.page else ""
    return f"{page}char={claim.span[0]},{claim.span[1]}"


def marked(document: Document, claim: SuggestedClaim) -> str:
    """Give the words of a claim, marked, with some of the text around them.

    Parameters
    ----------
    document : Document
    claim : SuggestedClaim

    Returns
    -------
    str
        The quote between double brackets, at most 160 letters before and after it.

    Notes
    -----
    *Assumes:* the claim was read in this document.
    *Not for:* finding the place again: `span` says it.

    Examples
    --------
    >>> from taggant.claims.page_text import Block
    >>> text = "It rained. The ministry said that the plant made 300 Kestrel-2 drones. So?"
    >>> d = Document(kind="text", blocks=(Block(text, 0),))
    >>> claim, = read_claims(d)
    >>> marked(d, claim)
    'It rained. ⟦The ministry said that the plant made 300 Kestrel-2 drones.⟧ So?'
    """
    for block in document.blocks:
        at = block.text.find(claim.quote)
        if at >= 0 and block.span(at, at + len(claim.quote)) == claim.span:
            head, tail = block.text[:at], block.text[at + len(claim.quote) :]
            before = head if len(head) <= _AROUND else "…" + head[-_AROUND:]
            after = tail if len(tail) <= _AROUND else tail[:_AROUND] + "…"
            return f"{before}{OPEN}{claim.quote}{CLOSE}{after}"
    return f"{OPEN}{claim.quote}{CLOSE}"
