"""The kinds of suggestion, as data: which rows of which table a person may confirm, reject or replace.

Invariant: a kind is one entry here. Review, judgements and the count of what is unconfirmed follow from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from taggant.errors import UnknownName

Form = Literal["text", "date", "serial"]
"""What may stand for a replaced value: any text, a date (EDTF), letters followed by a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionKind:
    """One sort of suggestion.

    Attributes
    ----------
    name : str
        As in commands and in the judgement: ``made-range``.
    words : str
        What the machine proposes, in the plural: "dates of parts".
    asks : str
        The question a card puts.
    table : str
        The table that holds the suggestions, derived or typed.
    key : tuple of str
        Columns that name one suggestion: a stable id, not a number that moves. Several rows of one key are one
        suggestion with several values left.
    value : tuple of str
        Columns that together are what is proposed.
    where : (str, tuple of str) or None
        Only rows whose column has one of these values propose anything; None: all rows do.
    show : tuple of str
        Columns a card shows.
    evidence : tuple of (str, str)
        (table, column): the rows the card shows beside it, named by that column.
    replaced_by : str
        What a person types for another value.
    form : {"text", "date", "serial"}
    makes : str or None
        The typed table a confirmation writes a row of; taken back with it.
    """

    name: str
    words: str
    asks: str
    table: str
    key: tuple[str, ...]
    value: tuple[str, ...]
    show: tuple[str, ...]
    replaced_by: str
    makes: str | None = None
    where: tuple[str, tuple[str, ...]] | None = None
    evidence: tuple[tuple[str, str], ...] = ()
    form: Form = "text"


_KINDS = (
    SuggestionKind(
        name="reading",
        words="readings of photographs",
        asks="Is this what stands there?",
        table="reading",
        key=("reading_id",),
        value=("text",),
        where=("state", ("read",)),
        show=("file", "region", "text", "first_text", "second_text", "confidence", "sort", "reader"),
        evidence=(("item", "item_id"), ("component", "component_id"), ("source", "source_id")),
        replaced_by="the mark, letter for letter",
    ),
    SuggestionKind(
        name="claim",
        words="claims in texts",
        asks="Does the text say this?",
        table="suggested_claim",
        key=("suggestion_id",),
        value=("topic", "stance", "quantity_low", "quantity_high", "per", "scope", "period", "speaker"),
        where=("state", ("read",)),
        show=(
            "file", "page", "marked", "speaker", "via", "topic", "stance", "scope", "quantity_low", "quantity_high",
            "unit", "measure", "per", "period", "hedged", "said", "reader",
        ),
        evidence=(("source", "source_id"), ("exhibit", "exhibit")),
        replaced_by="the claim in your words; then type the row in claims.csv",
        makes="claim",
    ),
    SuggestionKind(
        name="serial-reading",
        words="serials",
        asks="Is this the serial of the item?",
        table="serial_reading",
        key=("item_id",),
        value=("normalised",),
        where=("state", ("read",)),
        show=(
            "verbatim", "normalised", "prefix", "number", "designation", "producer", "n_readings", "disagrees",
            "read_quality",
        ),
        evidence=(("item", "item_id"), ("source", "source_id")),
        replaced_by="the serial, letter for letter",
        form="serial",
    ),
    SuggestionKind(
        name="run-restart",
        words="runs that begin again",
        asks="Do the numbers of this run begin again from this day on?",
        table="run_restart",
        key=("block_id",),
        value=("from_on",),
        show=(
            "name", "designation", "from_on", "n_before", "n_after", "largest_before", "smallest_after", "within",
            "between",
        ),
        evidence=(("item", "last_item_id"), ("item", "first_item_id")),
        replaced_by="the day from which the second part is known (2024-06-20)",
        form="date",
    ),
    SuggestionKind(
        name="part-candidate",
        words="makers of parts",
        asks="Is this whose part it is?",
        table="part_candidate",
        key=("component_id",),
        value=("maker", "family"),
        where=("maker_basis", ("part family", "name in the marking", "code style", "stated brand")),
        show=(
            "marking", "maker", "maker_basis", "other_maker_ids", "brand", "family", "family_function", "function",
            "hs_code", "chpl_tier", "disagreement",
        ),
        evidence=(("component", "component_id"), ("item", "item_id"), ("source", "source_id")),
        replaced_by="the maker's name",
    ),
    SuggestionKind(
        name="made-range",
        words="dates of parts",
        asks="Is this when the part was made?",
        table="made_range",
        key=("component_id",),
        value=("token", "made_from", "made_until"),
        where=("state", ("dated", "ambiguous")),
        show=(
            "marking", "token", "rule", "status", "made_from", "made_until", "n_before_closing", "closed_by",
            "ruled_out", "doubt", "read_quality",
        ),
        evidence=(("component", "component_id"), ("item", "item_id"), ("source", "source_id")),
        replaced_by="when it was made (2022-W14, 2021-03, 2021/2022)",
        form="date",
    ),
    SuggestionKind(
        name="match",
        words="entries of lists",
        asks="Is this entry of a list the party?",
        table="match",
        key=("match_id",),
        value=("name",),
        show=(
            "party_name", "name", "list_id", "entity", "score", "words", "agrees", "differs", "absent", "listed_from",
            "n_before", "n_after",
        ),
        evidence=(("party", "party_id"),),
        replaced_by="the entry it is, as LIST ENTRY",
    ),
    SuggestionKind(
        name="same-party",
        words="parties that may be one",
        asks="Are these two one party?",
        table="party_pair",
        key=("pair_id",),
        value=("name", "other_name"),
        show=("name", "other_name", "score", "agrees", "differs", "conflict"),
        evidence=(("party", "party_id"), ("party", "other_party_id")),
        replaced_by="why they are two",
    ),
)  # fmt: skip

SUGGESTIONS: Mapping[str, SuggestionKind] = {k.name: k for k in _KINDS}
"""Name → kind, in the order a case is reviewed."""


def suggestion_kind(name: str) -> SuggestionKind:
    """Give the kind of that name; an unknown name is answered with all."""
    if name not in SUGGESTIONS:
        raise UnknownName("kind of suggestion", name, SUGGESTIONS)
    return SUGGESTIONS[name]
