"""The derived tables: what steps write, declared like typed ones. They lie under `runs/` and can always be made again."""

from __future__ import annotations

from collections.abc import Mapping

from taggant.model.tables import Column, Kind, TableSchema

_TABLES = (
    TableSchema(
        name="made_range",
        key=("component_id", "range_n"),
        meaning="When a component can have been made, by the date code in its marking; one row per range still possible.",
        columns=(
            Column("component_id", Kind.ID, "The component.", is_required=True, refers="component"),
            Column("range_n", Kind.INTEGER, "0 for the first range, 1 for the next; 0 for an undated component.", is_required=True),
            Column("item_id", Kind.ID, "The item it was found in.", is_required=True, refers="item"),
            Column("module", Kind.TEXT, "The module it sat in."),
            Column("marking", Kind.TEXT, "The marking as stated."),
            Column("state", Kind.LEVEL, "dated: one range is left; ambiguous: several, or the token may be no date; undated: none.", levels=("dated", "ambiguous", "undated"), is_required=True),
            Column("token", Kind.TEXT, "The part of the marking read as a date code."),
            Column("rule", Kind.TEXT, "The rule that reads it (reference/date_codes)."),
            Column("status", Kind.LEVEL, "How the rule is known.", levels=("documented", "secondary", "inferred")),
            Column("maker_id", Kind.TEXT, "The maker whose rule it is (reference/makers)."),
            Column("maker_basis", Kind.LEVEL, "How the maker was told.", levels=("stated maker", "part family", "name in the marking", "stated brand")),
            Column("made_from", Kind.DAY, "First day it can have been made, as the code says."),
            Column("made_until", Kind.DAY, "First day after."),
            Column("tolerance_days", Kind.INTEGER, "How far the maker's weeks may lie from the calendar used, on each side.", unit="day"),
            Column("n_before_closing", Kind.INTEGER, "How many ranges the code alone allows."),
            Column("closed_by", Kind.LIST, "What ruled the other ranges out: known (it was known before), launch, neighbours."),
            Column("doubt", Kind.TEXT, "What else the token may be (a lot number): then it is ambiguous however many ranges it has."),
            Column("why_kind", Kind.LEVEL, "For what is not dated: the sort of reason.", levels=("no marking", "no maker", "no rule", "no code", "impossible", "after known")),
            Column("why", Kind.TEXT, "The reason in words, with the value."),
            Column("read_quality", Kind.TEXT, "How surely the marking was read, as the source says."),
            Column("source_id", Kind.ID, "The source of the marking.", refers="source"),
        ),
    ),
    TableSchema(
        name="item_assembly",
        key=("item_id",),
        meaning="The earliest an item can have been assembled, by the newest part in it, and the spread of its parts' dates.",
        columns=(
            Column("item_id", Kind.ID, "The item.", is_required=True, refers="item"),
            Column("earliest_on", Kind.DAY, "It cannot have been assembled before this day, if the newest part is read right."),
            Column("firm_on", Kind.DAY, "The same from codes whose decade needs no neighbour: the earliest day by what the codes alone say."),
            Column("latest_on", Kind.DAY, "It was recovered or known by this day."),
            Column("newest_component_id", Kind.ID, "The part that sets `earliest_on`.", refers="component"),
            Column("newest_but_one_on", Kind.DAY, "What the answer would be without that part's mark (and its twins')."),
            Column("newest_but_one_component_id", Kind.ID, "The part that would set it then.", refers="component"),
            Column("documented_on", Kind.DAY, "As `firm_on`, and only by rules a maker documents."),
            Column("gap_days", Kind.INTEGER, "Days between the two.", unit="day"),
            Column("is_influential", Kind.YESNO, "Whether the newest mark alone moves the answer by more than 60 days."),
            Column("n_components", Kind.INTEGER, "Components listed."),
            Column("n_marked", Kind.INTEGER, "Of them with a marking."),
            Column("n_dated", Kind.INTEGER, "Of them dated to one range."),
            Column("n_ambiguous", Kind.INTEGER, "Of them with several ranges left."),
            Column("oldest_on", Kind.DAY, "First day of the oldest dated part."),
            Column("median_on", Kind.DAY, "Median of the dated parts' first days."),
        ),
    ),
    TableSchema(
        name="claim_root",
        key=("claim_id",),
        meaning="Whose words each claim repeats, all the way back.",
        columns=(
            Column("claim_id", Kind.ID, "The claim.", is_required=True, refers="claim"),
            Column("root", Kind.TEXT, "The end of the chain: a source, or an origin described by one.", is_required=True),
            Column("root_source_id", Kind.ID, "The root, when it is a source of the case.", refers="source"),
            Column("links", Kind.LIST, "The chain, the carrying source first.", is_required=True),
            Column("ended_by", Kind.LEVEL, "How the end is known.", levels=("stated", "relays", "silence", "circle"), is_required=True),
            Column("topic", Kind.TEXT, "Topic of the claim."),
            Column("scope", Kind.TEXT, "Scope of the claim."),
            Column("stance", Kind.TEXT, "Stance of the claim."),
        ),
    ),
    TableSchema(
        name="contradiction",
        key=("claim_id", "other_claim_id"),
        meaning="Two claims that cannot both hold as stated, with what would reconcile them.",
        columns=(
            Column("claim_id", Kind.ID, "One claim.", is_required=True, refers="claim"),
            Column("other_claim_id", Kind.ID, "The other.", is_required=True, refers="claim"),
            Column("topic", Kind.TEXT, "Topic of both."),
            Column("scope", Kind.TEXT, "Scope of both."),
            Column("kind", Kind.LEVEL, "In what they differ.", levels=("stance", "quantity", "measure"), is_required=True),
            Column("reconciled_by", Kind.TEXT, "What, if it were so, would let both hold.", is_required=True),
            Column("has_one_root", Kind.YESNO, "Whether both go back to one root: then the relays differ, not the voices."),
        ),
    ),
    TableSchema(
        name="finding",
        key=("finding_id",),
        meaning="What the case says: one row per finding of every question answered.",
        columns=(
            Column("finding_id", Kind.ID, "Name of the finding.", is_required=True),
            Column("question", Kind.TEXT, "Which of the ten questions.", is_required=True),
            Column("step", Kind.TEXT, "The step that found it.", is_required=True),
            Column("statement", Kind.TEXT, "Key of the sentence (report/phrases).", is_required=True),
            Column("low", Kind.TEXT, "Low end of the headline."),
            Column("point", Kind.TEXT, "Its point."),
            Column("high", Kind.TEXT, "High end."),
            Column("unit", Kind.TEXT, "Of what."),
            Column("refused", Kind.TEXT, "Why there is no answer."),
        ),
    ),
    TableSchema(
        name="finding_support",
        key=("finding_id", "kind", "id", "stance"),
        meaning="What a finding rests on, and what speaks against it.",
        columns=(
            Column("finding_id", Kind.ID, "The finding.", is_required=True, refers="finding"),
            Column("kind", Kind.TEXT, "Table of what supports it.", is_required=True),
            Column("id", Kind.ID, "Its key there.", is_required=True),
            Column("stance", Kind.LEVEL, "Which way it speaks.", levels=("supports", "contradicts"), is_required=True),
        ),
    ),
)  # fmt: skip

DERIVED: Mapping[str, TableSchema] = {t.name: t for t in _TABLES}
"""Table name → schema."""
